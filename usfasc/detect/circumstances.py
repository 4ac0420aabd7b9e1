"""What goes on about a candidate: how the probe, the breath and the rest of the picture move.

A kind other than a twitch is told by its company: a slipping probe carries all
of the picture, a contraction moves much of it for longer than a twitch lasts, an
artery beats beside a dark lumen, breathing heaves the wall slowly up and down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy import ndimage

from usfasc.detect.candidates import Candidate
from usfasc.detect.recurrence import Moments, Recurrences, Rhythm
from usfasc.model import Floats, Mask
from usfasc.motion.field import Field, Stack
from usfasc.motion.grid import Cells

_AROUND_S: Final = (-0.1, 0.3)
"""Of the onset: when a movement of a twitch's length is under way."""
_MOVES_MM_S: Final = 1.0
_OF_PEAK: Final = 0.5
_LEAST_SHARE: Final = 0.05
_APART_S: Final = 1.0
_BREATH_HZ: Final = (0.12, 0.5)
_FEWEST_BREATHS: Final = 2
_HEAVES_MM: Final = 0.5
_HEAVES_SHARE: Final = 0.6
_EVERY: Final = 7
"""Every so many cells tell the breath as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How the whole picture went while a candidate lasted.

    ``mm`` is the length of its way, ``even`` the smallest over the largest movement in
    the picture, 0-1, and ``own`` how fast the tissue moved by itself, in units of it.
    """

    mm: float = 0.0
    even: float = 0.0
    own: float = np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """How much of the picture moved by itself, and for how long at least half as much did.

    ``resting`` is the share that moved in the second before and the second after.
    """

    share: float = 0.0
    lasts_s: float = 0.0
    resting: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """The nearest dark lumen: its distance, and the way there in words."""

    apart_mm: float
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breath:
    """A slow way there and back of most of the picture.

    ``steady`` is the share of its power that lies at the one rate.
    """

    rate_hz: float
    size_mm: float
    steady: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """All that bears upon what kind of movement a candidate is."""

    beat: Rhythm | None = None
    swing: Rhythm | None = None
    carried: Carried = Carried()
    episode: Episode = Episode()
    vessel: Vessel | None = None
    """Looked for beside a beat only."""
    breath: Breath | None = None
    sector: bool = False
    """Whether the picture is a curved probe's."""


class Surroundings:
    """One window's movement, asked about its candidates.

    Parameters
    ----------
    field
        Movement of the window.
    cells
        Their geometry.
    lumens_mm
        Finds the places ``(n, 2)`` mm (y, x) inside vessels; asked once at most.
    """

    def __init__(self, field: Field, cells: Cells, lumens_mm: Callable[[], Floats]) -> None:
        per_s = np.asarray(1 / field.lags_s[:, None], np.float32)
        self._times_s, self._find_lumens_mm = field.times_s, lumens_mm
        self._recurrences = Recurrences(field, cells)
        probe = field.probe_mm[:, field.valid] * per_s
        own = np.hypot(field.shift_mm[:, 0], field.shift_mm[:, 1]) + field.drift_mm
        speed = own[:, field.valid] * per_s
        low, middle, high = np.percentile(probe, (10, 50, 90), axis=1)
        self._probe_mm_s, self._even = middle, low / (high + 1e-6)
        self._own_mm_s = np.median(speed, axis=1)
        self._moving = (speed > _MOVES_MM_S).mean(axis=1)
        self._breath = _breath(field)
        self._sector = _is_sector(field.valid)

    def of(self, candidate: Candidate) -> Circumstances:
        """What goes on about a candidate."""
        since = self._times_s - candidate.onset_s
        during = np.flatnonzero((since > _AROUND_S[0]) & (since < _AROUND_S[1]))
        if not len(during):
            return Circumstances()
        beat, swing = self._recurrences.of(candidate)
        return Circumstances(
            beat=beat,
            swing=swing,
            carried=self._carried(during),
            episode=self._episode(during),
            vessel=self._vessel(candidate) if beat is not None else None,
            breath=self._breath,
            sector=self._sector,
        )

    @property
    def _step_s(self) -> float:
        return float(np.median(np.diff(self._times_s)))

    def _carried(self, during: Moments) -> Carried:
        fastest = during[self._probe_mm_s[during].argmax()]
        return Carried(
            mm=float(self._probe_mm_s[during].sum()) * self._step_s,
            even=float(self._even[fastest]),
            own=float(self._own_mm_s[fastest] / (self._probe_mm_s[fastest] + 1e-6)),
        )

    def _episode(self, during: Moments) -> Episode:
        top = int(during[self._moving[during].argmax()])
        share = float(self._moving[top])
        labels, _ = ndimage.label(self._moving >= max(_LEAST_SHARE, _OF_PEAK * share))
        own = np.flatnonzero(labels == labels[top]) if labels[top] else np.array([top])
        first_s, last_s = self._times_s[own[0]], self._times_s[own[-1]]
        before = (self._times_s < first_s) & (self._times_s > first_s - _APART_S)
        after = (self._times_s > last_s) & (self._times_s < last_s + _APART_S)
        beside = self._moving[before | after]
        return Episode(
            share=share,
            lasts_s=len(own) * self._step_s,
            resting=float(beside.mean()) if len(beside) else 1.0,
        )

    def _vessel(self, candidate: Candidate) -> Vessel | None:
        if not self._lumen_mm.size:
            return None
        y_mm, x_mm = (self._lumen_mm - (candidate.y_mm, candidate.x_mm)).T
        apart = np.hypot(y_mm, x_mm)
        nearest = int(apart.argmin())
        return Vessel(
            apart_mm=float(apart[nearest]), way=_way(float(y_mm[nearest]), float(x_mm[nearest]))
        )

    @cached_property
    def _lumen_mm(self) -> Floats:
        return self._find_lumens_mm()


def _way(y_mm: float, x_mm: float) -> str:
    """Where something lies that is so far down and to the right."""
    if np.hypot(y_mm, x_mm) < 1.0:
        return "at the place"
    if abs(x_mm) > abs(y_mm):
        return "beside"
    return "below" if y_mm > 0 else "above"


def _is_sector(valid: Mask) -> bool:
    """Whether the picture's upper corners are empty, as a curved probe leaves them."""
    rows, columns = (max(1, size // 8) for size in valid.shape)
    corners = valid[:rows, :columns].mean() + valid[:rows, -columns:].mean()
    return bool(corners < 0.5 and valid[: 2 * rows].any())


def _without_trend(values: Stack) -> Stack:
    """Values ``(t, n)`` less the straight line through each column."""
    step = np.arange(len(values), dtype=np.float32) - (len(values) - 1) / 2
    centred = values - values.mean(axis=0)
    return np.asarray(centred - np.outer(step, step @ centred / (step @ step)), np.float32)


def _breath(field: Field) -> Breath | None:
    """The slow way of the picture, where most of it goes at one rate of breathing."""
    speed = field.carried_mm / field.lags_s[:, None, None, None].astype(np.float32)
    steps_s = np.diff(field.times_s, prepend=field.times_s[0]).astype(np.float32)
    some = speed[:, :, field.valid][:, :, ::_EVERY].reshape(len(speed), -1)
    way_mm = _without_trend(np.cumsum(some * steps_s[:, None], axis=0))
    duration_s = float(field.times_s[-1] - field.times_s[0])
    size_mm = np.hypot(*np.ptp(way_mm, axis=0).reshape(2, -1))
    if float((size_mm > _HEAVES_MM).mean()) < _HEAVES_SHARE:
        return None
    power = np.square(np.abs(np.fft.rfft(way_mm, axis=0))).sum(axis=1)
    rates_hz = np.arange(len(power)) / duration_s
    least_hz = max(_BREATH_HZ[0], _FEWEST_BREATHS / duration_s)
    inside = (rates_hz >= least_hz) & (rates_hz <= _BREATH_HZ[1])
    if not inside.any():
        return None
    top = int(np.where(inside, power, 0).argmax())
    near = slice(max(1, top - 1), top + 2)
    return Breath(
        rate_hz=float((rates_hz[near] * power[near]).sum() / power[near].sum()),
        size_mm=float(np.median(size_mm)),
        steady=float(power[near].sum() / power[1:].sum()),
    )
