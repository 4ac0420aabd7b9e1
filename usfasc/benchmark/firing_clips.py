"""Clips in which one site fires: phantoms, and real clips with one unit put in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.benchmark.beds import FIRING_BEDS, REAL_CLIPS, RealClip
from usfasc.benchmark.firing_scenes import TURNS, firing_scenes
from usfasc.benchmark.planting import Model
from usfasc.benchmark.recipes import ImplantRecipe, PhantomRecipe, Recipe
from usfasc.benchmark.units import Firing, UnitPlan
from usfasc.phantom.sets import Split

PHANTOMS: Final = "phantoms"
"""Their group; that of a real clip is its name and how a unit fires in it."""

_SEEDS: Final[dict[Split, int]] = {"dev": 5_500, "test": 9_600}
_RATES: Final = 3 * len(FIRING_BEDS)
_RATES_HZ: Final[dict[Firing, list[float]]] = {
    "train": np.geomspace(3.0, 10.0, _RATES).tolist(),
    "poisson": np.geomspace(0.6, 1.5, _RATES).tolist(),
}
"""One for each clip with a unit; at the slowest random rate it fires nine times in 15 s."""
_FURTHER: Final = 6
"""Rates from one real clip to the next: each clip has slow and fast ones."""
_BESIDE_PER_MIN: Final = 12.0
_BESIDE_MM: Final = (0.2, 0.6)
_MODELS: Final[tuple[Model, Model]] = ("patch", "window")


def firing_recipes(split: Split, data: Path | None, times: int = 1) -> list[Recipe]:
    """Sites, trains and single firings.

    Parameters
    ----------
    split
        ``dev`` or ``test``.
    data
        Folder of the real clips; None leaves them out.
    times
        1: a turn of the phantoms, and each real clip once with a train and once without; 3: all.
    """
    phantoms: list[Recipe] = [
        PhantomRecipe(section="firing", group=PHANTOMS, name=scene.name, scene=scene)
        for scene in firing_scenes(split, 1 if times == 1 else TURNS)
    ]
    return [*phantoms, *(_planted(split, data, times) if data is not None else ())]


def _planted(split: Split, data: Path, times: int) -> Iterator[Recipe]:
    beds = FIRING_BEDS[: len(REAL_CLIPS)] if times == 1 else FIRING_BEDS
    for turn in range(times):
        for place, clip in enumerate(beds):
            rank = (_FURTHER * place + len(FIRING_BEDS) * turn) % _RATES
            for firing, rates_hz in _RATES_HZ.items():
                seed = _SEEDS[split] + len(FIRING_BEDS) * turn + place
                plan = _plan(clip, seed, firing, rates_hz[rank])
                yield ImplantRecipe(
                    section="firing",
                    group=f"{clip.name}: {firing}",
                    name=f"{clip.name}-{firing}-{seed}",
                    clip=clip,
                    data=data,
                    plan=plan,
                )


def _plan(clip: RealClip, seed: int, firing: Firing, rate_hz: float) -> UnitPlan:
    return UnitPlan(
        seed=seed,
        rate_per_min=_BESIDE_PER_MIN,
        span_s=clip.quiet_s,
        apart_s=clip.moves_s,
        sites=2,
        amplitudes_mm=_BESIDE_MM,
        model=_MODELS[seed % 2],
        firing=firing,
        rate_hz=rate_hz,
    )
