"""Dense flow by polynomial expansion (Farneback 2003), thresholded at every place.

As in public code for the tongue of 2026: flow, and a threshold of its length for each
pixel. Stronger than there: over 75 ms, at 0.2 mm a pixel, less the movement of the whole
picture, and with a least noise that the updates of a codec do not pass.
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
_PIXEL_MM: Final = 0.2
_WINDOW_MM: Final = 3.0
_CELL_MM: Final = 0.5
_LEAST_NOISE_MM: Final = 0.012
_LEAST_WINDOW_PX: Final = 5
_LEVELS, _PASSES, _NEIGHBOURS, _SIGMA = 3, 3, 5, 1.1


def _watch(view: View) -> Pairs:
    fine = grid_of(view, _PIXEL_MM)
    coarse = grid_of(view, _CELL_MM)
    inside = fine.inside
    rows, columns = coarse.shape
    window = max(_LEAST_WINDOW_PX, *fine.cells(_WINDOW_MM))
    step_mm = np.array(fine.step_mm[::-1], np.float32)

    def flow(old: Grey, new: Grey) -> Reals:
        moved = cv2.calcOpticalFlowFarneback(
            old, new, None, 0.5, _LEVELS, window, _PASSES, _NEIGHBOURS, _SIGMA, 0
        )
        if inside.any():
            moved = moved - np.median(moved[inside], axis=0)
        length_mm = over_usual(np.linalg.norm(moved * step_mm, axis=-1), inside)
        return np.asarray(
            cv2.resize(length_mm.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
        )

    return Pairs(
        grid=coarse,
        lag_s=_LAG_S,
        prepare=fine.shrunk,
        compare=flow,
        finish=lambda values: in_noise(values, _LEAST_NOISE_MM),
    )


FARNEBACK: Final = Method(
    key="farneback",
    name="Farneback flow",
    watch=_watch,
    events=bodies,
    thresholds=(1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0, 16.0),
    unit="x noise",
)
