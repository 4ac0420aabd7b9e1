"""Where the layers of the tissue lie at rest."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Floats
from usfasc.phantom.scene import LookAlikeKind, Scene

Lengths = NDArray[np.floating[Any]]
"""Positions in mm, of either precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A depth in mm as a function of lateral position: a slope and a slow wave."""

    depth_mm: float
    slope: float = 0.0
    wave_mm: float = 0.0
    wavelength_mm: float = 30.0
    phase: float = 0.0

    def at(self, x_mm: Lengths) -> Floats:
        """Depth in mm at each lateral position."""
        wave = self.wave_mm * np.sin(2 * np.pi * x_mm / self.wavelength_mm + self.phase)
        return np.asarray(self.depth_mm + self.slope * x_mm + wave, np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Muscle:
    """One muscle between two fasciae, its fascicles at ``pennation_deg`` to the x axis."""

    top: Curve
    bottom: Curve
    pennation_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vessel:
    """An artery: a round lumen (transverse) or a tube along x (longitudinal)."""

    x_mm: float
    axis: Curve
    radius_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where the layers lie."""

    skin_mm: float
    fascia: Curve
    muscles: tuple[Muscle, ...]
    bone: Curve | None
    vessel: Vessel | None


def wall_distance(vessel: Vessel, scene: Scene, x_mm: Lengths, y_mm: Lengths) -> Floats:
    """Distance in mm from the inner wall, negative in the lumen."""
    from_axis = y_mm - vessel.axis.at(x_mm)
    if scene.view == "longitudinal":
        return np.abs(from_axis) - vessel.radius_mm
    return np.asarray(np.hypot(x_mm - vessel.x_mm, from_axis) - vessel.radius_mm, np.float64)


def draw_layout(scene: Scene, rng: np.random.Generator) -> Layout:
    """Draw the layers of one subject."""
    skin = rng.uniform(1.3, 2.2)
    fascia = draw_curve(rng, skin + scene.depth_mm * rng.uniform(0.05, 0.16))
    deep = scene.depth_mm * (rng.uniform(0.82, 0.93) if scene.bone else 1.2)
    bone = draw_curve(rng, deep, wave_mm=rng.uniform(0.2, 0.9)) if scene.bone else None
    floor = bone or Curve(depth_mm=deep)
    edges = [fascia, floor]
    if scene.muscles == 2:
        middle = fascia.depth_mm + (deep - fascia.depth_mm) * rng.uniform(0.4, 0.6)
        edges.insert(1, draw_curve(rng, middle))
    muscles = tuple(
        Muscle(top=top, bottom=bottom, pennation_deg=float(angle))
        for (top, bottom), angle in zip(pairwise(edges), _pennations(rng), strict=False)
    )
    wanted = scene.looks_like(LookAlikeKind.PULSATION)
    vessel = _draw_vessel(scene, edges, rng) if wanted else None
    return Layout(skin_mm=skin, fascia=fascia, muscles=muscles, bone=bone, vessel=vessel)


def draw_curve(rng: np.random.Generator, depth_mm: float, wave_mm: float | None = None) -> Curve:
    """A layer's edge about a depth, gently sloping and waving."""
    return Curve(
        depth_mm=depth_mm,
        slope=rng.uniform(-0.06, 0.06),
        wave_mm=rng.uniform(0.1, 0.7) if wave_mm is None else wave_mm,
        wavelength_mm=rng.uniform(25, 60),
        phase=rng.uniform(0, 2 * np.pi),
    )


def _pennations(rng: np.random.Generator) -> Floats:
    """Two angles that differ, as neighbouring muscles do."""
    first = rng.uniform(4, 18) * rng.choice([-1, 1])
    return np.array([first, -first * rng.uniform(0.3, 1.0)])


def _draw_vessel(scene: Scene, edges: list[Curve], rng: np.random.Generator) -> Vessel:
    radius = rng.uniform(1.2, 2.4)
    between = edges[1] if len(edges) == 3 else edges[0]
    depth = between.depth_mm + (0.0 if len(edges) == 3 else radius + 2.0)
    return Vessel(
        x_mm=scene.width_mm * rng.uniform(0.3, 0.7),
        axis=Curve(depth_mm=depth, slope=rng.uniform(-0.1, 0.1), wave_mm=0.3, wavelength_mm=35.0),
        radius_mm=radius,
    )
