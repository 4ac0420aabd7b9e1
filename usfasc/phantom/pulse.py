"""An artery: walls that part, tissue carried along, blood that never rests."""

from __future__ import annotations

import numpy as np

from usfasc.model import Floats
from usfasc.phantom.layout import Vessel, wall_distance
from usfasc.phantom.motion import Motion, Stage, Waveform, wander
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import LookAlike, Scene


def pulsation(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """Walls that part and fall back, tissue carried along, and blood that never rests."""
    vessel = stage.layout.vessel
    if vessel is None:
        return []
    size = float(rng.uniform(0.08, 0.3)) * look.strength
    beat = pulse_waveform(rng, stage.scene)
    walls = _walls(stage, vessel) * np.float32(size)
    motions = [
        Motion(basis=walls * patch, waveform=_late(beat, rng)) for patch in _patches(stage, rng)
    ]
    reach, lean = rng.uniform(3, 6), rng.uniform(0, 2 * np.pi)
    distance = wall_distance(vessel, stage.scene, stage.tissue.x_mm, stage.tissue.y_mm)
    swing = 0.7 * size * np.exp(-np.maximum(distance, 0) / reach)
    carried = np.stack([np.cos(lean) * swing, np.sin(lean) * swing, 1.5 * swing])
    motions.append(Motion(basis=carried.astype(np.float32), waveform=_late(beat, rng)))
    return [*motions, _blood(stage)]


def pulse_waveform(rng: np.random.Generator, scene: Scene) -> Waveform:
    """Arterial distension: fast upstroke, dicrotic notch, slow fall; no two beats alike."""
    times = beats(rng, rng.uniform(0.8, 2.0), rng.uniform(0.03, 0.1), scene.duration_s)
    heights = np.exp(rng.normal(0, 0.22, len(times)))
    rise, fall = rng.uniform(0.05, 0.11), rng.uniform(0.2, 0.45)
    notch = rng.uniform(0.25, 0.32)

    def waveform(t_s: float) -> float:
        since = t_s - times
        live = (since > 0) & (since < 3)
        s = since[live] / rise
        main = (1 - np.exp(-(s**2))) * np.exp(-since[live] / fall)
        later = (since[live] - notch) / 0.06
        echo = 0.18 * np.exp(-(later**2))
        return float(heights[live] @ (main + echo))

    return waveform


def beats(rng: np.random.Generator, rate_hz: float, spread: float, until_s: float) -> Floats:
    """Beat times with variability: slow respiratory sway, jitter, now and then an extra beat."""
    times = [-rng.uniform(0, 2) / rate_hz - 2.0]
    breath = rng.uniform(0, 2 * np.pi)
    while times[-1] < until_s + 3:
        sway = 0.6 * spread * np.sin(2 * np.pi * 0.25 * times[-1] + breath)
        gap = (1 + sway + spread * rng.standard_normal() * 0.8) / rate_hz
        if rng.random() < 0.03:
            gap *= rng.uniform(0.55, 0.75)
        times.append(times[-1] + max(gap, 0.3))
    return np.array(times)


def _walls(stage: Stage, vessel: Vessel) -> Float32s:
    """Outward movement ``(3, n)``, 1 at the wall: opposite on its two sides."""
    tissue, longitudinal = stage.tissue, stage.scene.view == "longitudinal"
    distance = wall_distance(vessel, stage.scene, tissue.x_mm, tissue.y_mm)
    reach = (1 + np.maximum(distance, 0) / vessel.radius_mm) ** -1.5
    down = tissue.y_mm - vessel.axis.at(tissue.x_mm)
    across = np.zeros_like(down) if longitudinal else tissue.x_mm - vessel.x_mm
    length = np.hypot(down, across) + 1e-3
    return np.stack([across / length * reach, down / length * reach, 0 * reach]).astype(np.float32)


def _patches(stage: Stage, rng: np.random.Generator) -> list[Float32s]:
    """Three smooth weights that share the picture: no wall moves all of a piece."""
    width = stage.scene.width_mm
    centres = rng.uniform(0, 1, 3) * width
    parts = np.stack(
        [np.exp(-0.5 * ((stage.tissue.x_mm - c) / (0.2 * width)) ** 2) for c in centres]
    )
    return [part.astype(np.float32) for part in parts / (parts.sum(axis=0) + 0.2)]


def _late(beat: Waveform, rng: np.random.Generator) -> Waveform:
    """The beat as it comes to one place: delayed, and stronger or weaker as time goes."""
    delay, unrest = rng.uniform(0.0, 0.05), wander(rng, 0.1, 0.8)
    return lambda t_s: beat(t_s - delay) * (1 + 0.25 * unrest(t_s))


def _blood(stage: Stage) -> Motion:
    """Blood is other blood in every frame."""
    index = np.flatnonzero(stage.tissue.lumen)
    basis = np.zeros((3, len(index)), np.float32)
    basis[2] = 1.0
    return Motion(basis=basis, index=index, waveform=lambda t_s: 150.0 * t_s)
