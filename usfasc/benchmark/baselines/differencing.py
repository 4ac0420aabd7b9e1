"""Frame differencing, done well: what our figures must stand beside.

Our own writing of the plain idea: smooth, subtract the frame 75 ms before, remove
what the whole image does, divide by each place's own noise, threshold, join what
touches in space and time.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.baselines.bodies import bodies, in_noise
from usfasc.benchmark.baselines.method import Method, Pairs
from usfasc.benchmark.baselines.view import Reals, View, grid_of, over_usual
from usfasc.model import Grey

_LAG_S: Final = 0.075
_CELL_MM: Final = 0.5
_SMOOTH_MM: Final = 0.75
"""Standard deviation."""
_LEAST_NOISE: Final = 0.15
"""Grey levels."""


def _watch(view: View) -> Pairs:
    grid = grid_of(view, _CELL_MM)
    sigma_y, sigma_x = (_SMOOTH_MM / step_mm for step_mm in grid.step_mm)
    inside = grid.inside

    def smooth(picture: Grey) -> Reals:
        small = grid.shrunk(picture.astype(np.float32))
        return np.asarray(cv2.GaussianBlur(small, (0, 0), sigma_x, sigmaY=sigma_y), np.float32)

    def change(old: Reals, new: Reals) -> Reals:
        return over_usual(np.abs(new - old), inside)

    return Pairs(
        grid=grid,
        lag_s=_LAG_S,
        prepare=smooth,
        compare=change,
        finish=lambda values: in_noise(values, _LEAST_NOISE),
    )


DIFFERENCING: Final = Method(
    key="differencing",
    name="frame differencing",
    watch=_watch,
    events=bodies,
    thresholds=(2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0, 16.0, 24.0),
    unit="x noise",
)
