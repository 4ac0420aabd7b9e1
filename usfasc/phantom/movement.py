"""Displacement fields of the tissue, in mm, and how they go in time.

A motion is a spatial pattern (per scatterer: lateral, axial, out of plane) times a
waveform of time, so one movement can be seen at any frame rate and spacing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Floats
from usfasc.phantom.anatomy import Float32s, Layout, Muscle, Scatterers
from usfasc.phantom.scene import Scene, Twitch

Waveform = Callable[[float], float]

MERGE_S = 0.14
"""Two jerks of one site nearer than this are one visible twitch (the counting unit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """``basis`` (3, n) mm for the scatterers ``index`` (None: all), times ``waveform(t_s)``."""

    basis: Float32s
    waveform: Waveform
    index: NDArray[np.intp] | None = None


def displacement(motions: Sequence[Motion], t_s: float, count: int) -> Float32s:
    """Summed displacement ``(3, n)`` in mm of all scatterers at one time."""
    total = np.zeros((3, count), np.float32)
    for motion in motions:
        weight = np.float32(motion.waveform(t_s))
        if abs(weight) < 1e-7:
            continue
        if motion.index is None:
            total += weight * motion.basis
        else:
            total[:, motion.index] += weight * motion.basis
    return total


def twitch_waveform(twitch: Twitch) -> Waveform:
    """Displacement of a twitch over time, peak 1: out, then back more slowly.

    ``(s exp(1 - s)) ** sharpness`` on its own time scale before and after the peak;
    the shape of a motor unit's twitch, whose velocity is biphasic.
    """
    tail_s = twitch.relaxation_s / 3.89  # s exp(1 - s) is a tenth at s = 4.89

    def waveform(t_s: float) -> float:
        since = t_s - twitch.onset_s
        if since <= 0:
            return 0.0
        late = since - twitch.contraction_s
        s = since / twitch.contraction_s if late < 0 else 1 + late / tail_s
        power = twitch.sharpness if late < 0 else 1.0
        return float((s * np.exp(1 - s)) ** power)

    return waveform


def twitch_motion(twitch: Twitch, tissue: Scatterers) -> Motion:
    """The displacement field of one twitch, cut where it falls under half a percent."""
    angle = np.deg2rad(twitch.along_deg)
    dx, dy = tissue.x_mm - twitch.x_mm, tissue.y_mm - twitch.y_mm
    along = (dx * np.cos(angle) + dy * np.sin(angle)) / (twitch.length_mm / 3)
    across = (-dx * np.sin(angle) + dy * np.cos(angle)) / (twitch.width_mm / 3)
    squared = along**2 + across**2
    index = np.flatnonzero((squared < 30) & ~tissue.lumen)
    u, v = along[index], across[index]
    core = np.exp(-squared[index] / 2)
    # Connective tissue drags what lies around a little way along.
    drag = 0.12 * np.exp(-squared[index] / 8)
    fields = _shift(twitch, core + drag) if twitch.mode == "shift" else _bulge(twitch, u, v, core)
    scale = twitch.amplitude_mm / max(float(np.hypot(*fields).max(initial=0)), 1e-6)
    through = twitch.out_of_plane_mm * (core + drag) / 1.12
    basis = np.stack([fields[0] * scale, fields[1] * scale, through]).astype(np.float32)
    return Motion(basis=basis, index=index, waveform=twitch_waveform(twitch))


def _shift(twitch: Twitch, window: Float32s) -> tuple[Float32s, Float32s]:
    direction = np.deg2rad(twitch.direction_deg)
    return window * np.float32(np.cos(direction)), window * np.float32(np.sin(direction))


def _bulge(twitch: Twitch, u: Float32s, v: Float32s, core: Float32s) -> tuple[Float32s, Float32s]:
    """Fibres shorten towards the middle and thicken across it."""
    angle = np.deg2rad(twitch.along_deg)
    shorten, thicken = -u * core, 0.8 * v * core
    x = shorten * np.cos(angle) - thicken * np.sin(angle)
    y = shorten * np.sin(angle) + thicken * np.cos(angle)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def draw_twitches(
    scene: Scene, layout: Layout, rng: np.random.Generator, blind: Sequence[tuple[float, float]]
) -> tuple[Twitch, ...]:
    """Draw motor units and their firing: exponential gaps, no least interval.

    ``blind`` are times (start, stop) in s at which nobody could judge; no twitch is
    laid there. Where more than a fifth of the twitches would overlap another in
    space and time, the later ones are left out.
    """
    if scene.twitches_per_min <= 0:
        return ()
    units = _draw_units(scene, layout, rng)
    twitches, t = [], 0.2
    while True:
        t += rng.exponential(60 / scene.twitches_per_min)
        if t > scene.duration_s - 0.3:
            break
        twitches.append(_fire(units[rng.integers(len(units))], t, scene, rng))
    seen = [each for each in twitches if not _hidden(each, blind)]
    return _thin(seen)


def _hidden(twitch: Twitch, blind: Sequence[tuple[float, float]]) -> bool:
    return any(twitch.onset_s < stop and twitch.offset_s > start for start, stop in blind)


def overlap(one: Twitch, other: Twitch, near_mm: float = 8.0, near_s: float = 0.5) -> bool:
    """Whether two twitches lie within a distance and a time of each other."""
    close = np.hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm) < near_mm
    return bool(close and abs(one.onset_s - other.onset_s) < near_s)


def _thin(twitches: list[Twitch]) -> tuple[Twitch, ...]:
    kept: list[Twitch] = []
    for twitch in twitches:
        crowded = sum(any(overlap(a, b) for b in kept if b is not a) for a in [*kept, twitch])
        clashes = any(overlap(twitch, other) for other in kept)
        if not clashes or crowded <= max(2, 0.2 * len(twitches)):
            kept.append(twitch)
    return tuple(kept)


def _draw_units(scene: Scene, layout: Layout, rng: np.random.Generator) -> list[Twitch]:
    """Motor units as twitches at time 0 whose field and speed every firing repeats."""
    transverse = scene.view == "transverse"
    units = []
    for number in range(scene.sites):
        muscle = layout.muscles[number % len(layout.muscles)]
        x, y = _place(scene, muscle, rng)
        length = float(np.exp(rng.uniform(np.log(3), np.log(20))))
        width = float(np.clip(length * rng.uniform(0.25, 0.6), 2.0, 8.0))
        low, high = np.log(scene.amplitude_mm)
        amplitude = float(np.exp(rng.uniform(low, high)))
        units.append(
            Twitch(
                onset_s=0.0,
                x_mm=x,
                y_mm=y,
                amplitude_mm=amplitude,
                mode="shift" if rng.random() < 0.5 else "bulge",
                contraction_s=rng.uniform(0.04, 0.16),
                relaxation_s=rng.uniform(0.1, 0.35),
                length_mm=width * rng.uniform(1.0, 1.5) if transverse else length,
                width_mm=width,
                along_deg=rng.uniform(0, 180) if transverse else muscle.pennation_deg,
                direction_deg=rng.uniform(0, 360),
                out_of_plane_mm=amplitude * rng.uniform(0.5, 2.0) if transverse else 0.0,
                sharpness=rng.uniform(1.0, 2.0),
            )
        )
    return units


def _place(scene: Scene, muscle: Muscle, rng: np.random.Generator) -> tuple[float, float]:
    x = rng.uniform(4.0, scene.width_mm - 4.0)
    top = float(muscle.top.at(np.array(x))) + 2.0
    bottom = min(float(muscle.bottom.at(np.array(x))), scene.depth_mm) - 2.0
    return float(x), float(rng.uniform(top, max(bottom, top + 0.5)))


def _fire(unit: Twitch, onset_s: float, scene: Scene, rng: np.random.Generator) -> Twitch:
    """One firing: the unit's field, a little stronger or weaker each time."""
    from dataclasses import replace

    factor = float(np.exp(rng.normal(0, 0.2)))
    low, high = scene.amplitude_mm
    amplitude = float(np.clip(unit.amplitude_mm * factor, low, high))
    return replace(
        unit,
        onset_s=float(onset_s),
        amplitude_mm=amplitude,
        out_of_plane_mm=unit.out_of_plane_mm * amplitude / unit.amplitude_mm,
        contraction_s=float(unit.contraction_s * np.exp(rng.normal(0, 0.08))),
    )


def affine_basis(tissue: Scatterers, values: Floats) -> Float32s:
    """Basis of a whole-picture movement.

    ``values`` are shift x, shift y, rotation (rad), strain x, strain y, out of plane,
    about the tissue's middle; lengths in mm.
    """
    x, y = tissue.x_mm - tissue.x_mm.mean(), tissue.y_mm - tissue.y_mm.mean()
    shift_x, shift_y, turn, strain_x, strain_y, through = values
    along = shift_x + strain_x * x - turn * y
    down = shift_y + strain_y * y + turn * x
    return np.stack([along, down, np.full_like(x, through)]).astype(np.float32)
