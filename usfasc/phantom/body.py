"""Movements of a whole muscle or limb: contraction, sliding, tremor, breathing."""

from __future__ import annotations

import numpy as np

from usfasc.phantom.motion import Affine, Motion, Stage, ramp, wander
from usfasc.phantom.pulse import beats
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import LookAlike


def breathing(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """Slow rise and fall, deeper layers ahead of shallow ones, breaths unlike each other."""
    times = beats(rng, rng.uniform(0.2, 0.32), 0.12, stage.scene.duration_s + 8)
    heights = np.exp(rng.normal(0, 0.2, len(times)))

    def waveform(t_s: float) -> float:
        s = (t_s - times) / 3.2
        live = (s > 0) & (s < 1)
        return float(heights[live] @ np.sin(np.pi * s[live] ** 0.8) ** 2)

    size = rng.uniform(0.4, 1.2) * look.strength
    move = Affine(
        x_mm=0.6 * size,
        y_mm=size,
        turn=0.004,
        strain_y=0.012 * size,
        through_mm=0.3 * size,
    )
    return [stage.affine(waveform, move)]


def contraction(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """Part of one muscle shortens and thickens unevenly, trembles while it holds, lets go."""
    start, stop = stage.window(look)
    up, down = rng.uniform(0.25, 0.8), rng.uniform(0.3, 0.8)
    size = rng.uniform(0.8, 2.5) * look.strength
    shorten, shake = _contracting(stage, rng)
    tremble, uneven = wander(rng, 7.0, 12.0), wander(rng, 0.5, 2.5)

    def hold(t_s: float) -> float:
        return size * ramp(t_s, start, start + up) * (1 - ramp(t_s, stop - down, stop))

    return [
        Motion(basis=shorten, waveform=lambda t: hold(t) * (1 + 0.12 * uneven(t))),
        Motion(basis=shake, waveform=lambda t: 0.04 * hold(t) * tremble(t)),
    ]


def _contracting(stage: Stage, rng: np.random.Generator) -> tuple[Float32s, Float32s]:
    """Fields ``(3, n)`` of a contraction and of its pseudotremor, in one stretch of a muscle."""
    tissue, muscles = stage.tissue, stage.layout.muscles
    muscle = muscles[rng.integers(len(muscles))]
    top, bottom = muscle.top.at(tissue.x_mm), muscle.bottom.at(tissue.x_mm)
    depth = (tissue.y_mm - (top + bottom) / 2) / np.maximum((bottom - top) / 2, 1.0)
    along = (tissue.x_mm - rng.uniform(0.2, 0.8) * stage.scene.width_mm) / rng.uniform(10, 30)
    window = np.exp(-0.5 * along**2 - 4 * np.maximum(np.abs(depth) - 1, 0))
    depth = np.clip(depth, -1.3, 1.3)
    shorten = np.stack([-along * window, 0.5 * depth * window, 0.6 * window])
    shake = np.stack([0.3 * window, 0.7 * window, 0.4 * window])
    return shorten.astype(np.float32), shake.astype(np.float32)


def sliding(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """A joint is moved: muscle glides under the skin, one muscle against the other."""
    start, stop = stage.window(look)
    times = np.sort(rng.uniform(start, stop, 4))
    signs = np.array([1, -1, 1, -1]) * rng.choice([-1, 1])
    depth = stage.tissue.y_mm - stage.layout.fascia.at(stage.tissue.x_mm)
    share = np.clip(depth / 4.0 + 0.3, 0.05, 1.0)
    if len(stage.layout.muscles) == 2:
        below = stage.tissue.y_mm - stage.layout.muscles[1].top.at(stage.tissue.x_mm)
        share = share * (1 - 0.6 / (1 + np.exp(-below / 0.4)))
    size = rng.uniform(1.0, 4.0) * look.strength
    basis = np.stack([share, 0.08 * share, 0.2 * share]).astype(np.float32) * np.float32(size)
    lasts = rng.uniform(0.25, 0.9, 4)

    def waveform(t_s: float) -> float:
        return float(
            sum(s * ramp(t_s, a, a + b) for s, a, b in zip(signs, times, lasts, strict=True))
        )

    return [Motion(basis=basis, waveform=waveform)]


def tremor(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """4-8 Hz, its strength waxing and waning, strongest in one muscle."""
    start, stop = stage.window(look)
    rate = rng.uniform(4, 8)
    phase = wander(rng, 0.2, 1.5)
    envelope = wander(rng, 0.15, 0.6)
    muscle = stage.layout.muscles[rng.integers(len(stage.layout.muscles))]
    tissue = stage.tissue
    depth = tissue.y_mm - (muscle.top.at(tissue.x_mm) + muscle.bottom.at(tissue.x_mm)) / 2
    share = 0.25 + np.exp(-0.5 * (depth / 6.0) ** 2)
    size = rng.uniform(0.05, 0.3) * look.strength
    tilt = rng.uniform(-0.6, 0.6)
    basis = np.stack([share, tilt * share, 0.5 * share]).astype(np.float32) * np.float32(size)

    def waveform(t_s: float) -> float:
        if not start <= t_s <= stop:
            return 0.0
        edge = ramp(t_s, start, start + 0.4) * (1 - ramp(t_s, stop - 0.4, stop))
        swell = abs(0.6 + 0.5 * envelope(t_s))
        return edge * swell * float(np.sin(2 * np.pi * rate * t_s + 0.8 * phase(t_s)))

    return [Motion(basis=basis, waveform=waveform)]
