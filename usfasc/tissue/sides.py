"""The four sides of the B-mode area, to the pixel.

Each side is treated as the right one: the picture is turned so that "outward"
is towards higher columns, which leaves one rule to write for all four.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from usfasc.model import Box, Floats
from usfasc.tissue.sampling import Image, Sample

_REACH_PX = 10
_FILLED_SHARE = 0.7
_BLACK_GREY = 8.0


def settle_sides(sample: Sample, box: Box) -> Box:
    """Set each side where the liveliness ends, then widen it over bright still skin.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        A first guess, good to a few pixels.
    """
    spread = sample.spread.astype(np.float32)
    mean = sample.mean
    for turns in range(4):
        turned = _turned_box(box, mean.shape, turns)
        moved = _snap(np.rot90(spread, turns), turned)
        moved = _widen(np.rot90(mean, turns), moved)
        box = _turned_box(moved, np.rot90(mean, turns).shape, -turns)
    return box


def _turned_box(box: Box, shape: tuple[int, ...], turns: int) -> Box:
    """The box in the picture turned ``turns`` times as ``numpy.rot90`` turns it."""
    x0, y0, x1, y1 = box
    height, width = shape
    for _ in range(turns % 4):
        x0, y0, x1, y1 = y0, width - x1, y1, width - x0
        height, width = width, height
    return x0, y0, x1, y1


def _snap(spread: Image, box: Box) -> Box:
    """Move the right side to the steepest fall of the share of live pixels."""
    x0, y0, x1, y1 = box
    inner = spread[y0:y1, max(x0, x1 - 4 * _REACH_PX) : x1]
    floor = max(2.0, 0.2 * float(np.median(inner)))
    low, high = max(x0 + 1, x1 - _REACH_PX), min(spread.shape[1], x1 + _REACH_PX)
    profile: Floats = (spread[y0:y1, low:high] > floor).mean(axis=0)
    level = float((inner > floor).mean())
    beyond = np.flatnonzero(profile < 0.5 * level)
    if not len(beyond) or level < 0.2:
        return x0, y0, max(x1, high) if not len(beyond) and high == spread.shape[1] else x1, y1
    first = int(beyond[0])
    steep = profile[max(first - 4, 0)] > 0.65 * level
    return x0, y0, low + first if steep else x1, y1


def _widen(mean: Image, box: Box) -> Box:
    """Move the right side over columns that are filled with grey between top and bottom."""
    x0, y0, x1, y1 = box
    for x in _outward(x1, mean.shape[1]):
        column = mean[y0:y1, x]
        if (column > _BLACK_GREY).mean() < _FILLED_SHARE or _is_bar(mean[:, x], y0, y1):
            return x0, y0, x, y1
    return x0, y0, mean.shape[1], y1


def _outward(start: int, stop: int) -> Iterator[int]:
    return iter(range(start, stop))


def _is_bar(column: Image, y0: int, y1: int) -> bool:
    """Whether a filled column belongs to a bar: it runs on past the box, or is one flat tone."""
    margin = max((y1 - y0) // 4, 8)
    past = [column[max(y0 - margin, 0) : y0], column[y1 : y1 + margin]]
    if any(len(part) >= 8 and (part > _BLACK_GREY).mean() > _FILLED_SHARE for part in past):
        return True
    tone = float(np.median(column[y0:y1]))
    return tone < 200 and bool((np.abs(column[y0:y1] - tone) <= 2).mean() > 0.6)
