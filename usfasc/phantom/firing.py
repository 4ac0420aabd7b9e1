"""Motor units and when they fire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from usfasc.phantom.layout import Layout, Muscle, wall_distance
from usfasc.phantom.scene import Scene, Twitch

T = TypeVar("T", bound=Twitch)

MAX_CROWDED: Final = 0.2
"""Largest share of twitches that overlap another in space and time."""


def draw_twitches(
    scene: Scene, layout: Layout, rng: np.random.Generator, blind: Sequence[tuple[float, float]]
) -> tuple[Twitch, ...]:
    """Draw the motor units of a limb and let them fire; see `fire`."""
    if scene.twitches_per_min <= 0:
        return ()
    return fire(_draw_units(scene, layout, rng), scene, rng, blind)


def fire(
    units: Sequence[T],
    scene: Scene,
    rng: np.random.Generator,
    blind: Sequence[tuple[float, float]],
) -> tuple[T, ...]:
    """Firing of motor units: exponential gaps, no least interval.

    ``units`` are twitches at time 0 that every firing repeats; ``blind`` are times
    (start, stop) in s at which nobody could judge; no twitch is laid there. Where more
    than a fifth of the twitches would overlap another in space and time, the later ones
    are left out.
    """
    twitches, t = [], 0.2
    while True:
        t += rng.exponential(60 / scene.twitches_per_min)
        if t > scene.duration_s - 0.3:
            break
        twitches.append(_fire(units[int(rng.integers(len(units)))], t, scene, rng))
    seen = [each for each in twitches if not _hidden(each, blind)]
    return _thin(seen)


def _hidden(twitch: Twitch, blind: Sequence[tuple[float, float]]) -> bool:
    return any(twitch.onset_s < stop and twitch.offset_s > start for start, stop in blind)


def overlap(one: Twitch, other: Twitch, near_mm: float = 8.0, near_s: float = 0.5) -> bool:
    """Whether two twitches lie within a distance and a time of each other."""
    close = np.hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm) < near_mm
    return bool(close and abs(one.onset_s - other.onset_s) < near_s)


def _thin(twitches: list[T]) -> tuple[T, ...]:
    """Leave out twitches that would crowd more than a fifth of those kept so far."""
    kept: list[T] = []
    crowded: set[int] = set()
    for twitch in twitches:
        # In order of time: only the last few can be near.
        recent = range(max(0, len(kept) - 40), len(kept))
        clashing = {k for k in recent if overlap(twitch, kept[k])}
        with_it = crowded | clashing | {len(kept)} if clashing else crowded
        if clashing and len(with_it) > max(2, MAX_CROWDED * (len(kept) + 1)):
            continue
        crowded = with_it
        kept.append(twitch)
    return tuple(kept)


def _draw_units(scene: Scene, layout: Layout, rng: np.random.Generator) -> list[Twitch]:
    """Motor units as twitches at time 0 whose field and speed every firing repeats."""
    units = []
    for number in range(scene.sites):
        muscle = layout.muscles[number % len(layout.muscles)]
        unit = _draw_unit(scene, _place(scene, layout, muscle, rng), rng)
        if scene.view == "longitudinal":
            unit = replace(unit, along_deg=muscle.pennation_deg)
        else:
            unit = _seen_end_on(unit, rng)
        units.append(unit)
    return units


def _draw_unit(scene: Scene, place_mm: tuple[float, float], rng: np.random.Generator) -> Twitch:
    length = _log_uniform(3, 20, rng)
    return Twitch(
        onset_s=0.0,
        x_mm=place_mm[0],
        y_mm=place_mm[1],
        amplitude_mm=_log_uniform(*scene.amplitude_mm, rng),
        mode="shift" if rng.random() < 0.5 else "bulge",
        contraction_s=rng.uniform(0.04, 0.16),
        relaxation_s=rng.uniform(0.1, 0.35),
        length_mm=length,
        width_mm=float(np.clip(length * rng.uniform(0.3, 0.7), 2.5, 9.0)),
        direction_deg=rng.uniform(0, 360),
        sharpness=rng.uniform(1.0, 2.0),
    )


def _seen_end_on(unit: Twitch, rng: np.random.Generator) -> Twitch:
    """Across the fascicles the field is rounder, and part of the way leaves the picture."""
    width = _log_uniform(3, 9, rng)
    return replace(
        unit,
        length_mm=width * rng.uniform(1.0, 1.5),
        width_mm=width,
        along_deg=rng.uniform(0, 180),
        out_of_plane_mm=unit.amplitude_mm * rng.uniform(0.5, 2.0),
    )


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _place(
    scene: Scene, layout: Layout, muscle: Muscle, rng: np.random.Generator
) -> tuple[float, float]:
    """A point well inside a muscle, and not in its artery."""
    x = y = 0.0
    for _ in range(20):
        x = float(rng.uniform(4.0, scene.width_mm - 4.0))
        top = float(muscle.top.at(np.array(x))) + 2.0
        bottom = min(float(muscle.bottom.at(np.array(x))), scene.depth_mm) - 2.0
        y = float(rng.uniform(top, max(bottom, top + 0.5)))
        vessel = layout.vessel
        if vessel is None or wall_distance(vessel, scene, np.array(x), np.array(y)) > 1.5:
            break
    return x, y


def _fire(unit: T, onset_s: float, scene: Scene, rng: np.random.Generator) -> T:
    """One firing: the unit's field, a little stronger or weaker each time."""
    low, high = scene.amplitude_mm
    amplitude = float(np.clip(unit.amplitude_mm * np.exp(rng.normal(0, 0.2)), low, high))
    return replace(
        unit,
        onset_s=float(onset_s),
        amplitude_mm=amplitude,
        out_of_plane_mm=unit.out_of_plane_mm * amplitude / unit.amplitude_mm,
        contraction_s=float(unit.contraction_s * np.exp(rng.normal(0, 0.08))),
    )
