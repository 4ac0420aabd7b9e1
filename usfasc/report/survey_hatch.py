"""Hatching drawn stroke by stroke: a pattern is blurred by what prints it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil, cos, floor, pi, radians, sin
from typing import Final

from usfasc.report.html import data_address

Point = tuple[float, float]
Ellipse = tuple[float, float, float, float, float]
"""``x, y`` of the centre, half its width, half its height, degrees that it is turned."""

_APART: Final = 4.6
"""Between strokes, along the x axis."""
_CORNERS: Final = 48
"""Of the polygon that stands for an ellipse."""


def hatch(corners: Sequence[Point], *, crossed: bool) -> str:
    """Strokes at 45 degrees within a convex shape, as an SVG path.

    Parameters
    ----------
    corners
        Of the shape, in their order around it.
    crossed
        Whether strokes of the other direction are added.
    """
    slopes = (1, -1) if crossed else (1,)
    return "".join(stroke for slope in slopes for stroke in _strokes(corners, slope))


def _strokes(corners: Sequence[Point], slope: int) -> Iterator[str]:
    """Strokes on which x + slope * y is the same, a whole number of times their distance."""
    levels = [(x + slope * y) / _APART for x, y in corners]
    for level in range(ceil(min(levels)), floor(max(levels)) + 1):
        ends = [
            _between(one, other, (level - low) / (high - low))
            for (one, low), (other, high) in pairwise(
                [*zip(corners, levels, strict=True), (corners[0], levels[0])]
            )
            if (low < level) is not (high < level)
        ]
        if ends:
            yield f"M{ends[0]}L{ends[1]}"


def _between(one: Point, other: Point, share: float) -> str:
    x, y = (a + share * (b - a) for a, b in zip(one, other, strict=True))
    return f"{x:.1f} {y:.1f}"


def tile() -> str:
    """The address of a picture that hatches what it is laid out upon, faint enough to read on."""
    side = 6
    strokes = "M-1 1L1 -1M0 6L6 0M5 7L7 5"
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}">'
        f'<path d="{strokes}" stroke="#000" stroke-opacity=".35" stroke-width=".8"/></svg>'
    )
    return data_address(drawing.encode(), "image/svg+xml")


def square(side: float) -> tuple[Point, ...]:
    """Corners of a square at the origin."""
    return (0.0, 0.0), (side, 0.0), (side, side), (0.0, side)


def around(ellipse: Ellipse, sign: int = 1) -> tuple[Point, ...]:
    """Points around an ellipse; mirrored at the midline where the sign is -1."""
    x, y, rx, ry, turned = ellipse
    angle = radians(turned)
    points = [(rx * cos(t), ry * sin(t)) for t in (2 * pi * n / _CORNERS for n in range(_CORNERS))]
    return tuple(
        (
            sign * (x + dx * cos(angle) - dy * sin(angle)),
            y + dx * sin(angle) + dy * cos(angle),
        )
        for dx, dy in points
    )


def half_around(ellipse: Ellipse, sign: int) -> tuple[Point, ...]:
    """Points around the half of an upright ellipse on one side of the midline."""
    x, y, rx, ry, _ = ellipse
    angles = (pi * n / _CORNERS for n in range(_CORNERS + 1))
    return tuple((x + sign * rx * sin(t), y - ry * cos(t)) for t in angles)
