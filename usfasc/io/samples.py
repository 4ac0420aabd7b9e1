"""From stored samples to grey and colour: one fixed, documented way for each coding.

Grey is luma: the samples themselves, the Y of YBR (stretched to 0-255 where it is
of limited range), or BT.601 luma of RGB. Samples
of other than 8 bits go through one table: the header's window where it has one,
else the full range of the stored bits. MONOCHROME1 is inverted, palettes are looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.io.header import Header
from usfasc.io.layout import Layout
from usfasc.io.palette import read_palette
from usfasc.model import Grey

_RGB, _LIMITED_RANGE = "RGB", "YBR_PARTIAL"


def _stretched(low: float, span: float, centre: float) -> NDArray[np.uint8]:
    ramp = (np.arange(256) - low) * 255 / span + centre
    table: NDArray[np.uint8] = np.clip(np.rint(ramp), 0, 255).astype(np.uint8)
    return table


FULL_OF_LIMITED: Final = _stretched(16, 219, 0)
"""Luma of 16-235 stretched to 0-255 (ITU-T T.871 against BT.601)."""
_FULL_OF_LIMITED_COLOUR: Final = _stretched(128, 224, 128)


@dataclass(frozen=True, slots=True)
class Table:
    """Stored value to grey, and to RGB where the values index a palette."""

    grey: NDArray[np.uint8] | None
    """``(n,)``; None where stored values are grey already."""
    rgb: NDArray[np.uint8] | None = None
    """``(n, 3)``"""


def read_table(header: Header, layout: Layout) -> Table:
    """The table for single-sample pixels.

    Raises
    ------
    InputError
        A palette is missing or malformed.
    """
    if layout.photometric == "PALETTE COLOR":
        rgb = read_palette(header, layout)
        return Table(grey=luma(rgb[np.newaxis])[0], rgb=rgb)
    inverted = layout.photometric == "MONOCHROME1"
    plain = layout.bits_stored == 8 and not layout.signed
    if plain and not inverted and layout.bits_allocated == 8:
        return Table(grey=None)
    window = None if plain else _window(header)
    grey = _ramp(layout, window)
    return Table(grey=255 - grey if inverted else grey)


def grey_of_samples(samples: Grey, layout: Layout, table: Table) -> Grey:
    """Grey ``(y, x)`` of decoded samples, ``(y, x)`` or ``(y, x, 3)``."""
    if samples.ndim == 2:
        return samples if table.grey is None else table.grey[samples]
    if layout.photometric == _RGB:
        return luma(samples)
    grey = np.ascontiguousarray(samples[..., 0])
    return FULL_OF_LIMITED[grey] if layout.photometric.startswith(_LIMITED_RANGE) else grey


def rgb_of_samples(samples: Grey, layout: Layout, table: Table) -> Grey:
    """RGB ``(y, x, 3)`` of decoded samples."""
    if samples.ndim == 3:
        limited = layout.photometric.startswith(_LIMITED_RANGE)
        full = _full_of_limited(samples) if limited else samples
        return full if layout.photometric == _RGB else _rgb_of_ybr(full)
    if table.rgb is not None:
        return table.rgb[samples]
    return np.repeat(grey_of_samples(samples, layout, table)[..., np.newaxis], 3, axis=2)


def luma(rgb: Grey) -> Grey:
    """BT.601 luma of RGB ``(y, x, 3)``, as JPEG codes it."""
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), np.uint8)


def _rgb_of_ybr(ybr: Grey) -> Grey:
    swapped = np.ascontiguousarray(ybr[..., [0, 2, 1]])
    return np.asarray(cv2.cvtColor(swapped, cv2.COLOR_YCrCb2RGB), np.uint8)


def _full_of_limited(ybr: Grey) -> Grey:
    return np.dstack([FULL_OF_LIMITED[ybr[..., 0]], _FULL_OF_LIMITED_COLOUR[ybr[..., 1:]]])


def _window(header: Header) -> tuple[float, float] | None:
    centre, width = header.number("WindowCenter"), header.number("WindowWidth")
    return (centre, width) if centre is not None and width is not None and width > 1 else None


def _ramp(layout: Layout, window: tuple[float, float] | None) -> NDArray[np.uint8]:
    """Grey of every possible stored value; the window is PS3.3, C.11.2.1.2.1."""
    stored = np.arange(2**layout.bits_allocated) & (2**layout.bits_stored - 1)
    half = 2 ** (layout.bits_stored - 1)
    values = np.where(stored >= half, stored - 2 * half, stored) if layout.signed else stored
    low, high = float(values.min()), float(values.max())
    if window is not None:
        centre, width = window
        low = centre - 0.5 - (width - 1) / 2
        high = low + width - 1
    ramp = (values - low) / max(high - low, 1.0) * 255
    grey: NDArray[np.uint8] = np.clip(np.rint(ramp), 0, 255).astype(np.uint8)
    return grey
