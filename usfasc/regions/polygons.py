"""Region polygons: is a point inside, does the drawing fit the image.

Vertices are ``(x, y)`` in stored pixels. Pixel centres lie at integers, so the
image reaches from -0.5 to its size less 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from skimage.draw import polygon

from usfasc.errors import Code, InputError
from usfasc.model import WHOLE_IMAGE, Bmode, Floats, Mask, Point, Region

LEAST_AREA_PX2: Final = 100.0
"""Smallest region: 10 x 10 pixels; less is a slip of the pointer."""

_KEPT: Final = 16
"""Masks: half a megabyte each at 800 x 600."""
_EDGE_PX = 1e-6
"""Points this near to an edge lie on it, and so inside."""


def contains(region: Region, x_px: Floats, y_px: Floats) -> Mask:
    """Whether points lie in a region, its outline included (even-odd rule).

    Parameters
    ----------
    region
        The region.
    x_px, y_px
        Coordinates of equal shape.

    Returns
    -------
    Mask
        Of the coordinates' shape.
    """
    x, y = np.asarray(x_px, float), np.asarray(y_px, float)
    inside = np.zeros(x.shape, bool)
    outline = np.zeros(x.shape, bool)
    vertices = _vertices(region)
    for (ax, ay), (bx, by) in zip(vertices, np.roll(vertices, -1, axis=0), strict=True):
        cross = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        straddles = (ay > y) != (by > y)
        inside ^= straddles & ((cross > 0) == (by > ay))
        along = (x - ax) * (x - bx) + (y - ay) * (y - by)
        outline |= (np.abs(cross) <= _EDGE_PX * np.hypot(bx - ax, by - ay)) & (along <= _EDGE_PX)
    return inside | outline


def area_px2(region: Region) -> float:
    """Area of a polygon in square pixels (shoelace formula)."""
    x, y = _vertices(region).T
    # Sums from the first vertex keep precision far from the origin.
    x, y = x - x[0], y - y[0]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def region_mask(region: Region, shape: tuple[int, int]) -> Mask:
    """Pixels ``(height, width)`` whose centre lies in a region; not to be written to."""
    return _polygon_mask(region.polygon, shape)


@lru_cache(maxsize=_KEPT)
def _polygon_mask(corners: tuple[Point, ...], shape: tuple[int, int]) -> Mask:
    """Kept, since a region that is drawn is checked, and counted in, several times over."""
    x, y = _distinct(corners).T
    mask = np.zeros(shape, bool)
    mask[polygon(y, x, shape)] = True
    mask.setflags(write=False)
    return mask


def check_regions(
    regions: Sequence[Region], shape: tuple[int, int], pictures: Sequence[Bmode]
) -> None:
    """Refuse regions that cannot be counted in.

    Parameters
    ----------
    regions
        The regions of one clip.
    shape
        ``(height, width)`` of its frames.
    pictures
        Its pictures.

    Raises
    ------
    InputError
        ``BAD_REGIONS``; regions are called by their number in the file.
    """
    names = [region.name for region in regions]
    visible = np.logical_or.reduce([picture.mask for picture in pictures])
    for number, region in enumerate(regions, start=1):
        complaint = _complaint(region, shape, visible)
        if complaint is None and names.index(region.name) != number - 1:
            complaint = f"has the same name as region {names.index(region.name) + 1}"
        if complaint is not None:
            raise InputError(Code.BAD_REGIONS, f"Region {number} {complaint}.")


def _complaint(region: Region, shape: tuple[int, int], visible: Mask) -> str | None:
    return _naming_complaint(region) or _drawing_complaint(region, shape, visible)


def _naming_complaint(region: Region) -> str | None:
    if not _is_plain(region.name) or region.name == WHOLE_IMAGE:
        return f"needs a name of printable characters other than {WHOLE_IMAGE}"
    if region.muscle is not None and not _is_plain(region.muscle):
        return "names its muscle with characters that cannot be printed"
    return None


def _drawing_complaint(region: Region, shape: tuple[int, int], visible: Mask) -> str | None:
    height, width = shape
    x, y = np.asarray(region.polygon, float).T
    if min(x.min(), y.min()) < -0.5 or x.max() > width - 0.5 or y.max() > height - 0.5:
        return f"reaches outside the image, which is {width} x {height} pixels"
    if area_px2(region) < LEAST_AREA_PX2:
        return f"is smaller than {LEAST_AREA_PX2:.0f} square pixels"
    if _crosses_itself(_vertices(region)):
        return "crosses itself"
    if not (region_mask(region, shape) & visible).any():
        return "lies outside the B-mode area"
    return None


def _is_plain(text: str) -> bool:
    return text.isprintable() and bool(text.strip())


def _vertices(region: Region) -> Floats:
    """``(n, 2)`` vertices; repeated ones, as of a closed ring, only once."""
    return _distinct(region.polygon)


def _distinct(corners: Sequence[Point]) -> Floats:
    vertices = np.asarray(corners, float)
    kept = np.any(vertices != np.roll(vertices, 1, axis=0), axis=1)
    return vertices[kept] if kept.any() else vertices[:1]


def _crosses_itself(vertices: Floats) -> bool:
    """Whether two edges cut each other; edges that only touch do not."""
    start, stop = vertices, np.roll(vertices, -1, axis=0)
    low, high = np.minimum(start[:, 0], stop[:, 0]), np.maximum(start[:, 0], stop[:, 0])
    # From left to right each edge meets only those that begin before it ends.
    order = np.argsort(low, kind="stable")
    start, stop = start[order], stop[order]
    ends = np.searchsorted(low[order], high[order], side="right")
    for index, end in enumerate(ends):
        a, b = start[index], stop[index]
        c, d = start[index + 1 : end], stop[index + 1 : end]
        apart = _turn(a, b, c) * _turn(a, b, d) < 0
        if np.any(apart & (_turn(c, d, a) * _turn(c, d, b) < 0)):
            return True
    return False


def _turn(a: Floats, b: Floats, c: Floats) -> Floats:
    """Sign of the turn a-b-c."""
    ab, ac = b - a, c - a
    return np.sign(ab[..., 0] * ac[..., 1] - ab[..., 1] * ac[..., 0])
