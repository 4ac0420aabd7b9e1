"""What places hear from others on a line through them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.tissue.asking import hear, measure_again, place_judge_from
from usfasc.tissue.edges import shipped_judges
from usfasc.tissue.ground import lay_ground
from usfasc.tissue.sampling import Image

ROWS, COLUMNS = 100, 22
SHOWN = np.ones((ROWS, COLUMNS), bool)
Y, X = np.indices((ROWS, COLUMNS))


def line(slope: int, middle: int = 50) -> Image:
    """Odds of 3 on a line that falls so many rows a column, of -3 elsewhere."""
    on = middle + slope * (X - COLUMNS // 2) == Y
    return np.where(on, 3.0, -3.0).astype(np.float32)


@pytest.mark.parametrize("slope", [-2, -1, 0, 1, 2])
def test_a_place_on_a_line_hears_all_of_it(slope: int) -> None:
    heard = hear(line(slope), SHOWN)["heard 16"]
    on = line(slope) > 0
    assert heard[on] == pytest.approx(3.0, abs=1e-5)
    assert heard[on].min() > heard[~on].max() + 1


def test_a_steeper_line_than_any_is_not_heard_as_a_whole() -> None:
    assert hear(line(4), SHOWN)["heard 16"].max() < 0


def test_a_gap_is_heard_over_and_a_lone_spot_is_not() -> None:
    odds = line(0)
    odds[50, 9:13] = -3.0
    odds[30, 5:7] = 3.0
    heard = hear(odds, SHOWN)["heard 8"]
    assert heard[50, 9:13].min() > 0
    assert heard[30].max() < 0


def test_the_best_of_close_lines_is_told() -> None:
    odds = np.maximum(line(0), line(0, middle=44) - 4)
    told = hear(odds, SHOWN)
    assert told["heard best 8"][50] == pytest.approx(0.0)
    assert (told["heard best 8"][44] < -2).all()
    assert (told["heard alone above 8"][70] < 0).all()


def test_what_is_not_shown_says_nothing() -> None:
    shown = X < 14
    heard = hear(np.where(shown, line(0), 9.0), shown)["heard 8"]
    assert heard[50, :14] == pytest.approx(3.0, abs=1e-5)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_a_mirrored_picture_hears_the_same_mirrored(seed: int) -> None:
    odds = np.random.default_rng(seed).normal(0, 3, (ROWS, COLUMNS)).astype(np.float32)
    told, mirrored = hear(odds, SHOWN), hear(odds[:, ::-1], SHOWN)
    for name, heard in told.items():
        np.testing.assert_allclose(mirrored[name][:, ::-1], heard, atol=1e-5)


def test_judges_know_all_that_is_measured_and_heard() -> None:
    grey = np.random.default_rng(3).rayleigh(30, (120, 160)).astype(np.float32)
    strip = lay_ground(grey, np.ones(grey.shape, bool)).whole()
    judge = shipped_judges().places
    names, told = measure_again(strip, judge.alone)
    assert {member.names for member in judge.again.members} == {names}
    assert told.shape == (len(names), *strip.crest.shape)
    again = place_judge_from(judge.as_json())
    assert (again.log_odds(strip) == judge.log_odds(strip)).all()
