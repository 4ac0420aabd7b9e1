"""Marks on moving pictures: outlines of events and words, drawn on pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Box, Event, Floats, Grey, Kind
from usfasc.report import style
from usfasc.report.letters import font

_DASHES: Final = {Kind.FASCICULATION: (1, 0), Kind.UNSURE: (5, 4)}
"""Pieces of an outline that are drawn and left out; a twitch's is whole."""
_DOTTED: Final = (1, 2)
_PIECES: Final = 72
_LEAST_RADIUS_PX: Final = 12.0
_SUBPIXEL_BITS: Final = 4
Words = tuple[str, tuple[float, float], str]
"""Text, where it is anchored ``(x, y)``, and how: Pillow's two letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlarged:
    """A box of the stored frame, drawn at another size: ``size_px`` is ``(width, height)``."""

    box: Box
    size_px: tuple[int, int]

    def rgb(self, grey: Grey) -> Grey:
        """The box's pixels ``(y, x)`` at this size, as RGB."""
        large = cv2.resize(grey, self.size_px, interpolation=cv2.INTER_LINEAR)
        return np.repeat(large[..., np.newaxis], 3, axis=2)

    def place(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Where a point of the stored frame is drawn."""
        x0, y0, x1, y1 = self.box
        across, down = self.size_px[0] / (x1 - x0), self.size_px[1] / (y1 - y0)
        return (x_px + 0.5 - x0) * across - 0.5, (y_px + 0.5 - y0) * down - 0.5


def outline(canvas: Grey, event: Event, drawn: Enlarged) -> tuple[float, float]:
    """Draw an ellipse around what moved, whole or broken by the event's kind.

    Parameters
    ----------
    canvas
        ``(y, x, 3)`` RGB, drawn on.
    event
        The movement.
    drawn
        Where the canvas shows the stored frame.

    Returns
    -------
    tuple of float
        The upper right of the outline, where its words go.
    """
    ring = _ellipse(event, drawn)
    colour = style.TWITCH if event.kind is Kind.FASCICULATION else style.OTHER
    for width, ink in ((5, (0, 0, 0)), (2, rgb_of(colour))):
        for run in _runs(ring, event.kind):
            points = np.rint(run * 2**_SUBPIXEL_BITS).astype(np.int32)
            cv2.polylines(canvas, [points], False, ink, width, cv2.LINE_AA, _SUBPIXEL_BITS)
    corner = ring[_PIECES * 7 // 8]
    return float(corner[0]), float(corner[1])


def write(canvas: Grey, words: list[Words], *, size_px: int, colour: str, rim_px: int = 2) -> Grey:
    """Write words on a picture, with a dark rim that makes them readable on any tissue."""
    from PIL import Image, ImageDraw

    picture = Image.fromarray(canvas)
    pen = ImageDraw.Draw(picture)
    type_ = font(size_px, bold=True)
    for text, place, anchor in words:
        pen.text(
            place,
            text,
            fill=colour,
            font=type_,
            anchor=anchor,
            stroke_width=rim_px,
            stroke_fill="black",
        )
    return np.array(picture)


def rgb_of(colour: str) -> tuple[int, int, int]:
    """A colour ``#rrggbb`` as three numbers."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def _ellipse(event: Event, drawn: Enlarged) -> Floats:
    """Points of the ellipse in the event's box, clockwise from its right, closed."""
    x0, y0, x1, y1 = event.box_px
    left, top = drawn.place(x0, y0)
    right, bottom = drawn.place(x1 - 1, y1 - 1)
    angle = np.linspace(0, 2 * np.pi, _PIECES + 1)
    across = max((right - left) / 2, _LEAST_RADIUS_PX)
    down = max((bottom - top) / 2, _LEAST_RADIUS_PX)
    return np.stack(
        [(left + right) / 2 + across * np.cos(angle), (top + bottom) / 2 + down * np.sin(angle)],
        axis=-1,
    )


def _runs(ring: NDArray[np.float64], kind: Kind) -> Iterator[Floats]:
    """The pieces of an outline that are drawn."""
    on, off = _DASHES.get(kind, _DOTTED)
    if not off:
        yield ring
        return
    for start in range(0, _PIECES, on + off):
        yield ring[start : start + on + 1]
