"""Pictures that show no fascia: one region, with the reason, and no outline invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.benchmark.outline_pictures import LayeredPicture, draw_picture
from usfasc.io import memory_cine
from usfasc.model import Bmode, Cine, Floats, Grey, Reading
from usfasc.phantom.families import standard
from usfasc.pipeline import read_cine
from usfasc.regions import outline
from usfasc.tissue import find_fasciae, rows_at, with_pictures

STEP_MM = 0.1
SHAPE = (360, 380)
DOWN_MM, ACROSS_MM = (np.indices(SHAPE) + 0.5) * STEP_MM
FRAMES = 8


def grain(seed: int, across_px: float, down_px: float) -> Floats:
    """Noise of unit spread, smoothed."""
    noise = np.random.default_rng(seed).standard_normal(SHAPE)
    smooth = ndimage.gaussian_filter(noise, (down_px, across_px))
    return (smooth - smooth.mean()) / smooth.std()


def block(seed: int = 0, across_px: float = 2.5, down_px: float = 1.1) -> Floats:
    """Speckle without structure, as of a phantom block."""
    parts = (grain(2 * seed + part, across_px, down_px) for part in range(2))
    return 90 + 46 * np.log10(np.hypot(*parts) + 0.03)


def pins(across_mm: tuple[float, ...], down_mm: tuple[float, ...]) -> Floats:
    """A block with wires through it."""
    drawn = block()
    for x in across_mm:
        for y in down_mm:
            away2 = ((ACROSS_MM - x) / 0.6) ** 2 + ((DOWN_MM - y) / 0.2) ** 2
            drawn = drawn + 170 * np.exp(-away2 / 2)
    return drawn


def cysts() -> Floats:
    dark = np.hypot(ACROSS_MM - 12, DOWN_MM - 12) < 4
    bright = np.hypot(ACROSS_MM - 27, DOWN_MM - 22) < 3
    return np.where(dark, 8, np.where(bright, 170, block()))


def rings(apart_mm: float, fading_mm: float) -> Floats:
    """A probe in air: its own echoes, over and over."""
    ring = 0.35 + 0.65 * np.cos(np.pi * DOWN_MM / apart_mm) ** 8
    return 235 * np.exp(-DOWN_MM / fading_mm) * ring + 5 * np.abs(grain(1, 6, 1))


def text() -> Floats:
    drawn = np.zeros(SHAPE, np.uint8)
    for row in range(40, 360, 36):
        words = "L BICEPS  FR 30 Hz  MI 0.7  DR 60"
        cv2.putText(drawn, words, (8, row), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 220, 1)
    return drawn.astype(float)


def shown(picture: Floats, seed: int = 5) -> Grey:
    """A clip of one picture, with the noise of a scanner."""
    noise = np.random.default_rng(seed).standard_normal((FRAMES, *SHAPE))
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def cine_of(frames: Grey, step_mm: float = STEP_MM) -> Cine:
    """A clip whose picture is all of the frame, with its scale."""
    height, width = frames.shape[1:]
    whole = Bmode(box=(0, 0, width, height), mask=np.ones((height, width), bool), origin="given")
    return memory_cine(frames, np.arange(len(frames)) / 5, (step_mm, step_mm), whole)


def assert_whole(cine: Cine, reason: str = "") -> None:
    """No line has parted anything, and the user is told why."""
    found = outline(cine, Reading())
    assert [region.origin for region in found.regions] == ["whole"]
    (hint,) = found.hints
    assert hint.startswith("The whole image is one region, since ") and reason in hint


NOTHING: dict[str, Floats] = {
    "black": np.zeros(SHAPE),
    "grey": np.full(SHAPE, 90.0),
    "white": np.full(SHAPE, 255.0),
    "brighter to one side": 200 - 5 * ACROSS_MM,
    "upright stripes": 128 + 90 * np.sin(4 * ACROSS_MM),
    "checkerboard": 200 * ((DOWN_MM // 2 + ACROSS_MM // 2) % 2),
    "noise, fine": 100 + 45 * grain(1, 0.5, 0.5),
    "noise, round": 100 + 45 * grain(2, 4, 4),
    "noise, coarse": 100 + 45 * grain(3, 8, 8),
    "noise, blotches": 100 + 45 * grain(4, 16, 16),
    "noise, flat grains": 100 + 45 * grain(5, 12, 2),
    "noise, long grains": 100 + 45 * grain(6, 40, 2),
    "block": block(1),
    "block, broad speckle": block(2, 10, 1.5),
    "block, wires far apart": pins((3, 13, 23, 33), (8, 18, 28)),
    "block, wires in a column": pins((3,), (5, 10, 15, 20, 25, 30)),
    "block, cysts": cysts(),
    "probe in air": rings(1.5, 8),
    "probe in air, rings apart": rings(4, 12),
    "text": text(),
}


@pytest.mark.parametrize("name", NOTHING)
def test_without_a_fascia_the_whole_is_one_region(name: str) -> None:
    assert_whole(cine_of(shown(NOTHING[name])))


def test_noise_that_is_another_in_each_frame() -> None:
    frames = np.stack([100 + 45 * grain(seed, 6, 1.5) for seed in range(FRAMES)])
    assert_whole(cine_of(np.clip(frames, 0, 255).astype(np.uint8)))


def test_a_rule_that_a_scanner_draws_across_is_no_fascia() -> None:
    frames = shown(block(3)).astype(int) + np.random.default_rng(1).integers(-9, 10, (FRAMES, 1, 1))
    frames[:, 170] = 220
    plain = replace(cine_of(np.clip(frames, 0, 255).astype(np.uint8)), pictures=())
    assert_whole(with_pictures(plain, Reading(bmode=(0, 0, SHAPE[1], SHAPE[0]))))


@pytest.mark.parametrize("number", [1, 5, 9, 13, 21, 29])
def test_a_tongue_is_parted_by_its_own_edges_alone(number: int) -> None:
    (named,) = (each for each in standard("dev") if each.name == f"beams-dev-{number:02d}")
    scene = replace(named.scene, look_alikes=())
    drawn = draw_picture(LayeredPicture(name="tongue", scene=scene, seed=named.seed, hard=False))
    height, width = drawn.grey.shape
    picture = Bmode(box=(0, 0, width, height), mask=drawn.mask, origin="given")
    lines = find_fasciae(drawn.grey, picture, drawn.spacing_mm)
    column = np.arange(width, dtype=float)
    for line in lines:
        if line.proposed and line.kind != "skin":
            away_px = [
                np.nanmedian(np.abs(rows_at(line, column) - true)) for true in drawn.lines_px
            ]
            assert min(away_px) * drawn.spacing_mm[0] < 1.0
    # Behind the back of the tongue is air.
    deepest = [line.kind for line in lines if line.proposed][-1:]
    assert deepest in ([], ["shadow"])


REAL = {
    "duplicated_frames_eye_phantom.mp4": (0.051, "no fascia"),
    "frozen_eye_phantom.mp4": (0.075, "the B-mode area is unsure"),
}


@pytest.mark.parametrize("name", REAL)
def test_an_eye_is_no_muscle(name: str, shared_data: Path) -> None:
    spacing_mm, reason = REAL[name]
    reading = Reading(spacing_mm=(spacing_mm, spacing_mm))
    assert_whole(read_cine(shared_data / name, reading), reason)


@pytest.mark.parametrize("turned", [True, False], ids=["on its side", "what lies below bone"])
def test_a_part_of_a_real_clip_that_no_fascia_crosses(turned: bool, shared_data: Path) -> None:
    cine = read_cine(shared_data / "biceps_longitudinal_75hz.mp4")
    frames = np.stack([frame.grey for frame in cine.frames.stream(0, 600) if frame.index % 75 == 0])
    cut = np.rot90(frames, axes=(1, 2)) if turned else frames[:, 320:]
    assert_whole(cine_of(np.ascontiguousarray(cut), 0.08), "no fascia")


@pytest.mark.parametrize(
    "name", ["color3d_jpeg_baseline.dcm", "examples_ybr_color.dcm", "OBXXXX1A_2frame.dcm"]
)
def test_a_heart_is_no_muscle_of_a_limb(name: str) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"{name} is not among the installed test files")
    assert_whole(read_cine(path, Reading(spacing_mm=(0.15, 0.15))), "no fascia")
