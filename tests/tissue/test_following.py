"""Lines follow tissue that drifts, and stay where it stays."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Cine, Floats, Grey, Line, LineCourse
from usfasc.tissue import moments, rows_at, steady_fasciae

STEP_MM = 0.12
HEIGHT, WIDTH = 270, 300
SECONDS = 12
X_MM = (np.arange(WIDTH) + 0.5) * STEP_MM
LINES_MM = (9.0 + 0.4 * np.sin(X_MM / 8), np.full(WIDTH, 18.0))


def drifting(down_mm: Floats, lean_mm: Floats) -> Grey:
    """Layers that move down, their left and right end apart, under noise that changes.

    ``down_mm`` and ``lean_mm`` are ``(t,)``: of the middle, and of the right end against it.
    """
    rng = np.random.default_rng(0)
    row, column = np.indices((HEIGHT, WIDTH)).astype(np.float32)
    tissue = 60 * rng.rayleigh(1.0, (HEIGHT, WIDTH // 4)).repeat(4, axis=1)
    for line_mm in LINES_MM:
        tissue += 150 * np.exp(-0.5 * (((row + 0.5) * STEP_MM - line_mm) / 0.3) ** 2)
    across = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    frames = [
        cv2.remap(
            tissue.astype(np.float32),
            column,
            row - np.float32((down + lean * across) / STEP_MM),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        + rng.normal(0, 15, (HEIGHT, WIDTH))
        for down, lean in zip(down_mm, lean_mm, strict=True)
    ]
    return np.asarray(np.clip(frames, 0, 255), np.uint8)


def clip(frames: Grey) -> Cine:
    picture = Bmode(box=(0, 0, WIDTH, HEIGHT), mask=np.ones((HEIGHT, WIDTH), bool), origin="given")
    return memory_cine(frames, np.arange(len(frames), dtype=float), (STEP_MM, STEP_MM), picture)


def found(frames: Grey) -> list[Line]:
    cine = clip(frames)
    times_s = np.arange(len(frames), dtype=float)
    lines = steady_fasciae(moments(cine), times_s, cine.pictures[0], (STEP_MM, STEP_MM))
    return [line for line in lines if line.proposed and line.kind != "skin"]


SECOND = np.arange(SECONDS)
STILL = np.zeros(SECONDS)
DRIFTS = {
    "down by 4 mm": (4.0 * SECOND / (SECONDS - 1), STILL),
    "up by 3 mm, and turning": (-3.0 * SECOND / (SECONDS - 1), 0.8 * SECOND / (SECONDS - 1)),
    "there and back": (1.8 * np.sin(SECOND / 2.5), STILL),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_lines_are_where_the_tissue_is(name: str) -> None:
    down_mm, lean_mm = DRIFTS[name]
    lines = found(drifting(down_mm, lean_mm))
    assert len(lines) == len(LINES_MM)
    for line, line_mm in zip(lines, LINES_MM, strict=True):
        for second in range(SECONDS):
            true_mm = line_mm + down_mm[second] + lean_mm[second] * np.linspace(-1, 1, WIDTH)
            row_mm = (rows_at(line, np.arange(WIDTH, dtype=float), second) + 0.5) * STEP_MM
            assert np.median(np.abs(row_mm - true_mm)) < 0.3


def test_still_tissue_has_no_course() -> None:
    lines = found(drifting(STILL, STILL))
    assert len(lines) == len(LINES_MM)
    assert {line.course for line in lines} == {None}


def test_one_moment_amid_a_twitch_is_outvoted() -> None:
    assert {line.course for line in found(drifting(0.9 * (SECOND == 5), STILL))} == {None}


def test_a_black_moment_tells_nothing() -> None:
    down_mm = 3.0 * SECOND / (SECONDS - 1)
    frames = drifting(down_mm, STILL)
    frames[6] = 0
    for line in found(frames):
        assert line.course is not None
        assert 6.0 not in line.course.time_s
        moved_mm = rows_at(line, np.array(150.0), 6.0) - rows_at(line, np.array(150.0), 0.0)
        assert moved_mm * STEP_MM == pytest.approx(down_mm[6], abs=0.3)


def test_rows_of_a_course() -> None:
    course = LineCourse(time_s=(1.0, 3.0), left_px=(0.0, 4.0), right_px=(0.0, 8.0))
    line = Line(points=((0.0, 50.0), (100.0, 60.0)), course=course)
    assert rows_at(line, np.array([0.0, 50.0, 100.0])).tolist() == [50, 55, 60]
    assert rows_at(line, np.array([0.0, 50.0, 100.0]), 2.0).tolist() == [52, 58, 64]
    assert rows_at(line, np.array([0.0, 50.0, 100.0]), 9.0).tolist() == [54, 61, 68]
