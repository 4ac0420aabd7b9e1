"""Small phantoms of 30 s whose sites and trains are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from usfasc.phantom import NamedScene, Scene, Twitch
from usfasc.phantom.sets import Split

CLIP_S: Final = 30.0
FEWEST_FIRINGS: Final = 8
"""Of a clip whose rhythm is to be told."""
TURNS: Final = 2

_SEEDS: Final[dict[Split, int]] = {"dev": 5100, "test": 9100}

_BASE: Final = Scene(
    height_px=180,
    width_px=200,
    depth_mm=27.0,
    width_mm=30.0,
    frame_rate_hz=30.0,
    duration_s=CLIP_S,
    muscles=1,
    bone=False,
)
_TRAINS_HZ: Final = tuple(np.geomspace(3.0, 10.0, 12).round(1).tolist())
_PER_MIN: Final = (20.0, 40.0, 60.0) * 4
_WITH_SITES: Final = 6
"""Clips of four sites; of trains, and of random firing, there is one for each rate above."""
_FAST: Final = tuple(
    (rate_hz, frames_hz) for rate_hz in (8.5, 10.0, 11.5) for frames_hz in (30.0, 50.0)
)
"""Further trains and the frame rates they are seen at."""
CORNERS_MM: Final = ((7.0, 10.0), (22.0, 10.0), (8.0, 20.0), (23.0, 20.0))


def firing_scenes(split: Split, turns: int = TURNS) -> tuple[NamedScene, ...]:
    """Small phantoms of 30 s: some with four sites, some with a train, some with Poisson firing.

    Each has at least eight firings; a train is of 3 to 11.5 Hz and stands among single
    twitches of two other sites.

    Parameters
    ----------
    split
        ``dev`` or ``test``.
    turns
        How often there is a train, and random firing, of each rate: those of one turn are
        the first of more.
    """
    return tuple(scene for turn in range(turns) for scene in _of_turn(split, turn))


def _of_turn(split: Split, turn: int) -> Iterator[NamedScene]:
    """Every rate once; sites in the first turn alone."""
    first = turn * (len(_TRAINS_HZ) + len(_FAST))
    for number, (train_hz, per_min) in enumerate(zip(_TRAINS_HZ, _PER_MIN, strict=True), first):
        yield from _scenes(split, number, train_hz, per_min)
    for number, (train_hz, frame_rate_hz) in enumerate(_FAST, first + len(_TRAINS_HZ)):
        yield _train_scene(split, number, train_hz, frame_rate_hz)


def _train_scene(split: Split, number: int, train_hz: float, frame_rate_hz: float) -> NamedScene:
    seed = _SEEDS[split] + 10 * number
    rng = np.random.default_rng(seed)
    fired = (*_units(rng, 2, 8.0), *_burst(rng, train_hz))
    scene = replace(_BASE, frame_rate_hz=frame_rate_hz, twitches=_in_order(fired))
    return NamedScene(name=f"firing-train-{split}-{number}", scene=scene, seed=seed + 1)


def _scenes(split: Split, number: int, train_hz: float, per_min: float) -> Iterator[NamedScene]:
    seed = _SEEDS[split] + 10 * number
    rng = np.random.default_rng(seed)
    twitches = {
        "sites": _units(rng, 4, 24.0) if number < _WITH_SITES else (),
        "train": (*_units(rng, 2, 8.0), *_burst(rng, train_hz)),
        "poisson": _units(rng, 1, per_min),
    }
    for kind, fired in twitches.items():
        if fired:
            yield NamedScene(
                name=f"firing-{kind}-{split}-{number}",
                scene=replace(_BASE, twitches=_in_order(fired)),
                seed=seed + 1,
            )


def _in_order(fired: Iterable[Twitch]) -> tuple[Twitch, ...]:
    return tuple(sorted(fired, key=lambda twitch: twitch.onset_s))


def _units(rng: np.random.Generator, sites: int, per_min: float) -> list[Twitch]:
    """Sites that fire at random, together at least eight times and at a rate a minute each."""
    fired: list[Twitch] = []
    for x_mm, y_mm in CORNERS_MM[:sites]:
        unit = _unit(rng, x_mm, y_mm)
        onset_s = rng.exponential(60 / per_min)
        while onset_s < CLIP_S - 0.8:
            fired.append(_fired(rng, unit, onset_s))
            onset_s += rng.exponential(60 / per_min)
    return fired if len(fired) >= FEWEST_FIRINGS else _units(rng, sites, per_min)


def _burst(rng: np.random.Generator, rate_hz: float) -> list[Twitch]:
    """A train of three seconds at the last corner, its intervals varying by a tenth."""
    unit = _unit(rng, *CORNERS_MM[-1])
    onsets_s = 12.0 + np.cumsum(rng.normal(1 / rate_hz, 0.1 / rate_hz, round(3 * rate_hz)))
    return [_fired(rng, unit, float(onset_s)) for onset_s in onsets_s]


def _unit(rng: np.random.Generator, x_mm: float, y_mm: float) -> Twitch:
    return Twitch(
        onset_s=0.0,
        x_mm=x_mm + rng.uniform(-1.5, 1.5),
        y_mm=y_mm + rng.uniform(-1.5, 1.5),
        amplitude_mm=float(rng.uniform(0.2, 0.5)),
        mode="shift" if rng.random() < 0.5 else "bulge",
        contraction_s=0.06,
        relaxation_s=0.15,
        direction_deg=float(rng.uniform(0, 360)),
    )


def _fired(rng: np.random.Generator, unit: Twitch, onset_s: float) -> Twitch:
    stronger = float(np.exp(rng.normal(0, 0.15)))
    return replace(unit, onset_s=float(onset_s), amplitude_mm=unit.amplitude_mm * stronger)
