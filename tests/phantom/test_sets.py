"""The scored set is what the figures claim it to be."""

import numpy as np
import pytest

from usfasc.phantom import LookAlikeKind
from usfasc.phantom.layout import draw_layout
from usfasc.phantom.rendering import plan_twitches
from usfasc.phantom.sets import negatives, standard
from usfasc.phantom.truth import merge

SPLITS = ("dev", "test")
LIMB_KINDS = set(LookAlikeKind) - {LookAlikeKind.SWALLOWING, LookAlikeKind.SLIDING_BELOW}


@pytest.mark.parametrize("split", SPLITS)
def test_scored_set(split):
    clips = standard(split)
    scenes = [clip.scene for clip in clips]
    assert len(clips) >= 40
    assert all(scene.duration_s >= 10 for scene in scenes)
    assert all(5 <= scene.twitches_per_min <= 40 and 2 <= scene.sites <= 8 for scene in scenes)
    assert all(scene.amplitude_mm == (0.05, 1.0) for scene in scenes)
    assert {scene.noise for scene in scenes} == {"low", "medium", "high"}
    assert {scene.view for scene in scenes} == {"longitudinal", "transverse"}
    assert (
        min(scene.frame_rate_hz for scene in scenes),
        max(scene.frame_rate_hz for scene in scenes),
    ) == (20, 60)
    assert {look.kind for scene in scenes for look in scene.look_alikes} == LIMB_KINDS - {
        LookAlikeKind.SWEEP
    }


def test_dev_and_test_share_no_seed_and_no_name():
    for make in (standard, negatives):
        dev, test = (make(split) for split in SPLITS)
        assert not {clip.seed for clip in dev} & {clip.seed for clip in test}
        assert not {clip.name for clip in dev} & {clip.name for clip in test}


def test_test_seeds_stay_as_first_fixed():
    assert [clip.seed for clip in standard("test")] == list(range(77_000, 77_048))


def _first(clip):
    looks = clip.scene.look_alikes
    return looks[0].kind if looks else None


def test_negatives_show_each_look_alike_easy_and_hard_and_no_twitch():
    clips = negatives("dev")
    assert all(clip.scene.twitches_per_min == 0 for clip in clips)
    for kind in LIMB_KINDS:
        easy, hard = (clip for clip in clips if kind is _first(clip))
        assert easy.scene.look_alikes[0].strength < hard.scene.look_alikes[0].strength


def test_amplitudes_are_log_uniform():
    amplitudes = []
    for clip in standard("dev"):
        layout = draw_layout(clip.scene, np.random.default_rng([clip.seed, 0]))
        twitches = merge(plan_twitches(clip.scene, layout, clip.seed))
        amplitudes += [twitch.amplitude_mm for twitch in twitches]
    share, _ = np.histogram(np.log(amplitudes), np.log([0.05, 0.1, 0.2, 0.4, 1.0001]))
    assert len(amplitudes) > 150
    assert np.all(share / len(amplitudes) > 0.15)
