"""What is measured of places, and of a picture straightened about a line."""

from __future__ import annotations

import numpy as np
import pytest

from usfasc.tissue.ground import CHANNELS, STRIP_ROWS, Ground, lay_ground, slope_steps
from usfasc.tissue.places import contrasts, measure
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import COLUMN_MM, SLOPES, STEP_MM

ROWS, COLUMNS = 150, 161
"""30 x 32 mm."""
Y, X = np.indices((ROWS, COLUMNS), dtype=np.float32) * np.float32(STEP_MM)


def ground_of(grey: Image, inside: np.ndarray | None = None) -> Ground:
    shown = np.ones(grey.shape, bool) if inside is None else inside
    return lay_ground(np.asarray(grey, np.float32), shown)


def speckle(seed: int = 0) -> Image:
    return np.random.default_rng(seed).rayleigh(30, (ROWS, COLUMNS)).astype(np.float32)


def striped(slope: float) -> Image:
    """Grain that runs down by so much to the right."""
    return np.asarray(80 + 50 * np.sin(2 * np.pi * (Y - slope * X) / 1.6), np.float32)


def at_row(ground: Ground, row: int, name: str) -> Image:
    names, told = measure(ground.whole())
    return np.asarray(told[names.index(name), row])


def test_every_measure_has_a_name_and_each_place_a_value() -> None:
    names, told = measure(ground_of(speckle()).whole())
    assert len(set(names)) == len(names) == len(told)
    assert told.shape[1:] == (ROWS, len(range(0, COLUMNS, 8)))
    assert np.isfinite(told[:, 40:110]).all()


def test_a_change_of_tone_is_largest_where_it_is() -> None:
    ground = ground_of(speckle() + 60 * (Y > 14))
    names, told = measure(ground.whole())
    step = told[names.index("tone step 7")]
    # Level within the millimetre on either side that is left out.
    assert abs(int(np.nanargmax(step.mean(axis=1))) - 70) <= 5
    lone = told[names.index("lone tone step 1.6")].mean(axis=1)
    assert abs(int(np.nanargmax(lone)) - 70) <= 2
    assert lone[60] < -0.5
    assert (told[names.index("tone 7"), 70] > 1).all()


def test_a_change_of_direction_is_told_without_any_line() -> None:
    ground = ground_of(np.where(Y < 15, striped(0.3), striped(-0.3)) + 0.1 * speckle())
    turn = [float(np.median(at_row(ground, row, "turn 4"))) for row in (40, 75, 110)]
    assert turn[1] > 0.7
    assert max(turn[0], turn[2]) < 0.2


def test_a_line_that_stands_alone_is_told_from_one_of_many() -> None:
    line = 150 * np.exp(-0.5 * ((Y - 15) / 0.3) ** 2)
    many = 150 * np.exp(-0.5 * (((Y - 15 + 1.5) % 3 - 1.5) / 0.3) ** 2)
    alone = [np.median(at_row(ground_of(speckle() + each), 75, "alone")) for each in (line, many)]
    assert alone[0] > 3
    assert alone[1] < 1


@pytest.mark.parametrize("slope", [-0.375, -0.125, 0.0, 0.25])
def test_a_straightened_line_is_as_if_it_were_level(slope: float) -> None:
    grey = speckle() + 150 * np.exp(-0.5 * ((Y - 15 - slope * (X - 16)) / 0.3) ** 2)
    ground = ground_of(np.where(slope * (X - 16) + 15 < Y, 0.5, 1.0) * grey)
    columns = ground.streaks.inside.shape[1]
    x_mm = ground.streaks.first_mm + COLUMN_MM * np.arange(columns)
    rows = np.rint((15 + slope * (x_mm - 16)) / STEP_MM).astype(np.intp)
    strip = ground.along(rows)
    assert strip.channels.shape == (len(CHANNELS), 2 * STRIP_ROWS + 1, COLUMNS)
    tone = strip.channels[0].mean(axis=1)
    assert abs(int(tone.argmax()) - STRIP_ROWS) <= 1
    assert tone[:30].mean() > tone[-30:].mean() + 0.5
    assert (strip.crest[STRIP_ROWS] > 5).mean() > 0.8
    assert (strip.slope == 0).all()
    assert strip.tilt == pytest.approx(abs(slope), abs=0.07)


def test_grain_along_a_line_is_along_it_whatever_its_slope() -> None:
    ground = ground_of(striped(0.25) + 0.05 * speckle())
    rows = np.rint(60 + 0.25 * 8 * np.arange(ground.streaks.inside.shape[1])).astype(np.intp)
    strip = ground.along(rows)
    names, told = measure(strip)
    assert np.nanmedian(told[names.index("along above 4"), STRIP_ROWS]) > 0.85
    assert np.nanmedian(told[names.index("turn 4"), STRIP_ROWS]) < 0.2


def test_what_lies_outside_is_not_known() -> None:
    inside = np.broadcast_to(X < 16, (ROWS, COLUMNS)).copy()
    turn = at_row(ground_of(speckle(), inside), 75, "turn 4")
    assert np.isfinite(turn[:8]).all()
    assert np.isnan(turn[-4:]).all()


def test_nothing_changes_across_even_tissue() -> None:
    tissue = np.array([0.3, 0.1, 0.05, 0.4, 0.2], np.float32)[:, np.newaxis]
    told = contrasts(tissue, tissue, np.zeros(1, np.float32))
    for name in ("tone", "tone step", "turn", "grain", "roughness"):
        assert told[name] == pytest.approx(0)
    assert told["even above"] == told["even below"]


def test_slopes_beyond_the_filters_are_the_steepest() -> None:
    rows = np.array([0, 9, 18, 27], np.intp)
    assert (slope_steps(rows) == len(SLOPES) - 1).all()
    assert (slope_steps(rows[::-1]) == 0).all()
    assert (slope_steps(np.array([5, 5, 5], np.intp)) == len(SLOPES) // 2).all()
