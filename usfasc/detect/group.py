"""From scored candidates to separate movements: out and back is one.

The counting unit: one visible twitch is one count; a second jerk of one site
counts when it is a new contraction, in the direction of the first, at least
140 ms later; a relaxation never does. Two places at one moment are two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from usfasc.detect.candidates import Candidate
from usfasc.detect.circumstances import Circumstances
from usfasc.detect.features import Features
from usfasc.detect.kinematics import Kinematics
from usfasc.detect.verify import Look

_LATE_S = 0.015
"""Median lateness of the fitted onset over development phantoms and implants."""
_SAME_S = 0.10
_BACK_S, _ECHO_S = -0.20, 0.55
_SAME_MM = 5.0
_NEW_S = 0.14
_NEW_SIZE = 0.25
_NEW_WAY = 0.3
_LOBES_S, _LOBES_MM = 0.05, 10.0
_LARGE_MM2, _LARGE_MM = 100.0, 26.0
"""So large a field fills the second look's reach and may go on: near ones at one moment are one."""
_WAKE_MM = 12.0
_WAKE_SIZE = 0.35
_WAKE_SCORE = 0.9
_LOBE_SCORE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A candidate with all that is known of it; place in mm from the crop's corner."""

    candidate: Candidate
    look: Look
    features: Features
    score: float
    y_mm: float
    x_mm: float
    kinematics: Kinematics | None = None
    """Of movements worth listing, where the frames tell them."""
    circumstances: Circumstances = field(default_factory=Circumstances)

    @property
    def onset_s(self) -> float:
        """Onset by the fitted twitch, less what the fit is late by."""
        return self.candidate.onset_s + self.look.fit.onset_s - _LATE_S

    @property
    def peak_s(self) -> float:
        """When the fitted twitch is furthest out."""
        return self.candidate.onset_s + self.look.fit.peak_s


def separate(movements: Sequence[Movement]) -> list[Movement]:
    """Keep one movement a twitch, the best scored, placed amid its lobes.

    A twitch that shortens and bulges shows as lobes that move apart; the twitch
    lies between them.

    Returns
    -------
    list of Movement
        In order of onset.
    """
    groups = grouped(movements)
    return sorted((_amid(group) for group in groups), key=lambda m: (m.onset_s, m.y_mm, m.x_mm))


def grouped(movements: Sequence[Movement]) -> list[list[Movement]]:
    """The best scored movement of each twitch, followed by its lobes."""
    groups: list[list[Movement]] = []
    for item in sorted(movements, key=_rank):
        owner = next((group for group in groups if _is_of(item, group)), None)
        if owner is None:
            groups.append([item])
        elif _is_lobe(item, owner[0]) or _shares_field(item, owner):
            owner.append(item)
    return groups


def _rank(item: Movement) -> tuple[float, ...]:
    """Best first, and the same order whatever came first."""
    return -item.score, -item.look.displacement_mm, item.onset_s, item.y_mm, item.x_mm


def _is_of(item: Movement, group: Sequence[Movement]) -> bool:
    """Whether ``item`` belongs to a group's leader, or to one large movement with any of it."""
    return _belongs(item, group[0]) or _shares_field(item, group)


def _shares_field(item: Movement, group: Sequence[Movement]) -> bool:
    """Whether ``item`` and one of a group are parts of one large movement at one moment."""
    return item.look.area_mm2 >= _LARGE_MM2 and any(
        abs(item.onset_s - other.onset_s) <= _LOBES_S
        and other.look.area_mm2 >= _LARGE_MM2
        and _apart_mm(item, other) <= _LARGE_MM
        for other in group
    )


def _is_lobe(item: Movement, leader: Movement) -> bool:
    """Whether ``item`` is another part of the leader's own movement, at the same moment."""
    return (
        abs(item.onset_s - leader.onset_s) <= _SAME_S
        and item.score >= _LOBE_SCORE * leader.score
        and _apart_mm(item, leader) <= _WAKE_MM
    )


def _amid(group: Sequence[Movement]) -> Movement:
    """The leader, placed amid its near lobes; far parts of a large movement leave it in place."""
    lobes = [item for item in group if _is_lobe(item, group[0])]
    weights = np.array([item.candidate.strength for item in lobes])
    return replace(
        group[0],
        y_mm=float(np.average([item.y_mm for item in lobes], weights=weights)),
        x_mm=float(np.average([item.x_mm for item in lobes], weights=weights)),
    )


def _belongs(item: Movement, other: Movement) -> bool:
    """Whether ``item`` is part, return or echo of the better ``other``."""
    later_s = item.onset_s - other.onset_s
    if not _BACK_S <= later_s <= _ECHO_S:
        return False
    smaller = item.look.displacement_mm / (other.look.displacement_mm + 1e-6)
    apart_mm = _apart_mm(item, other)
    if _diverges(item, other):
        return True
    if apart_mm > _SAME_MM and not _covers(other.look, item):
        faint = smaller < _WAKE_SIZE and item.score < _WAKE_SCORE
        return faint and apart_mm <= _WAKE_MM and later_s > -_SAME_S
    again = abs(later_s) >= _NEW_S and smaller >= _NEW_SIZE
    return not (again and _same_way(item.look, other.look) > _NEW_WAY)


def _diverges(item: Movement, other: Movement) -> bool:
    """Whether two near movements of one moment are the ends of one shortening."""
    at_once = abs(item.onset_s - other.onset_s) <= _LOBES_S
    near = _apart_mm(item, other) <= _LOBES_MM
    return at_once and near and _same_way(item.look, other.look) < -0.5


def _apart_mm(first: Movement, second: Movement) -> float:
    return float(np.hypot(first.y_mm - second.y_mm, first.x_mm - second.x_mm))


def _covers(big: Look, small: Movement) -> bool:
    x0, y0, x1, y1 = big.box_mm
    return x0 <= small.x_mm <= x1 and y0 <= small.y_mm <= y1


def _same_way(first: Look, second: Look) -> float:
    return first.direction[0] * second.direction[0] + first.direction[1] * second.direction[1]
