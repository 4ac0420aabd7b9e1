"""The whole image is counted and judged by itself: no region changes its summary."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.model import WHOLE_IMAGE, Cine, Kind, Line, Reading, Region, Result
from usfasc.params import Parameters
from usfasc.phantom import Scene, Twitch, render
from usfasc.phantom.scene import LookAlike, LookAlikeKind
from usfasc.pipeline import conclude
from usfasc.recount import recount
from usfasc.regions import outline
from usfasc.regions.counting import spans_of
from usfasc.searching import Analysis, survey

SIDE = 240
TWITCH = Twitch(onset_s=1.0, x_mm=15.0, y_mm=22.0, amplitude_mm=0.5, length_mm=7.0, width_mm=4.0)
CONTRACTION = LookAlike(kind=LookAlikeKind.CONTRACTION, strength=0.8, start_s=2.0, stop_s=5.5)
SCENE = Scene(
    height_px=SIDE,
    width_px=SIDE,
    depth_mm=30.0,
    width_mm=30.0,
    duration_s=7.0,
    twitches=(TWITCH, replace(TWITCH, onset_s=3.2, y_mm=9.0), replace(TWITCH, onset_s=4.0)),
    look_alikes=(CONTRACTION,),
)
PARAMETERS = Parameters()


def box(name: str, x0: float, y0: float, x1: float, y1: float) -> Region:
    return Region(name=name, polygon=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


CORNER = (box("quiet corner", 0, 0, 40, 40),)
HALVES = (box("upper", 0, 0, 239, 119), box("lower", 0, 121, 239, 239))
EVERYTHING = (box("everything", 0, 0, 239, 239),)


@pytest.fixture(scope="module")
def cine() -> Cine:
    return render(SCENE, 4).cine


@pytest.fixture(scope="module")
def found(cine: Cine) -> tuple[Analysis, ...]:
    return survey(cine, PARAMETERS)


@pytest.fixture(scope="module")
def alone(cine: Cine, found: tuple[Analysis, ...]) -> Result:
    return conclude(cine, (), PARAMETERS, found)


def of_the_whole(result: Result) -> tuple[object, ...]:
    """All that is said of the whole image, and of each event but its region and lines."""
    unplaced = {"region": "", "other_region": "", "near_line": None}
    events = [event.model_copy(update=unplaced) for event in result.events]
    spans = spans_of(WHOLE_IMAGE, result.assessable)
    return result.summaries[-1], spans, events, result.pictures


def test_one_muscle_contracts_and_twitches_of_the_other_count(alone: Result) -> None:
    onsets_s = [event.onset_s for event in alone.events if event.kind is Kind.FASCICULATION]
    assert onsets_s == pytest.approx([1.0, 3.2], abs=0.06)
    assert alone.summaries[-1].assessable_s == pytest.approx(6.5, abs=0.05)


@pytest.mark.parametrize("regions", [CORNER, HALVES, EVERYTHING, CORNER + HALVES], ids=len)
def test_no_drawn_region_changes_it(
    cine: Cine, found: tuple[Analysis, ...], alone: Result, regions: tuple[Region, ...]
) -> None:
    fresh = conclude(cine, regions, PARAMETERS, found)
    assert of_the_whole(fresh) == of_the_whole(alone)
    assert recount(alone, regions=regions) == fresh


def test_no_found_region_changes_it(cine: Cine, found: tuple[Analysis, ...], alone: Result) -> None:
    muscles = outline(cine, Reading())
    assert len(muscles.regions) == 2
    fresh = conclude(cine, muscles.regions, PARAMETERS, found, muscles.lines)
    assert of_the_whole(fresh) == of_the_whole(alone)


def test_a_region_that_covers_the_picture_is_the_picture(alone: Result) -> None:
    told = recount(alone, regions=EVERYTHING)
    region, whole = told.summaries
    assert region.model_copy(update={"region": WHOLE_IMAGE}) == whole
    assert [
        span.model_copy(update={"region": WHOLE_IMAGE})
        for span in spans_of("everything", told.assessable)
    ] == list(spans_of(WHOLE_IMAGE, told.assessable))


corners = st.integers(0, SIDE - 30)
sides = st.integers(20, SIDE - 1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(corners, corners, sides, sides), max_size=4))
def test_no_region_whatever_changes_it(
    alone: Result, rectangles: list[tuple[int, int, int, int]]
) -> None:
    regions = tuple(
        box(f"region {n}", x, y, min(x + width, SIDE - 1), min(y + height, SIDE - 1))
        for n, (x, y, width, height) in enumerate(rectangles)
    )
    line = Line(points=((0.0, 119.0), (239.0, 119.0)))
    assert of_the_whole(recount(alone, regions=regions, lines=(line,))) == of_the_whole(alone)
    # Anew, from what is kept of the places, as a fresh analysis does it.
    fresh = recount(alone.model_copy(update={"assessable": ()}), regions=regions)
    assert of_the_whole(fresh) == of_the_whole(alone)
    whole = [s for s in spans_of(WHOLE_IMAGE, fresh.assessable) if s.reason is None]
    for span in fresh.assessable:
        within = any(w.start_s <= span.start_s and span.stop_s <= w.stop_s for w in whole)
        assert span.reason is not None or within, "a region is judged only while its picture is"
