"""Which lines across a picture are taken for the edges of layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from usfasc.benchmark.beds import BICEPS, BRACHIAL, TIBIALIS, RealClip
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Floats, Grey, Line
from usfasc.pipeline import read_cine
from usfasc.regions import outline
from usfasc.tissue import find_fasciae, moments, steady_fasciae

STEP_MM = 0.12
HEIGHT, WIDTH = 270, 300
SPACING_MM = (STEP_MM, STEP_MM)
ROW, COLUMN = np.indices((HEIGHT, WIDTH))
X_MM = (np.arange(WIDTH) + 0.5) * STEP_MM


def tissue(*depths_mm: Floats, gap: float = 0.0, seed: int = 0, below: float = 1.0) -> Grey:
    """Speckle with a bright line at each depth, broken in the middle; dimmed below the last."""
    rng = np.random.default_rng(seed)
    coarse = rng.rayleigh(1.0, (HEIGHT, WIDTH // 4 + 1)).repeat(4, axis=1)[:, :WIDTH]
    grey = 60 * coarse
    shown = np.abs(np.arange(WIDTH) / WIDTH - 0.5) >= gap / 2
    for depth in depths_mm:
        away_mm = (ROW + 0.5) * STEP_MM - depth
        grey += np.where(shown, 150 * np.exp(-0.5 * (away_mm / 0.3) ** 2), 0)
    if depths_mm:
        grey = np.where(depths_mm[-1] + 0.6 < (ROW + 0.5) * STEP_MM, below * grey, grey)
    return np.clip(grey, 0, 255).astype(np.uint8)


def whole(frame: Grey) -> Bmode:
    height, width = frame.shape
    return Bmode(box=(0, 0, width, height), mask=np.ones(frame.shape, bool), origin="given")


def proposed(frame: Grey) -> list[Line]:
    lines = find_fasciae(frame, whole(frame), SPACING_MM)
    return [line for line in lines if line.proposed]


def depth_mm(line: Line) -> Floats:
    x, y = np.array(line.points).T
    return (np.interp(np.arange(WIDTH), x, y) + 0.5) * STEP_MM


CASES: dict[str, tuple[tuple[Floats, ...], float]] = {
    "one level line": ((np.full(WIDTH, 8.0),), 0.0),
    "two lines": ((np.full(WIDTH, 6.0), np.full(WIDTH, 18.0)), 0.0),
    "a sloping line": ((10.0 + 0.05 * (X_MM - 18),), 0.0),
    "a waving line": ((15.0 + 0.6 * np.sin(X_MM / 7),), 0.0),
    "a line with a third of it missing": ((np.full(WIDTH, 9.0),), 0.33),
}


@pytest.mark.parametrize("name", CASES)
def test_lines_are_found_where_they_are(name: str) -> None:
    depths, gap = CASES[name]
    found = proposed(tissue(*depths, gap=gap))
    assert len(found) == len(depths)
    for line, depth in zip(found, depths, strict=True):
        assert np.median(np.abs(depth_mm(line) - depth)) < 0.15
        assert (line.points[0][0], line.points[-1][0]) == (-0.5, WIDTH - 0.5)


NOTHING: dict[str, Grey] = {
    "speckle": tissue(seed=3),
    "white noise": np.random.default_rng(4).integers(0, 255, (HEIGHT, WIDTH)).astype(np.uint8),
    "one tone": np.full((HEIGHT, WIDTH), 90, np.uint8),
    "black": np.zeros((HEIGHT, WIDTH), np.uint8),
    "too small to tell": tissue(np.full(WIDTH, 6.0))[:80, :80],
    "parallel streaks": np.asarray(
        np.clip(
            tissue(seed=5) * 0.5 + 90 * (np.sin((ROW - 0.2 * COLUMN) * STEP_MM * 3.5) > 0.6), 0, 255
        ),
        np.uint8,
    ),
}


@pytest.mark.parametrize("name", NOTHING)
def test_no_line_is_invented(name: str) -> None:
    assert proposed(NOTHING[name]) == []


def test_gain_and_side_have_no_say() -> None:
    frame = tissue(10.0 + 0.08 * (X_MM - 18))
    (line,) = proposed(frame)
    (darker,) = proposed((frame * 0.6).astype(np.uint8))
    assert np.abs(depth_mm(darker) - depth_mm(line)).max() < 0.3
    (turned,) = proposed(np.ascontiguousarray(frame[:, ::-1]))
    assert np.median(np.abs(depth_mm(turned)[::-1] - depth_mm(line))) < 0.3


def test_what_a_line_is() -> None:
    skin, fascia, bone = (np.full(WIDTH, depth) for depth in (1.5, 8.0, 20.0))
    frame = tissue(skin, fascia, bone, below=0.08)
    frame[: round(1.5 / STEP_MM)] |= 128
    kinds = [line.kind for line in proposed(frame)]
    assert kinds[:3] == ["skin", "fascia", "shadow"]
    assert set(kinds[3:]) <= {"shadow"}


def test_below_bone_nothing_brighter_returns() -> None:
    """So a line is no bone, however dim the muscle below it, where a brighter one follows."""
    upper, lower = (np.full(WIDTH, depth) for depth in (7.0, 17.0))
    frame = tissue(upper, lower)
    between = np.abs((ROW + 0.5) * STEP_MM - 12.0) < 4.5
    for dim in (0.7, 0.5, 0.4):
        shown = np.where(between, dim * frame, frame).astype(np.uint8)
        assert [line.kind for line in proposed(shown)] == ["fascia", "fascia"]


def test_a_line_must_be_there_most_of_the_time() -> None:
    plain, lined = tissue(seed=1), tissue(np.full(WIDTH, 9.0), seed=1)
    for shown, expected in ((7, 1), (2, 0)):
        frames = np.stack([lined if number < shown else plain for number in range(8)]).repeat(2, 0)
        cine = memory_cine(frames, np.arange(16) / 10, SPACING_MM, whole(plain))
        (picture,) = cine.pictures
        lines = steady_fasciae(moments(cine), np.arange(16) / 10, picture, SPACING_MM)
        assert sum(line.proposed for line in lines) == expected


REAL = {
    "biceps": (["muscle"], ()),
    "brachial": (["whole image"], ("since",)),
    "tibialis": (["whole image"], ("since",)),
}


@pytest.mark.parametrize("clip", [BICEPS, BRACHIAL, TIBIALIS], ids=lambda clip: clip.name)
def test_real_clips(clip: RealClip, shared_data: Path) -> None:
    cine = read_cine(shared_data / clip.file, clip.reading)
    found = outline(cine, clip.reading)
    names, hints = REAL[clip.name]
    assert [region.name for region in found.regions] == names
    assert all(any(word in hint for hint in found.hints) for word in hints)
    assert bool(found.hints) == bool(hints)
