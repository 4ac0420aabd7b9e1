"""Block matching and classes of movement (after Gijsbertse 2018).

Blocks of 2.4 mm, half over one another, are looked for 0.4 mm around by normalised
cross-correlation with a parabola through its peak; the median movement is subtracted. A
block moves when it passes its own median by a number of median absolute deviations
(described: 6). Blocks that move together, at most half of all, for no longer than 1.2 s,
are a fasciculation; what is longer or larger is a contraction, and is not told.
Described are 40 ms from picture to picture, 0.05 mm as the least movement, and one class
for all the blocks of a moment; 75 ms, 0.01 mm and one for each body of blocks find more
here, on phantoms and on real clips.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.baselines.bodies import bodies
from usfasc.benchmark.baselines.method import Method, Pairs
from usfasc.benchmark.baselines.view import Grid, Reals, View, grid_of, over_usual
from usfasc.model import Grey, Mask

_LAG_S: Final = 0.075
_PIXEL_MM: Final = 0.1
_HALF_BLOCK_MM: Final = 1.2
_SEARCH_MM: Final = 0.4
_FLOOR_MM: Final = 0.01
"""Least movement of a block, at the described threshold."""
_DESCRIBED: Final = 6.0
_FLAT: Final = 1.0
"""Grey levels: what varies less has nothing to match."""


def _watch(view: View) -> Pairs:
    fine = grid_of(view, _PIXEL_MM)
    half, search = fine.cells(_HALF_BLOCK_MM), fine.cells(_SEARCH_MM)
    halves = _halves(fine, half)
    inside = _inside_blocks(halves)
    step_mm = np.array(fine.step_mm, np.float32)[:, None, None]

    def movement(old: Reals, new: Reals) -> Reals:
        shifts_mm = _peak(_correlation(old, new, search, half)) * step_mm
        if inside.any():
            shifts_mm = shifts_mm - np.median(shifts_mm[:, inside], axis=1)[:, None, None]
        return over_usual(np.linalg.norm(shifts_mm, axis=0), inside)

    return Pairs(
        grid=_blocks(halves),
        lag_s=_LAG_S,
        prepare=lambda picture: _standard(fine.shrunk(picture), (2 * half[0], 2 * half[1])),
        compare=movement,
        finish=_over_median,
    )


def _halves(fine: Grid, half: tuple[int, int]) -> Grid:
    """Cells of half a block; a block stands where four of them meet."""
    return Grid(
        view=fine.view,
        step_px=(fine.step_px[0] * half[0], fine.step_px[1] * half[1]),
        shape=(max(1, fine.shape[0] // half[0]), max(1, fine.shape[1] // half[1])),
    )


def _blocks(halves: Grid) -> Grid:
    """Cells as large as half a block, about the middles of the blocks."""
    rows, columns = halves.shape
    down, right = halves.step_px
    return Grid(
        view=halves.view,
        step_px=halves.step_px,
        shape=(rows - 1, columns - 1),
        offset_px=(down // 2, right // 2),
    )


def _inside_blocks(halves: Grid) -> Mask:
    inside = halves.inside
    return inside[1:, 1:] & inside[:-1, 1:] & inside[1:, :-1] & inside[:-1, :-1]


def _standard(picture: Grey, block: tuple[int, int]) -> Reals:
    """Grey levels less their mean over a block, in its standard deviations."""
    grey = picture.astype(np.float32)
    mean = cv2.blur(grey, block[::-1])
    variance = cv2.blur(grey * grey, block[::-1]) - mean * mean
    return np.asarray((grey - mean) / np.sqrt(np.maximum(variance, _FLAT**2)), np.float32)


def _correlation(old: Reals, new: Reals, search: tuple[int, int], half: tuple[int, int]) -> Reals:
    """Correlation of each block with each shift of it, ``(down, right, y, x)``."""
    down, right = search
    rows, columns = (max(1, size // step) for size, step in zip(old.shape, half, strict=True))
    height, width = min(old.shape[0], rows * half[0]), min(old.shape[1], columns * half[1])
    wide = cv2.copyMakeBorder(new, down, down, right, right, cv2.BORDER_CONSTANT)
    shape = (2 * down + 1, 2 * right + 1, rows - 1, columns - 1)
    answer = np.empty(shape, np.float32)
    for dy, dx in np.ndindex(shape[:2]):
        product = old[:height, :width] * wide[dy : dy + height, dx : dx + width]
        share = cv2.resize(product, (columns, rows), interpolation=cv2.INTER_AREA)
        pairs = share[1:] + share[:-1]
        answer[dy, dx] = (pairs[:, 1:] + pairs[:, :-1]) / 4
    return answer


def _peak(correlation: Reals) -> Reals:
    """Shift ``(2, y, x)`` of the best match, between the pixels by a parabola each way."""
    down, right, rows, columns = correlation.shape
    best = correlation.reshape(down * right, rows, columns).argmax(axis=0)
    y, x = np.divmod(best, right)
    r, c = np.indices(best.shape)
    inner_y, inner_x = np.clip(y, 1, down - 2), np.clip(x, 1, right - 2)
    fine_y = _vertex(*(correlation[inner_y + k, x, r, c] for k in (-1, 0, 1)))
    fine_x = _vertex(*(correlation[y, inner_x + k, r, c] for k in (-1, 0, 1)))
    return np.stack(
        [
            y - down // 2 + np.where(inner_y == y, fine_y, 0),
            x - right // 2 + np.where(inner_x == x, fine_x, 0),
        ]
    ).astype(np.float32)


def _vertex(before: Reals, at: Reals, after: Reals) -> Reals:
    """Where a parabola through three neighbours has its top, from the middle one."""
    bend = before - 2 * at + after
    return np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -1e-6), 0)


def _over_median(values: Reals) -> Reals:
    """In each block's median absolute deviations over its median."""
    over = values - np.median(values, axis=0)
    noise = np.maximum(np.median(np.abs(over), axis=0), _FLOOR_MM / _DESCRIBED)
    return np.asarray(over / noise, np.float32)


BLOCKS: Final = Method(
    key="blocks",
    name="block matching",
    watch=_watch,
    events=bodies,
    thresholds=(3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 14.0, 17.0, 24.0),
    unit="x MAD",
)
