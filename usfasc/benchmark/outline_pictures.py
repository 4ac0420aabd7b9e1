"""Single pictures of layered tissue whose boundaries are known, from plain to faint.

Both families of phantoms make them. In a hard picture each boundary is weakened, down to
where it is no brighter than the strands within the muscle, broken over up to 60 % of the
width, and slopes (`weak_boundaries`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.benchmark.weak_boundaries import (
    Weakness,
    draw_weaknesses,
    inclined,
    weakened_echo,
    weakened_points,
)
from usfasc.model import Floats, Grey, Mask
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.display import Display
from usfasc.phantom.beams.front import Front
from usfasc.phantom.beams.geometry import lay_fan
from usfasc.phantom.beams.nodes import Mover, lay_nodes
from usfasc.phantom.beams.probes import draw_machine
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.layout import Curve, Layout, draw_layout
from usfasc.phantom.scanner import Scanner
from usfasc.phantom.scene import Noise, Scene
from usfasc.phantom.sets import Split

_FIRST_SEED: Final[dict[Split, int]] = {"dev": 5_000, "test": 66_000}
_NOISES: Final[tuple[Noise, ...]] = ("low", "medium", "high")
_FRAMES: Final = 3
"""Until persistence has settled."""
_WEAKEST_DB: Final = {"points": 13.0, "beams": 8.0}
"""By which a boundary falls to the level of the brighter strands of its family's muscles."""
_TISSUE, _SHAPE, _NOISE, _GAPS = range(60, 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredPicture:
    """What is to be drawn; ``hard`` tells the two halves of the set apart.

    ``steepness`` of the layers of hard ones is that of `inclined`.
    """

    name: str
    scene: Scene
    seed: int
    hard: bool
    steepness: float = 1.0


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
    layout, weak = _weakened(layout, wanted, _WEAKEST_DB["points"])
    tissue = weakened_points(scene, layout, weak, [seed, _TISSUE])
    scanner = Scanner(scene, tissue, np.random.default_rng([seed, _NOISE]))
    still = np.zeros((3, len(tissue.x_mm)), np.float32)
    grey = [scanner.image(still) for _ in range(_FRAMES)][-1]
    dy, dx = scene.spacing_mm
    x, y = np.meshgrid(
        (np.arange(scene.width_px) + 0.5) * dx, (np.arange(scene.height_px) + 0.5) * dy
    )
    return _with_truth(grey, np.ones(grey.shape, bool), scene, _edges(layout, None), (x, y))


def _draw_beams(wanted: LayeredPicture, scene: BeamScene) -> Drawn:
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, np.random.default_rng([wanted.seed, 0]))
    layout, weak = _weakened(anatomy.layout, wanted, _WEAKEST_DB["beams"])
    anatomy = replace(anatomy, layout=layout)
    echo = weakened_echo(scene, anatomy, fan, weak, [wanted.seed, _TISSUE])
    rng = np.random.default_rng([wanted.seed, _NOISE])
    display, front = Display(scene, fan, rng), Front(scene, fan, echo, rng)
    still = Mover(scene, fan, lay_nodes(scene, fan, anatomy), []).shift(0.0)
    grey = [display.picture(front.envelope(still), 0.0, None) for _ in range(_FRAMES)][-1]
    x, y = fan.place(*fan.pixels(scene))
    place = (x, fan.body_depth_mm(x, y))
    return _with_truth(grey, display.mask, scene, _edges(anatomy.layout, anatomy.below), place)


def _weakened(
    layout: Layout, wanted: LayeredPicture, weakest_db: float
) -> tuple[Layout, list[Weakness]]:
    """The layers as they lie in the picture, and how weak each boundary is."""
    count, width_mm = len(layout.muscles), wanted.scene.width_mm
    if not wanted.hard:
        return layout, [Weakness()] * count
    gaps, slopes = ([wanted.seed, _GAPS], [wanted.seed, _SHAPE, 1])
    weak = draw_weaknesses(count, weakest_db, width_mm, np.random.default_rng(gaps))
    return inclined(layout, width_mm, np.random.default_rng(slopes), wanted.steepness), weak


def _edges(layout: Layout, below: Curve | None) -> tuple[list[Curve], Curve | None]:
    """Upper edge of each muscle, and of what lies below the last one: bone, pleura, air."""
    return [muscle.top for muscle in layout.muscles], layout.bone or below


def _with_truth(
    grey: Grey,
    mask: Mask,
    scene: Scene,
    edges: tuple[list[Curve], Curve | None],
    place_mm: tuple[Floats, Floats],
) -> Drawn:
    x, depth = place_mm
    tops, floor = edges
    below = [depth >= edge.at(x) for edge in (*tops, floor) if edge is not None]
    layers = np.asarray(np.sum(below, axis=0), np.int8)
    layers[layers > len(tops)] = -1
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
