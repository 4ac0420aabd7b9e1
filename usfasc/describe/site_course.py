"""The mean twitch of a firing site, and how much its twitches differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc.model import Event, Kind, SiteCourse

COURSE_S: Final = (-0.1, 0.5)
"""Before and after the onset: a twitch and its way back."""

_STEP_S = 0.01
_FEWEST = 2


def mean_course(events: Sequence[Event]) -> SiteCourse | None:
    """Mean and standard deviation of the courses of some twitches, by the time since the onset.

    Parameters
    ----------
    events
        Events of one site; trains, and twitches without a course, are passed over.

    Returns
    -------
    SiteCourse or None
        Only moments that two courses or more show; None where there are no two courses.
    """
    courses = [
        event.course
        for event in events
        if event.kind is Kind.FASCICULATION and event.course is not None
    ]
    if len(courses) < _FEWEST:
        return None
    time_s = np.arange(COURSE_S[0], COURSE_S[1] + _STEP_S / 2, _STEP_S)
    moved_mm = np.array(
        [np.interp(time_s, c.time_s, c.moved_mm, left=np.nan, right=np.nan) for c in courses]
    )
    seen = np.isfinite(moved_mm).sum(axis=0) >= _FEWEST
    mean_mm = np.nanmean(moved_mm[:, seen], axis=0)
    spread_mm = np.nanstd(moved_mm[:, seen], axis=0, ddof=1)
    return SiteCourse(
        twitches=len(courses),
        time_s=tuple((time_s[seen].round(2) + 0.0).tolist()),
        mean_mm=tuple((mean_mm.round(4) + 0.0).tolist()),
        spread_mm=tuple((spread_mm.round(4) + 0.0).tolist()),
    )
