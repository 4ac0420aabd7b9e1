from itertools import pairwise

import numpy as np
import pytest

from usfasc.detect.assess import Course, join, spans
from usfasc.motion.stream import FrameTrace

DURATION_S = 20.0
STEPS = np.arange(0.1, DURATION_S, 0.03)
FRAMES = np.arange(0, DURATION_S, 1 / 30)


def course(*, seen=1.0, **raised) -> Course:
    """Quiet but for ``name=(start, stop, value)``."""
    columns = {name: np.zeros(len(STEPS)) for name in ("local", "probe")}
    columns["unrest"] = np.ones(len(STEPS))
    for name, (start, stop, value) in raised.items():
        columns[name][(start <= STEPS) & (stop > STEPS)] = value
    return Course(times_s=STEPS, seen=np.full(len(STEPS), seen), **columns)


def trace(*, bad=(0.0, 0.0), dark=(0.0, 0.0)) -> FrameTrace:
    within = [(start <= FRAMES) & (stop > FRAMES) for start, stop in (bad, dark)]
    return FrameTrace(times_s=FRAMES, good=~within[0], brightness=np.where(within[1], 5.0, 80.0))


def lost(found) -> dict[str, float]:
    seconds: dict[str, float] = {}
    for span in found:
        if span.reason is not None:
            seconds[span.reason] = seconds.get(span.reason, 0) + span.stop_s - span.start_s
    return seconds


MOVED = "tissue moved as a whole (contraction or passive movement)"
CASES = [
    pytest.param(course(), trace(), {}, id="quiet"),
    pytest.param(course(local=(5, 5.4, 0.3)), trace(), {}, id="a twitch spoils nothing"),
    pytest.param(course(local=(5, 9, 0.3)), trace(), {MOVED: 4}, id="contraction"),
    pytest.param(course(probe=(5, 9, 0.9)), trace(), {"probe moved": 4}, id="probe"),
    pytest.param(course(unrest=(5, 9, 5)), trace(), {"whole picture unsteady": 4}, id="unsteady"),
    pytest.param(
        course(), trace(bad=(5, 9)), {"picture frozen or frames missing": 4}, id="frames missing"
    ),
    pytest.param(course(), trace(dark=(5, 9)), {"picture dark (probe lifted)": 4}, id="lifted"),
    pytest.param(
        course(seen=0.1),
        trace(),
        {"too noisy or too dark to see a twitch of 0.2 mm": 20},
        id="nothing could be seen",
    ),
    pytest.param(course(), trace(bad=(0.01, 20)), {"picture frozen": 20}, id="frozen"),
    pytest.param(join([]), trace(), {"too short to be judged": 20}, id="no window could be judged"),
]


@pytest.mark.parametrize(("movement", "frames", "expected"), CASES)
def test_time_is_lost_for_the_right_reason(movement, frames, expected):
    found = spans("*", movement, frames, DURATION_S, 0.03)
    told = lost(found)
    ends = told.pop("start or end of the clip", 0)
    assert set(told) == set(expected)
    for reason, seconds in expected.items():
        assert told[reason] == pytest.approx(seconds, abs=0.9)
    assert ends <= 0.51


@pytest.mark.parametrize(("movement", "frames", "expected"), CASES)
def test_spans_cover_the_clip_without_gap_or_overlap(movement, frames, expected):
    found = spans("*", movement, frames, DURATION_S, 0.03)
    assert found[0].start_s == 0
    assert found[-1].stop_s == pytest.approx(DURATION_S)
    for one, following in pairwise(found):
        assert one.stop_s == following.start_s
        assert one.reason != following.reason
