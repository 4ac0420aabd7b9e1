"""Vessels as B-mode shows them: a dark lumen, brighter tissue all around it.

Blood returns next to nothing at these frequencies, and a vessel's wall and the
tissue behind it return much. A shadow or the dead depth is as dark, but reaches
the lower end of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.model import Bmode, Frame, Grey, Mask, Vessel
from usfasc.tissue.joining import joined
from usfasc.tissue.sampling import Image

_MOMENTS: Final = 3
_SMOOTH_MM: Final = 0.3
_REACH: Final = 4.0
"""Standard deviations at which a blur ends."""
_AROUND_MM: Final = 12.0
_DARK: Final = 0.4
"""Of its surroundings' mean grey, what a lumen has at most."""
_THICK_MM: Final = (1.5, 12.0)
_LEAST_MM2: Final = 4.0
_WALL_MM: Final = 1.2
_WALL: Final = 2.0
"""Times the lumen's grey, what counts as wall."""
_WALLED: Final = 0.85
_DEPTH_MM: Final = 3.0


def steady_vessels(
    frames: Sequence[Frame], picture: Bmode, spacing_mm: tuple[float, float]
) -> tuple[Vessel, ...]:
    """Vessels that one picture of a clip shows at most of its moments.

    Parameters
    ----------
    frames
        Frames spread over the clip.
    picture
        One of its pictures.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    """
    x0, y0, x1, y1 = picture.box
    near = np.s_[y0:y1, x0:x1]
    found: list[Mask] = []
    for n in sorted({round(at) for at in np.linspace(0, len(frames) - 1, _MOMENTS)}):
        if len(found) > 1 and (found[0] == found[1]).all():
            break  # two that agree outvote a third
        found.append(find_vessels(frames[n].grey[near], picture.mask[near], spacing_mm))
    steady = joined(np.mean(found, axis=0) > 0.5, picture.mask[near], spacing_mm)
    outlines, _ = cv2.findContours(
        steady.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(x0, y0)
    )
    pixel_mm2 = spacing_mm[0] * spacing_mm[1]
    vessels = [(outline, cv2.contourArea(outline) * pixel_mm2) for outline in outlines]
    return tuple(
        Vessel(
            polygon=tuple((float(x), float(y)) for x, y in outline.reshape(-1, 2)),
            area_mm2=round(area_mm2, 2),
        )
        for outline, area_mm2 in vessels
        if area_mm2 >= _LEAST_MM2
    )


def find_vessels(frame: Grey, mask: Mask, spacing_mm: tuple[float, float]) -> Mask:
    """Lumens of vessels in one frame.

    Parameters
    ----------
    frame
        ``(y, x)`` grey levels.
    mask
        ``(y, x)``, true where the frame shows tissue.
    spacing_mm
        ``(dy, dx)`` of a pixel.

    Returns
    -------
    Mask
        ``(y, x)``, true inside a lumen. A lumen may run out of the picture at its
        sides, not at its upper or lower end.
    """
    sigma_y, sigma_x = (_SMOOTH_MM / step for step in spacing_mm)
    size = [2 * round(_REACH * sigma) + 1 for sigma in (sigma_x, sigma_y)]
    smooth = cv2.GaussianBlur(
        frame.astype(np.float32), size, sigma_x, sigmaY=sigma_y, borderType=cv2.BORDER_REFLECT
    )
    dark = mask & (smooth < _DARK * _surroundings(smooth, mask, spacing_mm))
    opened = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_OPEN, _disk(0.5, spacing_mm))
    labels, count = ndimage.label(opened)
    lumens = np.zeros_like(mask)
    for number, near in enumerate(ndimage.find_objects(labels, count), 1):
        window = _grown(near, spacing_mm)
        lumen = labels[window] == number
        if _is_lumen(lumen, smooth[window], mask[window], spacing_mm) and not _at_an_end(
            lumen, window, mask, spacing_mm
        ):
            lumens[window] |= lumen
    return lumens


def _surroundings(smooth: Image, mask: Mask, spacing_mm: tuple[float, float]) -> Image:
    """Mean grey of the tissue within 12 mm, ``(y, x)``."""
    size = [round(_AROUND_MM / step) | 1 for step in reversed(spacing_mm)]
    inside, total = (
        cv2.blur(each, size, borderType=cv2.BORDER_CONSTANT)
        for each in (mask.astype(np.float32), smooth * mask)
    )
    return np.asarray(total / np.maximum(inside, 1e-3), np.float32)


def _is_lumen(lumen: Mask, smooth: Image, mask: Mask, spacing_mm: tuple[float, float]) -> bool:
    """Whether a dark patch is as thick as a vessel, and walled in all around."""
    if lumen.sum() * spacing_mm[0] * spacing_mm[1] < _LEAST_MM2:
        return False
    padded = np.pad(lumen, 1)
    thick_mm = 2 * float(ndimage.distance_transform_edt(padded, sampling=spacing_mm).max())
    if not _THICK_MM[0] <= thick_mm <= _THICK_MM[1]:
        return False
    grown = cv2.dilate(lumen.astype(np.uint8), _disk(_WALL_MM, spacing_mm)) > 0
    ring = grown & ~lumen & mask
    walled = smooth[ring] >= _WALL * float(smooth[lumen].mean())
    return bool(ring.any() and walled.mean() >= _WALLED)


def _at_an_end(
    lumen: Mask, window: tuple[slice, slice], mask: Mask, spacing_mm: tuple[float, float]
) -> bool:
    """Whether a patch reaches up to the skin, or the lower end of the picture in its columns."""
    rows, columns = np.nonzero(lumen)
    first, last = rows.min() + window[0].start, rows.max() + window[0].start
    under = mask[:, window[1]][:, np.unique(columns)]
    inside = np.flatnonzero(under.any(axis=1))
    depth_mm, left_mm = (first - inside[0]) * spacing_mm[0], (inside[-1] - last) * spacing_mm[0]
    return bool(depth_mm < _DEPTH_MM or left_mm < _WALL_MM)


def _grown(near: tuple[slice, ...], spacing_mm: tuple[float, float]) -> tuple[slice, slice]:
    """A patch's box with room for its wall."""
    down, across = (
        slice(max(0, side.start - reach), side.stop + reach)
        for side, reach in zip(near, (int(_WALL_MM / s) + 2 for s in spacing_mm), strict=True)
    )
    return down, across


def _disk(radius_mm: float, spacing_mm: tuple[float, float]) -> Grey:
    """Structuring element of a radius in mm."""
    rows, columns = (max(1, round(radius_mm / step)) for step in spacing_mm)
    size = (2 * columns + 1, 2 * rows + 1)
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size), np.uint8)
