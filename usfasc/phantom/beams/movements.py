"""What moves at a site beside its twitches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from usfasc.phantom.beams.anatomy import Anatomy
from usfasc.phantom.beams.nodes import Nodes
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.layout import Curve
from usfasc.phantom.lookalikes import MOVEMENTS, unrest
from usfasc.phantom.motion import Affine, Motion, Stage, Waveform, ramp, wander
from usfasc.phantom.pulse import beats
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import LookAlike, LookAlikeKind

Maker = Callable[[Stage, Anatomy, LookAlike, np.random.Generator], list[Motion]]


def movements(
    scene: BeamScene, anatomy: Anatomy, nodes: Nodes, rngs: Callable[[int], np.random.Generator]
) -> list[Motion]:
    """All that moves beside the twitches; each look-alike draws from a generator of its own."""
    stage = Stage(scene=scene, layout=anatomy.layout, tissue=nodes)
    motions = [*unrest(stage, rngs(0)), _sinking(stage, rngs(0))]
    if scene.site in ("paraspinal", "abdomen"):
        # Nothing below a wall ever rests.
        motions += sliding_below(stage, anatomy, _SLIGHT, rngs(1))
    for number, look in enumerate(scene.look_alikes):
        rng = rngs(2 + number)
        if not scene.shows(look):
            continue
        if look.kind in _HERE:
            motions += _HERE[look.kind](stage, anatomy, look, rng)
        elif look.kind in MOVEMENTS:
            motions += MOVEMENTS[look.kind].make(stage, look, rng)
    return motions


def _sinking(stage: Stage, rng: np.random.Generator) -> Motion:
    """The probe never stays in one plane: within seconds speckle is no longer quite the same."""
    way = Affine(x_mm=0.02, y_mm=0.015, through_mm=rng.uniform(0.08, 0.3))
    return stage.affine(wander(rng, 0.05, 0.35), way)


def breathing(
    stage: Stage, anatomy: Anatomy, look: LookAlike, rng: np.random.Generator
) -> list[Motion]:
    """The wall rises and widens with each breath, and what lies below slides along it."""
    breath = _breaths(stage, rng)
    size = look.strength * rng.uniform(0.4, 1.2)
    wall = stage.affine(
        breath,
        Affine(
            x_mm=rng.normal(0, 0.4) * size,
            y_mm=-0.6 * size,
            turn=rng.normal(0, 0.004) * size,
            strain_x=0.01 * size,
            strain_y=-0.015 * size,
            through_mm=0.4 * size,
        ),
    )
    below = _below(stage, anatomy)
    slide = rng.uniform(2, 5) * size * rng.choice([-1, 1])
    under = np.stack([slide * below, -0.5 * size * below, 0.5 * size * below])
    return [wall, Motion(basis=under.astype(np.float32), waveform=breath)]


def sliding_below(
    stage: Stage, anatomy: Anatomy, look: LookAlike, rng: np.random.Generator
) -> list[Motion]:
    """Lung or bowel slides along the wall that rests, with breath and heart."""
    below = _below(stage, anatomy)
    size = rng.uniform(1.0, 3.0) * look.strength
    slow, heart = _breaths(stage, rng), wander(rng, 0.9, 1.6, terms=3)
    roll = np.sin(stage.tissue.x_mm / rng.uniform(3, 6) + rng.uniform(0, 6))
    along = np.stack([below, 0.08 * roll * below, 0.15 * below]) * size
    shiver = np.stack([below, 0.5 * roll * below, 0.3 * below]) * 0.03 * size
    return [
        Motion(basis=along.astype(np.float32), waveform=slow),
        Motion(basis=shiver.astype(np.float32), waveform=heart),
    ]


def swallowing(
    stage: Stage, anatomy: Anatomy, look: LookAlike, rng: np.random.Generator
) -> list[Motion]:
    """The tongue gathers, rolls back in a wave, and comes to rest a little elsewhere."""
    tissue = stage.tissue
    start, size = look.start_s, look.strength * rng.uniform(1.5, 4.0)
    deep = np.clip((tissue.y_mm - anatomy.layout.fascia.at(tissue.x_mm)) / 12.0, 0, 1.2)
    surface = _floor(anatomy).at(tissue.x_mm)
    lift = deep * np.exp(-np.abs(surface - tissue.y_mm) / 20.0)
    motions = []
    for part, (at, sign) in enumerate(((0.2, 1.0), (0.5, -1.0), (0.8, 1.0))):
        column = np.exp(-0.5 * ((tissue.x_mm / stage.scene.width_mm - at) / 0.22) ** 2)
        basis = np.stack([sign * 0.8 * lift * column, lift * column, 0.5 * lift * column]) * size
        motions.append(
            Motion(
                basis=basis.astype(np.float32),
                waveform=_gulp(start + 0.15 * part, rng.uniform(0.3, 0.55), rng.uniform(-0.1, 0.1)),
            )
        )
    return motions


def _gulp(start_s: float, lasts_s: float, rest: float) -> Waveform:
    def waveform(t_s: float) -> float:
        up = ramp(t_s, start_s, start_s + 0.5 * lasts_s)
        down = ramp(t_s, start_s + 0.5 * lasts_s, start_s + 1.3 * lasts_s)
        return up - (1 - rest) * down

    return waveform


def _breaths(stage: Stage, rng: np.random.Generator) -> Waveform:
    """Breaths unlike each other, in quicker than out, with a pause between."""
    times = beats(rng, rng.uniform(0.18, 0.28), 0.15, stage.scene.duration_s + 8)
    heights = np.exp(rng.normal(0, 0.25, len(times)))
    rise, fall = rng.uniform(0.8, 1.2), rng.uniform(1.0, 1.8)

    def waveform(t_s: float) -> float:
        parts = [
            h * (ramp(t_s, at, at + rise) - ramp(t_s, at + rise, at + rise + fall))
            for at, h in zip(times, heights, strict=True)
            if at < t_s < at + rise + fall
        ]
        return float(sum(parts))

    return waveform


def _below(stage: Stage, anatomy: Anatomy) -> Float32s:
    """1 below the last layer, 0 in the wall."""
    tissue = stage.tissue
    depth = tissue.y_mm - _floor(anatomy).at(tissue.x_mm)
    return np.asarray(1 / (1 + np.exp(-depth / 0.35)), np.float32)


def _floor(anatomy: Anatomy) -> Curve:
    """Where the muscles of a site end."""
    return anatomy.below or anatomy.layout.muscles[-1].bottom


_K = LookAlikeKind
_SLIGHT: Final = LookAlike(kind=_K.SLIDING_BELOW, strength=0.3)
_HERE: Final[dict[LookAlikeKind, Maker]] = {
    _K.BREATHING: breathing,
    _K.SLIDING_BELOW: sliding_below,
    _K.SWALLOWING: swallowing,
}
