"""Crowded scenes: equal but for the crowd, in muscle, and pairs that overlap."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from usfasc.benchmark.crowded import LASTS_S, Crowd, crowds
from usfasc.benchmark.planting import PAIR_MM, PAIR_WITHIN_S
from usfasc.phantom import Twitch, family_of, render

CROWDS = {(c.named.seed, c.group): c for c in crowds("dev")}
SEEDS = sorted({seed for seed, _ in CROWDS})
RATES = sorted(LASTS_S)


def twitches(crowd: Crowd) -> tuple[Twitch, ...]:
    return crowd.named.scene.twitches or ()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_higher_rate_keeps_the_twitches_of_a_lower_one(seed: int) -> None:
    for slow, fast in pairwise(RATES):
        ends_s = LASTS_S[fast] - 0.8
        early = {t for t in twitches(CROWDS[seed, f"{slow}/min"]) if t.onset_s < ends_s}
        assert early <= set(twitches(CROWDS[seed, f"{fast}/min"]))


@pytest.mark.parametrize("rate", RATES)
def test_a_clip_twitches_as_often_as_its_group_says(rate: int) -> None:
    for seed in SEEDS:
        scene = CROWDS[seed, f"{rate}/min"].named.scene
        assert scene.duration_s == LASTS_S[rate]
        shown = len(scene.twitches or ())
        assert shown == pytest.approx(rate * scene.duration_s / 60, abs=max(0.5, 0.15 * shown))


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_crowd_differs(seed: int) -> None:
    crowd_only = {"twitches": (), "twitches_per_min": 0.0, "duration_s": 1.0, "sites": 1}
    scenes = {replace(c.named.scene, **crowd_only) for (s, _), c in CROWDS.items() if s == seed}
    assert len(scenes) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_pairs_overlap_in_space_and_time(seed: int) -> None:
    shown = twitches(CROWDS[seed, "pairs"])
    assert len(shown) >= 10
    for one, other in zip(shown[::2], shown[1::2], strict=True):
        apart_mm = np.hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm)
        assert PAIR_MM[0] <= apart_mm <= PAIR_MM[1]
        assert 0 <= other.onset_s - one.onset_s <= PAIR_WITHIN_S
        assert max(one.length_mm, other.length_mm) / 2 <= apart_mm


@pytest.mark.parametrize("group", ["100/min", "pairs"])
def test_every_unit_lies_in_a_muscle(group: str) -> None:
    for seed in SEEDS[:2]:
        named = CROWDS[seed, group].named
        phantom = render(replace(named.scene, duration_s=0.2), named.seed)
        assert all(event.region for event in phantom.truth)


def test_both_families_are_crowded() -> None:
    assert {family_of(c.named.scene) for c in CROWDS.values()} == {"points", "beams"}
