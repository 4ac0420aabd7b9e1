"""Ways out and back that a twitch may take: shapes times durations, to be laid on a course.

Out: smoothly from rest, or at once, as the force of a motor unit rises. Back: as what is
critically damped, as smoothly as it came, or swinging a little past rest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Floats

BEGUN: Final = 0.05
ENDED: Final = 0.1
"""Shares of the peak: where a contraction begins, and a relaxation ends."""

_CONTRACTIONS_S = np.geomspace(0.03, 0.3, 11)
_RELAXATIONS_S = np.geomspace(0.06, 0.6, 11)
"""From shorter to longer than the 40-160 and 100-350 ms of the examples of Sugisawa et al. 2026."""
_SWING = 0.25 * np.pi
"""Angle that a recoil of some damping lags by: it swings 4 % past rest."""
_FINE = 2001
_LATEST = 8.0

Way = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flanks:
    """Ways out, or back, about some moments of the peak.

    ``share`` ``(n, peaks, t)`` is 1 at the peak and 0 on its other side; ``lasts_s`` ``(n,)``
    runs from the peak to where it begins or ends; ``speed_per_s`` ``(n,)`` is the steepest.
    """

    share: Floats
    lasts_s: Floats
    speed_per_s: Floats


def ways_out(since_s: Floats) -> Flanks:
    """Contractions, by times ``(peaks, t)`` since the peak."""
    unit = np.linspace(0, 1, _FINE)
    parts = []
    for way in (_smoothly, _at_once):
        value = way(unit)
        whole_s = _CONTRACTIONS_S / (1 - np.interp(BEGUN, value, unit))
        share = way(np.clip(1 + since_s / whole_s[:, None, None], 0, 1)) * (since_s < 0)
        parts.append((share, _CONTRACTIONS_S, _steepest(value, unit) / whole_s))
    return _joined(parts)


def ways_back(since_s: Floats) -> Flanks:
    """Relaxations, by times ``(peaks, t)`` since the peak."""
    unit = np.linspace(0, _LATEST, _FINE)
    parts = []
    for way in (_damped, _smoothly_back, _swinging):
        value = way(unit)
        at = unit[int((value < ENDED).argmax())]
        share = way(np.maximum(since_s, 0) * at / _RELAXATIONS_S[:, None, None]) * (since_s >= 0)
        parts.append((share, _RELAXATIONS_S, _steepest(value, unit) * at / _RELAXATIONS_S))
    return _joined(parts)


def _joined(parts: list[tuple[Floats, Floats, Floats]]) -> Flanks:
    share, lasts_s, speed_per_s = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Flanks(share=share, lasts_s=lasts_s, speed_per_s=speed_per_s)


def _steepest(value: Floats, unit: Floats) -> float:
    return float(np.abs(np.diff(value)).max() / (unit[1] - unit[0]))


def _smoothly(part: Floats) -> Floats:
    return np.asarray(np.sin(0.5 * np.pi * part) ** 2)


def _at_once(part: Floats) -> Floats:
    return np.asarray((part * np.exp(1 - part)) ** 1.5)


def _damped(since: Floats) -> Floats:
    return np.asarray((1 + since) * np.exp(-since))


def _smoothly_back(since: Floats) -> Floats:
    return 1 - _smoothly(np.minimum(since, 1))


def _swinging(since: Floats) -> Floats:
    """Damped at 0.7 of what would be critical."""
    rate = np.tan(_SWING)
    return np.asarray(np.exp(-since) * (np.cos(rate * since) + np.sin(rate * since) / rate))
