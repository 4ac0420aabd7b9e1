"""How fast one site goes from frame to frame, and its strokes.

The movement that candidates come from is a difference over 75 ms: what recurs every 80 ms
is as it was then, and hardly shows in it. A site where a fast train is suspected is looked
at in its frames: Lucas-Kanade's equations over one patch (Lucas & Kanade 1981) tell its
movement from each frame to the next. Between frames the course is read off a spline, since
a train of 10 Hz leaves three frames at 30 Hz for each of its discharges.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.detect.patch import every_other
from usfasc.model import Floats, Grey
from usfasc.motion.field import Field, Stack
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import Setting

Cell = tuple[int, int]
"""Row and column of the search grid."""

_SIGMA_MM: Final = 1.7
_REACH_MM: Final = 3.5
_BLUR_MM: Final = 0.2
_GAIN_BOX_MM: Final = 3.0
_RIDGE: Final = 0.03
_AROUND_S: Final = 0.3
_FEWEST: Final = 8
_FINER: Final = 6
"""How often the spline is read from one frame to the next."""
_SPLINE: Final = 5
"""Its order: near two samples a period a cubic one flattens peaks."""
_APART_S: Final = 0.05
"""Strokes nearer than this are one: 20 Hz, where twitches have long fused."""
_BACK: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Movement of a site along its own axis, in mm from one frame to the next, ``(t,)``.

    ``changed_mm`` is the movement that would change the patch as much as it does change, and
    ``unexplained_mm`` as much as what flow leaves over: of that noise feigns a tenth.
    ``frame_rate_hz`` is that of the frames looked at; there are six times for each.
    """

    times_s: Floats
    step_mm: Floats
    changed_mm: Floats
    unexplained_mm: Floats
    frame_rate_hz: float

    def strokes(self, least_mm: float) -> NDArray[np.intp]:
        """Peaks, each the highest nearby, with half of it lost again before the next."""
        apart = max(1, round(_APART_S * _FINER * self.frame_rate_hz))
        course = self.step_mm
        tops = course >= ndimage.maximum_filter1d(course, 2 * apart - 1, mode="nearest")
        kept: list[int] = []
        for peak in np.flatnonzero(tops & (course > least_mm)).tolist():
            last = kept[-1] if kept else peak
            between = course[last : peak + 1].min()
            if not kept or between <= _BACK * min(course[last], course[peak]):
                kept.append(peak)
            elif course[peak] > course[last]:
                kept[-1] = peak
        return np.array(kept, np.intp)


def site_speed(
    cell: Cell, span_s: tuple[float, float], layout: Setting, store: FrameStore, field: Field
) -> Speed | None:
    """Look at a site in its frames.

    Parameters
    ----------
    cell
        Where.
    span_s
        From when to when; 0.3 s more are looked at on either side.
    layout, store, field
        The clip's grids, the window's frames and its movement.

    Returns
    -------
    Speed or None
        None where there are too few frames.
    """
    numbers = store.numbers(span_s[0] - _AROUND_S, span_s[1] + _AROUND_S)
    numbers = numbers[:: every_other(store.times_s(numbers))]
    if len(numbers) < _FEWEST:
        return None
    times_s = store.times_s(numbers)
    middle_s, lags_s = (times_s[1:] + times_s[:-1]) / 2, np.diff(times_s)
    seen = _steps(*_patch(cell, layout, store, numbers), layout)
    carried = field.carried_mm[:, :, cell[0], cell[1]] / field.lags_s[:, None]
    drift = np.stack([np.interp(middle_s, field.times_s, axis) for axis in carried.T], axis=1)
    return _read(middle_s, _along(seen.shift_mm / lags_s[:, None] - drift), seen, lags_s)


@dataclass(frozen=True, slots=True)
class _Steps:
    """From each frame to the next: movement ``(t, 2)`` (x, y), change and rest ``(t,)``, in mm."""

    shift_mm: Floats
    changed_mm: Floats
    unexplained_mm: Floats


def _patch(
    cell: Cell, layout: Setting, store: FrameStore, numbers: list[int]
) -> tuple[Grey, Stack]:
    """Frames ``(t, y, x)`` about a site, and how much each of their pixels tells of it."""
    grid, place_mm = layout.fine, layout.cells.centre_mm(*cell)
    cut, away_mm = [], []
    for centre_mm, spacing_mm, size in zip(place_mm, grid.spacing_mm, grid.shape, strict=True):
        start = max(0, int((centre_mm - _REACH_MM) / spacing_mm))
        stop = min(size, int((centre_mm + _REACH_MM) / spacing_mm) + 1)
        cut.append(slice(start, stop))
        away_mm.append((np.arange(start, stop) + 0.5) * spacing_mm - centre_mm)
    away2 = away_mm[0][:, None] ** 2 + away_mm[1] ** 2
    weight = np.exp(-away2 / (2 * _SIGMA_MM**2)) * layout.fine_mask[cut[0], cut[1]]
    return store.patch(numbers, cut[0], cut[1]), weight.astype(np.float32)


def _steps(frames: Grey, weight: Stack, layout: Setting) -> _Steps:
    """Lucas-Kanade's equations, pair by pair: of a minute's frames the products would be large."""
    spacing_mm = layout.fine.spacing_mm
    sigma = {"sigmaX": _BLUR_MM / spacing_mm[1], "sigmaY": _BLUR_MM / spacing_mm[0]}
    smooth = (cv2.GaussianBlur(frame.astype(np.float32), (0, 0), **sigma) for frame in frames)
    sums = [_products(one, other, weight, spacing_mm) for one, other in pairwise(smooth)]
    xx, yy, xy, xt, yt, tt = np.array(sums, np.float64).T
    ridge = _RIDGE * (xx + yy) + 1e-6
    xx, yy = xx + ridge, yy + ridge
    determinant = xx * yy - xy * xy
    shift = np.stack([xy * yt - yy * xt, xy * xt - xx * yt], axis=1) / determinant[:, None]
    left = np.maximum(tt + shift[:, 0] * xt + shift[:, 1] * yt, 0)
    stiffness = (xx + yy) / 2
    return _Steps(shift, np.sqrt(tt / stiffness), np.sqrt(left / stiffness))


def _products(
    one: Stack, other: Stack, weight: Stack, spacing_mm: tuple[float, float]
) -> tuple[float, ...]:
    """Weighted sums xx, yy, xy, xt, yt, tt of slopes and change of two frames ``(y, x)``."""
    size = [max(3, int(_GAIN_BOX_MM / step) // 2 * 2 + 1) for step in reversed(spacing_mm)]
    change = other - one
    change -= cv2.boxFilter(change, -1, size)
    down, across = np.gradient((one + other) / 2, *spacing_mm)
    pairs = (
        (across, across),
        (down, down),
        (across, down),
        (across, change),
        (down, change),
        (change, change),
    )
    return tuple(float(np.einsum("yx,yx,yx->", *pair, weight)) for pair in pairs)


def _along(speed: Floats) -> Floats:
    """Speed ``(t,)`` along the axis of most movement, towards where it goes faster."""
    beside = speed - np.median(speed, axis=0)
    along = beside @ np.linalg.svd(beside, full_matrices=False)[2][0]
    return np.asarray(along if (along**3).sum() >= 0 else -along)


def _read(middle_s: Floats, speed: Floats, seen: _Steps, lags_s: Floats) -> Speed:
    """Between frames, which come evenly but for some that are missing."""
    lag_s = float(np.median(lags_s))
    even_s = np.arange(middle_s[0], middle_s[-1] + lag_s / 2, lag_s)
    at = np.arange(0, len(even_s) - 1, 1 / _FINER)
    even = np.interp(even_s, middle_s, speed) * lag_s
    times_s = even_s[0] + at * lag_s
    return Speed(
        times_s=times_s,
        step_mm=ndimage.map_coordinates(even, [at], order=_SPLINE, mode="nearest"),
        changed_mm=np.interp(times_s, middle_s, seen.changed_mm),
        unexplained_mm=np.interp(times_s, middle_s, seen.unexplained_mm),
        frame_rate_hz=1 / lag_s,
    )
