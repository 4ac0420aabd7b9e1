"""Every method finds what is plain to see, nothing in stillness, and less the stricter it is."""

from itertools import pairwise

import numpy as np
import pytest
from fixtures import twitching as plain

from usfasc.benchmark.baselines import METHODS, Method, Sweep, view_of
from usfasc.benchmark.baselines.sweeping import sweep
from usfasc.io import memory_cine
from usfasc.model import Bmode

BLIND = "gmm-shipped"
SEEING = [key for key in METHODS if key != BLIND]


def swept(frames: np.ndarray, *methods: Method) -> dict[str, Sweep]:
    count, shape = len(frames), frames.shape[1:]
    cine = memory_cine(frames, np.arange(count) / plain.RATE_HZ, plain.SPACING_MM)
    return sweep(cine.frames, [plain.view(count, shape)], methods)


@pytest.fixture(scope="module")
def moving() -> dict[str, Sweep]:
    return swept(plain.twitching(), *METHODS.values())


@pytest.fixture(scope="module")
def still() -> dict[str, Sweep]:
    return swept(plain.twitching(60, amplitude_mm=0.0), *METHODS.values())


@pytest.mark.parametrize("key", SEEING)
def test_a_plain_twitch_is_one_event(key: str, moving: dict[str, Sweep]) -> None:
    best = [found for found in moving[key].by_threshold.values() if len(found) == 1]
    assert best
    (found,) = best[0]
    assert found.onset_s == pytest.approx(plain.ONSET_S, abs=0.15)
    assert found.offset_s > found.onset_s


@pytest.mark.parametrize("key", [key for key in SEEING if METHODS[key].placed])
def test_it_is_where_it_is(key: str, moving: dict[str, Sweep]) -> None:
    (found,) = next(each for each in moving[key].by_threshold.values() if len(each) == 1)
    assert (found.y_px, found.x_px) == pytest.approx(plain.CENTRE_PX, abs=12)
    x0, y0, x1, y1 = found.box_px
    assert x0 <= found.x_px < x1
    assert y0 <= found.y_px < y1


@pytest.mark.parametrize("key", [key for key in METHODS if not METHODS[key].placed])
def test_without_a_place_it_is_anywhere(key: str, moving: dict[str, Sweep]) -> None:
    boxes = {e.box_px for found in moving[key].by_threshold.values() for e in found}
    assert boxes <= {(0, 0, *plain.SHAPE[::-1])}


@pytest.mark.parametrize("key", METHODS)
def test_the_strictest_finds_nothing_in_stillness(key: str, still: dict[str, Sweep]) -> None:
    assert still[key].by_threshold[METHODS[key].thresholds[-1]] == ()


@pytest.mark.parametrize("key", METHODS)
def test_the_sweep_goes_from_lenient_to_strict(key: str) -> None:
    limits = METHODS[key].thresholds
    assert all(low < high for low, high in pairwise(limits))


@pytest.mark.parametrize("key", METHODS)
def test_a_trace_is_finite_and_a_stricter_threshold_lets_less_through(key: str) -> None:
    frames, view = plain.twitching(75), plain.view(75)
    watcher = METHODS[key].watch(view)
    for time_s, frame in zip(view.times_s, frames, strict=True):
        watcher.see(float(time_s), view.crop(frame))
    trace = watcher.trace()
    assert np.isfinite(trace.values).all()
    assert len(trace.values) == len(trace.times_s) > 60
    assert all(np.diff(trace.times_s) > 0)
    passed = [int((trace.values > limit).sum()) for limit in METHODS[key].thresholds]
    assert passed == sorted(passed, reverse=True)


def test_as_shipped_the_mixture_is_blind_for_500_frames(moving: dict[str, Sweep]) -> None:
    assert all(found == () for found in moving[BLIND].by_threshold.values())
    assert any(moving["gmm"].by_threshold.values())


@pytest.mark.parametrize("key", METHODS)
@pytest.mark.parametrize("size", [(1, 16, 16), (3, 16, 16), (40, 9, 200), (40, 1, 1), (40, 40, 40)])
def test_a_clip_of_any_size_is_an_answer(key: str, size: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(1)
    frames = rng.integers(0, 256, size).astype(np.uint8)
    answer = swept(frames, METHODS[key])[key]
    assert set(answer.by_threshold) == set(METHODS[key].thresholds)


def test_a_step_of_gain_is_no_twitch() -> None:
    frames = plain.twitching(60, amplitude_mm=0.0) // 2
    frames[30:36] += 40
    answer = swept(frames, METHODS["differencing"])["differencing"]
    assert answer.by_threshold[8.0] == ()


def test_two_pictures_of_a_screen_are_watched_each_by_itself() -> None:
    one = plain.twitching()
    frames = np.concatenate([one, plain.twitching(amplitude_mm=0.0)], axis=2)
    height, width = plain.SHAPE
    times_s = np.arange(len(frames)) / plain.RATE_HZ
    cine = memory_cine(frames, times_s, plain.SPACING_MM)
    pictures = [
        Bmode(
            box=(left, 0, left + width, height),
            mask=np.ones(frames.shape[1:], bool),
            origin="given",
        )
        for left in (0, width)
    ]
    views = [view_of(cine, picture, plain.SPACING_MM) for picture in pictures]
    method = METHODS["differencing"]
    both = sweep(cine.frames, views, [method])[method.key]
    (found,) = next(each for each in both.by_threshold.values() if len(each) == 1)
    assert found.x_px == pytest.approx(plain.CENTRE_PX[1], abs=12)
    assert both.frames == len(frames)
