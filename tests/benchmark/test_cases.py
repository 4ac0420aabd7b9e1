"""Recipes: named apart, split apart, and made as they say."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from usfasc.benchmark import cases
from usfasc.benchmark.beds import RECODED
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.judge import judge, side_by_side
from usfasc.benchmark.orders import SECTIONS
from usfasc.benchmark.recipes import (
    ImplantRecipe,
    PhantomRecipe,
    RealRecipe,
    Recipe,
    Section,
    SpoiltRecipe,
)
from usfasc.io import open_cine
from usfasc.model import Reading
from usfasc.phantom import NamedScene, Scene, Twitch
from usfasc.phantom.sets import Split

SMALL = Scene(
    height_px=128,
    width_px=128,
    depth_mm=30.0,
    width_mm=30.0,
    duration_s=6.0,
    twitches=tuple(
        Twitch(onset_s=onset_s, x_mm=15.0, y_mm=18.0, amplitude_mm=0.6) for onset_s in (1.0, 4.4)
    ),
)


def recipe(part: tuple[int, int] | None = None) -> PhantomRecipe:
    scene = NamedScene(name="small", scene=SMALL, seed=5)
    return PhantomRecipe(section="phantom", group="standard", name="small", scene=scene, part=part)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    return tmp_path


def all_recipes(split: Split, times: int = 3) -> list[Recipe]:
    data = Path("nowhere")
    return [
        *cases.crowded_recipes(split, data, times),
        *cases.other_implant_recipes(split, data, times),
        *cases.phantom_recipes(split),
        *cases.negative_recipes(split),
        *cases.metamorphic_recipes(split, 2),
        *cases.real_recipes(data),
        *cases.implant_recipes(split, data, times),
        *firing_recipes(split, data, times),
    ]


def test_names_are_unique_within_a_section() -> None:
    names = [(r.section, r.name) for r in all_recipes("test")]
    assert len(set(names)) == len(names)
    assert {section for section, _ in names} <= set(SECTIONS) & set(get_args(Section))


def test_splits_share_no_seed() -> None:
    def seeds(split: Split) -> set[tuple[str, int]]:
        found = set()
        for r in all_recipes(split):
            if isinstance(r, PhantomRecipe | SpoiltRecipe):
                found.add(("phantom", r.scene.seed))
            elif isinstance(r, ImplantRecipe) and r.plan.rate_per_min:
                found.add((r.clip.name, r.plan.seed))
        return found

    assert not seeds("dev") & seeds("test")


def test_the_scored_set_is_as_large_as_asked() -> None:
    clips = [r for r in cases.phantom_recipes("test") if isinstance(r, PhantomRecipe)]
    groups = [r.group for r in clips]
    assert (groups.count("points"), groups.count("beams")) == (48, 32)
    assert all(r.scene.scene.duration_s >= 10 for r in clips)


def test_a_quick_run_takes_some_of_the_cases_of_a_whole_one() -> None:
    def made(times: int) -> set[tuple[str, str]]:
        return {(r.section, r.name) for r in all_recipes("test", times)}

    assert made(1) < made(3)


def test_every_copy_with_implants_has_its_plain_one() -> None:
    recipes = [
        *cases.implant_recipes("dev", Path("nowhere")),
        *cases.other_implant_recipes("dev", Path("nowhere"), 3),
    ]
    names = {r.name for r in recipes}
    assert {f"{r.group}-plain" for r in recipes} <= names
    assert {clip.name for clip in RECODED} <= {r.group for r in recipes}


def test_crowded_muscle_is_pooled_by_its_rate() -> None:
    recipes = cases.crowded_recipes("dev", Path("nowhere"), 3)
    rates = ("10/min", "40/min")
    assert {r.group for r in recipes} == {
        *("2/min", *rates, "100/min", "pairs"),
        *(f"implants {group}" for group in (*rates, "pairs")),
    }
    for r in recipes:
        if "/min" in r.group:
            assert r.facts["twitches_per_min"] == int(
                r.group.removeprefix("implants ").removesuffix("/min")
            )


@pytest.mark.parametrize("split", ["dev", "test"])
def test_both_families_show_each_look_alike_of_a_file_and_of_the_probe(split: Split) -> None:
    looks = {r.group for r in cases.negative_recipes(split)}
    wanted = {
        *("key frames", "block updates", "repeats", "damaged frames", "gain steps"),
        *("sweep", "sliding", "sway", "breathing", "tremor", "contraction", "lift off"),
    }
    for family in ("points", "beams"):
        assert wanted <= {g.partition(": ")[2] for g in looks if g.startswith(family)}


def test_a_phantom_is_kept_with_its_truth(cache: Path) -> None:
    case = recipe().ready()
    cine = open_cine(case.path, case.reading)
    assert cache in case.path.parents
    assert [e.onset_s for e in case.truth] == [1.0, 4.4]
    assert cine.frames.count == 180
    assert cine.spacing_mm == pytest.approx(SMALL.spacing_mm)
    assert recipe().ready() == case


def test_parts_hold_every_frame_and_cut_no_twitch(cache: Path) -> None:
    truth = recipe().ready().truth
    parts = [recipe((number, 3)).ready() for number in (1, 2, 3)]
    lengths = [open_cine(part.path, part.reading).frames.count for part in parts]
    assert sum(lengths) == 180
    for cut_s in np.cumsum(lengths)[:2] / 30:
        assert all(not e.onset_s <= cut_s <= e.offset_s for e in truth)


def test_a_broken_clip_is_an_answer(cache: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(b"nothing")
    answer = judge(RealRecipe(name="broken", path=broken, reading=Reading()))
    assert answer.error is not None
    assert answer.events == ()


def test_answers_keep_the_order_of_the_recipes(cache: Path) -> None:
    told: list[str] = []
    first, second = recipe(), replace(recipe((1, 3)), name="second")
    answers = side_by_side(
        judge, [first, second], workers=2, done=lambda n, of, name: told.append(name)
    )
    assert [a.name for a in answers] == ["small", "second"]
    assert sorted(told) == ["second", "small"]
    assert answers[0].error is None
    assert answers[0].duration_s == pytest.approx(6.0)
