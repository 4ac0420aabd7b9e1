"""Foreground of a Gaussian mixture at every pixel (Bibbings 2019; NeuroSense 2025).

Four Gaussians, background ratio 0.85, first variance 900, learning rate 0.1 a frame of
30 Hz (published: 0.05, which finds less here). Blobs of foreground count from an area
of sqrt(W/10 x H/10) pixels; a frame is positive when it and the one before have more
than a number of them (published: 4); windows of 0.2 s with a positive frame are
positive, and adjacent ones are one event. It does not say where. As shipped it sees
nothing in the first 500 frames.
"""

from __future__ import annotations

from functools import partial
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.baselines.method import Found, Method, Trace, event_of
from usfasc.benchmark.baselines.runs import runs
from usfasc.benchmark.baselines.view import View, grid_of
from usfasc.model import Event, Grey

_PIXEL_MM: Final = 0.1
_MIXTURES, _BACKGROUND, _FIRST_VARIANCE, _DEVIATIONS = 4, 0.85, 900.0, 2.5
_LEARNING, _LEARNING_HZ = 0.1, 30.0
_SETTLES_S: Final = 0.5
"""The first frames are learnt, not judged."""
_WINDOW_S: Final = 0.2
_BLIND_FRAMES: Final = 500


class _Foreground:
    """Blobs of foreground in each frame."""

    def __init__(self, view: View) -> None:
        self._grid = grid_of(view, _PIXEL_MM)
        height, width = self._grid.shape
        self._least_px = float(np.sqrt(width / 10 * height / 10))
        self._model = cv2.createBackgroundSubtractorMOG2(detectShadows=False)
        self._model.setNMixtures(_MIXTURES)
        self._model.setBackgroundRatio(_BACKGROUND)
        self._model.setVarInit(_FIRST_VARIANCE)
        self._model.setVarMax(_FIRST_VARIANCE)
        self._model.setVarThreshold(_DEVIATIONS**2)
        self._model.setVarThresholdGen(_DEVIATIONS**2)
        self._times_s: list[float] = []
        self._blobs: list[int] = []

    def see(self, time_s: float, picture: Grey) -> None:
        """Learn the next picture, and count its blobs."""
        elapsed_s = time_s - self._times_s[-1] if self._times_s else 1 / _LEARNING_HZ
        learning = 1 - (1 - _LEARNING) ** (elapsed_s * _LEARNING_HZ)
        foreground = self._model.apply(self._grid.shrunk(picture), learningRate=learning)
        _, _, stats, _ = cv2.connectedComponentsWithStats(foreground, connectivity=8)
        self._times_s.append(time_s)
        self._blobs.append(int((stats[1:, cv2.CC_STAT_AREA] >= self._least_px).sum()))

    def trace(self) -> Trace:
        """Blobs of each frame and the one before, whichever are fewer."""
        blobs = np.array(self._blobs, np.float32)
        blobs[1:] = np.minimum(blobs[1:], blobs[:-1])
        times_s = np.array(self._times_s)
        blobs[times_s < _SETTLES_S] = 0
        return Trace(grid=self._grid, times_s=times_s, values=blobs)


def _events(trace: Trace, threshold: float, blind_frames: int = 0) -> tuple[Event, ...]:
    positive = trace.values > threshold
    positive[:blind_frames] = False
    windows = np.floor(trace.times_s / _WINDOW_S)
    in_positive_window = np.isin(windows, windows[positive])
    found = []
    for start, stop in runs(in_positive_window, trace.times_s):
        rows = start + np.flatnonzero(positive[start:stop])
        peak = int(rows[trace.values[rows].argmax()])
        found.append(Found(rows=(int(rows[0]), int(rows[-1]) + 1), peak=peak))
    return tuple(event_of(trace, each, number) for number, each in enumerate(found, 1))


_BLOBS = (0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 13.0, 19.0, 28.0, 40.0, 60.0)

GMM: Final = Method(
    key="gmm",
    name="GMM foreground",
    watch=_Foreground,
    events=_events,
    thresholds=_BLOBS,
    unit="blobs",
    placed=False,
)
GMM_AS_SHIPPED: Final = Method(
    key="gmm-shipped",
    name="GMM, blind for 500 frames",
    watch=_Foreground,
    events=partial(_events, blind_frames=_BLIND_FRAMES),
    thresholds=_BLOBS,
    unit="blobs",
    placed=False,
)
