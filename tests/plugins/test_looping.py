"""Which frame is shown when: by the clock alone."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import make_event
from hypothesis import given
from hypothesis import strategies as st
from usfasc_napari.looping import AROUND_S, Stretch, frame_after, stretch_of

TIMES_S = np.arange(200) / 25.0


def test_an_event_is_played_with_a_little_around_it() -> None:
    stretch = stretch_of(make_event(1, 2.01), TIMES_S, 0.5)
    assert (stretch.start, stretch.repeated, stretch.speed) == (43, True, 0.5)
    assert TIMES_S[stretch.stop - 2] < 2.31 + AROUND_S <= TIMES_S[stretch.stop - 1]


@pytest.mark.parametrize("onset_s", [0.0, 7.9, 60.0])
def test_a_stretch_lies_within_the_clip(onset_s: float) -> None:
    stretch = stretch_of(make_event(1, onset_s), TIMES_S, 1.0)
    assert 0 <= stretch.start < stretch.stop <= len(TIMES_S)


@pytest.mark.parametrize(
    ("elapsed_s", "speed", "frame"),
    [
        (0.0, 1.0, 50),
        (0.039, 1.0, 50),
        (0.041, 1.0, 51),
        (0.2, 1.0, 55),
        (0.2, 0.5, 52),
        (0.2, 0.25, 51),
        (0.41, 1.0, 50),  # ten frames last 0.4 s
        (4.05, 1.0, 51),
    ],
)
def test_frames_follow_the_clock(elapsed_s: float, speed: float, frame: int) -> None:
    stretch = Stretch(start=50, stop=60, repeated=True, speed=speed)
    assert frame_after(elapsed_s, TIMES_S, stretch, 50) == frame


def test_what_is_not_repeated_ends() -> None:
    stretch = Stretch(start=0, stop=200, repeated=False)
    assert frame_after(3.0, TIMES_S, stretch, 100) == 175
    assert frame_after(4.1, TIMES_S, stretch, 100) is None


@given(
    steps=st.lists(st.floats(0.005, 0.2), min_size=3, max_size=40),
    elapsed_s=st.floats(0, 100),
    speed=st.sampled_from([1.0, 0.5, 0.25]),
    data=st.data(),
)
def test_a_loop_never_leaves_its_stretch(
    steps: list[float], elapsed_s: float, speed: float, data: st.DataObject
) -> None:
    times_s = np.cumsum([0.0, *steps])
    start = data.draw(st.integers(0, len(times_s) - 2))
    stop = data.draw(st.integers(start + 1, len(times_s)))
    stretch = Stretch(start=start, stop=stop, repeated=True, speed=speed)
    first = data.draw(st.integers(start, stop - 1))
    number = frame_after(elapsed_s, times_s, stretch, first)
    assert number is not None and start <= number < stop
    if elapsed_s == 0:
        assert number == first
