"""A train: strokes of one site in quick succession, its sides, and the parts it may come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import SITE_MM

AROUND_MM: Final = 7.0
"""As far as movements of one twitch lie apart: what is so near during a train is of it."""
PAUSE_S: Final = 0.6
"""Longest pause between two discharges that recur at 2 Hz or faster, with some room."""
APART_S: Final = 0.07
"""Two strokes are further apart."""
OUT_S: Final = 0.04
"""From a discharge's onset to its fastest moment: half of a contraction of 80 ms."""

_MISSED = 1.5
"""Intervals over this many usual ones hold a discharge that was missed."""
_IN_STEP = 0.8
_OF_INTERVAL = 1 / 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Train:
    """Strokes of one site in quick succession; place in mm from the crop's corner."""

    y_mm: float
    x_mm: float
    strokes_s: tuple[float, ...]
    """When the tissue moved fastest, one time a discharge."""

    @property
    def onset_s(self) -> float:
        """When the first discharge began."""
        return max(self.strokes_s[0] - OUT_S, 0.0)

    @property
    def rate_hz(self) -> float:
        """Discharges a second."""
        return (len(self.strokes_s) - 1) / (self.strokes_s[-1] - self.strokes_s[0])

    @property
    def frequency_hz(self) -> float:
        """Of the intervals near the usual one: a discharge that was missed does not slow it.

        Their mean; the median would fall on a number of frames.
        """
        gaps_s = np.diff(self.strokes_s)
        return 1 / float(gaps_s[gaps_s < _MISSED * np.median(gaps_s)].mean())

    def is_near(self, y_mm: float, x_mm: float, reach_mm: float = SITE_MM) -> bool:
        """Whether a place is of the train's site."""
        return float(np.hypot(y_mm - self.y_mm, x_mm - self.x_mm)) <= reach_mm

    def is_side_of(self, other: Train) -> bool:
        """Whether both are of one movement: near each other, or in step however far apart.

        Two units that fire on their own fall into step at a third of their discharges.
        """
        near = other.goes_on_near(self.y_mm, self.x_mm, (self.strokes_s[0], self.strokes_s[-1]))
        return near or self._in_step(other) >= _IN_STEP

    def _in_step(self, other: Train) -> float:
        """Share of discharges with one of the other's, of the train that has fewer of them."""
        fewer, more = sorted((self, other), key=lambda train: len(train.strokes_s))
        apart_s = np.abs(np.subtract.outer(fewer.strokes_s, more.strokes_s)).min(axis=1)
        return float((apart_s <= _OF_INTERVAL / more.frequency_hz).mean())

    def goes_on_near(self, y_mm: float, x_mm: float, span_s: tuple[float, float]) -> bool:
        """Whether it moves a place as well, for half of a span of time or of its own."""
        first_s, last_s = self.strokes_s[0], self.strokes_s[-1]
        shared_s = min(last_s, span_s[1]) - max(first_s, span_s[0])
        during = shared_s >= min(last_s - first_s, span_s[1] - span_s[0]) / 2
        return during and self.is_near(y_mm, x_mm, AROUND_MM)


def is_seen(train: Train, found: Sequence[Train]) -> bool:
    """Whether a train is another side of one that was found at a stronger lead."""
    return any(train.is_side_of(other) for other in found)


def fullest(trains: Sequence[Train]) -> tuple[Train, ...]:
    """Of trains that are sides of one, that of most strokes: they are missed, not made up."""
    kept: list[Train] = []
    for train in sorted(trains, key=lambda item: -len(item.strokes_s)):
        if not is_seen(train, kept):
            kept.append(train)
    return tuple(kept)


def join_trains(trains: Sequence[Train]) -> tuple[Train, ...]:
    """Put together what the border of two windows cut apart; in order of time."""
    joined: list[Train] = []
    for train in sorted(trains, key=lambda item: item.strokes_s):
        last = next((item for item in reversed(joined) if _goes_on(item, train)), None)
        if last is None:
            joined.append(train)
            continue
        later = [time_s for time_s in train.strokes_s if time_s > last.strokes_s[-1] + APART_S]
        whole = Train(y_mm=last.y_mm, x_mm=last.x_mm, strokes_s=(*last.strokes_s, *later))
        joined[joined.index(last)] = whole
    return tuple(joined)


def _goes_on(earlier: Train, later: Train) -> bool:
    near = earlier.is_near(later.y_mm, later.x_mm)
    return near and later.strokes_s[0] - earlier.strokes_s[-1] <= PAUSE_S
