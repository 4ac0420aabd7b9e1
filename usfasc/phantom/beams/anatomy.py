"""Which layers lie where under the probe, site by site, in mm of depth below its face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from usfasc.model import Floats
from usfasc.phantom.beams.geometry import Fan
from usfasc.phantom.beams.scene import BeamScene, Site
from usfasc.phantom.layout import Curve, Layout, Lengths, Muscle, Vessel, draw_curve
from usfasc.phantom.scene import LookAlikeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Dome(Curve):
    """A curve that is deepest at ``middle_mm``, as the back of the tongue seen from below."""

    middle_mm: float
    radius_mm: float

    def at(self, x_mm: Lengths) -> Floats:
        """Depth in mm at each lateral position."""
        rise = (np.asarray(x_mm, float) - self.middle_mm) ** 2 / (2 * self.radius_mm)
        most = 0.6 * self.depth_mm
        return Curve.at(self, x_mm) - most * (1 - np.exp(-rise / most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """One subject's site: layers, and what lies below the last muscle.

    ``below`` is the pleura, the peritoneum, or the air over the tongue; a limb has none.
    ``ribs_mm`` are the
    middles of ribs that shade the pleura. ``root_mm`` is where the fascicles of a tongue
    spread from; None where they run side by side.
    """

    layout: Layout
    below: Curve | None = None
    ribs_mm: tuple[float, ...] = ()
    root_mm: tuple[float, float] | None = None


def draw_anatomy(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Anatomy:
    """Draw one subject."""
    return _SITES[scene.site](scene, fan, rng)


def _limb(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Anatomy:
    depth = fan.depth_mm
    fascia = draw_curve(rng, depth * rng.uniform(0.12, 0.25))
    bone = draw_curve(rng, depth * rng.uniform(0.8, 0.92)) if scene.bone else None
    edges = [fascia, bone or Curve(depth_mm=1.2 * depth)]
    if scene.muscles == 2:
        edges.insert(1, draw_curve(rng, depth * rng.uniform(0.45, 0.62)))
    return Anatomy(layout=_layout(scene, edges, bone, rng))


def _tongue(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Anatomy:
    """From under the chin: skin, floor of the mouth, the body of the tongue, air over it."""
    depth = fan.depth_mm
    middle = scene.width_mm * rng.uniform(0.42, 0.58)
    back = Dome(
        depth_mm=depth * rng.uniform(0.74, 0.86),
        middle_mm=middle,
        radius_mm=rng.uniform(22, 36),
        wave_mm=0.3,
        wavelength_mm=25.0,
    )
    edges = [draw_curve(rng, rng.uniform(4, 6)), draw_curve(rng, rng.uniform(10, 15)), back]
    root = (middle - rng.uniform(8, 16), rng.uniform(4, 9))
    return Anatomy(
        layout=_layout(scene, edges, None, rng),
        below=back,
        root_mm=root if scene.view == "longitudinal" else None,
    )


def _paraspinal(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Anatomy:
    """Beside the spine: a thin and a thick muscle, ribs and their shadows, pleura between."""
    depth = fan.depth_mm
    fascia = draw_curve(rng, rng.uniform(5, 9))
    middle = draw_curve(rng, fascia.depth_mm + rng.uniform(6, 10))
    pleura = draw_curve(rng, depth * rng.uniform(0.72, 0.84), wave_mm=0.4)
    first, gap = rng.uniform(0.1, 0.5) * 18, rng.uniform(16, 22)
    ribs = np.arange(first, scene.width_mm, gap) if scene.view == "longitudinal" else ()
    return Anatomy(
        layout=_layout(scene, [fascia, middle, pleura], None, rng),
        below=pleura,
        ribs_mm=tuple(float(each) for each in ribs),
    )


def _abdomen(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Anatomy:
    """The wall: fat, three flat muscles, peritoneum, and bowel that slides below it.

    The depth is set as a sonographer does: the wall fills most of the picture.
    """
    thickness = rng.uniform((4.5, 5.0, 3.5), (8.0, 9.0, 6.0))
    top, bottom = rng.uniform((0.14, 0.7), (0.24, 0.82)) * fan.depth_mm
    edges = [draw_curve(rng, top, wave_mm=0.4)]
    for each in thickness * (bottom - top) / thickness.sum():
        edges.append(draw_curve(rng, edges[-1].depth_mm + each, wave_mm=0.4))
    return Anatomy(layout=_layout(scene, edges, None, rng), below=edges[-1])


def _layout(
    scene: BeamScene, edges: list[Curve], bone: Curve | None, rng: np.random.Generator
) -> Layout:
    """Muscles between edges, each with a pennation of its own, and a vessel where one pulses."""
    muscles = tuple(
        Muscle(top=top, bottom=bottom, pennation_deg=float(rng.uniform(-16, 16)))
        for top, bottom in pairwise(edges)
    )
    wanted = scene.looks_like(LookAlikeKind.PULSATION)
    return Layout(
        skin_mm=float(rng.uniform(1.2, 2.0)),
        fascia=edges[0],
        muscles=muscles,
        bone=bone,
        vessel=_vessel(scene, muscles, rng) if wanted else None,
    )


def _vessel(scene: BeamScene, muscles: tuple[Muscle, ...], rng: np.random.Generator) -> Vessel:
    """An artery in the upper part of the deepest muscle."""
    deepest = muscles[-1]
    x = scene.width_mm * rng.uniform(0.35, 0.65)
    top, bottom = (float(edge.at(np.array(x))) for edge in (deepest.top, deepest.bottom))
    radius = min(rng.uniform(0.9, 2.2), 0.2 * (bottom - top))
    depth = top + radius + rng.uniform(0.1, 0.4) * (bottom - top - 2 * radius)
    axis = Curve(depth_mm=depth, wave_mm=0.3, wavelength_mm=40.0, phase=rng.uniform(0, 6))
    return Vessel(x_mm=x, axis=axis, radius_mm=radius)


_SITES: Final[dict[Site, Callable[[BeamScene, Fan, np.random.Generator], Anatomy]]] = {
    "limb": _limb,
    "tongue": _tongue,
    "paraspinal": _paraspinal,
    "abdomen": _abdomen,
}
