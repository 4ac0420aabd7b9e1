"""Counted anew: the same as a fresh analysis in those regions, and the same bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.outcomes import make_event, make_result
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from usfasc.detect.packing import pack_mask, pack_places, unpack_mask, unpack_places
from usfasc.detect.places import Places
from usfasc.errors import Code, InputError
from usfasc.io.results import read_result, result_bytes, write_result
from usfasc.model import (
    WHOLE_IMAGE,
    Cine,
    Kind,
    Line,
    LineCourse,
    Reading,
    Region,
    Result,
    WatchedWindow,
)
from usfasc.phantom import Scene, Twitch, render
from usfasc.pipeline import analyse, outline_and_analyse, read_cine
from usfasc.recount import recount

SCENE = Scene(
    height_px=240, width_px=240, depth_mm=30.0, width_mm=30.0, duration_s=5.0, twitches=()
)
TWITCH = Twitch(onset_s=1.5, x_mm=7.0, y_mm=12.0, amplitude_mm=0.5, length_mm=7.0, width_mm=4.0)


def box(name: str, x0: float, y0: float, x1: float, y1: float) -> Region:
    return Region(name=name, polygon=((x0, y0), (x1, y0), (x1, y1), (x0, y1)))


HALVES = (box("left", 0, 0, 119, 239), box("right", 121, 0, 239, 239))
LAYERS = (box("upper", 0, 0, 239, 130), box("lower", 0, 130, 239, 239), box("spot", 60, 60, 90, 99))


@pytest.fixture(scope="module")
def cine() -> Cine:
    twitches = (TWITCH, replace(TWITCH, onset_s=3.2, x_mm=23.0, y_mm=18.0))
    return render(replace(SCENE, twitches=twitches), 8).cine


@pytest.fixture(scope="module")
def halved(cine: Cine) -> Result:
    return analyse(cine, HALVES)


def test_in_other_regions_it_is_what_a_fresh_analysis_gives(cine: Cine, halved: Result) -> None:
    assert recount(halved, regions=LAYERS) == analyse(cine, LAYERS)
    assert result_bytes(recount(halved, regions=LAYERS)) == result_bytes(analyse(cine, LAYERS))


def test_counting_again_changes_nothing(halved: Result, tmp_path: Path) -> None:
    assert recount(halved) == halved
    assert recount(halved, regions=HALVES, events=halved.events, lines=()) == halved
    path, _ = write_result(halved, tmp_path, "clip")
    kept = read_result(path)
    again = recount(kept, regions=LAYERS)
    assert again.assessable == recount(halved, regions=LAYERS).assessable
    assert recount(again, regions=HALVES).assessable == halved.assessable


@pytest.mark.parametrize(
    "clip",
    [
        "duplicated_frames_eye_phantom.mp4",
        pytest.param("tibialis_rest_then_contraction_30hz.mov", marks=pytest.mark.nightly),
    ],
)
def test_of_a_real_clip_too(shared_data: Path, clip: str) -> None:
    cine = read_cine(shared_data / clip)
    found, _ = outline_and_analyse(cine, Reading())
    ((x0, y0, x1, y1),) = (picture.box_px for picture in found.pictures)
    middle = (y0 + y1) / 2
    regions = (box("upper", x0, y0, x1 - 1, middle), box("lower", x0, middle, x1 - 1, y1 - 1))
    fresh = analyse(replace(cine, warnings=found.warnings), regions)
    again = recount(found, regions=regions)
    assert again.assessable == fresh.assessable
    assert again.events == fresh.events


def test_other_events_change_counts_sites_and_density(halved: Result) -> None:
    few = [event for event in halved.events if event.kind is Kind.FASCICULATION][:1]
    one = recount(halved, events=few)
    assert [row.count for row in one.summaries] == [1, 0, 1]
    assert one.assessable == halved.assessable
    none = recount(halved, events=())
    assert none.sites == () and none.pictures[0].density is None
    assert none.summaries[-1].density_per_mm2_min == 0.0


def test_density_is_the_rate_over_the_area(halved: Result) -> None:
    for row in halved.summaries:
        assert row.area_mm2 == pytest.approx(900 if row.region == WHOLE_IMAGE else 446, rel=0.05)
        assert row.density_per_mm2_min == pytest.approx(row.rate_per_min / row.area_mm2, abs=1e-6)
    density = halved.pictures[0].density
    assert density is not None
    values = np.array(density.per_mm2_min)
    total_per_min = values.sum() * np.prod(density.cell_mm)
    assert total_per_min == pytest.approx(halved.summaries[-1].rate_per_min, rel=0.02)
    first = next(event for event in halved.events if event.kind is Kind.FASCICULATION)
    row, column = (
        int((place + 0.5) / size)
        for place, size in zip((first.y_px, first.x_px), density.cell_px, strict=True)
    )
    assert values[row, column] > 0.5 * values.max()


def test_without_a_scale_there_is_no_density(cine: Cine) -> None:
    found = analyse(replace(cine, spacing_mm=None), HALVES)
    assert {row.area_mm2 for row in found.summaries} == {None}
    assert {row.density_per_mm2_min for row in found.summaries} == {None}
    assert found.pictures[0].density is None
    assert found.pictures[0].analysed_spacing_mm == pytest.approx((40 / 240, 40 / 240))


def test_an_older_result_gives_new_regions_the_time_of_the_whole() -> None:
    old = make_result((make_event(1, 1.0), make_event(2, 2.0)))
    (whole,) = [span for span in old.assessable if span.region == WHOLE_IMAGE and not span.reason]
    again = recount(old, regions=LAYERS[:2])
    told = [span for span in again.assessable if span.region == "lower" and not span.reason]
    assert [(span.start_s, span.stop_s) for span in told] == [(whole.start_s, whole.stop_s)]
    assert again.summaries[-1].count == old.summaries[-1].count
    assert again.summaries[-1].area_mm2 is None


def contracting(found: Result, rows: slice, start_s: float, stop_s: float) -> Result:
    """The same result, had nothing but some rows of cells moved, as a whole and for a while."""
    (picture,) = found.pictures
    (window,) = picture.places.windows
    places = unpack_places(window, picture.places.shape)
    states = np.zeros_like(places.states)
    during = (places.times_s >= start_s) & (places.times_s < stop_s)
    states[np.ix_(during, np.arange(len(states[0]))[rows])] = 2
    changed = pack_places(replace(places, states=states))
    kept = picture.places.model_copy(update={"windows": (changed,)})
    return found.model_copy(update={"pictures": (picture.model_copy(update={"places": kept}),)})


def lost_s(found: Result, region: str) -> float:
    lost = [span for span in found.assessable if span.region == region and span.reason]
    return sum(span.stop_s - span.start_s for span in lost) - 0.5


def test_assessable_time_follows_the_tissue_as_it_drifts(halved: Result) -> None:
    # A contraction of the lower half, while the muscles lie a third of the picture lower.
    moved = contracting(halved, slice(15, None), 1.5, 3.5)
    course = LineCourse(time_s=(0.0, 1.0), left_px=(0.0, 80.0), right_px=(0.0, 80.0))
    line = Line(points=((0.0, 119.0), (239.0, 119.0)))
    halves = (box("upper", 0, 0, 239, 119), box("lower", 0, 120, 239, 239))
    still = recount(moved, regions=halves, lines=(line,))
    assert (lost_s(still, "upper"), lost_s(still, "lower")) == pytest.approx((0.0, 2.0), abs=0.05)
    third = (box("third", 0, 40, 239, 80),)
    assert lost_s(recount(moved, regions=third), "third") == pytest.approx(0.0, abs=0.05)
    sunk = recount(moved, regions=third, lines=(line.model_copy(update={"course": course}),))
    assert lost_s(sunk, "third") == pytest.approx(2.0, abs=0.05)


def test_a_line_drawn_later_moves_as_the_tissue_about_it(halved: Result) -> None:
    course = LineCourse(time_s=(0.0, 4.0), left_px=(0.0, 8.0), right_px=(0.0, 8.0))
    known = Line(points=((0.0, 119.0), (239.0, 119.0)), course=course)
    before = recount(halved, regions=HALVES, lines=(known,))
    drawn = Line(points=((0.0, 60.0), (239.0, 60.0)))
    later = recount(before, lines=(known, drawn, drawn.model_copy(update={"drawn_s": 2.0})))
    assert later.lines[0] == known
    told = [line.course.left_px for line in later.lines[1:] if line.course is not None]
    assert told == [(0.0, 8.0), (-4.0, 4.0)]


@given(
    arrays(np.uint8, (3, 5, 7), elements=st.integers(0, 15)),
    arrays(bool, (5, 7)),
    arrays(bool, (3,)),
    st.integers(0, 10**7),
)
def test_places_are_packed_without_loss(
    states: np.ndarray[Any, np.dtype[np.uint8]], seen: Any, unsteady: Any, start_ms: int
) -> None:
    times_s = (start_ms + np.array([0, 33, 67])) / 1e3
    packed = pack_places(Places(times_s=times_s, states=states, seen=seen, unsteady=unsteady))
    found = unpack_places(packed, (5, 7))
    assert np.allclose(found.times_s, times_s, atol=1e-6)
    assert (found.states == states).all()
    assert (found.seen == seen).all() and (found.unsteady == unsteady).all()


def test_long_runs_are_few_bytes() -> None:
    states = np.zeros((600, 40, 60), np.uint8)
    states[300:] = 5
    packed = pack_places(
        Places(
            times_s=np.arange(600) / 30,
            states=states,
            seen=np.ones((40, 60), bool),
            unsteady=np.zeros(600, bool),
        )
    )
    assert len(packed.model_dump_json()) < 1500
    assert (unpack_places(packed, (40, 60)).states == states).all()


GOOD = pack_places(
    Places(
        times_s=np.array([0.1, 0.2]),
        states=np.zeros((2, 3, 4), np.uint8),
        seen=np.ones((3, 4), bool),
        unsteady=np.zeros(2, bool),
    )
)
DAMAGED = {
    "no base64": {"states": "?"},
    "not deflated": {"states": "AAAA"},
    "cells are missing": {"states": GOOD.seen},
    "moments are missing": {"steps": GOOD.seen},
    "more moments than told": {"moments": 3},
    "a mask of another shape": {"seen": pack_mask(np.ones((9, 9), bool))},
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damage_is_told(name: str) -> None:
    window = WatchedWindow.model_validate(GOOD.model_dump() | DAMAGED[name])
    with pytest.raises(InputError) as caught:
        unpack_places(window, (3, 4))
    assert caught.value.code is Code.BAD_RESULT


def test_a_mask_comes_back() -> None:
    mask = np.arange(15).reshape(3, 5) % 4 == 0
    assert (unpack_mask(pack_mask(mask), (3, 5)) == mask).all()


TAMPERED = {
    "another box": {"box_px": (0, 0, 90, 240)},
    "a reason that is none": {"frames": "it rained"},
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_picture_is_told(halved: Result, name: str) -> None:
    change: dict[str, Any] = dict(TAMPERED[name])
    (picture,) = halved.pictures
    if "frames" in change:
        span = halved.assessable[0].model_copy(update={"reason": change["frames"]})
        change = {"places": picture.places.model_copy(update={"frames": (span,)})}
    wrong = halved.model_copy(update={"pictures": (picture.model_copy(update=change),)})
    with pytest.raises(InputError) as caught:
        recount(wrong, regions=LAYERS)
    assert caught.value.code is Code.BAD_RESULT
