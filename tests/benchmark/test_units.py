"""A unit that fires in a real clip: evenly or at random, alike each time, clear of all else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from usfasc.benchmark.beds import FIRING_BEDS
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.recipes import ImplantRecipe
from usfasc.benchmark.twitches import folds
from usfasc.benchmark.units import UnitPlan, fire, true_firings
from usfasc.model import Kind

SHAPES: Final = {"biceps": (512, 512), "tibialis": (300, 345), "brachial": (400, 500)}
PLANS = [
    (recipe.clip, recipe.plan)
    for recipe in firing_recipes("dev", Path("not-asked-for"), 3)
    if isinstance(recipe, ImplantRecipe) and isinstance(recipe.plan, UnitPlan)
]
FAST_CLIP, FAST = max((p for p in PLANS if p[1].firing == "train"), key=lambda p: p[1].rate_hz)


def test_every_real_clip_has_slow_and_fast_trains() -> None:
    trains = [(clip.name, plan.rate_hz) for clip, plan in PLANS if plan.firing == "train"]
    assert len({rate_hz for _, rate_hz in trains}) == len(trains) == 3 * len(FIRING_BEDS)
    for clip in FIRING_BEDS:
        rates_hz = [rate_hz for name, rate_hz in trains if name == clip.name]
        assert min(rates_hz) < 6 < max(rates_hz)


@pytest.mark.parametrize("number", range(0, len(PLANS), 3))
def test_a_unit_fires_as_planned(number: int) -> None:
    clip, plan = PLANS[number]
    fired = fire(SHAPES[clip.name.split("-")[0]], clip, plan)
    onsets_s = np.array([twitch.starts_s for twitch in fired])
    assert len(fired) >= 7
    for time_s in (*plan.span_s, *plan.apart_s):
        assert np.abs(onsets_s - time_s).min() > 1
    if plan.firing == "train":
        gaps_s = np.diff(onsets_s)
        assert 1 / gaps_s.mean() == pytest.approx(plan.rate_hz, rel=0.1)
        assert gaps_s.std() / gaps_s.mean() < 0.2


def test_its_firings_are_alike_but_for_their_size() -> None:
    one, other, *_ = fire(SHAPES["biceps"], FAST_CLIP, FAST)
    larger = other.amplitude_mm / one.amplitude_mm
    assert larger != 1
    assert one.box == other.box
    np.testing.assert_allclose(one.prompt * larger, other.prompt, rtol=1e-4, atol=1e-6)


def test_firings_that_add_do_not_fold_the_tissue() -> None:
    fired = fire(SHAPES["biceps"], FAST_CLIP, FAST)
    for time_s in np.linspace(fired[0].starts_s + 0.01, fired[-1].starts_s, 50).tolist():
        moved = sum(twitch.moved(time_s) for twitch in fired if twitch.is_moving(time_s))
        assert not folds(np.asarray(moved), FAST_CLIP.spacing_mm)


def test_a_train_is_one_true_event_and_random_firings_are_many() -> None:
    times_s = np.arange(0, 30, 0.02)
    fired = fire(SHAPES["biceps"], FAST_CLIP, FAST)
    (train,) = true_firings(fired, FAST, times_s, FAST_CLIP.spacing_mm)
    assert train.kind is Kind.TRAIN
    assert train.train_hz == pytest.approx(FAST.rate_hz, rel=0.05)
    assert train.onset_s < fired[1].starts_s < fired[-1].starts_s < train.offset_s
    random = replace(FAST, firing="poisson", rate_hz=1.0)
    fired = fire(SHAPES["biceps"], FAST_CLIP, random)
    single = true_firings(fired, random, times_s, FAST_CLIP.spacing_mm)
    assert {event.kind for event in single} == {Kind.FASCICULATION}
    assert len(single) == len(fired) >= 8
