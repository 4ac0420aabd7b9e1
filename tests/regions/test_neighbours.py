"""Events near a line name it, and the region beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import LOWER, UPPER, make_event
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Line
from usfasc.regions import assign, name_lines, name_neighbours

REGIONS = (UPPER, LOWER)
SPACINGS = dict.fromkeys((UPPER.name, LOWER.name), (0.2, 0.1))

CASES = {
    "deep in one": ((60, 25), UPPER.name, ""),
    "just above the line": ((60, 47), UPPER.name, LOWER.name),
    "just below it": ((60, 55), LOWER.name, UPPER.name),
    "between two": ((60, 50.4), "", UPPER.name),
    "outside, near": ((60, 78), "", LOWER.name),
    "outside, far": ((60, 90), "", ""),
    "beside, where pixels are narrow": ((124, 30), "", UPPER.name),
}


@pytest.mark.parametrize("name", CASES)
def test_both_regions_are_named(name: str) -> None:
    (x, y), own, other = CASES[name]
    events = assign(REGIONS, [make_event(x_px=float(x), y_px=float(y))])
    (event,) = name_neighbours(REGIONS, events, np.array([(x, y)], float), SPACINGS)
    assert (event.region, event.other_region) == (own, other)


def test_whole_pictures_have_no_line() -> None:
    regions = tuple(region.model_copy(update={"origin": "whole"}) for region in REGIONS)
    events = assign(regions, [make_event(y_px=49.0)])
    (event,) = name_neighbours(regions, events, np.array([(40.0, 49.0)]), SPACINGS)
    assert event.other_region == ""


def test_a_region_has_the_events_that_lay_in_it_when_it_was_drawn() -> None:
    events, places = [make_event(x_px=60.0, y_px=47.0)], np.array([(60.0, 55.0)])
    (event,) = name_neighbours(REGIONS, assign(REGIONS, events, places), places, SPACINGS)
    assert (event.region, event.other_region) == (LOWER.name, UPPER.name)
    assert (event.x_px, event.y_px) == (60.0, 47.0)


@given(x=st.floats(0, 127), y=st.floats(0, 95))
def test_nothing_but_the_second_name_changes(x: float, y: float) -> None:
    before = assign(REGIONS, [make_event(x_px=x, y_px=y)])
    (after,) = name_neighbours(REGIONS, before, np.array([(x, y)]), SPACINGS)
    assert after.other_region != after.region or after.region == ""
    assert after.model_copy(update={"other_region": ""}) == before[0]


SKIN = Line(points=((0, 8), (127, 8)), kind="skin")
SLOPE = Line(points=((0, 20), (64, 52), (127, 52)))
BONE = Line(points=((0, 70), (127, 70)), kind="shadow")
GUESS = Line(points=((0, 30), (127, 30)), proposed=False)
LINES = (SKIN, SLOPE, BONE, GUESS)
ON_LINES = {
    "at the top, no region beyond": ((60, 12), "skin"),
    "between two muscles": ((100, 56), "fascia"),
    "by its foot on the slope, not straight above": ((30, 23), "fascia"),
    "at the bone": ((60, 79), "shadow"),
    "amid a muscle": ((100, 30), None),
    "between two lines, at the nearer": ((100, 62.5), "shadow"),
    "far below": ((60, 90), None),
    "at the side of the picture": ((1, 40), None),
}


@pytest.mark.parametrize("name", ON_LINES)
def test_a_line_is_named_whatever_lies_beyond(name: str) -> None:
    place, kind = ON_LINES[name]
    event = make_event(x_px=float(place[0]), y_px=float(place[1]))
    (told,) = name_lines([event], np.array([place], float), LINES, [(0, 0, 128, 96)], [(0.2, 0.1)])
    assert told.near_line == kind
    assert told.model_copy(update={"near_line": None}) == event


def test_lines_of_the_other_picture_are_not_near() -> None:
    boxes, spacings_mm = [(0, 0, 60, 96), (64, 0, 128, 96)], [(0.2, 0.2)] * 2
    line = Line(points=((64, 40), (127, 40)))
    events = [make_event(x_px=59.0, y_px=40.0), make_event(2, x_px=66.0, y_px=40.0)]
    places = np.array([(59.0, 40.0), (66.0, 40.0)])
    told = name_lines(events, places, (line,), boxes, spacings_mm)
    assert [event.near_line for event in told] == [None, "fascia"]
    assert name_lines((), np.empty((0, 2)), (line,), boxes, spacings_mm) == ()
