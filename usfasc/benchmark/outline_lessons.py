"""Pictures of layered tissue to learn from: as measured ones, and of more kinds than those.

What is learned must hold for muscle, not for one phantom. So half of the pictures differ
from the measured ones in view, site, probe, depth and vessels, and all are shown as other
machines would: brighter or darker, with another curve of grey levels, blurred, mirrored.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.outline_pictures import Drawn, LayeredPicture, draw_picture, layered_pictures
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
_TRANSVERSE: Final = 0.3
_WITH_VESSEL: Final = 0.25
_HARD: Final = 0.7
_GAMMA: Final = (0.6, 1.6)
_RAMP: Final = 0.35
"""Change of brightness from top to bottom, at most, as a share of all."""
_BLURRED: Final = 0.4
_MOST_BLUR_MM: Final = 0.25


def lessons(count: int) -> tuple[LayeredPicture, ...]:
    """What is to be drawn: every second one as the pictures that are measured, split ``dev``."""
    plain = layered_pictures("dev", count)
    return tuple(
        replace(picture, scene=_varied(picture.scene, picture.seed), hard=_is_hard(picture))
        if number // 2 % 2
        else picture
        for number, picture in enumerate(_reordered(plain))
    )


def draw_lesson(wanted: LayeredPicture) -> Drawn:
    """Draw a picture, and show it as some machine would."""
    drawn = draw_picture(wanted)
    rng = np.random.default_rng([wanted.seed, 70])
    shown = replace(drawn, grey=_shown(drawn, rng))
    return _mirrored(shown) if rng.random() < 0.5 else shown


def _reordered(plain: tuple[LayeredPicture, ...]) -> list[LayeredPicture]:
    """The same pictures, so mixed that any run of them holds all layouts."""
    order = np.random.default_rng(71).permutation(len(plain) // 2)
    return [plain[2 * n + k] for n in order for k in (0, 1)]


def _is_hard(picture: LayeredPicture) -> bool:
    return bool(np.random.default_rng([picture.seed, 72]).random() < _HARD)


def _varied(scene: Scene, seed: int) -> Scene:
    rng = np.random.default_rng([seed, 73])
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
