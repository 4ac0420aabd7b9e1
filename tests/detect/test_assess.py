from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.detect.assess import frame_losses, spans
from usfasc.detect.loss import Course, Loss, join
from usfasc.motion.stream import FrameTrace

DURATION_S = 20.0
STEPS = np.arange(0.1, DURATION_S, 0.03)
FRAMES = np.arange(0, DURATION_S, 1 / 30)
BY_PLACE = {"noise": Loss.NOISE, "moved": Loss.MOVED, "probe": Loss.PROBE}


def course(*, seen=1.0, **raised) -> Course:
    """Quiet but for ``name=(start, stop, value)``; the shares that are lost also stir."""
    names = (*BY_PLACE, "stirring", "carried", "unsteady")
    columns = {name: np.zeros(len(STEPS)) for name in names}
    for name, (start, stop, value) in raised.items():
        columns[name][(start <= STEPS) & (stop > STEPS)] = value
    lost = {cause: columns.pop(name) for name, cause in BY_PLACE.items()}
    stirs = np.maximum(columns.pop("stirring"), np.sum(list(lost.values()), axis=0))
    return Course(
        times_s=STEPS, lost=lost, stirring=stirs, seen=np.full(len(STEPS), seen), **columns
    )


def trace(*, bad=(0.0, 0.0), dark=(0.0, 0.0)) -> FrameTrace:
    within = [(start <= FRAMES) & (stop > FRAMES) for start, stop in (bad, dark)]
    return FrameTrace(times_s=FRAMES, good=~within[0], brightness=np.where(within[1], 5.0, 80.0))


def told(movement, frames=None, share=0.5):
    """Spans of a muscle that moves, in a picture that is quiet."""
    lost_frames = frame_losses(frames or trace(), DURATION_S)
    courses = {"*": course(), "muscle": movement}
    return spans(courses, lost_frames, DURATION_S, share)["muscle"]


def of_picture(movement, share=0.5, **muscles):
    """Spans of a picture that moves, whatever its muscles do."""
    return spans({"*": movement, **muscles}, (), DURATION_S, share)["*"]


def lost(found) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for span in found:
        if span.reason is not None:
            seconds[span.reason] = seconds.get(span.reason, 0) + span.stop_s - span.start_s
    return seconds


MOVED = "tissue moved as a whole (contraction or passive movement)"
NOISE = "too noisy or too dark to see a twitch of 0.2 mm"
CASES = [
    pytest.param(course(), trace(), {}, id="quiet"),
    pytest.param(course(stirring=(5, 5.4, 0.6)), trace(), {}, id="a large twitch spoils nothing"),
    pytest.param(course(moved=(5, 9, 0.3)), trace(), {}, id="a third of the picture contracts"),
    pytest.param(course(moved=(5, 9, 0.6)), trace(), {MOVED: 4}, id="contraction"),
    pytest.param(
        course(moved=(5, 9, 0.6), stirring=(4, 9, 0.4)), trace(), {MOVED: 5}, id="slow beginning"
    ),
    pytest.param(
        course(moved=(5, 9, 0.6), stirring=(3, 4.5, 0.4)), trace(), {MOVED: 4}, id="a pause before"
    ),
    pytest.param(
        course(moved=(5, 7, 0.6), noise=(7, 9, 0.9)), trace(), {MOVED: 4}, id="one stretch, one why"
    ),
    pytest.param(course(noise=(5, 9, 0.6)), trace(), {NOISE: 4}, id="changes without moving"),
    pytest.param(course(probe=(5, 9, 0.9)), trace(), {"probe moved": 4}, id="probe"),
    pytest.param(course(carried=(5, 5.3, 0.9)), trace(), {"probe moved": 0.3}, id="probe knocked"),
    pytest.param(course(carried=(5, 5.04, 0.9)), trace(), {}, id="two moments only"),
    pytest.param(course(unsteady=(5, 9, 1)), trace(), {"whole picture unsteady": 4}, id="trembles"),
    pytest.param(course(unsteady=(5, 7, 1)), trace(), {}, id="unsteady for a moment"),
    pytest.param(
        course(unsteady=(5, 9, 1), moved=(4, 5, 0.6)),
        trace(),
        {MOVED: 1, "whole picture unsteady": 4},
        id="contraction that is held",
    ),
    pytest.param(
        course(), trace(bad=(5, 9)), {"picture frozen or frames missing": 4}, id="frames missing"
    ),
    pytest.param(course(), trace(dark=(5, 9)), {"picture dark (probe lifted)": 4}, id="lifted"),
    pytest.param(
        course(), trace(dark=(4, 20)), {"picture dark (probe lifted)": 16}, id="lifted for most"
    ),
    pytest.param(course(seen=0.1), trace(), {NOISE: 20}, id="nothing could be seen"),
    pytest.param(course(), trace(bad=(0.01, 20)), {"picture frozen": 20}, id="frozen"),
    pytest.param(join([]), trace(), {"too short to be judged": 20}, id="no window could be judged"),
]


@pytest.mark.parametrize(("movement", "frames", "expected"), CASES)
def test_time_is_lost_for_the_right_reason(movement, frames, expected):
    seconds = lost(told(movement, frames))
    ends = seconds.pop("start or end of the clip", 0)
    assert set(seconds) == set(expected)
    for reason, duration in expected.items():
        assert seconds[reason] == pytest.approx(duration, abs=0.32)
    assert ends <= 0.51


@pytest.mark.parametrize(("movement", "frames", "expected"), CASES)
def test_spans_cover_the_clip_without_gap_or_overlap(movement, frames, expected):
    found = told(movement, frames)
    assert found[0].start_s == 0
    assert found[-1].stop_s == pytest.approx(DURATION_S)
    for one, following in pairwise(found):
        assert one.stop_s == following.start_s
        assert one.reason != following.reason


PICTURES = [
    pytest.param(course(moved=(5, 9, 0.7)), {}, id="most of it contracts"),
    pytest.param(course(moved=(5, 9, 0.8)), {MOVED: 4}, id="nearly all of it contracts"),
    pytest.param(course(carried=(5, 5.3, 0.7)), {}, id="a muscle is carried"),
    pytest.param(course(carried=(5, 5.3, 0.9)), {"probe moved": 0.3}, id="probe knocked"),
    pytest.param(course(noise=(5, 9, 0.8)), {NOISE: 4}, id="too little stays clear"),
]


@pytest.mark.parametrize(("movement", "expected"), PICTURES)
def test_a_picture_is_judged_while_a_quarter_of_it_can_be(movement, expected):
    seconds = lost(of_picture(movement))
    seconds.pop("start or end of the clip")
    assert seconds == pytest.approx(expected, abs=0.1)


CAUSES = st.sampled_from([*BY_PLACE, "stirring", "carried", "unsteady"])
TIMES_S = st.floats(0, DURATION_S)
MOVEMENTS = st.dictionaries(CAUSES, st.tuples(TIMES_S, TIMES_S, st.floats(0, 1)), max_size=3)


@settings(max_examples=50, deadline=None)
@given(MOVEMENTS, st.lists(MOVEMENTS, max_size=3))
def test_no_region_changes_the_picture_and_none_is_judged_beyond_it(of_all, of_regions):
    regions = {f"region {n}": course(**raised) for n, raised in enumerate(of_regions)}
    picture = course(**of_all)
    found = spans({"*": picture, **regions}, (), DURATION_S, 0.5)
    assert found["*"] == of_picture(picture)
    judged = [span for span in found["*"] if span.reason is None]
    for name in regions:
        for span in found[name]:
            within = any(s.start_s <= span.start_s and span.stop_s <= s.stop_s for s in judged)
            assert span.reason is not None or within


def test_a_quiet_muscle_is_judged_beside_another():
    courses = {"*": course(moved=(5, 9, 0.7)), "deep": course(moved=(5, 9, 0.9)), "top": course()}
    found = spans(courses, (), DURATION_S, 0.5)
    assert lost(found["deep"])[MOVED] == pytest.approx(4, abs=0.1)
    assert MOVED not in lost(found["top"])


def test_a_region_is_lost_with_its_picture():
    swept = course(probe=(5, 9, 1.0))
    found = spans({"*": swept, "still": course()}, (), DURATION_S, 0.5)
    assert lost(found["still"])["probe moved"] == pytest.approx(4, abs=0.1)


def test_less_that_may_stir_loses_more():
    movement = course(moved=(5, 9, 0.3))
    assert MOVED not in lost(told(movement, share=0.5))
    assert lost(told(movement, share=0.2))[MOVED] == pytest.approx(4, abs=0.1)


def test_half_of_what_a_muscle_must_leave_is_enough_of_a_picture():
    movement = course(moved=(5, 9, 0.7))
    assert MOVED not in lost(of_picture(movement, share=0.5))
    assert lost(of_picture(movement, share=0.2))[MOVED] == pytest.approx(4, abs=0.1)
