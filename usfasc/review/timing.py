"""How long a review took, and how long each event was looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

from usfasc.review.acts import Act, Key, Spent

IDLE_S: Final = 60.0
"""More than this between two acts or looks is a pause: only this much of it is counted."""


def spent_s(acts: Iterable[Act]) -> float:
    """Time of a review, pauses left out."""
    return round(sum(each.seconds for act in acts for each in act.spent), 3)


def spent_by_event(acts: Iterable[Act]) -> dict[Key | None, float]:
    """Time for which each event was looked at; under None that of the clip as a whole."""
    seconds: defaultdict[Key | None, float] = defaultdict(float)
    for act in acts:
        for each in act.spent:
            seconds[each.event] += each.seconds
    return {key: round(value, 3) for key, value in seconds.items()}


class Stopwatch:
    """What a reader looks at, and for how long, since the last act.

    Parameters
    ----------
    now_s
        A clock that never goes back.
    """

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._since_s = now_s()
        self._event: Key | None = None
        self._seconds: defaultdict[Key | None, float] = defaultdict(float)

    def attend(self, event: Key | None) -> None:
        """The reader now looks at another event, or at the clip as a whole."""
        self._lap()
        self._event = event

    def read(self) -> tuple[Spent, ...]:
        """Time spent since it was emptied last, a row for each event looked at."""
        self._lap()
        return tuple(
            Spent(event=event, seconds=round(seconds, 3))
            for event, seconds in self._seconds.items()
            if seconds >= 0.001
        )

    def empty(self) -> None:
        """Begin anew: what was read is kept elsewhere."""
        self._seconds.clear()

    def _lap(self) -> None:
        now_s = self._now_s()
        self._seconds[self._event] += min(now_s - self._since_s, IDLE_S)
        self._since_s = now_s
