"""The quick share: fixed, balanced, and of every kind of case something."""

from collections import Counter
from pathlib import Path

from usfasc.benchmark.cases import (
    crowded_recipes,
    implant_recipes,
    metamorphic_recipes,
    negative_recipes,
    other_implant_recipes,
    phantom_recipes,
)
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.subset import thinned


def test_phantoms_keep_every_site_view_family_and_mixture() -> None:
    every = phantom_recipes("test")
    kept = thinned(every)
    assert 0.3 < len(kept) / len(every) < 0.4
    for key in ("family", "scene", "view", "noise", "geometry", "codec", "frame_rate_hz"):
        assert {r.facts[key] for r in kept} == {r.facts[key] for r in every}, key
    looks = {look for r in every for look in str(r.facts["look"]).split("+")}
    assert {look for r in kept for look in str(r.facts["look"]).split("+")} == looks


def test_every_look_alike_is_kept_once() -> None:
    every = negative_recipes("test")
    assert Counter(r.group for r in thinned(every)) == dict.fromkeys((r.group for r in every), 1)


def test_every_real_clip_and_model_keeps_copies_and_the_one_without() -> None:
    data = Path("not-asked-for")
    every = [*implant_recipes("test", data), *other_implant_recipes("test", data)]
    kept = thinned(every)
    for group in {r.group for r in every}:
        names = [r.name for r in kept if r.group == group]
        assert f"{group}-plain" in names
        assert len(names) >= 2
    assert {r.facts["model"] for r in kept} == {r.facts["model"] for r in every}
    assert len(kept) < len(every)


def test_of_the_changes_the_base_and_every_part_stay() -> None:
    names = [r.name.removeprefix("scene-test-0-") for r in thinned(metamorphic_recipes("test", 1))]
    assert names == [
        *("as-it-is", "20hz", "60hz", "spacing-x1.4", "gain+6db", "mirrored"),
        *("cut-1", "cut-2", "cut-3"),
    ]


def test_a_third_of_the_firing_is_kept_of_every_way() -> None:
    every = firing_recipes("test", None)
    kept = thinned(every)
    assert len(kept) == len(every) // 3
    assert {r.name.split("-")[1] for r in kept} == {"poisson", "sites", "train"}


def test_every_real_clip_keeps_its_train_and_its_random_firing() -> None:
    kept = thinned(firing_recipes("test", Path("not-asked-for")))
    assert {r.group for r in kept if r.facts["family"] == "implants"} == {
        f"{name}: {firing}"
        for name in ("biceps", "tibialis", "brachial")
        for firing in ("train", "poisson")
    }


def test_what_is_not_thinned_stays_whole_and_in_order() -> None:
    crowded = crowded_recipes("dev", Path("not-asked-for"))
    assert thinned(crowded) == crowded
