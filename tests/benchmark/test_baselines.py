"""Frame differencing finds what is plain to see, and nothing in stillness."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc.benchmark.baselines import frame_differencing
from usfasc.io import memory_cine
from usfasc.model import Bmode, Cine


@pytest.fixture
def noisy() -> np.ndarray:
    rng = np.random.default_rng(3)
    texture = rng.integers(60, 180, (120, 160))
    return np.clip(texture + rng.normal(0, 2, (90, 120, 160)), 0, 255).astype(np.uint8)


def clip(frames: np.ndarray) -> Cine:
    bmode = Bmode(box=(0, 0, 160, 120), mask=np.ones((120, 160), bool), origin="given")
    return replace(memory_cine(frames, np.arange(len(frames)) / 30, (0.25, 0.25)), pictures=(bmode,))


def test_stillness_gives_nothing(noisy: np.ndarray) -> None:
    assert frame_differencing(clip(noisy), (0.25, 0.25), (8.0,)) == {8.0: ()}


def test_a_brief_local_change_is_one_event_in_its_place(noisy: np.ndarray) -> None:
    noisy[40:46, 50:80, 90:130] = np.roll(noisy[40:46, 50:80, 90:130], 3, axis=1) // 2
    (found,) = frame_differencing(clip(noisy), (0.25, 0.25), (8.0,))[8.0]
    assert found.onset_s == pytest.approx(40 / 30, abs=0.1)
    assert (found.x_px, found.y_px) == (pytest.approx(110, abs=8), pytest.approx(65, abs=8))


def test_a_change_of_the_whole_image_is_none(noisy: np.ndarray) -> None:
    noisy[40:46] = noisy[40:46] // 2 + 60
    assert frame_differencing(clip(noisy), (0.25, 0.25), (8.0,)) == {8.0: ()}


def test_a_clip_shorter_than_the_lag_gives_nothing(noisy: np.ndarray) -> None:
    assert frame_differencing(clip(noisy[:2]), (0.25, 0.25), (8.0,)) == {8.0: ()}


def test_a_higher_threshold_finds_no_more(noisy: np.ndarray) -> None:
    noisy[40:46, 50:80, 90:130] = np.roll(noisy[40:46, 50:80, 90:130], 3, axis=1) // 2
    by_threshold = frame_differencing(clip(noisy), (0.25, 0.25), (4.0, 8.0, 1e4))
    areas = [sum(e.area_mm2 or 0 for e in events) for events in by_threshold.values()]
    assert areas == sorted(areas, reverse=True)
    assert areas[-1] == 0
