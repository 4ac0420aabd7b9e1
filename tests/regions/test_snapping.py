"""Lines that a person drew roughly, laid on what the picture shows."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.benchmark.outline_pictures import Drawn, draw_picture, layered_pictures
from usfasc.model import Bmode, Floats, Frame, Grey, Point
from usfasc.regions.snapping import Ridges, draw_through, find_ridges, mean_picture, snap

SPACING_MM = (0.1, 0.1)
HEIGHT, WIDTH = 400, 420
BOX = (20, 10, 20 + WIDTH, 10 + HEIGHT)


def row_of_fascia(x_px: Floats) -> Floats:
    """A gently bent boundary, in the stored frame."""
    return 200 + 25 * np.sin(x_px / 150)


def ridges_of(*, bright: float, box: tuple[int, int, int, int] = BOX) -> Ridges:
    """Speckle with one boundary in it, so much brighter than the rest."""
    rng = np.random.default_rng(4)
    y, x = np.mgrid[: BOX[3] + 5, : BOX[2] + 5]
    away_mm = np.abs(y - row_of_fascia(x.astype(float))) * SPACING_MM[0]
    grey = rng.gamma(2.0, 25.0, y.shape) + bright * np.exp(-((away_mm / 0.5) ** 2))
    picture = Bmode(box=box, mask=np.ones(y.shape, bool), origin="given")
    return find_ridges(np.clip(grey, 0, 255).astype(np.uint8), picture, SPACING_MM)


CLEAR, NOISE = ridges_of(bright=150.0), ridges_of(bright=0.0)


def away_mm(points: tuple[Point, ...]) -> Floats:
    x, y = np.array(points).T
    return np.abs(y - row_of_fascia(x)) * SPACING_MM[0]


def rough(errors_mm: list[float]) -> list[Point]:
    """Points over the whole width, each so far off the boundary."""
    x = np.linspace(BOX[0] + 30.0, BOX[2] - 30.0, len(errors_mm))
    y = row_of_fascia(x) + np.array(errors_mm) / SPACING_MM[0]
    return list(zip(x.tolist(), y.tolist(), strict=True))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=5))
def test_rough_points_are_laid_on_the_boundary(errors_mm: list[float]) -> None:
    snapped = snap(rough(errors_mm), CLEAR)
    assert np.median(away_mm(snapped)) < 0.3
    assert away_mm(snapped).max() < 1.0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1.5, 1.5), min_size=3, max_size=5))
def test_what_lies_there_stays_there(errors_mm: list[float]) -> None:
    once = snap(rough(errors_mm), CLEAR)
    again = snap(once, CLEAR)
    assert np.abs(np.subtract(again, once)).max() * SPACING_MM[0] < 0.3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-9, 9), min_size=1, max_size=5), st.sampled_from([CLEAR, NOISE]))
def test_a_line_crosses_its_picture_and_stays_in_it(errors_mm: list[float], ridges: Ridges) -> None:
    x, y = np.array(snap(rough(errors_mm), ridges)).T
    assert (x[0], x[-1]) == (BOX[0] - 0.5, BOX[2] - 0.5)
    assert (np.diff(x) > 0).all()
    assert BOX[1] - 0.5 <= y.min() and y.max() <= BOX[3] - 0.5


def test_without_a_boundary_a_line_stays_where_it_was_put() -> None:
    points = rough([2.0, -2.0, 3.0])
    snapped = np.array(snap(points, NOISE))
    drawn = np.interp(snapped[:, 0], *np.array(points).T)
    assert np.median(np.abs(snapped[:, 1] - drawn)) * SPACING_MM[0] < 0.5


def test_only_the_stretch_that_was_touched_is_laid_anew() -> None:
    points = snap(rough([1.0, 2.5, 1.0]), NOISE)
    x, before = np.array(points).T
    after = np.array(snap(points, CLEAR, within=(100.0, 250.0)))[:, 1]
    outside = (x < 100) | (x > 250)
    assert np.abs(after - before)[outside].max() < 0.05
    assert np.abs(after - before)[~outside].max() > 1


def test_one_point_is_enough() -> None:
    x = 300.0
    line = draw_through((x, float(row_of_fascia(np.array(x))) + 3), CLEAR)
    assert np.median(away_mm(line)) < 0.3
    (_, y0), *_, (_, y1) = draw_through((x, 60.0), NOISE)
    assert abs(y0 - 60) < 40 and abs(y1 - 60) < 40


@pytest.mark.parametrize("box", [(0, 0, 60, 300), (0, 0, 300, 60), (0, 0, 12, 12)])
def test_a_small_picture_takes_lines_as_they_are_drawn(box: tuple[int, int, int, int]) -> None:
    ridges = ridges_of(bright=150.0, box=box)
    x0, _, x1, _ = box
    middle = ((x0 + x1) / 2, 5.0)
    for line in (snap([middle], ridges), draw_through(middle, ridges)):
        assert line == ((x0 - 0.5, 5.0), middle, (x1 - 0.5, 5.0))


def test_a_mean_keeps_what_stays() -> None:
    rng = np.random.default_rng(1)
    layer = np.full((20, 30), 90)
    layer[10] = 200
    noisy: list[Grey] = [
        (layer + rng.integers(-40, 41, layer.shape)).astype(np.uint8) for _ in range(60)
    ]
    mean = mean_picture([Frame(index=n, grey=grey) for n, grey in enumerate(noisy)])
    assert mean.dtype == np.uint8
    assert np.abs(mean.astype(int) - layer).max() < 15


def three_rough_points(true: Floats, spacing_mm: tuple[float, float], seed: int) -> list[Point]:
    """Where a hurried hand clicks: at the sides and in the middle, 1 to 2 mm off."""
    rng = np.random.default_rng(seed)
    off_px = rng.uniform(1, 2, 3) * rng.choice([-1, 1], 3) / spacing_mm[0]
    columns = [int(share * len(true)) for share in (0.1, 0.5, 0.9)]
    return [(float(x), float(true[x] + off)) for x, off in zip(columns, off_px, strict=True)]


def mean_away_mm(points: list[Point] | tuple[Point, ...], true: Floats, row_mm: float) -> float:
    y = np.interp(np.arange(len(true)), *np.array(points, float).T)
    return float(np.nanmean(np.abs(y - true))) * row_mm


def ridges_in(drawn: Drawn) -> Ridges:
    height, width = drawn.grey.shape
    picture = Bmode(box=(0, 0, width, height), mask=drawn.mask, origin="given")
    return find_ridges(drawn.grey, picture, drawn.spacing_mm)


def test_three_clicks_on_faint_and_broken_boundaries() -> None:
    """Both families, hard pictures of the split that the weights were not fitted to."""
    before, after = [], []
    for wanted in [each for each in layered_pictures("test", 32) if each.hard][:12]:
        drawn = draw_picture(wanted)
        ridges = ridges_in(drawn)
        for number, true in enumerate(drawn.lines_px):
            if np.isfinite(true).all():
                points = three_rough_points(true, drawn.spacing_mm, wanted.seed + number)
                before.append(mean_away_mm(points, true, drawn.spacing_mm[0]))
                after.append(mean_away_mm(snap(points, ridges), true, drawn.spacing_mm[0]))
    assert len(after) >= 12
    assert np.median(before) > 0.9
    assert np.median(after) < 0.5
    assert np.mean(np.less(after, 1.0)) >= 0.8


def test_a_drag_is_fast() -> None:
    points = snap(rough([0.5, 0.5, 0.5]), CLEAR)
    started = time.process_time()
    for _ in range(20):
        snap(points, CLEAR)
    assert (time.process_time() - started) / 20 < 0.05
