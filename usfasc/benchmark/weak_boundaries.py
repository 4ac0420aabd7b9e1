"""Boundaries of layers made weak: lowered, broken over parts of the width, inclined.

A weak boundary is made from three tissues of one subject: all layers as they are, muscle
alone and fat alone; from the first only what lies about a boundary is taken, lowered, and
only where it outshines the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, cast

import numpy as np

from usfasc.model import Floats, Mask
from usfasc.phantom.beams.anatomy import Anatomy
from usfasc.phantom.beams.geometry import Fan
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.beams.tissue import lay_tissue
from usfasc.phantom.layout import Curve, Layout, Lengths
from usfasc.phantom.lookalikes import margin_mm
from usfasc.phantom.scatterers import Echo, Scatterers, scatter
from usfasc.phantom.scene import Scene

_NEAR_MM: Final = 1.3
"""What lies so near to a boundary is of it."""
_ABOVE_ALL: Final = Curve(depth_mm=-90.0)
_MOST_GAPS: Final = 4
_MOST_MISSING: Final = 0.6
"""Share of the width over which a boundary cannot be seen."""
_SLOPES: Final = (0.12, 0.08)
"""Steepest slope that all layers share, and that one has for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """One boundary's weakness: how much darker, and over which parts it cannot be seen."""

    drop_db: float = 0.0
    gaps_mm: tuple[tuple[float, float], ...] = ()

    def seen(self, x_mm: Lengths) -> Mask:
        """Where the boundary is there at all."""
        x = np.asarray(x_mm)
        there = np.ones(x.shape, bool)
        for start, stop in self.gaps_mm:
            there &= (x < start) | (x >= stop)
        return there


def draw_weaknesses(
    count: int, weakest_db: float, width_mm: float, rng: np.random.Generator
) -> list[Weakness]:
    """One for each boundary of a picture so wide, darker by at most so much."""
    return [
        Weakness(drop_db=float(rng.uniform(0, weakest_db)), gaps_mm=_gaps(width_mm, rng))
        for _ in range(count)
    ]


def _gaps(width_mm: float, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """Some gaps, one in each of as many parts of the width."""
    number = int(rng.integers(1, _MOST_GAPS + 1))
    part = width_mm / number
    share = float(rng.uniform(0, _MOST_MISSING))
    starts = [k * part + rng.uniform(0, 1 - share) * part for k in range(number)]
    return tuple((float(a), float(a + share * part)) for a in starts)


def inclined(
    layout: Layout, width_mm: float, rng: np.random.Generator, steepness: float = 1.0
) -> Layout:
    """The layers inclined about the middle of a picture so wide, neighbours alike.

    ``steepness`` is in units of what measured pictures have at most.
    """
    shared = steepness * rng.uniform(-_SLOPES[0], _SLOPES[0])
    middle = width_mm / 2
    edges = [layout.muscles[0].top, *(muscle.bottom for muscle in layout.muscles)]
    turned = [
        replace(edge, slope=slope, depth_mm=edge.depth_mm - slope * middle)
        for edge in edges
        for slope in [shared + rng.uniform(-_SLOPES[1], _SLOPES[1])]
    ]
    muscles = tuple(
        replace(muscle, top=top, bottom=bottom)
        for muscle, top, bottom in zip(layout.muscles, turned, turned[1:], strict=False)
    )
    bone = turned[-1] if layout.bone is not None else None
    return replace(layout, fascia=turned[0], muscles=muscles, bone=bone)


def _without_boundaries(layout: Layout) -> tuple[Layout, Layout]:
    """The same subject as muscle from top to bottom, and as fat alone."""
    flesh = tuple(replace(each, top=_ABOVE_ALL) for each in reversed(layout.muscles))
    return replace(layout, muscles=flesh), replace(layout, muscles=())


def weakened_points(
    scene: Scene, layout: Layout, weak: Sequence[Weakness], seed: Sequence[int]
) -> Scatterers:
    """Scatterers of a scene's tissue with weak boundaries, drawn from a seed."""

    def make(each: Layout) -> Scatterers:
        return scatter(scene, each, margin_mm(scene), np.random.default_rng(seed))

    whole, flesh, fat = (make(each) for each in (layout, *_without_boundaries(layout)))
    x, y = whole.x_mm, whole.y_mm
    fatty = y < layout.fascia.at(x)
    base = _chosen(fatty, fat, flesh)
    line = whole.amplitude * _visible(layout, weak, x, y).astype(np.float32)
    shown = _chosen(line > base.amplitude, whole, base)
    return replace(shown, amplitude=np.maximum(line, base.amplitude))


def _chosen(where: Mask, one: Scatterers, other: Scatterers) -> Scatterers:
    parts: dict[str, Any] = {
        name: np.where(where, getattr(one, name), getattr(other, name))
        for name in ("amplitude", "phase", "rate", "lumen")
    }
    return replace(one, **parts)


def weakened_echo(
    scene: BeamScene, anatomy: Anatomy, fan: Fan, weak: Sequence[Weakness], seed: Sequence[int]
) -> Echo:
    """Echo of a scene's tissue with weak boundaries, drawn from a seed."""
    x, y = (each.ravel() for each in fan.samples())
    place = (x, fan.body_depth_mm(x, y))
    layout = anatomy.layout
    make = partial(_lay, scene, anatomy, place, seed)
    whole, flesh, fat = (make(each) for each in (layout, *_without_boundaries(layout)))
    fatty = place[1] < layout.fascia.at(x)
    base_db = np.where(fatty, fat.level_db, flesh.level_db)
    base_coherent = np.where(fatty, fat.coherent, flesh.coherent)
    visible = np.maximum(_visible(layout, weak, *place), 1e-6)
    line_db = whole.level_db + 20 * np.log10(visible)
    whole.coherent = np.where(line_db > base_db, whole.coherent, base_coherent)
    whole.level_db = np.maximum(line_db, base_db)
    return whole


def _lay(
    scene: BeamScene,
    anatomy: Anatomy,
    place: tuple[Floats, Floats],
    seed: Sequence[int],
    layout: Layout,
) -> Echo:
    rng = np.random.default_rng(seed)
    return lay_tissue(scene, replace(anatomy, layout=layout), place, rng)


def _visible(layout: Layout, weak: Sequence[Weakness], x: Lengths, y: Lengths) -> Floats:
    """Share of the amplitude that is left of what lies about a boundary; 0 elsewhere."""
    share = np.zeros(len(x))
    for muscle, each in zip(layout.muscles, weak, strict=True):
        near = (np.abs(y - muscle.top.at(x)) < _NEAR_MM) & each.seen(x)
        share[near] = 10 ** (-each.drop_db / 20)
    return cast(Floats, share)
