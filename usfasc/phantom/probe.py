"""The hand that holds the probe: drift, sway, sweep and jerk."""

from __future__ import annotations

import numpy as np

from usfasc.phantom.motion import Affine, Motion, Stage, ramp, wander
from usfasc.phantom.scene import LookAlike

DRIFT_REACH_MM = 8.0


def drift(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The hand slides slowly to one side, not quite steadily, and at some point back."""
    speed = float(rng.uniform(0.15, 0.5) * rng.choice([-1, 1]))
    start, stop = stage.window(look)
    unsteady = wander(rng, 0.2, 1.0)

    def waveform(t_s: float) -> float:
        t = float(np.clip(t_s, start, stop) - start)
        return _there_and_back(speed * t, DRIFT_REACH_MM) + 0.15 * speed * unsteady(t)

    size = look.strength
    return [
        stage.affine(
            waveform,
            Affine(x_mm=size, y_mm=0.2 * size, turn=0.002 * size, through_mm=0.4 * size),
        )
    ]


def _there_and_back(way: float, reach: float) -> float:
    """A way folded at ``reach`` and its opposite, rounded at the turns."""
    return float(reach * 2 / np.pi * np.arcsin(0.98 * np.sin(np.pi / 2 * way / reach)))


def sway(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The hand's unrest: shift, pressure, turn and tilt, each wandering on its own."""
    size = 0.15 * look.strength
    moves = (
        Affine(x_mm=size),
        Affine(y_mm=0.5 * size, strain_y=0.012 * size),
        Affine(turn=0.01 * size),
        Affine(through_mm=size),
    )
    return [stage.affine(wander(rng, 0.15, 1.5), move) for move in moves]


def sweep(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The probe is moved on purpose along the muscle, with a turn and in stages."""
    start, stop = stage.window(look)
    way = rng.uniform(8, 16) * look.strength * rng.choice([-1, 1])
    edges = np.sort(rng.uniform(start, stop, 4))

    def waveform(t_s: float) -> float:
        parts = [ramp(t_s, edge - 0.8, edge + 0.8) for edge in edges]
        return float(np.mean(parts) - np.mean([ramp(0, e - 0.8, e + 0.8) for e in edges]))

    move = Affine(
        x_mm=way, y_mm=0.1 * way, turn=0.004 * way, strain_y=0.002 * way, through_mm=0.5 * way
    )
    return [stage.affine(waveform, move)]


def jerk(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The probe slips or is knocked; it rocks about a point, and settles elsewhere."""
    start, _ = stage.window(look)
    rise, fall = rng.uniform(0.04, 0.1), rng.uniform(0.08, 0.25)
    rest = rng.uniform(0, 0.5)

    def waveform(t_s: float) -> float:
        since = t_s - start
        if since <= 0:
            return 0.0
        return ramp(since, 0, rise) * (rest + (1 - rest) * float(np.exp(-((since / fall) ** 2))))

    size = rng.uniform(0.4, 1.5) * look.strength
    lean = rng.uniform(0, 2 * np.pi)
    turn, squeeze = rng.normal(0, 0.02, 2) * size
    move = Affine(
        x_mm=size * np.cos(lean),
        y_mm=0.5 * size * np.sin(lean),
        turn=turn,
        strain_y=squeeze,
        through_mm=size / 2,
    )
    return [stage.affine(waveform, move)]
