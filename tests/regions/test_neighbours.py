"""Events near a line name the region beyond it."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import LOWER, UPPER, make_event
from hypothesis import given
from hypothesis import strategies as st

from usfasc.regions import assign, name_neighbours

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
