"""The mean twitch of a site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from fixtures.outcomes import make_event, make_judged, make_result

from usfasc.describe.movements import Movements
from usfasc.describe.site_course import COURSE_S, mean_course
from usfasc.model import Event, Kind, SiteCourse, TwitchCourse
from usfasc.recount import recount


def twitch(number: int, top_mm: float, until_s: float = 0.6) -> Event:
    course = TwitchCourse(time_s=(-0.2, 0.0, 0.1, until_s), moved_mm=(0.0, 0.0, top_mm, 0.0))
    return make_event(number, 2.0 * number, course=course)


def told_of(events: Sequence[Event], *others: Event) -> SiteCourse | None:
    return mean_course(events, Movements([*events, *others]))


def test_mean_and_spread_are_those_of_the_twitches() -> None:
    told = told_of([twitch(1, 0.2), twitch(2, 0.4)])
    assert told is not None and told.twitches == 2
    at_peak = told.time_s.index(0.1)
    assert told.mean_mm[at_peak] == pytest.approx(0.3)
    assert told.spread_mm[at_peak] == pytest.approx(np.std([0.2, 0.4], ddof=1), abs=1e-4)
    assert (told.time_s[0], told.time_s[-1]) == COURSE_S


def test_it_ends_where_fewer_than_two_are_seen() -> None:
    told = told_of([twitch(1, 0.2, until_s=0.3), twitch(2, 0.4)])
    assert told is not None
    assert told.time_s[-1] == pytest.approx(0.3)


def test_it_leaves_out_what_the_next_twitch_of_the_place_does() -> None:
    """A course runs on for half a second: it would show the next twitch as its own second hump."""
    doublet = TwitchCourse(
        time_s=(-0.2, 0.0, 0.1, 0.2, 0.3, 0.4), moved_mm=(0.0, 0.0, 0.3, 0.0, 0.3, 0.0)
    )
    events = [
        make_event(1, 1.0, course=doublet),
        make_event(2, 1.2, course=twitch(2, 0.3).course),
        make_event(3, 8.0, course=twitch(3, 0.3).course),
    ]
    told = told_of(events)
    assert told is not None and told.twitches == 3
    at_peak, hump = told.time_s.index(0.1), told.time_s.index(0.3)
    assert (told.mean_mm[at_peak], told.spread_mm[at_peak]) == pytest.approx((0.3, 0.0))
    assert told.mean_mm[hump] < 0.25 and told.spread_mm[hump] == pytest.approx(0.0, abs=1e-4)


NONE = {
    "one twitch": [twitch(1, 0.2)],
    "twitches without a course": [make_event(1, 1.0), make_event(2, 3.0)],
    "a train beside one twitch": [
        twitch(1, 0.2),
        twitch(2, 0.3).model_copy(update={"kind": Kind.TRAIN}),
    ],
}


@pytest.mark.parametrize("name", NONE)
def test_there_is_none_of_fewer_than_two(name: str) -> None:
    assert told_of(NONE[name]) is None


def test_a_result_tells_it_of_each_site() -> None:
    result = recount(
        make_result((twitch(1, 0.2), twitch(2, 0.4))).model_copy(
            update={"pictures": (make_judged(spacing_mm=(0.3, 0.3)),)}
        )
    )
    (site,) = result.sites
    assert site.course == told_of(result.events)
