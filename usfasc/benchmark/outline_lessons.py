"""Pictures of layered tissue to learn from: as measured ones, and of more kinds than those.

What is learned must hold for muscle, not for one phantom. So half of the pictures differ
from the measured ones: in view, site, probe, depth, slopes and vessels, or they are mere
sketches of layers, or of nothing. All are shown as other machines would: brighter or
darker, with another curve of grey levels, blurred, mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.outline_pictures import Drawn, LayeredPicture, draw_picture, layered_pictures
from usfasc.benchmark.outline_sketches import sketch_layers, sketch_nothing
from usfasc.model import Grey
from usfasc.phantom.beams.geometry import sector_size_mm
from usfasc.phantom.beams.probes import Probe, draw_machine
from usfasc.phantom.beams.scene import BeamScene, Site
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene

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
_SKETCHED_EACH: Final = 4
"""Every so many a picture is sketched, and every other one of those shows no layers at all."""
_TRANSVERSE: Final = 0.3
_WITH_VESSEL: Final = 0.25
_HARD: Final = 0.7
_STEEPEST: Final = 2.5
"""In units of what measured pictures have at most: as aponeuroses of pennate muscles run."""
_GAMMA: Final = (0.6, 1.6)
_RAMP: Final = 0.35
"""Change of brightness from top to bottom, at most, as a share of all."""
_TONED: Final = 0.4
_TONES: Final = (0.3, 1.2)
"""What a layer's brightness is multiplied by where layers differ: some muscle is nearly black."""
_BLENDED_MM: Final = 0.3
_BLURRED: Final = 0.4
_MOST_BLUR_MM: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A picture to learn from: a phantom's, or, where ``picture`` is None, a sketch.

    ``number`` counts lessons from 0; ``layered`` tells whether a sketch shows layers.
    """

    number: int
    picture: LayeredPicture | None
    seed: int
    layered: bool = True

    @property
    def name(self) -> str:
        """What it is called."""
        sketch = "layers" if self.layered else "nothing"
        return self.picture.name if self.picture else f"{sketch}-{self.seed}"


def lessons(count: int) -> tuple[Lesson, ...]:
    """What is to be drawn, so mixed that any run of them holds all kinds."""
    plain = layered_pictures("dev", _KEPT + count)[_KEPT:]
    order = np.random.default_rng(71).permutation(count)
    return tuple(_lesson(number, plain[n]) for number, n in enumerate(order))


def _lesson(number: int, plain: LayeredPicture) -> Lesson:
    if number % _SKETCHED_EACH == 0:
        layered = bool(number // _SKETCHED_EACH % 2)
        return Lesson(number=number, picture=None, seed=plain.seed, layered=layered)
    if number % 2:
        return Lesson(number=number, picture=plain, seed=plain.seed)
    rng = np.random.default_rng([plain.seed, 72])
    hard, scene = bool(rng.random() < _HARD), _varied(plain.scene, rng)
    steepness = float(rng.uniform(1.0, _STEEPEST))
    varied = replace(plain, scene=scene, hard=hard, steepness=steepness)
    return Lesson(number=number, picture=varied, seed=plain.seed)


def draw_lesson(lesson: Lesson) -> Drawn:
    """Draw a picture, and show it as some machine would."""
    rng = np.random.default_rng([lesson.seed, 70])
    sketch = sketch_layers if lesson.layered else sketch_nothing
    drawn = sketch(rng) if lesson.picture is None else draw_picture(lesson.picture)
    shown = replace(drawn, grey=_shown(drawn, rng))
    shown = _mirrored(shown) if rng.random() < 0.5 else shown
    return replace(shown, grey=_toned(shown, rng)) if rng.random() < _TONED else shown


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


def _toned(drawn: Drawn, rng: np.random.Generator) -> Grey:
    """Each layer of tissue brighter or darker than it was; bone and air as they were."""
    gains = np.ones(drawn.layers.shape, np.float32)
    for number in range(int(drawn.layers.max()) + 1):
        gains[drawn.layers == number] = np.exp(rng.uniform(*np.log(_TONES)))
    gains = cv2.GaussianBlur(gains, (0, 0), _BLENDED_MM / drawn.spacing_mm[0])
    return np.asarray(np.clip(drawn.grey * gains, 0, 255), np.uint8)


def _mirrored(drawn: Drawn) -> Drawn:
    return replace(
        drawn,
        grey=np.ascontiguousarray(drawn.grey[:, ::-1]),
        mask=np.ascontiguousarray(drawn.mask[:, ::-1]),
        layers=np.ascontiguousarray(drawn.layers[:, ::-1]),
        lines_px=tuple(line[::-1] for line in drawn.lines_px),
    )
