"""How far an event's tissue moves, measured in the window: on clips whose events were measured."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from usfasc_napari.course import Course, measure_course, told_course
from usfasc_napari.frames import LazyFrames
from usfasc_napari.jobs import Stopped, engine_alone

from usfasc.model import Cine, Event, Result
from usfasc.pipeline import read_cine


@pytest.fixture(scope="module")
def cine(sample_videos: Path) -> Cine:
    return read_cine(sample_videos / "two_muscles.dcm")


def measured(cine: Cine, event: Event) -> Course | None:
    return measure_course(cine, LazyFrames(cine.frames), event)


def without_scale(cine: Cine) -> Cine:
    pictures = tuple(replace(each, spacing_mm=None) for each in cine.pictures)
    return replace(cine, spacing_mm=None, pictures=pictures)


def test_it_agrees_with_the_detection(cine: Cine, analysed: Result) -> None:
    ratios = []
    for event in analysed.events:
        told, seen = told_course(event), measured(cine, event)
        assert told is not None and seen is not None
        assert (told.seen_here, seen.seen_here) == (False, True)
        ratios.append(seen.peak / told.peak)
        at_peak = seen.time_s[seen.moved.argmax()]
        # Two frames: one that it may be off, and one since landmarks lie between frames.
        assert at_peak == pytest.approx(event.peak_s - event.onset_s, abs=0.08)
    assert np.median(ratios) == pytest.approx(1, abs=0.15)
    assert max(abs(ratio - 1) for ratio in ratios) < 0.4


def test_an_event_of_which_only_onset_and_place_are_known(cine: Cine, analysed: Result) -> None:
    event = analysed.events[2]
    bare = event.model_copy(
        update={"peak_s": event.onset_s, "offset_s": event.onset_s, "course": None}
    )
    whole, alone = measured(cine, event), measured(cine, bare)
    assert whole is not None and alone is not None
    assert alone.peak == pytest.approx(whole.peak, rel=0.2)
    assert told_course(bare) is None


def test_without_a_scale_it_is_in_pixels(cine: Cine, analysed: Result) -> None:
    event = analysed.events[0]
    known, unknown = measured(cine, event), measured(without_scale(cine), event)
    assert known is not None and unknown is not None
    assert (known.unit, unknown.unit) == ("mm", "px")
    # 0.12 mm a pixel.
    assert unknown.peak * 0.12 == pytest.approx(known.peak, rel=0.2)


def test_where_nothing_moves_there_is_no_course(cine: Cine, analysed: Result) -> None:
    quiet = analysed.events[0].model_copy(
        update={"onset_s": 5.0, "peak_s": 5.1, "offset_s": 5.3, "course": None}
    )
    assert measured(cine, quiet) is None
    at_the_start = quiet.model_copy(update={"onset_s": 0.0, "peak_s": 0.1})
    assert measured(cine, at_the_start) is None


def test_one_thread_at_a_time_is_at_the_engine() -> None:
    begun, let_go = threading.Event(), threading.Event()

    def work() -> None:
        with engine_alone(lambda done, total: None):
            begun.set()
            let_go.wait(5)

    def give_up(done: int, total: int) -> None:
        raise Stopped

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(5)
    with pytest.raises(Stopped), engine_alone(give_up):
        pytest.fail("two at once")
    let_go.set()
    thread.join()
    with engine_alone(give_up):
        pass
