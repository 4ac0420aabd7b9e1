"""When a course over time begins, peaks and ends, how fast it is, and how sure that is.

Twitches of many shapes are laid on the course by least squares, each with a free size, a
free rest before, and a share that stays behind. Each counts by how well it fits: landmarks
are means over all of them, and standard errors their spread (Bayesian model averaging;
Hoeting et al., Stat Sci 1999; 14: 382). So frames that lie far apart, and noise, show in
the errors; a single best shape would hide them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.detect.flanks import Flanks, ways_back, ways_out
from usfasc.model import Floats, Mask

_EARLY_S, _LATE_S = 0.05, 0.08
_BEFORE_S, _AFTER_S = 0.3, 0.5
_AGAIN: Final = 0.3
"""Rise, as a share of the peak, by which another twitch is told."""
_HALF_S, _STEP_S = 0.04, 0.006
_FEWEST: Final = 5
_FREE: Final = 6
"""What a shape is free in: moment, two durations, size, rest, share left."""
_LEFT: Final = 0.1
"""Usual share of the peak that stays behind."""
_MOST_LEFT: Final = 0.5
"""Share from which tissue is said not to come back: a step, not a twitch."""
_MISFIT: Final = 0.03
"""Share of the peak by which no true course follows any of the shapes."""
_ALIKE: Final = 6.0
"""Neighbouring frames err alike, as speckle does: so many count as one. Set on 340 development
twitches of 0.15 mm and more: 1.96 errors hold the true contraction in 97 % and, with `_SHAPES`,
the relaxation in 91 %; what they miss is other movement that follows at once."""
_SHAPES: Final = 0.1
"""Standard error of a relaxation, as a share of it, for the shapes that were not thought of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Onset (a twentieth of the peak), peak and end (a tenth of the way back left) of a twitch.

    ``height`` is in the course's unit, ``speed`` the largest out or back in that per second.
    Errors are standard errors. The end is None where the frames stop before half the way back,
    or more than half stays behind.
    """

    onset_s: float
    peak_s: float
    offset_s: float | None
    height: float
    speed: float
    speed_error: float
    contraction_error_s: float
    relaxation_error_s: float | None
    total_error_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shapes:
    """Every way out and back, with the peak at some moments, at the frames of a course."""

    out: Flanks
    back: Flanks
    stays: Floats
    """What stays behind, ``(back, peaks, t)``: it grows as the rest comes back."""
    peaks_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """Size, share left and squared rest ``(out, back, peaks)`` of every shape on a course."""

    height: Floats
    left: Floats
    rest: Floats


def find_landmarks(
    time_s: Floats, course: Floats, onset_s: float, peak_s: float
) -> Landmarks | None:
    """Landmarks of the twitch that a course shows about a time.

    Parameters
    ----------
    time_s, course
        ``(t,)``, times rising strictly.
    onset_s, peak_s
        Where the twitch was found, to some tens of ms.

    Returns
    -------
    Landmarks or None
        None where nothing rises there.
    """
    about = np.flatnonzero((time_s >= onset_s - _EARLY_S) & (time_s <= peak_s + _LATE_S))
    if not len(about):
        return None
    top = int(about[course[about].argmax()])
    own = _own_frames(time_s, course, top)
    size = float(course[top])
    if size <= 0 or own.sum() < _FEWEST or not (course[:top] < size / 4).any():
        return None
    half_s = max(float(np.median(np.diff(time_s))), _HALF_S)
    shapes = _shapes(time_s[own], time_s[top] + np.arange(-half_s, half_s, _STEP_S))
    laid, weight = _weighed(shapes, course[own], size)
    return _told(shapes, laid, weight, float(time_s[own][-1]))


def _own_frames(time_s: Floats, course: Floats, top: int) -> Mask:
    """Frames ``(t,)`` about a peak, as far as no other twitch rises."""
    after = _until_again(course[top:])
    before = _until_again(course[top::-1])
    own = np.zeros(len(time_s), bool)
    own[top - before + 1 : top + after] = True
    since_s = time_s - time_s[top]
    return np.asarray(own & (since_s >= -_BEFORE_S) & (since_s <= _AFTER_S))


def _until_again(course: Floats) -> int:
    """How many of the first values go by before it has fallen by half, and rises again."""
    lowest = np.minimum.accumulate(course)
    again = np.flatnonzero((lowest < course[0] / 2) & (course > lowest + _AGAIN * course[0]))
    return int(again[0]) if len(again) else len(course)


def _shapes(time_s: Floats, peaks_s: Floats) -> _Shapes:
    since_s = time_s - peaks_s[:, None]
    back = ways_back(since_s)
    stays = (since_s >= 0) - back.share
    return _Shapes(out=ways_out(since_s), back=back, stays=stays, peaks_s=peaks_s)


def _weighed(shapes: _Shapes, course: Floats, size: float) -> tuple[_Laid, Floats]:
    """Every shape laid on a course, and the weight ``(out, back, peaks)`` that it has."""
    least = (_MISFIT * size) ** 2
    laid = _lay(shapes, course, least / (_LEFT * size) ** 2)
    rest = float(laid.rest[laid.height > 0].min(initial=np.inf))
    variance = max(least, rest / max(len(course) - _FREE, 1)) if np.isfinite(rest) else least
    laid = _lay(shapes, course, variance / (_LEFT * size) ** 2)
    likely = np.exp((laid.rest.min() - laid.rest) / (2 * _ALIKE * variance))
    weight = np.where(laid.height > 0, likely, 0.0)
    return laid, weight / max(float(weight.sum()), 1e-300)


def _lay(shapes: _Shapes, course: Floats, ridge: float) -> _Laid:
    """Least squares for every shape, in closed form.

    A way out and a way back share no frame: sums over a shape are sums of theirs.
    """
    out, back, stays = shapes.out.share, shapes.back.share, shapes.stays
    count, own = len(course), course - course.mean()

    def of_both(one: Floats, other: Floats) -> Floats:
        return one[:, None] + other[None]

    mean = of_both(out.sum(-1), back.sum(-1)) / count
    stays_mean = stays.sum(-1) / count
    squared = of_both((out**2).sum(-1), (back**2).sum(-1)) - count * mean**2
    mixed = (back * stays).sum(-1) - count * mean * stays_mean
    kept = (stays**2).sum(-1) - count * stays_mean**2 + ridge
    alike, stays_alike = of_both(out @ own, back @ own), stays @ own
    determinant = squared * kept - mixed**2 + 1e-12
    height = (alike * kept - stays_alike * mixed) / determinant
    left = (stays_alike * squared - alike * mixed) / determinant
    return _Laid(
        height=height, left=left, rest=float(own @ own) - height * alike - left * stays_alike
    )


def _told(shapes: _Shapes, laid: _Laid, weight: Floats, last_s: float) -> Landmarks | None:
    """Means and spreads over every shape, by their weights."""
    contraction_s = shapes.out.lasts_s[:, None, None]
    relaxation_s = shapes.back.lasts_s[:, None]
    out_speed = laid.height * shapes.out.speed_per_s[:, None, None]
    back_speed = (laid.height - laid.left) * shapes.back.speed_per_s[:, None]
    height, _ = _mean_spread(laid.height, weight)
    if height <= 0:
        return None
    peak_s, _ = _mean_spread(shapes.peaks_s, weight)
    out_s, out_error_s = _mean_spread(contraction_s, weight)
    back_s, back_error_s = _mean_spread(relaxation_s, weight)
    _, both_error_s = _mean_spread(contraction_s + relaxation_s, weight)
    speed, speed_error = _mean_spread(np.maximum(out_speed, back_speed), weight)
    left, _ = _mean_spread(laid.left, weight)
    seen = last_s - peak_s >= back_s / 2 and left <= _MOST_LEFT * height
    return Landmarks(
        onset_s=peak_s - out_s,
        peak_s=peak_s,
        offset_s=peak_s + back_s if seen else None,
        height=height,
        speed=speed,
        speed_error=speed_error,
        contraction_error_s=out_error_s,
        relaxation_error_s=float(np.hypot(back_error_s, _SHAPES * back_s)) if seen else None,
        total_error_s=float(np.hypot(both_error_s, _SHAPES * back_s)) if seen else None,
    )


def _mean_spread(value: Floats, weight: Floats) -> tuple[float, float]:
    """Weighted mean and standard deviation."""
    mean = float((weight * value).sum())
    return mean, float(np.sqrt((weight * (value - mean) ** 2).sum()))
