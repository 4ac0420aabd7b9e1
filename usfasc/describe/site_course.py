"""The mean twitch of a firing site, and how much its twitches differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc.describe.movements import Movements
from usfasc.model import Event, Floats, Kind, SiteCourse

COURSE_S: Final = (-0.1, 0.5)
"""Before and after the onset: a twitch and its way back."""

_STEP_S = 0.01
_FEWEST = 2


def mean_course(events: Sequence[Event], movements: Movements) -> SiteCourse | None:
    """Mean and standard deviation of the courses of some twitches, by the time since the onset.

    Parameters
    ----------
    events
        Events of one site; trains, and twitches without a course, are passed over.
    movements
        All that moves in the clip: a course ends where another movement reaches its place.

    Returns
    -------
    SiteCourse or None
        Only moments that two courses or more show; None where there are no two courses.
    """
    time_s = np.arange(COURSE_S[0], COURSE_S[1] + _STEP_S / 2, _STEP_S)
    courses = [
        _at(time_s, event, movements)
        for event in events
        if event.kind is Kind.FASCICULATION and event.course is not None
    ]
    if len(courses) < _FEWEST:
        return None
    moved_mm = np.array(courses)
    seen = np.isfinite(moved_mm).sum(axis=0) >= _FEWEST
    mean_mm = np.nanmean(moved_mm[:, seen], axis=0)
    spread_mm = np.nanstd(moved_mm[:, seen], axis=0, ddof=1)
    return SiteCourse(
        twitches=len(courses),
        time_s=tuple((time_s[seen].round(2) + 0.0).tolist()),
        mean_mm=tuple((mean_mm.round(4) + 0.0).tolist()),
        spread_mm=tuple((spread_mm.round(4) + 0.0).tolist()),
    )


def _at(time_s: Floats, event: Event, movements: Movements) -> Floats:
    """The course ``(t,)`` of a twitch at some moments; NaN where it is not, or not alone, seen."""
    assert event.course is not None
    own_s, moved_mm = np.array(event.course.time_s), np.array(event.course.moved_mm)
    begin_s, end_s = movements.alone_s(event)
    # Frames are chosen, not moments: between the last one and the next movement's lies its rise.
    alone = (own_s >= begin_s) & (own_s <= end_s)
    if not alone.any():
        return np.full(len(time_s), np.nan)
    return np.asarray(np.interp(time_s, own_s[alone], moved_mm[alone], left=np.nan, right=np.nan))
