"""Lines across a picture: the best ways from its left side to its right one.

A way may pass where nothing is seen, so it bridges a broken line, and it pays for each
bend, so it does not hop from fascicle to fascicle.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import SLOPES, STEP_MM, Streaks

Rows = NDArray[np.intp]

_BEND: Final = 1.0
"""Price of a change of slope by one step from one column to the next."""
_LEAST_GAIN: Final = -1.0
_FULL_GAIN: Final = 10.0
"""Between these answers count in full: no single bright spot, and no gap, decides alone."""
_BEYOND: Final = 0.1
"""What counts of an answer beyond that, so that a way keeps to the crest of a bright line."""
_BESIDE_MM: Final = 1.4
"""About a line that no second one may take."""


def best_paths(streaks: Streaks, most: int) -> Iterator[Rows]:
    """Rows ``(column,)`` of the best way across, then of the best beside it, and so on.

    Parameters
    ----------
    streaks
        What each place says of a line through it.
    most
        How many ways to look for.

    Notes
    -----
    Second-order dynamic programming: the state is (slope, row), so that both what a
    slope's own filter answers and what a bend costs are known.
    """
    gains = bounded(streaks.answers)
    gains[:, ~streaks.inside] = 0.0
    beside = round(_BESIDE_MM / STEP_MM)
    down = np.arange(gains.shape[1])[:, np.newaxis]
    for _ in range(most):
        rows = _best_path(gains)
        yield rows
        gains[:, np.abs(down - rows) <= beside] = 2 * _LEAST_GAIN


def bounded(answers: Image) -> Image:
    """Answers as they count."""
    over = np.maximum(answers - _FULL_GAIN, 0)
    return np.asarray(np.maximum(answers - (1 - _BEYOND) * over, _LEAST_GAIN), np.float32)


def _best_path(gains: Image) -> Rows:
    """The way with the largest sum of gains less bends."""
    slopes, _, columns = gains.shape
    total = gains[:, :, 0]
    came = []
    for column in range(1, columns):
        best, turn = _turned(total)
        came.append(turn)
        total = np.stack([_shifted(best[s], s - slopes // 2) for s in range(slopes)])
        total = total + gains[:, :, column]
    return _traced(total, came)


def _turned(total: Image) -> tuple[Image, NDArray[np.int8]]:
    """Best value to go on with each slope, and by how many steps the slope was changed."""
    flat = np.full_like(total[:1], -np.inf)
    less = np.concatenate([flat, total[:-1]]) - _BEND
    more = np.concatenate([total[1:], flat]) - _BEND
    best, turn = total, np.zeros(total.shape, np.int8)
    for other, step in ((less, -1), (more, 1)):
        better = other > best
        best = np.where(better, other, best)
        turn = np.where(better, np.int8(step), turn)
    return best, turn


def _shifted(values: Image, by: int) -> Image:
    """Values moved down by some rows; nothing comes in from beyond the picture."""
    out = np.full_like(values, -np.inf)
    if by >= 0:
        out[by:] = values[: len(values) - by]
    else:
        out[:by] = values[-by:]
    return out


def _traced(total: Image, came: list[NDArray[np.int8]]) -> Rows:
    slope, row = np.unravel_index(int(np.argmax(total)), total.shape)
    rows = [row]
    for turn in reversed(came):
        row = row - (slope - len(SLOPES) // 2)
        slope = slope + turn[slope, row]
        rows.append(row)
    return np.array(rows[::-1], np.intp)
