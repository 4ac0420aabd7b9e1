"""Events are told their region by where the lines stood at their time."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import make_event, make_region

from usfasc.model import Box, Line, LineCourse
from usfasc.regions import where_drawn
from usfasc.regions.drift import regions_at


def picture(left: int, right: int) -> Box:
    return (left, 0, right, 100)


def line(row: float, *, lower: float, left: float = 0.0, proposed: bool = True) -> Line:
    """A level line that moves down until 10 s."""
    course = LineCourse(time_s=(0.0, 10.0), left_px=(0.0, lower), right_px=(0.0, lower))
    points = ((left, row), (left + 99.0, row))
    return Line(points=points, course=course if lower else None, proposed=proposed)


UPPER, LOWER = line(30.0, lower=10.0), line(70.0, lower=20.0)
CASES = {
    "before they moved": (0.0, 50.0, 50.0),
    "above the first": (10.0, 20.0, 10.0),
    "upon the first": (10.0, 40.0, 30.0),
    "half way between": (10.0, 65.0, 50.0),
    "below the last": (10.0, 95.0, 75.0),
    "half way in time": (5.0, 35.0, 30.0),
    "after the clip's last moment": (12.0, 40.0, 30.0),
}


@pytest.mark.parametrize("name", CASES)
def test_places_are_taken_back(name: str) -> None:
    onset_s, y, drawn = CASES[name]
    event = make_event(onset_s=onset_s, x_px=40.0, y_px=y)
    ((x, row),) = where_drawn([event], [UPPER, LOWER], [picture(0, 100)])
    assert (x, row) == (40.0, pytest.approx(drawn))


def test_each_picture_has_its_own_lines() -> None:
    lines = [line(30.0, lower=10.0), line(30.0, lower=0.0, left=100.0)]
    events = [make_event(onset_s=10.0, x_px=x, y_px=60.0) for x in (40.0, 140.0)]
    places = where_drawn(events, lines, [picture(0, 100), picture(100, 200)])
    assert places.tolist() == [[40.0, 50.0], [140.0, 60.0]]


@pytest.mark.parametrize("time_s", [0.0, 4.0, 10.0])
def test_a_region_lies_where_its_events_are_taken_back_from(time_s: float) -> None:
    drawn = make_region("muscle", (0, 20, 99, 90))
    lines, boxes = [UPPER, LOWER], [picture(0, 100)]
    (moved,) = regions_at([drawn], lines, boxes, time_s)
    events = [make_event(onset_s=time_s, x_px=x, y_px=y) for x, y in moved.polygon]
    back = where_drawn(events, lines, boxes)
    assert back == pytest.approx(np.array(drawn.polygon), abs=0.2)
    assert (moved.polygon == drawn.polygon) == (time_s == 0)


def test_guesses_and_no_lines_leave_places_alone() -> None:
    event = make_event(onset_s=10.0, x_px=40.0, y_px=60.0)
    for lines in ([], [line(30.0, lower=10.0, proposed=False)]):
        assert where_drawn([event], lines, [picture(0, 100)]).tolist() == [[40.0, 60.0]]
    assert where_drawn([], [UPPER], [picture(0, 100)]).shape == (0, 2)


@pytest.mark.parametrize(
    "course",
    [
        {"time_s": (0.0, 1.0), "left_px": (0.0,), "right_px": (0.0, 1.0)},
        {"time_s": (1.0, 1.0), "left_px": (0.0, 0.0), "right_px": (0.0, 1.0)},
    ],
    ids=["an end without a place", "time that stands"],
)
def test_a_course_that_is_none_is_refused(course: dict[str, tuple[float, ...]]) -> None:
    with pytest.raises(ValueError, match="course"):
        LineCourse(**course)
