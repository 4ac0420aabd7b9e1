"""Does a course over time rise and fall like a twitch, or like something else?

A twitch's displacement and its rivals (a step, a twitch played backwards, a
steady oscillation, a one-frame flash) are each fitted by least squares with
a free size and offset; what they leave is compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from usfasc.model import Floats

FIT_S = (-0.30, 0.70)
_ONSETS_S = tuple(float(v) for v in np.arange(-0.08, 0.0801, 0.01))
_CONTRACTIONS_S = (0.03, 0.045, 0.065, 0.095, 0.14)
_RELAXATIONS = (1.0, 1.6, 2.6)
_SLOWEST_S = 0.2
_APART_S = 0.14
_NEIGHBOUR_SIZE = 0.4
_NEIGHBOUR_LEFT = 0.5
_RATES_HZ = (0.9, 1.3, 1.9, 2.7, 3.9, 5.5, 7.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The best twitch for a course, and how it compares with its rivals.

    Times are relative to the candidate; the logs are natural, above 0 where
    the twitch leaves less than the rival.
    """

    onset_s: float
    peak_s: float
    offset_s: float
    size: float
    rise_per_s: float
    snr: float
    share: float
    over_step: float
    over_reversed: float
    over_sinusoid: float
    over_flash: float
    after_quiet: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """When a twitch starts, how long it takes to its peak, and how slowly it comes back."""

    onset_s: float
    contraction_s: float
    relaxation_s: float


@cache
def _shapes() -> tuple[Shape, ...]:
    return tuple(
        Shape(onset_s=onset, contraction_s=rise, relaxation_s=min(rise * slow, _SLOWEST_S))
        for onset in _ONSETS_S
        for rise in _CONTRACTIONS_S
        for slow in _RELAXATIONS
    )


def twitch(time_s: Floats, shape: Shape) -> Floats:
    """Displacement ``(t,)`` of unit peak: t/T exp(1 - t/T), T larger once past the peak."""
    return _out_and_back(time_s - shape.onset_s, shape.contraction_s, shape.relaxation_s)


def _out_and_back(since_s: Floats, rise_s: Floats | float, fall_s: Floats | float) -> Floats:
    rise = np.clip(since_s / rise_s, 0, 1)
    fall = 1 + np.maximum(since_s - rise_s, 0) / fall_s
    return np.asarray(rise * np.exp(1 - rise) * fall * np.exp(1 - fall))


def _bank(time_s: Floats) -> Floats:
    """Every shape ``(m, t)``."""
    onset, rise, fall = (
        np.array([getattr(shape, name) for shape in _shapes()])[:, None]
        for name in ("onset_s", "contraction_s", "relaxation_s")
    )
    return _out_and_back(time_s[None] - onset, rise, fall)


def _steps(time_s: Floats) -> Floats:
    ramps = (0.02, 0.08, 0.2)
    return np.stack(
        [
            np.clip((time_s - onset) / ramp, 0, 1)
            for onset in np.arange(-0.15, 0.36, 0.02)
            for ramp in ramps
        ]
    )


def _flashes(time_s: Floats) -> Floats:
    return np.eye(len(time_s))[(time_s > -0.1) & (time_s < 0.4)]


def _reversed(time_s: Floats) -> Floats:
    """Twitches played backwards ``(m, t)``."""
    middle, rise = (
        axis.reshape(-1, 1) for axis in np.meshgrid(np.arange(0.02, 0.36, 0.02), _CONTRACTIONS_S)
    )
    return _out_and_back(2 * middle - time_s[None], rise, rise)


def _left(course: Floats, bank: Floats) -> tuple[Floats, Floats]:
    """Squared residual ``(m,)`` and size ``(m,)`` of each shape with a free offset, size >= 0."""
    centred = _centred(bank)
    own = course - course.mean()
    power = (centred**2).sum(axis=1) + 1e-12
    size = np.maximum(centred @ own / power, 0)
    return (own**2).sum() - size * size * power, size


def _without_neighbour(time_s: Floats, course: Floats) -> Floats:
    """The course less another twitch of its site, where there plainly is one.

    A doublet, or the next twitch of a busy site, would else spoil the fit of the
    first; own and other are fitted together, in closed form for every pair.
    """
    own, other = _centred(_bank(time_s)), _centred(_neighbours(time_s))
    left = course - course.mean()
    own_power, other_power = (own**2).sum(axis=1)[:, None], (other**2).sum(axis=1)[None]
    both = own @ other.T
    own_part, other_part = (own @ left)[:, None], (other @ left)[None]
    common = own_power * other_power - both**2 + 1e-9
    own_size = (own_part * other_power - other_part * both) / common
    other_size = (other_part * own_power - own_part * both) / common
    gained = np.where(
        (own_size > 0) & (other_size >= _NEIGHBOUR_SIZE * own_size),
        own_size * own_part + other_size * other_part,
        -np.inf,
    )
    best = np.unravel_index(int(gained.argmax()), gained.shape)
    alone = float((np.maximum(own_part, 0) ** 2 / own_power).max())
    total = float(left @ left)
    if total - gained[best] > _NEIGHBOUR_LEFT * (total - alone):
        return course
    return np.asarray(course - other_size[best] * _neighbours(time_s)[best[1]])


def _neighbours(time_s: Floats) -> Floats:
    """Twitches ``(m, t)`` that begin at least 140 ms before or after."""
    apart = np.arange(_APART_S, 0.8, 0.02)
    onset, rise = (
        axis.reshape(-1, 1) for axis in np.meshgrid([*-apart[apart < 0.62], *apart], (0.045, 0.095))
    )
    return _out_and_back(time_s[None] - onset, rise, 1.6 * rise)


def _centred(bank: Floats) -> Floats:
    return np.asarray(bank - bank.mean(axis=1, keepdims=True))


def _left_sinusoid(course: Floats, time_s: Floats) -> float:
    own = course - course.mean()
    best = float((own**2).sum())
    for rate in _RATES_HZ:
        pair = np.stack([np.sin(2 * np.pi * rate * time_s), np.cos(2 * np.pi * rate * time_s)])
        pair = pair - pair.mean(axis=1, keepdims=True)
        solution, *_ = np.linalg.lstsq(pair.T, own, rcond=None)
        best = min(best, float(((own - solution @ pair) ** 2).sum()))
    return best


def fit_twitch(time_s: Floats, course: Floats) -> Fit:
    """Fit a twitch and its rivals to one course.

    Parameters
    ----------
    time_s
        ``(t,)`` relative to the candidate's onset.
    course
        ``(t,)`` movement along the candidate's own template.
    """
    inside = (time_s >= FIT_S[0]) & (time_s <= FIT_S[1])
    rivals = _rivals(time_s[inside], course[inside])
    course = _without_neighbour(time_s, course)
    left, size = _left(course[inside], _bank(time_s[inside]))
    best = int(left.argmin())
    shape, amplitude, own = _shapes()[best], float(size[best]), float(left[best])
    total = float(((course[inside] - course[inside].mean()) ** 2).sum()) + 1e-12
    floor = 0.01 * total + 1e-12
    over = {name: float(np.log((left + floor) / (own + floor))) for name, left in rivals.items()}
    end_s = twitch_end_s(shape)
    after = course[time_s > end_s]
    return Fit(
        onset_s=shape.onset_s,
        peak_s=shape.onset_s + shape.contraction_s,
        offset_s=end_s,
        size=amplitude,
        rise_per_s=amplitude * _steepest(shape),
        snr=amplitude / (_spread(course[time_s < shape.onset_s - 0.01]) + 1e-3),
        share=1 - own / total,
        after_quiet=_spread(after) / (amplitude + 1e-6) if len(after) > 3 else 0.5,
        **over,
    )


def _rivals(time_s: Floats, course: Floats) -> dict[str, float]:
    """What each rival leaves of the whole course."""
    return {
        "over_step": float(_left(course, _steps(time_s))[0].min()),
        "over_reversed": float(_left(course, _reversed(time_s))[0].min()),
        "over_sinusoid": _left_sinusoid(course, time_s),
        "over_flash": float(_left(course, _flashes(time_s))[0].min()),
    }


def twitch_end_s(shape: Shape) -> float:
    """When the model has fallen to a fifth of its peak."""
    return shape.onset_s + shape.contraction_s + 3.0 * shape.relaxation_s


def _steepest(shape: Shape) -> float:
    """Largest speed of a unit twitch, per second; the rise starts with slope e/T."""
    return float(np.e) / shape.contraction_s * 0.6


def _spread(values: Floats) -> float:
    return float(np.std(values)) if len(values) > 2 else 0.0
