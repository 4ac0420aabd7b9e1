"""Motor units of a site: where they lie, which way their fascicles run, how fast they are."""

from __future__ import annotations

from typing import Final

import numpy as np

from usfasc.phantom.beams.anatomy import Anatomy
from usfasc.phantom.beams.geometry import EDGE_ROWS, Fan
from usfasc.phantom.beams.scene import BeamScene, Site
from usfasc.phantom.beams.twitch import Fascicle, FascicleTwitch
from usfasc.phantom.layout import Muscle, wall_distance

_SLOW_S: Final = ((0.04, 0.16), (0.1, 0.35))
_PACE_S: Final[dict[Site, tuple[tuple[float, float], tuple[float, float]]]] = {
    "limb": _SLOW_S,
    "tongue": ((0.03, 0.07), (0.07, 0.13)),
    "paraspinal": _SLOW_S,
    "abdomen": ((0.04, 0.12), (0.1, 0.28)),
}
"""Contraction and relaxation times; a tongue's twitches last 0.1-0.2 s."""
_CLEAR_MM: Final = 2.0


def draw_units(
    scene: BeamScene, fan: Fan, anatomy: Anatomy, rng: np.random.Generator
) -> list[FascicleTwitch]:
    """Motor units as twitches at time 0, the muscles of the site by turns."""
    muscles = anatomy.layout.muscles
    return [
        _draw_unit(scene, fan, anatomy, muscles[number % len(muscles)], rng)
        for number in range(scene.sites)
    ]


def _draw_unit(
    scene: BeamScene, fan: Fan, anatomy: Anatomy, muscle: Muscle, rng: np.random.Generator
) -> FascicleTwitch:
    x, y = _place(scene, fan, anatomy, muscle, rng)
    end_on = scene.view == "transverse"
    length = _log_uniform(4, 9, rng) if end_on else _log_uniform(4.5, 17, rng)
    amplitude = _log_uniform(*scene.amplitude_mm, rng)
    rise_s, fall_s = _PACE_S[scene.site]
    return FascicleTwitch(
        onset_s=0.0,
        x_mm=x,
        y_mm=y,
        amplitude_mm=amplitude,
        contraction_s=rng.uniform(*rise_s),
        relaxation_s=rng.uniform(*fall_s),
        length_mm=length,
        width_mm=float(np.clip(length * rng.uniform(0.4, 0.9), 4.0, 9.0)),
        along_deg=rng.uniform(0, 180) if end_on else _fibre_deg(anatomy, muscle, (x, y)),
        through_deg=rng.uniform(40, 72) if end_on else rng.uniform(-18, 18),
        fascicles=_draw_fascicles(rng),
        shorten=rng.uniform(0.1, 1.0),
        overshoot=rng.uniform(0.03, 0.12),
        drag_s=rng.uniform(0.01, 0.035),
    )


def _draw_fascicles(rng: np.random.Generator) -> tuple[Fascicle, ...]:
    """One or two; the second beside the first, a little later and weaker."""
    first = Fascicle(beside_mm=0.0, late_s=0.0, share=1.0)
    if rng.random() < 0.4:
        return (first,)
    beside = float(rng.uniform(2.0, 4.5) * rng.choice([-1, 1]))
    return (
        first,
        Fascicle(beside_mm=beside, late_s=rng.uniform(0.005, 0.03), share=rng.uniform(0.3, 0.9)),
    )


def _fibre_deg(anatomy: Anatomy, muscle: Muscle, place_mm: tuple[float, float]) -> float:
    """Direction of the fascicles at a place: a tongue's spread from their root."""
    if anatomy.root_mm is None or muscle is not anatomy.layout.muscles[-1]:
        return muscle.pennation_deg
    dx, dy = (at - root for at, root in zip(place_mm, anatomy.root_mm, strict=True))
    return float(np.degrees(np.arctan2(dy, dx)))


def _place(
    scene: BeamScene, fan: Fan, anatomy: Anatomy, muscle: Muscle, rng: np.random.Generator
) -> tuple[float, float]:
    """A point of the picture well inside a muscle, outside its artery and a rib's shadow."""
    x = y = 0.0
    for _ in range(60):
        row = rng.uniform(EDGE_ROWS, fan.shape[0] - EDGE_ROWS - 3 / fan.row_mm)
        line = fan.edge + (fan.shape[1] - 2 * fan.edge) * rng.uniform(0.1, 0.9)
        x, y = (float(each) for each in fan.place(np.array(row), np.array(line)))
        depth = float(fan.body_depth_mm(np.array(x), np.array(y)))
        if _clear(scene, anatomy, muscle, x, depth):
            break
    return x, y


def _clear(scene: BeamScene, anatomy: Anatomy, muscle: Muscle, x: float, depth: float) -> bool:
    at = np.array(x)
    top, bottom = float(muscle.top.at(at)), float(muscle.bottom.at(at))
    margin = min(_CLEAR_MM, 0.3 * (bottom - top))
    if not top + margin < depth < bottom - margin:
        return False
    if any(abs(x - rib) < 6.0 and depth > bottom - 5.0 for rib in anatomy.ribs_mm):
        return False
    vessel = anatomy.layout.vessel
    return vessel is None or float(wall_distance(vessel, scene, at, np.array(depth))) > 1.5


def _log_uniform(low: float, high: float, rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
