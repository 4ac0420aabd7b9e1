"""Muscles that twitch often, and twitches that overlap: phantoms of both families.

A clip of each rate shows the same subject and the same motor units: the twitches of a
slow clip are among those of a fast one, so that only the crowd about them differs.
The pairs are twitches of two sites so near each other, in space and time, that their
movements add, while neither's territory reaches the other's middle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from usfasc.benchmark.planting import PAIR_MM, PAIR_WITHIN_S
from usfasc.phantom import BeamScene, NamedScene, Scene, Twitch, standard
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.geometry import lay_fan
from usfasc.phantom.beams.units import draw_units
from usfasc.phantom.firing import draw_twitches
from usfasc.phantom.layout import draw_layout
from usfasc.phantom.scene import View
from usfasc.phantom.sets import Split

LASTS_S: Final = {2: 20.0, 10: 24.0, 40: 15.0, 100: 10.0}
"""Length of the clip of each rate (twitches a minute): the faster, the shorter."""
SCENES: Final = 4
_PAIRS_LAST_S: Final = 12.0
_SEED: Final[dict[Split, int]] = {"dev": 17_000, "test": 85_000}
"""Fixed with the first version of the set; clips of ``test`` are scored, never looked at."""
_HEAD_S, _TAIL_S = 0.7, 0.8
_DENSEST_PER_MIN, _PAIR_EVERY_S = 160, 1.8
_VIEWS: Final[tuple[View, View]] = ("longitudinal", "transverse")
_AMPLITUDES_MM: Final = (0.1, 1.0)
_SITES, _CANDIDATES = 5, 40
_LIMB_ANATOMY, _BEAM_ANATOMY = 0, 20
"""The generators from which a seed's anatomy is drawn when the scene is rendered."""
_BEAM_BASES: Final = (0, 4)
"""A limb along and across its fascicles, of the scored set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """One scene, and what it is pooled with."""

    group: str
    named: NamedScene


def crowds(split: Split, scenes: int = SCENES) -> Iterator[Crowd]:
    """Scenes of every rate, and of overlapping pairs; the families by turns.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    scenes
        How many subjects, at most `SCENES`.
    """
    for number in range(scenes):
        seed = _SEED[split] + number
        scene = _base(split, number)
        units = _draw_units(scene, seed)
        name = f"crowd-{split}-{number}"
        for rate, lasts_s in LASTS_S.items():
            twitches = _at_rate(units[:_SITES], rate, lasts_s, seed)
            shown = replace(
                scene,
                duration_s=lasts_s,
                twitches=twitches,
                twitches_per_min=float(rate),
                sites=_SITES,
            )
            named = NamedScene(name=f"{name}-{rate}-per-min", scene=shown, seed=seed)
            yield Crowd(group=f"{rate}/min", named=named)
        yield Crowd(group="pairs", named=_pairs(scene, units, f"{name}-pairs", seed))


def _base(split: Split, number: int) -> Scene:
    """A quiet subject without twitches."""
    if number % 2:
        beams = [n.scene for n in standard(split) if isinstance(n.scene, BeamScene)]
        scene = beams[_BEAM_BASES[number // 2 % 2]]
        plain = replace(scene, frame_rate_hz=24.0, codec="jpeg", jpeg_quality=85)
        return replace(plain, look_alikes=(), amplitude_mm=_AMPLITUDES_MM, sites=_CANDIDATES)
    return Scene(
        height_px=260,
        width_px=260,
        depth_mm=32.0,
        width_mm=32.0,
        frame_rate_hz=(25.0, 30.0)[number // 2 % 2],
        view=_VIEWS[number // 2 % 2],
        amplitude_mm=_AMPLITUDES_MM,
        sites=_CANDIDATES,
    )


def _draw_units(scene: Scene, seed: int) -> Sequence[Twitch]:
    """Motor units in the muscles of a subject, as twitches that every firing repeats."""
    rng = np.random.default_rng([seed, 98])
    if isinstance(scene, BeamScene):
        fan = lay_fan(scene)
        anatomy = draw_anatomy(scene, fan, np.random.default_rng([seed, _BEAM_ANATOMY]))
        return draw_units(scene, fan, anatomy, rng)
    layout = draw_layout(scene, np.random.default_rng([seed, _LIMB_ANATOMY]))
    # A long slow firing shows each unit at least once.
    slow = replace(scene, duration_s=1200.0, twitches_per_min=20.0)
    firings = draw_twitches(slow, layout, rng, ())
    return tuple({(t.x_mm, t.y_mm): t for t in firings}.values())


def _at_rate(units: Sequence[Twitch], rate: int, lasts_s: float, seed: int) -> tuple[Twitch, ...]:
    """So many a minute of the firings that a seed gives; a higher rate keeps a lower one's."""
    rng = np.random.default_rng([seed, 97])
    span_s = max(LASTS_S.values())
    firings = [
        _fire(units[int(rng.integers(len(units)))], float(rng.uniform(_HEAD_S, span_s)), rng)
        for _ in range(round(_DENSEST_PER_MIN * span_s / 60))
    ]
    within = [twitch for twitch in firings if twitch.onset_s < lasts_s - _TAIL_S]
    kept = within[: max(1, round(rate * lasts_s / 60))]
    return tuple(sorted(kept, key=lambda twitch: twitch.onset_s))


def _pairs(scene: Scene, units: Sequence[Twitch], name: str, seed: int) -> NamedScene:
    """Pairs of units that fire together, each pair some time after the one before."""
    rng = np.random.default_rng([seed, 96])
    near = [pair for pair in combinations(units, 2) if _overlaps(*pair)]
    chosen = [near[k] for k in rng.permutation(len(near))]
    starts_s = np.arange(_HEAD_S, _PAIRS_LAST_S - _TAIL_S - PAIR_WITHIN_S, _PAIR_EVERY_S)
    twitches = []
    for number, early_s in enumerate(starts_s.tolist()):
        first, second = chosen[number % len(chosen)]
        onset_s = early_s + rng.uniform(0, 0.3)
        with_it_s = onset_s + rng.uniform(0, PAIR_WITHIN_S)
        twitches += [_fire(first, onset_s, rng), _fire(second, with_it_s, rng)]
    shown = replace(
        scene,
        duration_s=_PAIRS_LAST_S,
        twitches=tuple(twitches),
        twitches_per_min=60 * len(twitches) / _PAIRS_LAST_S,
    )
    return NamedScene(name=name, scene=shown, seed=seed)


def _overlaps(one: Twitch, other: Twitch) -> bool:
    apart_mm = float(np.hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm))
    reach_mm = max(one.length_mm, other.length_mm) / 2
    return PAIR_MM[0] <= apart_mm <= PAIR_MM[1] and reach_mm <= apart_mm


def _fire(unit: Twitch, onset_s: float, rng: np.random.Generator) -> Twitch:
    """One firing of a unit, a little stronger or weaker than the last."""
    amplitude_mm = float(np.clip(unit.amplitude_mm * np.exp(rng.normal(0, 0.2)), *_AMPLITUDES_MM))
    through_mm = unit.out_of_plane_mm * amplitude_mm / unit.amplitude_mm
    return replace(unit, onset_s=onset_s, amplitude_mm=amplitude_mm, out_of_plane_mm=through_mm)
