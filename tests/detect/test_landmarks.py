import numpy as np
import pytest
from fixtures.speckle import rise_and_fall
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.landmarks import find_landmarks

RATES_HZ = (20.0, 30.0, 50.0)


def times_s(rate_hz=30.0, phase=0.0):
    return np.arange(-0.3, 0.85, 1 / rate_hz) + phase / rate_hz


@given(
    rate_hz=st.sampled_from(RATES_HZ),
    phase=st.floats(0, 1),
    contraction_s=st.floats(0.08, 0.16),
    relaxation_s=st.floats(0.1, 0.35),
    size=st.floats(0.1, 3),
)
def test_a_twitch_is_timed_to_a_fraction_of_a_frame(
    rate_hz, phase, contraction_s, relaxation_s, size
):
    time_s = times_s(rate_hz, phase)
    marks = find_landmarks(
        time_s, size * rise_and_fall(time_s, contraction_s, relaxation_s), 0.0, contraction_s
    )
    begun_s, over_s = 0.144 * contraction_s, contraction_s + 0.795 * relaxation_s
    frame_s = 1 / rate_hz
    assert marks.onset_s == pytest.approx(begun_s, abs=0.008 + 0.3 * frame_s)
    assert marks.peak_s == pytest.approx(contraction_s, abs=0.01 + 0.4 * frame_s)
    assert marks.offset_s == pytest.approx(over_s, abs=0.015 + 0.5 * frame_s)
    assert marks.height == pytest.approx(size, rel=0.15)
    assert marks.onset_s < marks.peak_s < marks.offset_s


@pytest.mark.parametrize("contraction_s", [0.06, 0.1, 0.16])
def test_the_largest_speed_is_the_steepest_flanks(contraction_s):
    time_s = times_s(50.0)
    marks = find_landmarks(
        time_s, 0.4 * rise_and_fall(time_s, contraction_s, 0.3), 0.0, contraction_s
    )
    assert marks.speed == pytest.approx(0.4 * np.pi / 2 / contraction_s, rel=0.12)


def test_noise_before_the_onset_does_not_draw_it_out():
    time_s = times_s(50.0)
    noise = np.random.default_rng(3).normal(0, 0.04, len(time_s))
    marks = find_landmarks(time_s, rise_and_fall(time_s, 0.1, 0.25) + noise, 0.0, 0.1)
    assert marks.onset_s == pytest.approx(0.014, abs=0.02)


def test_what_stays_behind_does_not_draw_out_the_end():
    time_s = times_s()
    kept = 0.15 * np.clip((time_s - 0.1) / 0.2, 0, 1)
    marks = find_landmarks(time_s, rise_and_fall(time_s, 0.1, 0.25) + kept, 0.0, 0.1)
    assert marks.offset_s < 0.45


def test_a_larger_twitch_that_follows_is_not_taken_for_the_peak():
    time_s = times_s()
    course = rise_and_fall(time_s, 0.08, 0.15) + 2 * rise_and_fall(time_s - 0.3, 0.08, 0.15)
    marks = find_landmarks(time_s, course, 0.0, 0.08)
    assert marks.peak_s < 0.12
    assert marks.height < 1.2


def test_a_step_has_no_end():
    time_s = times_s()
    marks = find_landmarks(time_s, np.clip(time_s / 0.08, 0, 1), 0.0, 0.08)
    assert marks.offset_s is None and marks.relaxation_error_s is None


NOTHING = {
    "still": (times_s(), np.zeros_like(times_s())),
    "falling": (times_s(), -times_s()),
    "too few frames": (times_s()[:4], np.ones(4)),
    "nothing about the onset": (times_s() - 5, np.ones_like(times_s())),
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_that_rises_has_no_landmarks(name):
    assert find_landmarks(*NOTHING[name], 0.0, 0.08) is None


@pytest.mark.parametrize("rate_hz", [20.0, 50.0])
def test_the_truth_lies_within_the_errors_that_are_told(rate_hz):
    rng = np.random.default_rng(17)
    inside = []
    for _ in range(80):
        contraction_s, relaxation_s = rng.uniform(0.05, 0.16), rng.uniform(0.1, 0.35)
        time_s = times_s(rate_hz, rng.uniform())
        course = rise_and_fall(time_s, contraction_s, relaxation_s)
        marks = find_landmarks(
            time_s, course + rng.normal(0, 0.05, len(time_s)), 0.0, contraction_s
        )
        off = marks.peak_s - marks.onset_s - 0.856 * contraction_s
        late = marks.offset_s - marks.peak_s - 0.795 * relaxation_s
        inside.append(abs(off) < 1.96 * marks.contraction_error_s)
        inside.append(abs(late) < 1.96 * marks.relaxation_error_s)
    assert np.mean(inside) >= 0.93


def test_fewer_frames_leave_more_doubt():
    errors = [
        find_landmarks(times_s(rate), rise_and_fall(times_s(rate), 0.1, 0.25), 0.0, 0.1)
        for rate in (15.0, 60.0)
    ]
    assert errors[0].contraction_error_s > 1.3 * errors[1].contraction_error_s
    assert errors[0].relaxation_error_s > errors[1].relaxation_error_s


def test_an_end_that_the_frames_do_not_show_is_not_told():
    time_s = times_s()
    until = time_s < 0.14
    marks = find_landmarks(time_s[until], rise_and_fall(time_s[until], 0.1, 0.25), 0.0, 0.1)
    assert marks.offset_s is None
