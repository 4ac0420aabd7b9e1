"""What the score is trained on: candidates of known truth, clip by clip.

Phantoms of the development seeds, look-alikes, and real clips with and without
implants; never the test seeds.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.assessable import spans_by_picture
from usfasc.benchmark.cases import (
    crowded_recipes,
    implant_recipes,
    negative_recipes,
    other_implant_recipes,
    phantom_recipes,
)
from usfasc.benchmark.fitting import Rows
from usfasc.benchmark.recipes import ImplantRecipe, PhantomRecipe, Recipe
from usfasc.detect.events import movement_event
from usfasc.detect.features import Features
from usfasc.listing import lost_at
from usfasc.match import COUNTED, may_pair
from usfasc.model import WHOLE_IMAGE
from usfasc.params import Parameters
from usfasc.phantom import LookAlike, LookAlikeKind, NamedScene, Scene, Twitch
from usfasc.pipeline import read_cine
from usfasc.searching import survey

_LARGE_CLIPS: Final = 16
_LARGE_SEED: Final = 21_000
_BUSY_HZ: Final = (0.8, 1.0, 1.2, 1.5, 1.7, 2.0, 2.3, 2.6)
_BUSY_S: Final = 12.0
_BUSY_SEED: Final = 22_000
_OWN_S: Final = 0.6
"""So near to a movement that a real clip makes of itself, a candidate teaches nothing."""


def training_recipes(data: Path) -> list[Recipe]:
    """All that the score may learn from: development seeds, and the real clips."""
    return [
        *phantom_recipes("dev"),
        *negative_recipes("dev"),
        *_large_twitches(),
        *_busy_sites(),
        *crowded_recipes("dev", data, times=2),
        *implant_recipes("dev", data, times=2),
        *other_implant_recipes("dev", data, times=3),
    ]


def _large_twitches() -> list[Recipe]:
    """Twitches that move most of the picture, as large units do; the scored sets hold none."""
    return [
        PhantomRecipe(section="phantom", group="large", name=scene.name, scene=scene)
        for scene in map(_large, range(_LARGE_CLIPS))
    ]


def _large(number: int) -> NamedScene:
    seed = _LARGE_SEED + number
    rng = np.random.default_rng(seed)
    sway = LookAlike(kind=LookAlikeKind.SWAY, strength=float(rng.uniform(0.1, 0.6)))
    scene = Scene(
        duration_s=10.0,
        frame_rate_hz=float(rng.choice((25.0, 30.0, 50.0, 75.0))),
        noise=("low", "medium", "high")[number % 3],
        jpeg_quality=int(rng.integers(70, 96)),
        twitches=tuple(_large_twitch(onset_s, rng) for onset_s in (1.2, 3.1, 4.8, 6.6, 8.5)),
        look_alikes=(sway,) if number % 2 else (),
    )
    return NamedScene(name=f"large-{number:02d}", scene=scene, seed=seed)


def _large_twitch(onset_s: float, rng: np.random.Generator) -> Twitch:
    return Twitch(
        onset_s=onset_s + float(rng.uniform(-0.4, 0.4)),
        x_mm=float(rng.uniform(12, 26)),
        y_mm=float(rng.uniform(12, 26)),
        amplitude_mm=float(np.exp(rng.uniform(np.log(0.15), np.log(1.5)))),
        mode="bulge" if rng.random() < 0.5 else "shift",
        contraction_s=float(rng.uniform(0.05, 0.16)),
        relaxation_s=float(rng.uniform(0.1, 0.35)),
        length_mm=float(rng.uniform(20, 40)),
        width_mm=float(rng.uniform(10, 25)),
        direction_deg=float(rng.uniform(0, 360)),
    )


def _busy_sites() -> list[Recipe]:
    """One site that fires all the time, more or less evenly: never still, and yet no pulse."""
    return [
        PhantomRecipe(section="phantom", group="large", name=scene.name, scene=scene)
        for scene in map(_busy, range(len(_BUSY_HZ)))
    ]


def _busy(number: int) -> NamedScene:
    seed = _BUSY_SEED + number
    rng = np.random.default_rng(seed)
    unit = _large_twitch(0.0, rng)
    site = replace(unit, length_mm=float(rng.uniform(5, 15)), width_mm=float(rng.uniform(4, 8)))
    intervals_s = rng.normal(1.0, rng.uniform(0.05, 0.3), 40).clip(0.6) / _BUSY_HZ[number]
    onsets_s = [0.4 + float(sum_s) for sum_s in np.cumsum(intervals_s) if sum_s < _BUSY_S - 1.2]
    scene = Scene(
        height_px=260,
        width_px=260,
        duration_s=_BUSY_S,
        frame_rate_hz=float(rng.choice((25.0, 30.0, 50.0))),
        noise=("low", "medium", "high")[number % 3],
        twitches=tuple(replace(site, onset_s=onset_s) for onset_s in onsets_s),
    )
    return NamedScene(name=f"busy-{number:02d}", scene=scene, seed=seed)


def gather(recipe: Recipe) -> Rows:
    """Features and labels of every candidate of one clip that could be judged."""
    case = recipe.ready()
    cine = read_cine(case.path, case.reading)
    everything = Parameters(look_score=0.0)
    (found,) = survey(cine, everything)  # the sets show one picture a clip
    (spans,) = spans_by_picture([found.judged], (), (), everything.moving_share)
    spacing_mm = found.judged.analysed_spacing_mm
    truth = [event for event in case.truth if event.kind in COUNTED]
    own_s = recipe.clip.moves_s if isinstance(recipe, ImplantRecipe) else ()
    features, labels = [], []
    for item in found.movements:
        event = movement_event(item, found.layout.fine, np.asarray(cine.times_s), cine.spacing_mm)
        is_true = any(may_pair(true, event, spacing_mm=spacing_mm) for true in truth)
        is_own = any(abs(item.onset_s - time_s) < _OWN_S for time_s in own_s)
        lost = lost_at(spans[WHOLE_IMAGE], found.judged, found.layout.cells, item)
        if lost is None and (is_true or not is_own):
            features.append(item.features.vector())
            labels.append(float(is_true))
    return Rows(
        group=_pool(recipe),
        name=recipe.name,
        features=np.array(features).reshape(-1, len(Features.names())),
        labels=np.array(labels),
    )


def _pool(recipe: Recipe) -> str:
    """With which clips one weighs together: a look-alike's rarity must not make it count more."""
    if recipe.section in ("negatives", "crowded"):
        return recipe.section
    return str(recipe.facts["scene"]) if recipe.section == "implants" else recipe.group
