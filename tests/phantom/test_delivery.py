"""What scanners, cables and codecs do to frames."""

import numpy as np
import pytest

from usfasc.phantom import LookAlike, LookAlikeKind, render


def changes(clip):
    """Mean absolute difference from frame to frame ``(t - 1,)``."""
    return np.abs(np.diff(clip.astype(np.int16), axis=0)).mean(axis=(1, 2))


def with_look(scene, kind, **more):
    look = LookAlike(kind=kind, start_s=more.pop("start_s", 0.0), stop_s=more.pop("stop_s", 99.0))
    return render(scene(look_alikes=(look,), **more), 3)


def test_repeated_frames_are_exact(scene, frames):
    step = changes(frames(with_look(scene, LookAlikeKind.REPEATS, duration_s=3.0)))
    assert 3 <= np.sum(step == 0) <= 25


def test_dropped_frames_leave_gaps_in_time(scene):
    cine = with_look(scene, LookAlikeKind.DROPS, duration_s=5.0).cine
    gaps = np.diff(cine.times_s)
    assert cine.frames.count == len(cine.times_s) < 150
    assert gaps.max() >= 2 / 30 - 1e-9
    assert np.median(gaps) == pytest.approx(1 / 30)


def test_gain_steps_change_all_at_once(scene, frames):
    clip = frames(with_look(scene, LookAlikeKind.GAIN_STEPS, duration_s=3.0))
    level = np.median(clip, axis=(1, 2))
    step = np.abs(np.diff(level))
    assert step.max() > 3
    assert np.median(step) < 1


def test_lift_off_goes_dark_and_comes_back(scene, frames):
    clip = frames(with_look(scene, LookAlikeKind.LIFT_OFF, start_s=0.7, stop_s=1.6, duration_s=2.5))
    level = clip.mean(axis=(1, 2))
    assert level[36] < 0.4 * level[5]
    assert level[-1] == pytest.approx(level[5], rel=0.05)


def test_key_frames_are_a_perfect_false_train(scene, frames):
    clip = frames(with_look(scene, LookAlikeKind.KEY_FRAMES, duration_s=4.0, noise="medium"))
    step = changes(clip)
    keys = np.array([30, 60, 90]) - 1
    assert np.all(step[keys] > 2 * np.median(step))


def test_block_updates_freeze_most_of_the_picture(scene, frames):
    clip = frames(with_look(scene, LookAlikeKind.BLOCK_UPDATES, duration_s=2.0, noise="medium"))
    changed = np.diff(clip.astype(np.int16), axis=0)[10:] != 0
    assert 0.005 < changed.mean() < 0.5
    blocks = changed.reshape(len(changed), 20, 8, 20, 8).mean(axis=(2, 4))
    assert np.mean(blocks == 0) > 0.3


def test_clutter_stands_still_over_moving_tissue(scene, frames):
    plain = frames(render(scene(duration_s=0.3), 3)).mean()
    hazy = frames(with_look(scene, LookAlikeKind.CLUTTER, duration_s=0.3)).mean()
    assert hazy > plain + 1
