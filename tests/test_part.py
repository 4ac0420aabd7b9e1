"""A part of a clip analysed by itself: its frames and times, and its result in the clip's own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from fixtures.outcomes import RATE_HZ, make_cine, make_event, make_result
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.loss import Loss
from usfasc.errors import UsageError
from usfasc.model import WHOLE_IMAGE, Cine, Line, LineCourse, Region
from usfasc.part import cut, in_whole_clip, part_between
from usfasc.phantom import Scene, render
from usfasc.pipeline import analyse
from usfasc.recount import recount
from usfasc.regions.counting import judged_s, spans_of

SMALL = Scene(
    height_px=120, width_px=120, depth_mm=16.0, width_mm=16.0, duration_s=4.0, twitches=()
)


def test_a_part_has_its_own_frames_and_times() -> None:
    cine = make_cine()
    part = part_between(cine, 0.5, 2.5)
    piece = cut(cine, part)
    assert (part.start, part.stop, piece.frames.count) == (10, 50, 40)
    assert piece.times_s is not None
    assert piece.times_s[0] == 0
    assert piece.duration_s == pytest.approx(2.0)
    whole = [frame.grey for frame in cine.frames.stream()]
    for start, stop in ((0, None), (3, 9), (0, 500)):
        frames = list(piece.frames.stream(start, stop))
        assert [frame.index for frame in frames] == list(range(start, min(stop or 40, 40)))
        for frame in frames:
            np.testing.assert_array_equal(frame.grey, whole[frame.index + 10])


@given(start=st.floats(0, 3.9), length=st.floats(1.1, 4))
def test_a_part_lies_within_its_clip(start: float, length: float) -> None:
    cine = make_cine()
    try:
        part = part_between(cine, start, start + length)
    except UsageError:
        assert 4.0 - start < 1.2
        return
    assert 0 <= part.start < part.stop <= 80
    assert part.stop_s - part.start_s == pytest.approx((part.stop - part.start) / RATE_HZ)


@pytest.mark.parametrize(("start_s", "stop_s"), [(1.0, 1.5), (2.0, 1.0), (3.99, 9.0)])
def test_too_short_a_part_is_refused(start_s: float, stop_s: float) -> None:
    with pytest.raises(UsageError, match="less than 1 s"):
        part_between(make_cine(), start_s, stop_s)


def test_its_result_is_in_the_time_of_the_clip() -> None:
    cine = make_cine()
    part = part_between(cine, 0.5, 2.5)
    course = LineCourse(time_s=(0.0, 1.0), left_px=(0.0, 1.0), right_px=(0.0, 1.0))
    line = Line(points=((0, 1), (9, 1)), course=course)
    of_part = make_result([make_event(1, 0.5)], parts=((0.0, 2.0, None),), cine=cine)
    of_part = of_part.model_copy(update={"lines": (line,)})
    result = in_whole_clip(of_part, part, 4.0)
    (event,) = result.events
    assert (event.onset_s, event.peak_s, event.start_frame) == pytest.approx((1.0, 1.1, 20))
    spans = spans_of(WHOLE_IMAGE, result.assessable)
    assert [(s.start_s, s.stop_s, s.reason) for s in spans] == [
        (0.0, 0.5, Loss.OUTSIDE),
        (0.5, 2.5, None),
        (2.5, 4.0, Loss.OUTSIDE),
    ]
    assert judged_s(spans) == pytest.approx(of_part.summaries[-1].assessable_s)
    assert result.lines[0].course is not None
    assert result.lines[0].course.time_s == (0.5, 1.5)
    assert "not the result of the whole clip" in result.warnings[0]


def test_a_part_to_the_very_ends_leaves_nothing_outside() -> None:
    cine = make_cine()
    part = part_between(cine, 0.0, 4.0)
    result = in_whole_clip(make_result(cine=cine), part, 4.0)
    assert Loss.OUTSIDE not in {span.reason for span in result.assessable}


@pytest.mark.parametrize("make", [make_cine, lambda: render(SMALL, 3).cine])
def test_other_regions_of_a_part_are_judged_in_the_part_alone(make: Callable[[], Cine]) -> None:
    cine = make()
    part = part_between(cine, 0.5, 3.5)
    region = Region(name="upper", polygon=((8, 6), (119, 6), (119, 50), (8, 50)))
    drawn_first = in_whole_clip(analyse(cut(cine, part), (region,)), part, 4.0)
    drawn_later = recount(in_whole_clip(analyse(cut(cine, part)), part, 4.0), regions=(region,))
    for name in (WHOLE_IMAGE, "upper"):
        spans = [spans_of(name, each.assessable) for each in (drawn_first, drawn_later)]
        assert [s.reason for s in spans[0]] == [s.reason for s in spans[1]]
        starts_s = [s.start_s for s in spans[1]]
        assert [s.start_s for s in spans[0]] == pytest.approx(starts_s, abs=0.011)
