"""Single pictures of layered tissue whose boundaries are known, from plain to faint.

Both families of phantoms make them. In a hard picture each boundary is weakened, down to
where it is no brighter than the strands within the muscle, broken over up to 60 % of the
width, and slopes. A weak boundary is made from three tissues of one subject: all layers as
they are, muscle alone and fat alone; from the first only what lies about a boundary is
taken, lowered, and only where it outshines the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Floats, Grey, Mask
from usfasc.phantom.beams.anatomy import Anatomy, draw_anatomy
from usfasc.phantom.beams.display import Display
from usfasc.phantom.beams.front import Front
from usfasc.phantom.beams.geometry import Fan, lay_fan
from usfasc.phantom.beams.nodes import Mover, lay_nodes
from usfasc.phantom.beams.probes import draw_machine
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.beams.tissue import lay_tissue
from usfasc.phantom.layout import Curve, Layout, Lengths, draw_layout
from usfasc.phantom.lookalikes import margin_mm
from usfasc.phantom.scanner import Scanner
from usfasc.phantom.scatterers import Echo, Scatterers, scatter
from usfasc.phantom.scene import Noise, Scene
from usfasc.phantom.sets import Split

_FIRST_SEED: Final[dict[Split, int]] = {"dev": 5_000, "test": 66_000}
_NOISES: Final[tuple[Noise, ...]] = ("low", "medium", "high")
_FRAMES: Final = 3
"""Until persistence has settled."""
_NEAR_MM: Final = 1.3
_ABOVE_ALL = Curve(depth_mm=-90.0)
_WEAKEST_DB: Final = {"points": 13.0, "beams": 8.0}
"""By which a boundary falls to the level of the brighter strands of its family's muscles."""
_SLOPES: Final = (0.12, 0.08)
"""Steepest slope that all layers share, and that one has for itself."""
_TISSUE, _SHAPE, _NOISE, _GAPS = range(60, 64)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredPicture:
    """What is to be drawn; ``hard`` tells the two halves of the set apart."""

    name: str
    scene: Scene
    seed: int
    hard: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A picture with its truth.

    ``layers`` is ``(y, x)``: 0 above the first muscle, then muscle by muscle, -1 below the
    last one's lower edge (bone), -2 outside the picture. ``lines_px`` holds the row of each
    boundary over all columns, NaN where it lies outside.
    """

    grey: Grey
    mask: Mask
    spacing_mm: tuple[float, float]
    layers: NDArray[np.int8]
    lines_px: tuple[Floats, ...]


def layered_pictures(split: Split, count: int = 120) -> tuple[LayeredPicture, ...]:
    """The set: families, easy and hard, one muscle and two, with bone and without, in turn."""
    return tuple(_drafted(number, _FIRST_SEED[split] + number) for number in range(count))


def draw_picture(wanted: LayeredPicture) -> Drawn:
    """Render the last of a few frames of still tissue."""
    if isinstance(wanted.scene, BeamScene):
        return _draw_beams(wanted, wanted.scene)
    return _draw_points(wanted)


def _drafted(number: int, seed: int) -> LayeredPicture:
    rng = np.random.default_rng([seed, _SHAPE])
    depth, width, spacing = rng.uniform((28, 32, 0.08), (45, 42, 0.14))
    points = number % 2 == 0
    scene = Scene(
        height_px=int(depth / spacing),
        width_px=int(width / spacing),
        depth_mm=float(depth),
        width_mm=float(width),
        muscles=2 if number // 4 % 2 else 1,
        bone=bool(number // 8 % 2),
        noise=_NOISES[int(rng.integers(3))],
        dynamic_range_db=float(rng.uniform(50, 72)),
        persistence=float(rng.uniform(0, 0.5)),
    )
    if not points:
        values = {name: getattr(scene, name) for name in Scene.__dataclass_fields__}
        scene = BeamScene(**values, machine=draw_machine("linear", rng))
    hard = bool(number // 2 % 2)
    name = f"{'points' if points else 'beams'}-{'hard' if hard else 'easy'}-{number:03d}"
    return LayeredPicture(name=name, scene=scene, seed=seed, hard=hard)


def _draw_points(wanted: LayeredPicture) -> Drawn:
    scene, seed = wanted.scene, wanted.seed
    layout = draw_layout(scene, np.random.default_rng([seed, 0]))
    weak = _weaknesses(wanted, len(layout.muscles), _WEAKEST_DB["points"])
    layout = _sloped(layout, wanted)
    tissue = _weakened_points(scene, layout, weak, seed)
    scanner = Scanner(scene, tissue, np.random.default_rng([seed, _NOISE]))
    still = np.zeros((3, len(tissue.x_mm)), np.float32)
    grey = [scanner.image(still) for _ in range(_FRAMES)][-1]
    dy, dx = scene.spacing_mm
    x, y = np.meshgrid(
        (np.arange(scene.width_px) + 0.5) * dx, (np.arange(scene.height_px) + 0.5) * dy
    )
    return _with_truth(grey, np.ones(grey.shape, bool), scene, layout, (x, y))


def _draw_beams(wanted: LayeredPicture, scene: BeamScene) -> Drawn:
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, np.random.default_rng([wanted.seed, 0]))
    weak = _weaknesses(wanted, len(anatomy.layout.muscles), _WEAKEST_DB["beams"])
    anatomy = replace(anatomy, layout=_sloped(anatomy.layout, wanted))
    echo = _weakened_echo(scene, anatomy, fan, weak, wanted.seed)
    rng = np.random.default_rng([wanted.seed, _NOISE])
    display, front = Display(scene, fan, rng), Front(scene, fan, echo, rng)
    still = Mover(scene, fan, lay_nodes(scene, fan, anatomy), []).shift(0.0)
    grey = [display.picture(front.envelope(still), 0.0, None) for _ in range(_FRAMES)][-1]
    x, y = fan.place(*fan.pixels(scene))
    place = (x, fan.body_depth_mm(x, y))
    return _with_truth(grey, display.mask, scene, anatomy.layout, place)


def _with_truth(
    grey: Grey, mask: Mask, scene: Scene, layout: Layout, place_mm: tuple[Floats, Floats]
) -> Drawn:
    x, depth = place_mm
    edges = [muscle.top for muscle in layout.muscles]
    edges += [layout.bone] if layout.bone is not None else []
    below = [depth >= edge.at(x) for edge in edges]
    layers = np.asarray(np.sum(below, axis=0), np.int8)
    layers[layers > len(layout.muscles)] = -1
    layers[~mask] = -2
    return Drawn(
        grey=grey,
        mask=mask,
        spacing_mm=scene.spacing_mm,
        layers=layers,
        lines_px=tuple(_first_row(each) for each in below),
    )


def _first_row(below: Mask) -> Floats:
    """Edge between the last row above a boundary and the first below it, per column."""
    first = below.argmax(axis=0) - 0.5
    return np.where(below.any(axis=0) & (first > 0), first, np.nan)


def _weaknesses(wanted: LayeredPicture, count: int, weakest_db: float) -> list[Weakness]:
    if not wanted.hard:
        return [Weakness()] * count
    rng = np.random.default_rng([wanted.seed, _GAPS])
    return [
        Weakness(
            drop_db=float(rng.uniform(0, weakest_db)), gaps_mm=_gaps(wanted.scene.width_mm, rng)
        )
        for _ in range(count)
    ]


def _gaps(width_mm: float, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """One to four gaps, up to 60 % of the width in all, one in each part of it."""
    number = int(rng.integers(1, 5))
    part = width_mm / number
    share = float(rng.uniform(0, 0.6))
    starts = [k * part + rng.uniform(0, 1 - share) * part for k in range(number)]
    return tuple((float(a), float(a + share * part)) for a in starts)


def _sloped(layout: Layout, wanted: LayeredPicture) -> Layout:
    """The layers of a hard picture inclined about its middle, neighbours alike."""
    if not wanted.hard:
        return layout
    rng = np.random.default_rng([wanted.seed, _SHAPE, 1])
    shared = rng.uniform(-_SLOPES[0], _SLOPES[0])
    middle = wanted.scene.width_mm / 2
    edges = [layout.muscles[0].top, *(muscle.bottom for muscle in layout.muscles)]
    inclined = [
        replace(edge, slope=slope, depth_mm=edge.depth_mm - slope * middle)
        for edge in edges
        for slope in [shared + rng.uniform(-_SLOPES[1], _SLOPES[1])]
    ]
    muscles = tuple(
        replace(muscle, top=top, bottom=bottom)
        for muscle, top, bottom in zip(layout.muscles, inclined, inclined[1:], strict=False)
    )
    bone = inclined[-1] if layout.bone is not None else None
    return replace(layout, fascia=inclined[0], muscles=muscles, bone=bone)


def _without_boundaries(layout: Layout) -> tuple[Layout, Layout]:
    """The same subject as muscle from top to bottom, and as fat alone."""
    flesh = tuple(replace(each, top=_ABOVE_ALL) for each in reversed(layout.muscles))
    return replace(layout, muscles=flesh), replace(layout, muscles=())


def _weakened_points(
    scene: Scene, layout: Layout, weak: Sequence[Weakness], seed: int
) -> Scatterers:
    def make(each: Layout) -> Scatterers:
        return scatter(scene, each, margin_mm(scene), np.random.default_rng([seed, _TISSUE]))

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


def _weakened_echo(
    scene: BeamScene, anatomy: Anatomy, fan: Fan, weak: Sequence[Weakness], seed: int
) -> Echo:
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
    scene: BeamScene, anatomy: Anatomy, place: tuple[Floats, Floats], seed: int, layout: Layout
) -> Echo:
    rng = np.random.default_rng([seed, _TISSUE])
    return lay_tissue(scene, replace(anatomy, layout=layout), place, rng)


def _visible(layout: Layout, weak: Sequence[Weakness], x: Lengths, y: Lengths) -> Floats:
    """Share of the amplitude that is left of what lies about a boundary; 0 elsewhere."""
    share = np.zeros(len(x))
    for muscle, each in zip(layout.muscles, weak, strict=True):
        near = (np.abs(y - muscle.top.at(x)) < _NEAR_MM) & each.seen(x)
        share[near] = 10 ** (-each.drop_db / 20)
    return cast(Floats, share)
