"""Displacement fields of the tissue, in mm, and how they go in time.

A motion is a spatial pattern (per scatterer: lateral, axial, out of plane) times a
waveform of time, so one movement can be seen at any frame rate and spacing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from usfasc.phantom.layout import Layout
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import LookAlike, Scene

Waveform = Callable[[float], float]


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


def wander(rng: np.random.Generator, low_hz: float, high_hz: float, terms: int = 6) -> Waveform:
    """A smooth random waveform of unit variance within a band, zero at t = 0."""
    frequency = np.exp(rng.uniform(np.log(low_hz), np.log(high_hz), terms))
    phase = rng.uniform(0, 2 * np.pi, terms)
    weight = np.sqrt(2.0 / terms) * np.ones(terms)

    def waveform(t_s: float) -> float:
        moving = np.sin(2 * np.pi * frequency * t_s + phase) - np.sin(phase)
        return float(weight @ moving)

    return waveform


def ramp(t_s: float, start_s: float, stop_s: float) -> float:
    """From 0 to 1 between two times, smoothly."""
    s = float(np.clip((t_s - start_s) / (stop_s - start_s), 0, 1))
    return s * s * (3 - 2 * s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """A movement of the whole picture about its middle, per unit of its waveform.

    Lengths in mm, the turn in rad, strains as fractions; ``through_mm`` is out of plane.
    """

    x_mm: float = 0.0
    y_mm: float = 0.0
    turn: float = 0.0
    strain_x: float = 0.0
    strain_y: float = 0.0
    through_mm: float = 0.0


class Tissue(Protocol):
    """Points of tissue ``(n,)``: where they rest, in mm, and which of them are blood."""

    @property
    def x_mm(self) -> Float32s:
        """Lateral positions."""

    @property
    def y_mm(self) -> Float32s:
        """Depths."""

    @property
    def lumen(self) -> NDArray[np.bool_]:
        """Whether a point is blood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a look-alike needs to know of the scene it appears in."""

    scene: Scene
    layout: Layout
    tissue: Tissue

    def window(self, look: LookAlike) -> tuple[float, float]:
        """Start and stop in s within the clip."""
        return look.start_s, min(look.stop_s, self.scene.duration_s)

    def affine(self, waveform: Waveform, move: Affine) -> Motion:
        """A whole-picture movement."""
        x = self.tissue.x_mm - np.float32(self.scene.width_mm / 2)
        y = self.tissue.y_mm - np.float32(self.scene.depth_mm / 2)
        along = move.x_mm + move.strain_x * x - move.turn * y
        down = move.y_mm + move.strain_y * y + move.turn * x
        basis = np.stack([along, down, np.full_like(x, move.through_mm)]).astype(np.float32)
        return Motion(basis=basis, waveform=waveform)
