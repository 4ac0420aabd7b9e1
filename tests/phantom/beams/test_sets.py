"""This family's share of the scored set is what the figures claim it to be."""

import numpy as np
import pytest

from usfasc.phantom import LookAlikeKind, family_of
from usfasc.phantom import negatives as all_negatives
from usfasc.phantom import standard as all_standard
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.geometry import lay_fan
from usfasc.phantom.beams.nodes import lay_nodes
from usfasc.phantom.beams.rendering import plan_firing
from usfasc.phantom.beams.sets import negatives, standard
from usfasc.phantom.beams.twitch import twitch_motions
from usfasc.phantom.firing import overlap
from usfasc.phantom.sets import standard as points_standard

SPLITS = ("dev", "test")


def shown(clip):
    """Twitches drawn as for a clip, as its picture would show them."""
    scene, rng = clip.scene, np.random.default_rng([clip.seed, 1])
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, rng)
    nodes = lay_nodes(scene, fan, anatomy)
    return [twitch_motions(each, nodes)[1] for each in plan_firing(scene, fan, anatomy, rng)]


@pytest.fixture(scope="module")
def twitches():
    """Twitches drawn for the clips of the development set, clip by clip."""
    return [(clip.scene.site, shown(clip)) for clip in standard("dev")]


@pytest.mark.parametrize("split", SPLITS)
def test_scored_set(split):
    clips = standard(split)
    scenes = [clip.scene for clip in clips]
    assert len(clips) == 32
    assert all(10 <= scene.duration_s <= 14 for scene in scenes)
    assert all(5 <= scene.twitches_per_min <= 40 and 2 <= scene.sites <= 8 for scene in scenes)
    assert all(scene.amplitude_mm == (0.05, 1.0) for scene in scenes)
    assert all(20 <= scene.frame_rate_hz <= 60 for scene in scenes)
    assert {scene.noise for scene in scenes} == {"low", "medium", "high"}
    assert {scene.view for scene in scenes} == {"longitudinal", "transverse"}
    assert {scene.site for scene in scenes} == {"limb", "tongue", "paraspinal", "abdomen"}
    assert {scene.codec for scene in scenes} == {"jpeg", "h264", "mpeg4"}
    assert {scene.machine.radius_mm > 0 for scene in scenes} == {False, True}


def test_seeds_stay_as_first_fixed():
    assert [clip.seed for clip in standard("dev")] == list(range(31_000, 31_032))
    assert [clip.seed for clip in standard("test")] == list(range(94_000, 94_032))
    assert [clip.seed for clip in negatives("test")] == list(range(94_500, 94_514))


def test_both_families_are_scored():
    families = [family_of(clip.scene) for clip in all_standard("test")]
    assert (families.count("points"), families.count("beams")) == (48, 32)
    assert all_standard("test")[:48] == points_standard("test")


def test_no_seed_or_name_stands_twice():
    clips = [c for split in SPLITS for make in (all_standard, all_negatives) for c in make(split)]
    assert len({clip.name for clip in clips}) == len(clips)
    assert len({clip.seed for clip in clips}) == len(clips)


@pytest.mark.parametrize("split", SPLITS)
def test_negatives_show_what_each_site_does_and_no_twitch(split):
    clips = negatives(split)
    assert all(clip.scene.twitches_per_min == 0 for clip in clips)
    kinds = {look.kind for clip in clips for look in clip.scene.look_alikes}
    assert kinds >= {
        LookAlikeKind.BREATHING,
        LookAlikeKind.SLIDING_BELOW,
        LookAlikeKind.SWALLOWING,
        LookAlikeKind.PULSATION,
        LookAlikeKind.CONTRACTION,
        LookAlikeKind.SWEEP,
        LookAlikeKind.SWAY,
    }
    assert any(not clip.scene.look_alikes for clip in clips)


def test_a_tongues_twitches_last_a_tenth_to_a_fifth_of_a_second(twitches):
    lasts = [t.offset_s - t.onset_s for site, each in twitches if site == "tongue" for t in each]
    assert len(lasts) > 10
    assert 0.08 < min(lasts) < max(lasts) < 0.25


def test_few_twitches_overlap(twitches):
    crowded = [
        any(overlap(one, other) for other in each if other is not one)
        for _, each in twitches
        for one in each
    ]
    assert len(crowded) > 80
    assert np.mean(crowded) <= 0.2


def test_extents_are_those_of_fasciculations(twitches):
    drawn = [twitch for _, each in twitches for twitch in each]
    lengths = np.array([twitch.length_mm for twitch in drawn])
    assert np.all((lengths > 2) & (lengths < 25))
    assert 5 < np.median(lengths) < 12
    amplitudes = np.array([twitch.amplitude_mm for twitch in drawn])
    share, _ = np.histogram(np.log(amplitudes), np.log([0.05, 0.1, 0.2, 0.4, 1.0001]))
    assert np.all(share / len(amplitudes) > 0.1)
