"""Named scenes of known truth, taken the whole way: what must be counted, and what must not."""

from dataclasses import replace

import pytest

from usfasc import analyse
from usfasc.model import Kind
from usfasc.phantom import LookAlike, LookAlikeKind, Scene, Twitch, render

NIGHTLY = pytest.mark.nightly

SCENE = Scene(
    height_px=240, width_px=240, depth_mm=30.0, width_mm=30.0, duration_s=5.0, twitches=()
)
TWITCH = Twitch(onset_s=2.0, x_mm=13.0, y_mm=14.0, amplitude_mm=0.4, length_mm=10.0, width_mm=5.0)
BRIEF = replace(TWITCH, contraction_s=0.05, relaxation_s=0.12)
SMALL = replace(TWITCH, length_mm=6.0, width_mm=4.0)


def counted(scene, seed=5):
    phantom = render(scene, seed)
    events = analyse(phantom.cine).events
    return phantom, [event for event in events if event.kind is Kind.FASCICULATION]


FOUND = [
    pytest.param((TWITCH,), id="a shift"),
    pytest.param((replace(TWITCH, mode="bulge"),), id="a shortening and bulging"),
    pytest.param(
        (replace(TWITCH, contraction_s=0.15, relaxation_s=0.35),),
        id="a slow relaxation is no second twitch",
    ),
    pytest.param(
        (replace(SMALL, x_mm=7.0, y_mm=10.0), replace(SMALL, x_mm=23.0, y_mm=19.0)),
        id="two places at one moment",
    ),
    pytest.param((BRIEF, replace(BRIEF, onset_s=2.4)), id="a doublet that a reader sees as two"),
    pytest.param(
        (BRIEF, replace(BRIEF, onset_s=2.08)),
        id="a pair too near to be told apart",
    ),
    pytest.param((replace(TWITCH, onset_s=0.4),), id="soon after the start"),
    pytest.param((replace(BRIEF, onset_s=4.5),), id="shortly before the end"),
]


@pytest.mark.parametrize("twitches", FOUND)
def test_twitches_are_counted_as_a_reader_counts_them(twitches):
    phantom, events = counted(replace(SCENE, twitches=twitches))
    assert len(events) == len(phantom.truth)
    for event, truth in zip(events, phantom.truth, strict=True):
        assert event.onset_s == pytest.approx(truth.onset_s, abs=0.15)
    if len(twitches) == 1:
        (event,), (truth,) = events, phantom.truth
        assert abs(event.x_mm - truth.x_mm) < 5
        assert abs(event.y_mm - truth.y_mm) < 5


def test_a_twitch_seen_end_on_is_found():
    end_on = replace(TWITCH, length_mm=6.0, out_of_plane_mm=0.4)
    _, events = counted(replace(SCENE, view="transverse", twitches=(end_on,)))
    assert len(events) == 1


NOTHING = [
    LookAlikeKind.SWAY,
    LookAlikeKind.BREATHING,
    LookAlikeKind.DRIFT,
    LookAlikeKind.GAIN_STEPS,
    LookAlikeKind.KEY_FRAMES,
    LookAlikeKind.BLOCK_UPDATES,
    LookAlikeKind.REPEATS,
    LookAlikeKind.DROPS,
    LookAlikeKind.CLUTTER,
]


def test_a_quiet_muscle_has_none():
    assert counted(SCENE)[1] == []


@pytest.mark.parametrize("kind", NOTHING)
def test_look_alikes_are_not_counted(kind):
    look = LookAlike(kind=kind, strength=0.7)
    assert counted(replace(SCENE, look_alikes=(look,)))[1] == []


SEVERAL = replace(
    SCENE,
    duration_s=8.0,
    twitches=tuple(
        replace(SMALL, onset_s=onset, x_mm=x, y_mm=y, amplitude_mm=amplitude)
        for onset, x, y, amplitude in (
            (1.0, 8.0, 10.0, 0.5),
            (2.2, 22.0, 18.0, 0.4),
            (3.7, 9.0, 19.0, 0.6),
            (4.6, 8.0, 10.0, 0.3),
            (6.1, 20.0, 9.0, 0.5),
        )
    ),
)
SEEN_OTHERWISE = [
    pytest.param({"frame_rate_hz": 20.0}, id="20 Hz"),
    pytest.param({"frame_rate_hz": 47.0}, id="47 Hz", marks=NIGHTLY),
    pytest.param({"frame_rate_hz": 60.0}, id="60 Hz", marks=NIGHTLY),
    pytest.param({"height_px": 342, "width_px": 342}, id="spacing x 0.7", marks=NIGHTLY),
    pytest.param({"height_px": 172, "width_px": 172}, id="spacing x 1.4"),
    pytest.param({"gain_db": 6.0}, id="gain + 6 dB"),
    pytest.param({"gain_db": -6.0}, id="gain - 6 dB"),
    pytest.param({"mirrored": True}, id="mirrored"),
]


@pytest.mark.parametrize("change", SEEN_OTHERWISE)
def test_the_count_does_not_depend_on_how_the_clip_was_taken(change):
    phantom, events = counted(replace(SEVERAL, **change))
    assert abs(len(events) - len(phantom.truth)) <= 1
