"""Lines across a picture: the best ways from its left side to its right one.

A way may pass where nothing is seen, so it bridges a broken line, and it pays for each
bend, so it does not hop from fascicle to fascicle.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Mask
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import STEP_MM

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


def best_paths(gains: Image, most: int) -> Iterator[Rows]:
    """Rows ``(column,)`` of the best way across, then of the best beside it, and so on.

    Parameters
    ----------
    gains
        ``(column, slope, row)``: what each place says of a line of each slope through it.
    most
        How many ways to look for.

    Notes
    -----
    Second-order dynamic programming: the state is (slope, row), so that both what a
    slope's own filter answers and what a bend costs are known.
    """
    gains, least = gains.copy(), 2 * min(float(gains.min()), 0.0)
    beside = round(_BESIDE_MM / STEP_MM)
    down = np.arange(gains.shape[2])
    for _ in range(most):
        rows = _best_path(gains)
        yield rows
        taken = np.abs(down - rows[:, np.newaxis]) <= beside
        gains[np.broadcast_to(taken[:, np.newaxis], gains.shape)] = least


def gains_of(values: Image, inside: Mask) -> Image:
    """Gains of ways ``(column, slope, row)`` from values ``(slope, row, column)``.

    What lies outside the picture ``(row, column)`` gains nothing.
    """
    return np.ascontiguousarray(np.moveaxis(np.where(inside, values, 0), 2, 0), np.float32)


def bounded(answers: Image) -> Image:
    """Answers as they count."""
    over = np.maximum(answers - _FULL_GAIN, 0)
    return np.asarray(np.maximum(answers - (1 - _BEYOND) * over, _LEAST_GAIN), np.float32)


def _best_path(gains: Image) -> Rows:
    """The way with the largest sum of gains ``(column, slope, row)`` less bends."""
    _, slopes, rows = gains.shape
    reach = slopes // 2
    bent = np.full((slopes + 2, rows), -np.inf, np.float32)
    moved = np.full((slopes, rows + 2 * reach), -np.inf, np.float32)
    # A way with a slope comes from as many rows above; from beyond the picture comes none.
    steps = np.arange(slopes)[:, np.newaxis]
    came = steps * moved.shape[1] + np.arange(rows) + 2 * reach - steps
    totals = [gains[0]]
    for gain in gains[1:]:
        bent[1:-1] = totals[-1] - _BEND
        onward = np.maximum(totals[-1], np.maximum(bent[:-2], bent[2:]))
        moved[:, reach : reach + rows] = onward
        totals.append(moved.take(came) + gain)
    return _traced(totals)


def _traced(totals: list[Image]) -> Rows:
    """Rows of the best way back from the last column to the first."""
    slopes = len(totals[0])
    slope, row = np.unravel_index(int(np.argmax(totals[-1])), totals[-1].shape)
    rows = [row]
    for total in reversed(totals[:-1]):
        row = row - (slope - slopes // 2)
        turns = [slope, *(s for s in (slope - 1, slope + 1) if 0 <= s < slopes)]
        slope = max(turns, key=lambda s: total[s, row] - _BEND * (s != slope))
        rows.append(row)
    return np.array(rows[::-1], np.intp)
