"""Movements that are not fasciculations, as displacement fields."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from usfasc.model import Floats
from usfasc.phantom.anatomy import Float32s, Layout, Scatterers, Vessel, wall_distance
from usfasc.phantom.movement import Motion, Waveform, affine_basis
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene

Maker = Callable[["Stage", LookAlike, np.random.Generator], list[Motion]]


class Stage:
    """What a look-alike needs to know of the scene it appears in."""

    def __init__(self, scene: Scene, layout: Layout, tissue: Scatterers) -> None:
        self.scene = scene
        self.layout = layout
        self.tissue = tissue

    def window(self, look: LookAlike) -> tuple[float, float]:
        """Start and stop in s within the clip."""
        return look.start_s, min(look.stop_s, self.scene.duration_s)

    def affine(self, waveform: Waveform, *values: float) -> Motion:
        """A whole-picture movement."""
        return Motion(basis=affine_basis(self.tissue, np.array(values)), waveform=waveform)


def wander(rng: np.random.Generator, low_hz: float, high_hz: float, terms: int = 6) -> Waveform:
    """A smooth random waveform of unit variance within a band, zero at t = 0."""
    frequency = np.exp(rng.uniform(np.log(low_hz), np.log(high_hz), terms))
    phase = rng.uniform(0, 2 * np.pi, terms)
    weight = np.sqrt(2.0 / terms) * np.ones(terms)

    def waveform(t_s: float) -> float:
        moving = np.sin(2 * np.pi * frequency * t_s + phase) - np.sin(phase)
        return float(weight @ moving)

    return waveform


def _ramp(t_s: float, start_s: float, stop_s: float) -> float:
    s = np.clip((t_s - start_s) / (stop_s - start_s), 0, 1)
    return float(s * s * (3 - 2 * s))


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


def unrest(stage: Stage, rng: np.random.Generator) -> list[Motion]:
    """What no resting limb is without: a hand's tremble and the pulse of its tissue, in um."""
    tissue = stage.tissue
    place = rng.uniform(0.2, 0.8, 2) * (stage.scene.width_mm, stage.scene.depth_mm)
    near = np.exp(-0.5 * ((tissue.x_mm - place[0]) ** 2 + (tissue.y_mm - place[1]) ** 2) / 12**2)
    lean = rng.uniform(0, 2 * np.pi)
    pulse = 0.008 * np.stack([np.cos(lean) * near, np.sin(lean) * near, near])
    held = LookAlike(kind=LookAlikeKind.SWAY, strength=0.08)
    beat = pulse_waveform(rng, stage.scene)
    return [*sway(stage, held, rng), Motion(basis=pulse.astype(np.float32), waveform=beat)]


def breathing(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """Slow rise and fall, deeper layers ahead of shallow ones, breaths unlike each other."""
    times = beats(rng, rng.uniform(0.2, 0.32), 0.12, stage.scene.duration_s + 8)
    heights = np.exp(rng.normal(0, 0.2, len(times)))

    def waveform(t_s: float) -> float:
        s = (t_s - times) / 3.2
        live = (s > 0) & (s < 1)
        return float(heights[live] @ np.sin(np.pi * s[live] ** 0.8) ** 2)

    size = rng.uniform(0.4, 1.2) * look.strength
    return [stage.affine(waveform, 0.6 * size, size, 0.004, 0.0, 0.012 * size, 0.3 * size)]


def drift(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The hand slides slowly to one side, not quite steadily."""
    speed = rng.uniform(0.15, 0.5) * look.strength * rng.choice([-1, 1])
    start, stop = stage.window(look)
    unsteady = wander(rng, 0.2, 1.0)

    def waveform(t_s: float) -> float:
        t = np.clip(t_s, start, stop) - start
        return float(t + 0.15 * unsteady(float(t)))

    return [stage.affine(waveform, speed, 0.2 * speed, 0.002 * speed, 0, 0, 0.4 * speed)]


def sway(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The hand's unrest: shift, turn, tilt and pressure, each wandering on its own."""
    size = 0.15 * look.strength
    rows = ((1, 0, 0, 0, 0, 0), (0, 0.5, 0, 0, 0.012, 0), (0, 0, 0.01, 0, 0, 0), (0, 0, 0, 0, 0, 1))
    return [stage.affine(wander(rng, 0.15, 1.5), *(size * value for value in row)) for row in rows]


def sweep(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The probe is moved on purpose along the muscle, with a turn and in stages."""
    start, stop = stage.window(look)
    way = rng.uniform(8, 16) * look.strength * rng.choice([-1, 1])
    edges = np.sort(rng.uniform(start, stop, 4))

    def waveform(t_s: float) -> float:
        parts = [_ramp(t_s, edge - 0.8, edge + 0.8) for edge in edges]
        return float(np.mean(parts) - np.mean([_ramp(0, e - 0.8, e + 0.8) for e in edges]))

    return [stage.affine(waveform, way, 0.1 * way, 0.004 * way, 0, 0.002 * way, 0.5 * way)]


def jerk(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """The probe slips or is knocked; it rocks about a point, and settles elsewhere."""
    start, _ = stage.window(look)
    rise, fall = rng.uniform(0.04, 0.1), rng.uniform(0.08, 0.25)
    rest = rng.uniform(0, 0.5)

    def waveform(t_s: float) -> float:
        since = t_s - start
        if since <= 0:
            return 0.0
        return _ramp(since, 0, rise) * (rest + (1 - rest) * float(np.exp(-((since / fall) ** 2))))

    size = rng.uniform(0.4, 1.5) * look.strength
    lean = rng.uniform(0, 2 * np.pi)
    turn, squeeze = rng.normal(0, 0.02, 2) * size
    return [
        stage.affine(
            waveform, size * np.cos(lean), 0.5 * size * np.sin(lean), turn, 0, squeeze, size / 2
        )
    ]


def contraction(stage: Stage, look: LookAlike, rng: np.random.Generator) -> list[Motion]:
    """Part of one muscle shortens and thickens unevenly, trembles while it holds, lets go."""
    start, stop = stage.window(look)
    up, down = rng.uniform(0.25, 0.8), rng.uniform(0.3, 0.8)
    muscle = stage.layout.muscles[rng.integers(len(stage.layout.muscles))]
    tissue, scene = stage.tissue, stage.scene
    top, bottom = muscle.top.at(tissue.x_mm), muscle.bottom.at(tissue.x_mm)
    middle, half = (top + bottom) / 2, np.maximum((bottom - top) / 2, 1.0)
    x0, reach = rng.uniform(0.2, 0.8) * scene.width_mm, rng.uniform(10, 30)
    window = np.exp(-0.5 * ((tissue.x_mm - x0) / reach) ** 2)
    depth = np.clip((tissue.y_mm - middle) / half, -1.3, 1.3)
    window = window * np.exp(-np.maximum(np.abs(depth) - 1, 0) * 4)
    size = rng.uniform(0.8, 2.5) * look.strength
    core = np.stack(
        [
            -size * (tissue.x_mm - x0) / reach * window,
            0.5 * size * depth * window,
            0.6 * size * window,
        ]
    ).astype(np.float32)
    tremble = wander(rng, 7.0, 12.0)
    uneven = wander(rng, 0.5, 2.5)

    def hold(t_s: float) -> float:
        return _ramp(t_s, start, start + up) * (1 - _ramp(t_s, stop - down, stop))

    shake = np.stack([0.3 * window, 0.7 * window, 0.4 * window]).astype(np.float32)
    return [
        Motion(basis=core, waveform=lambda t: hold(t) * (1 + 0.12 * uneven(t))),
        Motion(basis=shake * np.float32(0.04 * size), waveform=lambda t: hold(t) * tremble(t)),
    ]


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
            sum(s * _ramp(t_s, a, a + b) for s, a, b in zip(signs, times, lasts, strict=True))
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
        edge = _ramp(t_s, start, start + 0.4) * (1 - _ramp(t_s, stop - 0.4, stop))
        swell = abs(0.6 + 0.5 * envelope(t_s))
        return edge * swell * float(np.sin(2 * np.pi * rate * t_s + 0.8 * phase(t_s)))

    return [Motion(basis=basis, waveform=waveform)]


MOVEMENTS: dict[LookAlikeKind, Maker] = {
    LookAlikeKind.PULSATION: pulsation,
    LookAlikeKind.BREATHING: breathing,
    LookAlikeKind.DRIFT: drift,
    LookAlikeKind.SWAY: sway,
    LookAlikeKind.SWEEP: sweep,
    LookAlikeKind.JERK: jerk,
    LookAlikeKind.CONTRACTION: contraction,
    LookAlikeKind.SLIDING: sliding,
    LookAlikeKind.TREMOR: tremor,
}


def margin_mm(scene: Scene) -> float:
    """How far look-alikes may carry the tissue: the scatterers reach that much further."""
    reach = {LookAlikeKind.SWEEP: 16.0, LookAlikeKind.SLIDING: 6.0, LookAlikeKind.JERK: 2.5}
    margin = 2.0
    for look in scene.look_alikes:
        margin += reach.get(look.kind, 0.0) * look.strength
        if look.kind is LookAlikeKind.DRIFT:
            margin += 0.6 * look.strength * min(scene.duration_s, 20.0)
    return margin
