"""Lines that a person drew move with the tissue that they were drawn in."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Cine, Line, LineCourse, Reading
from usfasc.regions import follow_drawn, outline
from usfasc.tissue import rows_at

STEP_MM, SIZE, SECONDS = 0.12, 240, 10
DOWN_MM = 3.0


@pytest.fixture(scope="module")
def sinking() -> Cine:
    """Two bright layers that sink by 3 mm in ten seconds, under noise that changes."""
    rng = np.random.default_rng(0)
    row, column = np.indices((SIZE, SIZE)).astype(np.float32)
    tissue = 60 * rng.rayleigh(1.0, (SIZE, SIZE // 4)).repeat(4, axis=1)
    for line_px in (70.0, 140.0):
        tissue += 150 * np.exp(-0.5 * ((row - line_px) / 2.5) ** 2)
    frames = [
        cv2.remap(
            tissue.astype(np.float32),
            column,
            row - np.float32(second / (SECONDS - 1) * DOWN_MM / STEP_MM),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        + rng.normal(0, 15, (SIZE, SIZE))
        for second in range(SECONDS)
    ]
    picture = Bmode(box=(0, 0, SIZE, SIZE), mask=np.ones((SIZE, SIZE), bool), origin="given")
    grey = np.clip(frames, 0, 255).astype(np.uint8)
    return memory_cine(grey, np.arange(SECONDS, dtype=float), (STEP_MM, STEP_MM), picture)


def level(row: float, **more: object) -> Line:
    return Line(points=((0.0, row), (SIZE - 1.0, row)), **more)


DRAWN = {
    "on the first frame": (level(70.0), 70.0, 95.0),
    "on the last frame": (level(95.0, drawn_s=9.0), 70.0, 95.0),
    "amid the clip": (level(84.0, drawn_s=5.0), 70.0, 95.0),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawn_line_goes_with_its_tissue(sinking: Cine, name: str) -> None:
    line, first, last = DRAWN[name]
    (followed,) = follow_drawn(sinking, [line])
    middle = np.array(SIZE / 2)
    assert float(rows_at(followed, middle, 0.0)) == pytest.approx(first, abs=2.5)
    assert float(rows_at(followed, middle, 9.0)) == pytest.approx(last, abs=2.5)
    assert followed.points == line.points


def test_what_detection_is_given_is_followed_too(sinking: Cine) -> None:
    found = outline(sinking, Reading(lines=(level(70.0), level(140.0))))
    assert all(line.course is not None for line in found.lines)
    assert [region.origin for region in found.regions] == ["drawn", "drawn"]


def test_a_course_that_is_known_stays(sinking: Cine) -> None:
    course = LineCourse(time_s=(0.0, 9.0), left_px=(0.0, 1.0), right_px=(0.0, 1.0))
    known = level(70.0, course=course)
    assert follow_drawn(sinking, [known]) == (known,)
    assert follow_drawn(sinking, []) == ()
