"""Which regions a clip has, and which event lies in which."""

from __future__ import annotations

import pytest
from fixtures.outcomes import BOX, LOWER, UPPER, make_cine, make_event, make_region

from usfasc.errors import InputError
from usfasc.model import Kind, Reading, Shown, Side
from usfasc.regions import WHOLE_AREA, assign, choose_regions, contains, whole_regions

CINE = make_cine()


@pytest.mark.parametrize(
    ("muscle", "side", "name"),
    [
        (None, None, WHOLE_AREA),
        ("biceps brachii", None, "biceps brachii"),
        ("biceps brachii", Side.LEFT, "biceps brachii, left"),
        (None, Side.MIDLINE, "whole image, midline"),
    ],
)
def test_whole_region(muscle: str | None, side: Side | None, name: str) -> None:
    (region,) = whole_regions(CINE.pictures, muscle, side)
    assert (region.name, region.muscle, region.side) == (name, muscle, side)
    assert region.origin == "whole"
    x0, y0, x1, y1 = BOX
    corners = [(x0, y0), (x1 - 1, y0), (x0, y1 - 1), (x1 - 1, y1 - 1)]
    assert all(contains(region, x, y).item() for x, y in corners)
    assert not contains(region, x1, y1).item()


def test_default_is_the_whole_area() -> None:
    regions = choose_regions(Reading(), Shown(muscle="tongue"), CINE)
    assert regions == whole_regions(CINE.pictures, "tongue")


def test_given_regions_are_checked() -> None:
    assert choose_regions(Reading(regions=(UPPER, LOWER)), Shown(), CINE) == (UPPER, LOWER)
    with pytest.raises(InputError, match="same name"):
        choose_regions(Reading(regions=(UPPER, UPPER)), Shown(), CINE)


def test_events_take_the_name_of_their_region() -> None:
    events = [
        make_event(1, x_px=40.0, y_px=30.0),
        make_event(2, x_px=40.0, y_px=60.0, kind=Kind.UNSURE),
        make_event(3, x_px=40.0, y_px=80.0, region="before"),
        make_event(4, x_px=10.0, y_px=8.0),
    ]
    named = assign([UPPER, LOWER], events)
    assert [event.region for event in named] == [UPPER.name, LOWER.name, "", UPPER.name]
    assert [event.event for event in named] == [1, 2, 3, 4]
    assert named[1].kind is Kind.UNSURE


def test_the_smaller_of_two_overlapping_regions_has_the_event() -> None:
    inner = make_region("inner", (30, 20, 50, 40))
    for regions in ([UPPER, inner], [inner, UPPER]):
        (event,) = assign(regions, [make_event(x_px=40.0, y_px=30.0)])
        assert event.region == "inner"


def test_nothing_to_name() -> None:
    assert assign([UPPER], []) == ()
    assert assign([], [make_event(region="x")])[0].region == ""
