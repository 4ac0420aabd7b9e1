"""Motor units, when they fire, and what counts as one twitch."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.phantom import LookAlike, LookAlikeKind, Scene, Twitch
from usfasc.phantom.firing import overlap
from usfasc.phantom.layout import draw_layout
from usfasc.phantom.rendering import plan_twitches
from usfasc.phantom.truth import merge, tell
from usfasc.phantom.twitch import twitch_waveform

PLAIN = Twitch(onset_s=1.0, x_mm=10.0, y_mm=10.0, amplitude_mm=0.3)


def plan(seed, **changes):
    scene = replace(Scene(duration_s=600.0, twitches_per_min=60.0, sites=8), **changes)
    return plan_twitches(scene, draw_layout(scene, np.random.default_rng(seed)), seed)


@given(
    contraction_s=st.floats(0.04, 0.16),
    relaxation_s=st.floats(0.1, 0.35),
    sharpness=st.floats(1.0, 2.0),
)
def test_waveform_goes_out_once_and_comes_back(contraction_s, relaxation_s, sharpness):
    twitch = replace(
        PLAIN, contraction_s=contraction_s, relaxation_s=relaxation_s, sharpness=sharpness
    )
    wave = twitch_waveform(twitch)
    t = np.arange(0.9, 2.2, 0.001)
    w = np.array([wave(each) for each in t])
    assert wave(1.0) == 0
    assert wave(twitch.peak_s) == pytest.approx(1.0)
    assert wave(twitch.offset_s) == pytest.approx(0.1, abs=0.005)
    velocity = np.diff(w)
    assert np.all(velocity[t[:-1] < twitch.peak_s - 0.001] >= -1e-9)
    assert np.all(velocity[t[:-1] > twitch.peak_s + 0.001] <= 1e-9)


def test_gaps_are_exponential_without_a_least_interval():
    gaps = np.concatenate([np.diff([twitch.onset_s for twitch in plan(seed)]) for seed in range(4)])
    assert gaps.min() < 0.05
    assert np.mean(gaps) == pytest.approx(1.0, rel=0.15)
    assert np.std(gaps) == pytest.approx(np.mean(gaps), rel=0.15)


def test_at_most_a_fifth_overlaps_in_space_and_time():
    for seed in range(4):
        twitches = plan(seed, twitches_per_min=120.0)
        crowded = [any(overlap(a, b) for b in twitches if b is not a) for a in twitches]
        assert np.mean(crowded) <= 0.2
        assert any(crowded)


def test_half_shift_half_bulge_in_any_direction():
    twitches = [twitch for seed in range(8) for twitch in plan(seed)]
    shifting = np.mean([twitch.mode == "shift" for twitch in twitches])
    assert 0.3 < shifting < 0.7
    quadrants = {int(twitch.direction_deg // 90) for twitch in twitches}
    assert quadrants == {0, 1, 2, 3}
    assert all(0.05 <= twitch.amplitude_mm <= 1.0 for twitch in twitches)
    assert all(3 <= twitch.length_mm <= 20 for twitch in twitches)


def test_no_twitch_is_laid_where_no_one_could_judge():
    blinding = LookAlike(kind=LookAlikeKind.CONTRACTION, start_s=100.0, stop_s=200.0)
    for twitch in plan(1, look_alikes=(blinding,)):
        assert twitch.offset_s < 100 or twitch.onset_s > 200


COUNTED = {
    "one": ([0.0], 1),
    "doublet a reader sees as two": ([0.0, 0.15], 2),
    "doublet too near to be told apart": ([0.0, 0.1], 1),
    "three within one": ([0.0, 0.06, 0.13], 1),
    "a fourth after them": ([0.0, 0.06, 0.13, 0.16], 2),
}


@pytest.mark.parametrize(("onsets", "count"), COUNTED.values(), ids=COUNTED.keys())
def test_counting_unit(onsets, count):
    assert len(merge([replace(PLAIN, onset_s=1 + onset) for onset in onsets])) == count


def test_two_places_at_one_moment_are_two():
    assert len(merge([PLAIN, replace(PLAIN, x_mm=20.0)])) == 2


def test_merged_twitch_starts_with_the_first_and_peaks_with_the_stronger():
    strong = replace(PLAIN, onset_s=1.1, amplitude_mm=0.9)
    (one,) = merge([PLAIN, strong])
    assert (one.onset_s, one.amplitude_mm) == (1.0, 0.9)
    assert one.peak_s == pytest.approx(strong.peak_s)


def test_isolated_is_alone_in_space_or_time():
    near, far, late = (
        replace(PLAIN, x_mm=15.0, onset_s=1.3),
        replace(PLAIN, x_mm=30.0, onset_s=1.3),
        replace(PLAIN, onset_s=5.0),
    )
    events, extra = tell(Scene(), [late, PLAIN, near, far], np.arange(300) / 30)
    assert [event.event for event in events] == [1, 2, 3, 4]
    by_event = {each.event: each for each in extra}
    assert [by_event[k].isolated for k in (1, 2, 3, 4)] == [False, False, True, True]
    assert by_event[4].twitch is late
