"""What the benchmark is measured on: the recipes of each part.

Seeds of ``dev`` may be looked at clip by clip; those of ``test`` never.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from usfasc.benchmark.beds import (
    BRACHIAL,
    BRACHIAL_GREY,
    CROWDED_BEDS,
    DUPLICATED_FILE,
    FROZEN_FILE,
    REAL_CLIPS,
    RECODED,
    TIBIALIS,
    RealClip,
)
from usfasc.benchmark.crowded import SCENES, crowds
from usfasc.benchmark.facts import clip_facts
from usfasc.benchmark.planting import Model, Plan, nothing_for, plan_for
from usfasc.benchmark.recipes import (
    ImplantRecipe,
    PhantomRecipe,
    RealRecipe,
    Recipe,
    SpoiltRecipe,
)
from usfasc.benchmark.stillness import further_negatives, spoilt_clips
from usfasc.model import Reading
from usfasc.phantom import NamedScene, Scene, family_of, negatives, standard
from usfasc.phantom.sets import Split

_IMPLANT_SEEDS: Final[dict[Split, int]] = {"dev": 1, "test": 901}
_SCENE_SEEDS: Final[dict[Split, int]] = {"dev": 15_000, "test": 83_000}
_QUICK_IMPLANTS: Final = {"biceps": 3, "tibialis": 4, "brachial": 6}
"""Implanted copies of each real clip; the full run takes three times as many."""
_OTHER_SEEDS: Final[dict[Split, int]] = {"dev": 301, "test": 1301}
_OTHER_MODELS: Final[tuple[Model, ...]] = ("window", "spline", "arc")
_COPY_MODELS: Final[tuple[Model, ...]] = ("patch", "spline", "arc")
_CROWDED_SEEDS: Final[dict[Split, int]] = {"dev": 401, "test": 1401}
_CROWDED_MM: Final = (0.1, 1.0)
_CROWDED_SITES: Final = 5


def phantom_recipes(split: Split) -> list[Recipe]:
    """The scored set ``standard``, grouped by family."""
    return [
        PhantomRecipe(section="phantom", group=family_of(scene.scene), name=scene.name, scene=scene)
        for scene in standard(split)
    ]


def negative_recipes(split: Split) -> list[Recipe]:
    """Phantoms without a twitch, grouped by family and what they look like."""
    scenes = (*negatives(split), *further_negatives(split))
    recipes: list[Recipe] = [
        PhantomRecipe(section="negatives", group=_look(scene), name=scene.name, scene=scene)
        for scene in scenes
    ]
    recipes += [
        SpoiltRecipe(
            section="negatives",
            group=f"{family_of(each.scene.scene)}: {each.look}",
            name=each.name,
            scene=each.scene,
            delivery=each.delivery,
        )
        for each in spoilt_clips(split)
    ]
    return recipes


def metamorphic_recipes(split: Split, bases: int) -> list[Recipe]:
    """Each base scene with the changes that must not change its count."""
    recipes: list[Recipe] = []
    for number in range(bases):
        seed = _SCENE_SEEDS[split] + number
        group = f"scene-{split}-{number}"
        for change, scene in _changes(_base_scene()).items():
            named = NamedScene(name=f"{group}-{change}", scene=scene, seed=seed)
            recipes.append(
                PhantomRecipe(section="metamorphic", group=group, name=named.name, scene=named)
            )
        base = NamedScene(name=f"{group}-as-it-is", scene=_base_scene(), seed=seed)
        recipes += [
            PhantomRecipe(
                section="metamorphic",
                group=group,
                name=f"{group}-cut-{part}",
                scene=base,
                part=(part, 3),
            )
            for part in (1, 2, 3)
        ]
    return recipes


def real_recipes(data: Path) -> list[Recipe]:
    """The real clips as they are, and one without its colour."""
    named: list[Recipe] = [
        RealRecipe(name=c.name, path=data / c.file, reading=c.reading, facts=clip_facts(c))
        for c in REAL_CLIPS
    ]
    named += [
        RealRecipe(
            name=name,
            path=data / file,
            reading=Reading(),
            facts={"family": "real", "scene": name},
        )
        for name, file in (("frozen", FROZEN_FILE), ("duplicated", DUPLICATED_FILE))
    ]
    grey = ImplantRecipe(
        section="real",
        group="real",
        name=BRACHIAL_GREY.name,
        clip=BRACHIAL_GREY,
        data=data,
        plan=nothing_for(BRACHIAL_GREY),
    )
    return [*named, grey]


def implant_recipes(split: Split, data: Path, times: int = 1) -> list[Recipe]:
    """Implanted copies of the real clips by their own codec, and a plain copy of each."""
    recipes: list[Recipe] = []
    for clip in REAL_CLIPS:
        recipes.append(_plain(clip, data))
        first = _IMPLANT_SEEDS[split]
        recipes += [
            _implants(clip, data, seed)
            for seed in range(first, first + times * _QUICK_IMPLANTS[clip.name])
        ]
    return recipes


def other_implant_recipes(split: Split, data: Path, times: int = 1) -> list[Recipe]:
    """Implants by other displacement models, and in copies by other codecs.

    Parameters
    ----------
    split
        ``dev`` or ``test``.
    data
        Folder of the real clips.
    times
        1: each model in one clip, and the clip without its colour; 3: other frame rates
        and codecs too, and each model in another clip.
    """
    seed = _OTHER_SEEDS[split]
    clips = (BRACHIAL,) if times == 1 else (BRACHIAL, TIBIALIS)
    recipes = [
        _implants(clip, data, seed + number, model)
        for clip in clips
        for number, model in enumerate(_OTHER_MODELS)
    ]
    for copied in (BRACHIAL_GREY,) if times == 1 else (BRACHIAL_GREY, *RECODED):
        recipes.append(_plain(copied, data))
        recipes += [
            _implants(copied, data, seed + 10 + number, model)
            for number, model in enumerate(_COPY_MODELS[:times])
        ]
    return recipes


def crowded_recipes(split: Split, data: Path, times: int = 1) -> list[Recipe]:
    """Muscles that twitch often, and twitches that overlap, in phantoms and real clips.

    Groups are a rate (``10/min`` ...) or ``pairs``; those of real clips begin with
    ``implants``.

    Parameters
    ----------
    split
        ``dev`` or ``test``.
    data
        Folder of the real clips.
    times
        1: two subjects and one real clip; 3: all.
    """
    recipes: list[Recipe] = [
        PhantomRecipe(section="crowded", group=c.group, name=c.named.name, scene=c.named)
        for c in crowds(split, 2 if times == 1 else SCENES)
    ]
    recipes += [
        ImplantRecipe(
            section="crowded",
            group=f"implants {group}",
            name=f"{clip.name}-{group.replace('/', '-per-')}-{plan.seed}",
            clip=clip,
            data=data,
            plan=plan,
        )
        for clip in CROWDED_BEDS[:times]
        for group, plan in _crowded_plans(clip, split, times)
    ]
    return recipes


def _crowded_plans(clip: RealClip, split: Split, times: int) -> Iterator[tuple[str, Plan]]:
    """The same sites at two rates, and pairs of sites."""
    first = _CROWDED_SEEDS[split]
    for seed in range(first, first + times):
        plain = replace(plan_for(clip, seed), amplitudes_mm=_CROWDED_MM, sites=_CROWDED_SITES)
        yield "10/min", replace(plain, rate_per_min=10.0)
        yield "40/min", replace(plain, rate_per_min=40.0)
        if seed == first:
            yield "pairs", replace(plain, rate_per_min=30.0, pairs=True)


def _plain(clip: RealClip, data: Path) -> Recipe:
    name = f"{clip.name}-plain"
    plan = nothing_for(clip)
    return ImplantRecipe(group=clip.name, name=name, clip=clip, data=data, plan=plan)


def _implants(clip: RealClip, data: Path, seed: int, model: Model = "patch") -> Recipe:
    """Copies of one real clip belong together."""
    return ImplantRecipe(
        group=clip.name,
        name=f"{clip.name}-{seed}" if model == "patch" else f"{clip.name}-{model}-{seed}",
        clip=clip,
        data=data,
        plan=replace(plan_for(clip, seed), model=model),
    )


def _look(scene: NamedScene) -> str:
    looks = scene.scene.look_alikes
    look = looks[0].kind.value.replace("_", " ") if looks else "quiet"
    return f"{family_of(scene.scene)}: {look}"


def _base_scene() -> Scene:
    return Scene(
        height_px=330,
        width_px=330,
        duration_s=18.0,
        twitches_per_min=20.0,
        amplitude_mm=(0.2, 1.0),
    )


def _changes(base: Scene) -> dict[str, Scene]:
    """What must not change a count, by name."""
    rates = {f"{rate}hz": replace(base, frame_rate_hz=float(rate)) for rate in (20, 47, 60)}
    spacings = {
        f"spacing-x{factor}": replace(
            base,
            height_px=round(base.height_px / factor / 2) * 2,
            width_px=round(base.width_px / factor / 2) * 2,
        )
        for factor in (0.7, 1.4)
    }
    gains = {f"gain{gain:+d}db": replace(base, gain_db=float(gain)) for gain in (-6, 6)}
    return {
        "as-it-is": base,
        **rates,
        **spacings,
        **gains,
        "mirrored": replace(base, mirrored=True),
    }
