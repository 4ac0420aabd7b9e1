"""Tracked features and their mutual information (Harding 2016).

Up to 400 good features are found anew in each pair of frames and tracked by
pyramidal Lucas-Kanade; the median movement is subtracted. Lengths are sorted into
eight bins of equal number: where something moves, near features fall into like
bins, and the mutual information between each feature's bin and its nearest
neighbour's rises over the clip's own median. It does not say where.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.spatial import KDTree

from usfasc._cv import cv2
from usfasc.benchmark.baselines.method import Found, Method, Pairs, Trace, event_of
from usfasc.benchmark.baselines.runs import runs
from usfasc.benchmark.baselines.view import Reals, View, grid_of
from usfasc.model import Event, Floats, Grey

_LAG_S: Final = 0.04
_PIXEL_MM: Final = 0.1
_FEATURES, _QUALITY, _APART_MM = 400, 0.01, 0.8
_WINDOW_MM: Final = 2.1
_BINS: Final = 8
_LEAST_FEATURES: Final = 4 * _BINS
_LEAST_MOMENTS: Final = 2
_BRIDGED_S: Final = 0.1
_NO_NOISE: Final = 1e-6


def _watch(view: View) -> Pairs:
    grid = grid_of(view, _PIXEL_MM)
    inside = grid.inside.astype(np.uint8)
    apart_px = max(2, *grid.cells(_APART_MM))
    window = tuple(max(5, size) for size in grid.cells(_WINDOW_MM)[::-1])
    step_mm = np.array(grid.step_mm[::-1])

    def information(old: Grey, new: Grey) -> float:
        corners = cv2.goodFeaturesToTrack(old, _FEATURES, _QUALITY, apart_px, mask=inside)
        if corners is None:
            return 0.0
        moved, tracked, _ = cv2.calcOpticalFlowPyrLK(old, new, corners, None, winSize=window)
        kept = tracked.ravel() == 1
        places, shifts = corners[kept, 0], (moved - corners)[kept, 0] * step_mm
        return _information(places, shifts) if len(places) >= _LEAST_FEATURES else 0.0

    return Pairs(
        grid=grid,
        lag_s=_LAG_S,
        prepare=grid.shrunk,
        compare=information,
        finish=_over_median,
    )


def _information(places: Floats, shifts: Floats) -> float:
    """Mutual information, in nats, of neighbours' bins of length."""
    lengths = np.linalg.norm(shifts - np.median(shifts, axis=0), axis=1)
    bins = lengths.argsort().argsort() * _BINS // len(lengths)
    nearest = np.asarray(KDTree(places).query(places, k=2)[1])[:, 1]
    together = np.zeros((_BINS, _BINS))
    np.add.at(together, (bins, bins[nearest]), 1 / len(bins))
    apart = np.outer(together.sum(axis=1), together.sum(axis=0))
    some = together > 0
    return float((together[some] * np.log(together[some] / apart[some])).sum())


def _over_median(values: Reals) -> Reals:
    """In median absolute deviations over the median of the clip."""
    over = values - np.median(values)
    noise = np.median(np.abs(over)) + _NO_NOISE
    return np.asarray(over / noise, np.float32)


def _events(trace: Trace, threshold: float) -> tuple[Event, ...]:
    found = [
        Found(rows=(start, stop), peak=start + int(trace.values[start:stop].argmax()))
        for start, stop in runs(trace.values > threshold, trace.times_s, _BRIDGED_S)
        if stop - start >= _LEAST_MOMENTS
    ]
    return tuple(event_of(trace, each, number) for number, each in enumerate(found, 1))


KLT: Final = Method(
    key="klt",
    name="KLT + mutual information",
    watch=_watch,
    events=_events,
    thresholds=(1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0),
    unit="x MAD",
    placed=False,
)
