"""Pictures of layered tissue to learn from: as measured ones, and of more kinds than those.

What is learned must hold for muscle, not for one phantom. So half of the pictures differ
from the measured ones in view, site, probe, depth, slopes and vessels, some show nothing,
and all are shown as other machines would: brighter or darker, with another curve of grey
levels, blurred, mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.outline_pictures import Drawn, LayeredPicture, draw_picture, layered_pictures
from usfasc.model import Grey
from usfasc.phantom.beams.geometry import sector_size_mm
from usfasc.phantom.beams.probes import Probe, draw_machine
from usfasc.phantom.beams.scene import BeamScene, Site
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene
from usfasc.tissue.sampling import Image

_SITES: Final[tuple[tuple[Site, Probe, tuple[float, float]], ...]] = (
    ("limb", "linear", (22, 55)),
    ("limb", "linear", (22, 55)),
    ("limb", "convex", (45, 70)),
    ("paraspinal", "linear", (34, 44)),
    ("paraspinal", "convex", (45, 60)),
    ("abdomen", "linear", (27, 36)),
    ("abdomen", "convex", (38, 50)),
    ("tongue", "microconvex", (48, 60)),
)
"""Site, probe, and the depths it is scanned at."""
_KEPT: Final = 600
"""Of the development pictures, those that nothing is learned from."""
_NOTHING_EACH: Final = 8
"""Every so many a picture shows no layers at all."""
_GRAIN_MM: Final = (0.1, 2.5)
_LIGHT_MM: Final = 5.0
"""Over which a scanner's own light changes with depth at the fastest: focus, gain sliders."""
_TRANSVERSE: Final = 0.3
_WITH_VESSEL: Final = 0.25
_HARD: Final = 0.7
_STEEPEST: Final = 2.5
"""In units of what measured pictures have at most: as aponeuroses of pennate muscles run."""
_GAMMA: Final = (0.6, 1.6)
_RAMP: Final = 0.35
"""Change of brightness from top to bottom, at most, as a share of all."""
_BLURRED: Final = 0.4
_MOST_BLUR_MM: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A picture to learn from: of layers, or, where ``picture`` is None, of none."""

    picture: LayeredPicture | None
    seed: int

    @property
    def name(self) -> str:
        """What it is called."""
        return self.picture.name if self.picture else f"nothing-{self.seed}"


def lessons(count: int) -> tuple[Lesson, ...]:
    """What is to be drawn, so mixed that any run of them holds all kinds."""
    plain = layered_pictures("dev", _KEPT + count)[_KEPT:]
    order = np.random.default_rng(71).permutation(count)
    return tuple(_lesson(number, plain[n]) for number, n in enumerate(order))


def _lesson(number: int, plain: LayeredPicture) -> Lesson:
    if number % _NOTHING_EACH == 0:
        return Lesson(picture=None, seed=plain.seed)
    if number % 2:
        return Lesson(picture=plain, seed=plain.seed)
    rng = np.random.default_rng([plain.seed, 72])
    hard, scene = bool(rng.random() < _HARD), _varied(plain.scene, rng)
    steepness = float(rng.uniform(1.0, _STEEPEST))
    varied = replace(plain, scene=scene, hard=hard, steepness=steepness)
    return Lesson(picture=varied, seed=plain.seed)


def draw_lesson(lesson: Lesson) -> Drawn:
    """Draw a picture, and show it as some machine would."""
    rng = np.random.default_rng([lesson.seed, 70])
    drawn = _nothing(rng) if lesson.picture is None else draw_picture(lesson.picture)
    shown = replace(drawn, grey=_shown(drawn, rng))
    return _mirrored(shown) if rng.random() < 0.5 else shown


def _nothing(rng: np.random.Generator) -> Drawn:
    """A block of noise of any grain, evenly lit or not, with rows of pins, or the rings of air."""
    spacing = float(rng.uniform(0.08, 0.16))
    height, width = (rng.uniform((24, 26), (50, 46)) / spacing).astype(int).tolist()
    extra = _EXTRAS[int(rng.integers(len(_EXTRAS)))]
    level = _block((height, width), spacing, rng) + extra((height, width), spacing, rng)
    return Drawn(
        grey=np.clip(255 * level, 0, 255).astype(np.uint8),
        mask=np.ones((height, width), bool),
        spacing_mm=(spacing, spacing),
        layers=np.ones((height, width), np.int8),
        lines_px=(),
    )


def _block(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    low, high = np.log(_GRAIN_MM).tolist()
    fine, coarse = np.sort(np.exp(rng.uniform(low, high, 2)) / spacing_mm).tolist()
    noise = cv2.GaussianBlur(
        rng.standard_normal(shape).astype(np.float32), (0, 0), coarse, None, fine
    )
    light = cv2.GaussianBlur(
        rng.standard_normal((shape[0], 1)).astype(np.float32), (0, 0), _LIGHT_MM / spacing_mm
    )
    level = rng.uniform(0.2, 0.5) + rng.uniform(0.05, 0.25) * noise / float(noise.std())
    return np.asarray(level + rng.uniform(0, 0.25) * light / max(float(light.std()), 1e-6))


def _plain(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    return np.zeros(shape, np.float32)


def _pins(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    """Wires of a test block, end on, in level rows."""
    down, across = (rng.uniform(2.0, 12.0, 2) / spacing_mm).tolist()
    pins = np.zeros(shape, np.float32)
    rows, columns = (
        np.arange(step / 2, n, step) for step, n in zip((down, across), shape, strict=True)
    )
    pins[np.ix_(rows.astype(int), columns.astype(int))] = 1.0
    size = (rng.uniform((0.1, 0.15), (0.3, 0.8)) / spacing_mm).tolist()
    pins = cv2.GaussianBlur(pins, (0, 0), size[1], None, size[0])
    return np.asarray(rng.uniform(0.2, 0.9) * pins / pins.max(), np.float32)


def _rings(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    """A probe in air: its face again and again, at even distances, ever fainter."""
    depth_mm = (np.arange(shape[0], dtype=np.float32)[:, np.newaxis] + 0.5) * spacing_mm
    gap_mm, width_mm = float(rng.uniform(1.2, 9.0)), float(rng.uniform(0.2, 0.8))
    away_mm = np.abs((depth_mm + gap_mm / 2) % gap_mm - gap_mm / 2)
    fading = np.exp(-depth_mm / float(rng.uniform(8, 60)))
    ring = fading * np.exp(-0.5 * (away_mm / width_mm) ** 2)
    return np.asarray(np.broadcast_to(rng.uniform(0.3, 0.9) * ring, shape), np.float32)


_EXTRAS: Final = (_plain, _plain, _pins, _pins, _rings)


def _varied(scene: Scene, rng: np.random.Generator) -> Scene:
    vessel = (LookAlike(kind=LookAlikeKind.PULSATION),) if rng.random() < _WITH_VESSEL else ()
    scene = replace(
        scene,
        view="transverse" if rng.random() < _TRANSVERSE else "longitudinal",
        look_alikes=vessel,
    )
    if isinstance(scene, BeamScene):
        return _at_site(scene, rng)
    depth, width, spacing = rng.uniform((20, 24, 0.06), (60, 50, 0.18))
    return _sized(scene, float(depth), float(width), float(spacing))


def _at_site(scene: BeamScene, rng: np.random.Generator) -> BeamScene:
    site, probe, depths = _SITES[int(rng.integers(len(_SITES)))]
    depth, width = float(rng.uniform(*depths)), float(rng.uniform(24, 50))
    spacing = float(rng.uniform(0.08, 0.16))
    machine = draw_machine(probe, rng)
    if machine.radius_mm:
        depth, width = sector_size_mm(machine, depth)
        spacing = width / float(rng.uniform(360, 460))
    scene = replace(scene, site=site, machine=machine)
    return cast(BeamScene, _sized(scene, depth, width, spacing))


def _sized(scene: Scene, depth_mm: float, width_mm: float, spacing_mm: float) -> Scene:
    return replace(
        scene,
        depth_mm=depth_mm,
        width_mm=width_mm,
        height_px=int(depth_mm / spacing_mm),
        width_px=int(width_mm / spacing_mm),
    )


def _shown(drawn: Drawn, rng: np.random.Generator) -> Grey:
    level = drawn.grey.astype(np.float32) / 255
    level = level ** float(np.exp(rng.uniform(*np.log(_GAMMA))))
    depth = np.linspace(-0.5, 0.5, len(level), dtype=np.float32)[:, np.newaxis]
    level *= 1 + float(rng.uniform(-_RAMP, _RAMP)) * depth
    if rng.random() < _BLURRED:
        blur_px = float(rng.uniform(0.05, _MOST_BLUR_MM)) / drawn.spacing_mm[0]
        level = cv2.GaussianBlur(level, (0, 0), max(blur_px, 0.3))
    level *= float(rng.uniform(0.6, 1.1))
    return np.where(drawn.mask, np.clip(255 * level, 0, 255), 0).astype(np.uint8)


def _mirrored(drawn: Drawn) -> Drawn:
    return replace(
        drawn,
        grey=np.ascontiguousarray(drawn.grey[:, ::-1]),
        mask=np.ascontiguousarray(drawn.mask[:, ::-1]),
        layers=np.ascontiguousarray(drawn.layers[:, ::-1]),
        lines_px=tuple(line[::-1] for line in drawn.lines_px),
    )
