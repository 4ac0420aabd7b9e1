"""Twitches that keep their area, drag their surround and swing past rest."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.phantom.beams.twitch import (
    Fascicle,
    FascicleTwitch,
    contraction,
    recoil_waveform,
    twitch_motions,
)
from usfasc.phantom.motion import displacement

PLAIN = FascicleTwitch(onset_s=1.0, x_mm=0.0, y_mm=0.0, amplitude_mm=0.3)


def field_mm(motions, t_s, nodes):
    return displacement(motions, t_s, len(nodes.x_mm))


@given(
    shorten=st.floats(0, 1),
    slant_deg=st.floats(0, 90),
    at_mm=st.tuples(*[st.floats(-8, 8)] * 3),
    ball_mm=st.floats(1, 4),
)
def test_the_field_keeps_its_volume(shorten, slant_deg, at_mm, ball_mm):
    twitch = replace(PLAIN, shorten=shorten, through_deg=slant_deg, length_mm=12.0)
    step = 1e-4
    growth = 0.0
    for axis in range(3):
        ends = np.array(at_mm)[:, None] + step * np.eye(3)[:, [axis]] * [-1, 1]
        before, after = contraction(twitch, ends, ball_mm)[axis]
        growth += (after - before) / (2 * step)
    assert growth == pytest.approx(0, abs=1e-5)


def test_a_fascicle_shortens_and_thickens():
    twitch = replace(PLAIN, shorten=1.0, length_mm=12.0)
    near, far, above, below = contraction(
        twitch, np.array([[-4, 4, 0, 0], [0, 0, 2, -2], [0, 0, 0, 0]], float), 1.5
    ).T
    assert near[0] > 0 > far[0]
    assert above[1] > 0 > below[1]


def test_its_surround_is_dragged_the_same_way():
    twitch = replace(PLAIN, shorten=0.0, length_mm=6.0)
    at = contraction(twitch, np.array([[-0.5, -0.5, -0.5], [0, 2, 4], [0, 0, 0]], float), 1.5)
    assert np.all(np.diff(at[0]) < 0)
    assert at[0, 1] > 0.1 * at[0, 0]


@given(
    contraction_s=st.floats(0.03, 0.16),
    relaxation_s=st.floats(0.07, 0.35),
    overshoot=st.floats(0.03, 0.12),
)
def test_the_waveform_rises_falls_and_swings_past_rest(contraction_s, relaxation_s, overshoot):
    twitch = FascicleTwitch(
        onset_s=1.0,
        x_mm=0,
        y_mm=0,
        amplitude_mm=1,
        contraction_s=contraction_s,
        relaxation_s=relaxation_s,
        overshoot=overshoot,
    )
    wave = recoil_waveform(twitch)
    course = np.array([wave(t) for t in np.arange(1.0, 6.0, 0.002)])
    assert wave(1.0) == 0
    assert wave(twitch.peak_s) == pytest.approx(1.0, abs=1e-6)
    assert course.max() <= 1 + 1e-9
    assert wave(twitch.offset_s) == pytest.approx(0.1, abs=0.01)
    assert course.min() == pytest.approx(-overshoot, rel=0.05)
    assert abs(course[-1]) < 0.01


@pytest.mark.parametrize("through_deg", [0.0, 70.0])
@pytest.mark.parametrize("shorten", [0.1, 1.0])
def test_the_largest_displacement_is_the_amplitude(linear, ground, twitch, through_deg, shorten):
    _, _, nodes = ground(linear())
    motions, seen = twitch_motions(twitch(through_deg=through_deg, shorten=shorten), nodes)
    sizes = [
        np.hypot(*field_mm(motions, t, nodes)[:2])[nodes.seen].max()
        for t in np.arange(0.4, 0.8, 0.005)
    ]
    assert max(sizes) == pytest.approx(0.4, rel=0.02)
    assert seen.peak_s == pytest.approx(0.4 + 0.005 * np.argmax(sizes), abs=0.01)
    assert (seen.x_mm, seen.y_mm) == (pytest.approx(11, abs=4), pytest.approx(13, abs=4))


def test_what_moves_a_third_lies_within_the_extent(linear, ground, twitch):
    _, _, nodes = ground(linear())
    motions, seen = twitch_motions(twitch(along_deg=20.0, shorten=0.3), nodes)
    size = np.hypot(*field_mm(motions, seen.peak_s, nodes)[:2]) * nodes.seen
    moving = size > size.max() / 3
    reach = np.hypot(nodes.x_mm - seen.x_mm, nodes.picture_y_mm - seen.y_mm)[moving].max()
    assert reach <= np.hypot(seen.length_mm, seen.width_mm)
    assert 4 < seen.length_mm < 16
    assert seen.mode == "shift"
    assert np.cos(np.deg2rad(seen.direction_deg - 20.0)) > 0.95


def test_the_neighbouring_fascicle_follows(linear, ground, twitch):
    late = (
        Fascicle(beside_mm=-3.0, late_s=0.0, share=1.0),
        Fascicle(beside_mm=3.0, late_s=0.03, share=1.0),
    )
    _, _, nodes = ground(linear())
    motions, _ = twitch_motions(twitch(fascicles=late, shorten=0.0, width_mm=4.0), nodes)
    near = [
        int(np.argmin(np.hypot(nodes.x_mm - 11, nodes.picture_y_mm - 13 - off))) for off in (-3, 3)
    ]
    times_s = np.arange(0.4, 0.7, 0.005)
    course = np.array([field_mm(motions, t, nodes)[0][near] for t in times_s])
    first, second = times_s[np.abs(course).argmax(axis=0)]
    assert 0.01 < second - first < 0.04


def test_blood_takes_no_part(linear, ground, twitch):
    from usfasc.phantom import LookAlike, LookAlikeKind

    scene = linear(look_alikes=(LookAlike(kind=LookAlikeKind.PULSATION),))
    _, anatomy, nodes = ground(scene)
    vessel = anatomy.layout.vessel
    at = twitch(x_mm=vessel.x_mm, y_mm=float(vessel.axis.at(np.array(vessel.x_mm))))
    motions, seen = twitch_motions(at, nodes)
    assert nodes.lumen.any()
    assert not field_mm(motions, seen.peak_s, nodes)[:, nodes.lumen].any()
