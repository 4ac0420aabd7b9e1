"""From scored candidates to separate movements: out and back is one.

The counting unit: one visible twitch is one count; a second jerk of one site
counts when it is a new contraction, in the direction of the first, at least
140 ms later; a relaxation never does. Two places at one moment are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from usfasc.detect.candidates import Candidate
from usfasc.detect.features import Features
from usfasc.detect.verify import Look

_SAME_S = 0.10
_BACK_S, _ECHO_S = -0.20, 0.55
_SAME_MM = 6.0
_NEW_S = 0.14
_NEW_SIZE = 0.4
_WAKE_MM = 12.0
_WAKE_SIZE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A candidate with all that is known of it."""

    candidate: Candidate
    look: Look
    features: Features
    score: float

    @property
    def onset_s(self) -> float:
        """Onset by the fitted twitch."""
        return self.candidate.onset_s + self.look.fit.onset_s


def separate(movements: Sequence[Movement]) -> list[Movement]:
    """Keep one movement a twitch, the best scored.

    Returns
    -------
    list of Movement
        In order of onset.
    """
    kept: list[Movement] = []
    for item in sorted(
        movements, key=lambda m: (-m.score, m.onset_s, m.candidate.y_mm, m.candidate.x_mm)
    ):
        if not any(_belongs(item, other) for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda m: (m.onset_s, m.candidate.y_mm, m.candidate.x_mm))


def _belongs(item: Movement, other: Movement) -> bool:
    """Whether ``item`` is part, return or echo of the better ``other``."""
    later_s = item.onset_s - other.onset_s
    if not _BACK_S <= later_s <= _ECHO_S:
        return False
    apart_mm = _distance_mm(item.candidate, other.candidate)
    smaller = item.look.displacement_mm / (other.look.displacement_mm + 1e-6)
    if apart_mm > _SAME_MM and not _covers(other.look, item.candidate):
        return smaller < _WAKE_SIZE and apart_mm <= _WAKE_MM and later_s > -_SAME_S
    if abs(later_s) <= _SAME_S:
        return True
    return not (
        abs(later_s) >= _NEW_S and smaller >= _NEW_SIZE and _same_way(item.look, other.look) > 0.5
    )


def _distance_mm(first: Candidate, second: Candidate) -> float:
    return float(np.hypot(first.y_mm - second.y_mm, first.x_mm - second.x_mm))


def _covers(big: Look, small: Candidate) -> bool:
    x0, y0, x1, y1 = big.box_mm
    return x0 <= small.x_mm <= x1 and y0 <= small.y_mm <= y1


def _same_way(first: Look, second: Look) -> float:
    return first.direction[0] * second.direction[0] + first.direction[1] * second.direction[1]
