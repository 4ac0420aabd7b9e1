"""The B-mode area of a screen: the largest part that lives and keeps its place.

Where the picture changes in most pairs of frames it is live; strips that are
written (Doppler, M-mode, ECG) are left out; the sides are then set where the
liveliness ends, and widened over bright skin, which saturates and stands still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Box, Grey, Mask
from usfasc.tissue.dual import split_pair
from usfasc.tissue.sampling import Sample, reduce, reduction
from usfasc.tissue.sides import find_breaks, has_filled_corners, settle_sides
from usfasc.tissue.trace import is_trace

_SMALLEST_SHARE = 0.01
_RIVAL_SHARE = 0.3
_LEAST_LIVE_SHARE = 0.35
_BRIDGE_PX = 9
_SAME_SIDE_SHARE = 0.06
_ASIDE_SHARE = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What was found: a box, and the doubts about it."""

    box: Box
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A connected live part of the reduced screen."""

    box: Box
    mask: Mask

    @property
    def area_px(self) -> int:
        return int(self.mask.sum())


def find_areas(sample: Sample) -> tuple[Area, ...]:
    """Find the B-mode area from what moves and what stands still.

    Parameters
    ----------
    sample
        Frames spread over the clip.

    Returns
    -------
    tuple of Area
        The best guess; two where a screen surely shows two pictures side by side.
        ``doubts`` is empty where it can be relied on.
    """
    factor = reduction(sample.mean.shape)
    runs = [(reduce(first, factor), reduce(last, factor)) for first, last in sample.runs]
    parts = [part for part in _parts(sample.live) if not is_trace(runs, part.box)]
    if not parts:
        return (_still_area(sample),)
    chosen, rest = _join(parts)
    pair = _pair(sample, chosen, rest)
    if pair:
        return pair
    chosen = _grown(chosen, sample.live)
    return (_area(sample, chosen, _settled(sample, chosen), rest),)


def _pair(sample: Sample, chosen: _Part, rest: list[_Part]) -> tuple[Area, ...]:
    """The two areas of a dual screen; none where there surely is one only."""
    twin = next((part for part in rest if _is_twin(chosen.box, part.box)), None)
    if twin is not None:
        mask = chosen.mask | twin.mask
        chosen = _Part(box=_bounds(mask), mask=mask)
        rest = [part for part in rest if part is not twin]
    halves = split_pair(sample, _settled(sample, _grown(chosen, sample.live))) or ()
    return tuple(_area(sample, _within(chosen, half, sample), half, rest) for half in halves)


def _area(sample: Sample, part: _Part, box: Box, rest: list[_Part]) -> Area:
    """A box with the doubts about it."""
    factor = reduction(sample.mean.shape)
    outside = [
        other for other in rest if not _holds(box, _scaled(other.box, factor, sample.mean.shape))
    ]
    return Area(box=box, doubts=_doubts(sample, box, part, outside))


def _settled(sample: Sample, part: _Part) -> Box:
    """The part's box to the pixel."""
    return settle_sides(sample, _scaled(part.box, reduction(sample.mean.shape), sample.mean.shape))


def _is_twin(box: Box, other: Box) -> bool:
    """Whether another part stands beside the box and is as large."""
    width, height = box[2] - box[0], box[3] - box[1]
    beside = other[0] >= box[2] or other[2] <= box[0]
    as_wide = abs(other[2] - other[0] - width) <= _SAME_SIDE_SHARE * width
    level = max(abs(other[1] - box[1]), abs(other[3] - box[3])) <= _SAME_SIDE_SHARE * height
    return beside and as_wide and level


def _within(part: _Part, box: Box, sample: Sample) -> _Part:
    """What of a part lies in a box of the full picture."""
    factor = reduction(sample.mean.shape)
    mask = np.zeros_like(part.mask)
    inside = np.s_[box[1] // factor : -(-box[3] // factor), box[0] // factor : -(-box[2] // factor)]
    mask[inside] = part.mask[inside]
    return _Part(box=_bounds(mask), mask=mask)


def _parts(live: Mask) -> list[_Part]:
    """Connected live parts, largest first, freed of what hangs on by a thread."""
    closed = cv2.morphologyEx(live.astype(np.uint8), cv2.MORPH_CLOSE, _square(5))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _square(_BRIDGE_PX))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    large = np.flatnonzero(stats[1:, cv2.CC_STAT_AREA] > _SMALLEST_SHARE * live.size) + 1
    cores = [_core(labels == i) for i in large]
    parts = [_Part(box=_bounds(core), mask=core) for core in cores]
    return sorted(parts, key=lambda part: -part.area_px)


def _core(opened: Mask) -> Mask:
    """Drop protrusions thinner than a fifteenth of the part, such as lettering that touches it."""
    width, height = cv2.boundingRect(opened.astype(np.uint8))[2:]
    size = max(_BRIDGE_PX, min(width, height) // 15)
    core = cv2.morphologyEx(opened.astype(np.uint8), cv2.MORPH_OPEN, _square(size)) > 0
    return core if core.any() else opened


def _grown(part: _Part, live: Mask) -> _Part:
    """Give back the tips of a sector, which openings blunt."""
    width, height = part.box[2] - part.box[0], part.box[3] - part.box[1]
    size = max(_BRIDGE_PX, min(width, height) // 15)
    near = cv2.dilate(part.mask.astype(np.uint8), _square(2 * size + 1)) > 0
    mask = _touching((live & near) | part.mask, part.mask)
    return _Part(box=_bounds(mask), mask=mask)


def _touching(mask: Mask, core: Mask) -> Mask:
    """The connected pieces of a mask that hold some of the core."""
    labels = cv2.connectedComponents(mask.astype(np.uint8))[1]
    return np.isin(labels, np.unique(labels[core]))


def _square(size_px: int) -> NDArray[np.uint8]:
    return np.ones((size_px, size_px), np.uint8)


def _bounds(mask: Mask) -> Box:
    x, y, width, height = cv2.boundingRect(mask.astype(np.uint8))
    return x, y, x + width, y + height


def _join(parts: list[_Part]) -> tuple[_Part, list[_Part]]:
    """Add to the largest part those that dark tissue cut from it; return the rest too."""
    chosen, rest = parts[0], []
    for part in parts[1:]:
        if _belongs(chosen.box, part.box):
            mask = chosen.mask | part.mask
            chosen = _Part(box=_bounds(mask), mask=mask)
        else:
            rest.append(part)
    return chosen, rest


def _belongs(box: Box, other: Box) -> bool:
    """Whether a part lies within the box, or above or below it between the same sides."""
    tolerance = _SAME_SIDE_SHARE * (box[2] - box[0])
    inside = all(
        low - tolerance <= other[k] <= high + tolerance
        for k, (low, high) in enumerate(((box[0], box[2]), (box[1], box[3])) * 2)
    )
    same = abs(other[0] - box[0]) <= tolerance and abs(other[2] - box[2]) <= tolerance
    return inside or same or _beside(box, other, tolerance)


def _beside(box: Box, other: Box, farthest: float) -> bool:
    """Whether a part stands beside the box, cut from it by a shadow, and no taller."""
    gap = max(other[0] - box[2], box[0] - other[2])
    return gap <= farthest and other[1] >= box[1] - farthest and other[3] <= box[3] + farthest


def _scaled(box: Box, factor: int, shape: tuple[int, ...]) -> Box:
    x0, y0, x1, y1 = (n * factor for n in box)
    return x0, y0, min(x1, shape[1]), min(y1, shape[0])


def _holds(box: Box, other: Box) -> bool:
    """Whether the middle of another box lies in a box."""
    x, y = (other[0] + other[2]) / 2, (other[1] + other[3]) / 2
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def _doubts(sample: Sample, box: Box, chosen: _Part, rest: list[_Part]) -> tuple[str, ...]:
    """Why the box may be wrong, in words that follow "a guess, since"."""
    doubts = []
    height, width = sample.mean.shape
    x0, y0, x1, y1 = box
    if (x1 - x0) * (y1 - y0) < 0.04 * height * width or min(x1 - x0, y1 - y0) < 48:
        doubts.append("what moves is small")
    live = chosen.area_px * reduction((height, width)) ** 2
    if live < _LEAST_LIVE_SHARE * (x1 - x0) * (y1 - y0):
        doubts.append("much of it does not move")
    if not has_filled_corners(sample, box) and _is_lopsided(chosen):
        doubts.append("its outline is lopsided")
    if any(part.area_px > _RIVAL_SHARE * chosen.area_px for part in rest):
        doubts.append("more than one part of the screen moves")
    return (*doubts, *find_breaks(sample, box))


def _is_lopsided(part: _Part) -> bool:
    """Whether a sector's top is not above its middle: then a side is lost in shadow."""
    x0, y0, x1, y1 = part.box
    mask = part.mask[y0:y1, x0:x1]
    height, width = mask.shape
    top = np.flatnonzero(mask[: max(height // 20, 3)].any(axis=0))
    aside = abs(int(top[0] + top[-1]) - width + 1) / 2
    return bool(top[-1] - top[0] < 0.8 * width and aside > _ASIDE_SHARE * width)


def _still_area(sample: Sample) -> Area:
    """Guess from a still picture: the largest part that is filled, not lettered."""
    picture: Grey = np.clip(sample.mean, 0, 255).astype(np.uint8)
    factor = reduction(picture.shape)
    small = reduce(picture, factor)
    filled = cv2.medianBlur(small, 15) > _background(small) + 3
    parts = _parts(filled)
    doubts = ("nothing moves in this clip",)
    if not parts:
        return Area(box=(0, 0, picture.shape[1], picture.shape[0]), doubts=doubts)
    chosen, _ = _join(parts)
    return Area(box=_scaled(chosen.box, factor, picture.shape), doubts=doubts)


def _background(picture: Grey) -> int:
    """The commonest dark grey level: what scanners put behind everything."""
    return int(np.argmax(np.bincount(picture.ravel(), minlength=256)[:32]))
