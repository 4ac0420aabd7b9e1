"""Motion evidence in cells: lagged differences and the optical-flow sums.

For every moment the picture is compared with the one 75 ms before, each side
averaged over 30 ms. The box mean of 3 mm is taken out of the difference: log
compression makes gain additive, so a gain step leaves nothing. Per cell, the
sums of products of gradients and difference give Lucas-Kanade's normal
equations in closed form (Lucas & Kanade 1981); the squared difference is the
evidence of frame differencing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Grey, Mask
from usfasc.motion.grid import Cells

LAG_S = 0.075
AVERAGE_S = 0.030
STEP_S = 0.030
_GAIN_BOX_MM = 3.0
_BLUR_MM = 0.2

XX, XY, YY, XT, YT, TT = range(6)
"""Planes of the products: x and y gradients (grey/mm) and difference (grey)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Cell means of the products at one moment.

    ``products`` is ``(6, rows, columns)`` float32, planes ``XX .. TT``.
    """

    time_s: float
    lag_s: float
    products: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Smooth:
    time_s: float
    picture: NDArray[np.float32]


class EvidenceStream:
    """Turns good frames into evidence, holding only the last tenth of a second.

    Everything goes by the frames' own times, so an uneven rate is honoured.

    Parameters
    ----------
    cells
        The search grid and its cells.
    mask
        ``(y, x)`` on the search grid, true where tissue can be judged.
    """

    def __init__(self, cells: Cells, mask: Mask) -> None:
        self._cells = cells
        self._weight = mask.astype(np.float32)
        self._recent: deque[_Smooth] = deque()
        self._told_s = -np.inf
        self._box = _odd(_GAIN_BOX_MM / np.array(cells.grid.spacing_mm))
        self._coverage = cv2.boxFilter(self._weight, -1, self._box) + 1e-6
        self._sigma = _BLUR_MM / np.array(cells.grid.spacing_mm)

    def push(self, grey: Grey, time_s: float) -> Evidence | None:
        """Take one good frame; evidence comes about every 30 ms of them."""
        interval_s = time_s - self._recent[-1].time_s if self._recent else 0.0
        picture = cv2.GaussianBlur(
            grey.astype(np.float32), (0, 0), sigmaX=self._sigma[1], sigmaY=self._sigma[0]
        )
        self._recent.append(_Smooth(time_s, picture))
        slack_s = interval_s / 2 + 1e-4
        latest = [item for item in self._earlier(time_s) if time_s - item.time_s >= LAG_S - slack_s]
        old = latest[-1] if latest else None
        self._forget(time_s)
        if old is None or time_s - self._told_s < STEP_S - slack_s:
            return None
        self._told_s = time_s
        return self._compare(old.time_s, time_s, max(0.0, AVERAGE_S - slack_s))

    def _earlier(self, time_s: float) -> list[_Smooth]:
        """All held frames but the newest, and at least one."""
        return [item for item in self._recent if item.time_s < time_s]

    def _forget(self, time_s: float) -> None:
        """Drop what no later comparison can want, but never the frame before."""
        while len(self._recent) > 2 and self._recent[1].time_s < time_s - 2 * LAG_S:
            self._recent.popleft()

    def _compare(self, old_s: float, new_s: float, width_s: float) -> Evidence:
        before = [item for item in self._recent if old_s - width_s <= item.time_s <= old_s]
        after = [item for item in self._recent if max(new_s - width_s, old_s + 1e-6) <= item.time_s]
        before_s = float(np.mean([item.time_s for item in before]))
        after_s = float(np.mean([item.time_s for item in after]))
        return Evidence(
            time_s=(before_s + after_s) / 2,
            lag_s=after_s - before_s,
            products=self._products(_mean(before), _mean(after)),
        )

    def _products(self, old: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float32]:
        dy_mm, dx_mm = self._cells.grid.spacing_mm
        mean = cv2.addWeighted(old, 0.5, new, 0.5, 0)
        kernel = np.array([-0.5, 0, 0.5], np.float32)
        one = np.ones(1, np.float32)
        gx = cv2.sepFilter2D(mean, -1, kernel / dx_mm, one) * self._weight
        gy = cv2.sepFilter2D(mean, -1, one, kernel / dy_mm) * self._weight
        change = (new - old) * self._weight
        change -= cv2.boxFilter(change, -1, self._box) / self._coverage
        change *= self._weight
        size = (self._cells.shape[1], self._cells.shape[0])
        pairs = ((gx, gx), (gx, gy), (gy, gy), (gx, change), (gy, change), (change, change))
        planes = [
            cv2.resize(cv2.multiply(a, b), size, interpolation=cv2.INTER_AREA) for a, b in pairs
        ]
        return np.stack(planes)


def _mean(frames: list[_Smooth]) -> NDArray[np.float32]:
    total = frames[0].picture
    for item in frames[1:]:
        total = total + item.picture
    return total / np.float32(len(frames))


def _odd(size: NDArray[np.float64]) -> tuple[int, int]:
    """``(width, height)`` of a box filter, odd, at least 3."""
    rows, columns = (max(3, int(side) // 2 * 2 + 1) for side in size)
    return columns, rows
