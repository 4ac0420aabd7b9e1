"""Intervals over clips: of sums, of differences, of pooled values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.benchmark import bootstrap as b
from usfasc.model import Floats


def share(sums: Floats) -> Floats:
    return b.ratio(sums[..., 0], sums[..., 1])


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


VARIED = b.rows_of([(8, 10 + k % 3) for k in range(20)], 2)


def test_figures_are_of_sums_not_means() -> None:
    assert b.estimate(b.rows_of([(9, 10), (0, 2)], 2), share, rng())[0] == pytest.approx(9 / 12)


def test_the_interval_holds_the_value_and_repeats() -> None:
    value, low, high = b.estimate(VARIED, share, rng())
    assert value is not None
    assert low is not None
    assert high is not None
    assert low < value < high
    assert b.estimate(VARIED, share, rng()) == (value, low, high)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], (None, None, None)),
        ([(0, 0)], (None, None, None)),
        ([(0, 0), (0, 0)], (None, None, None)),
        ([(1, 2)], (0.5, None, None)),
        ([(2, 2), (5, 5)], (1.0, None, None)),
    ],
)
def test_where_nothing_could_have_come_out_otherwise_no_interval_is_feigned(
    rows: list[tuple[int, int]], expected: b.Estimate
) -> None:
    assert b.estimate(b.rows_of(rows, 2), share, rng()) == expected


def test_a_difference_is_of_the_same_clips() -> None:
    less = VARIED - [4, 0]
    assert b.estimate_difference(VARIED, VARIED, share, rng()) == (0.0, None, None)
    value, low, high = b.estimate_difference(VARIED, less, share, rng())
    assert low is not None
    assert high is not None
    assert value == pytest.approx(4 * 20 / VARIED[:, 1].sum())
    # Clip by clip the difference is nearly the same, however the clips differ.
    assert high - low < 0.05


def test_no_clips_have_no_difference() -> None:
    none = b.rows_of([], 2)
    assert b.estimate_difference(none, none, share, rng()) == (None, None, None)


def test_pooled_values_keep_their_clips_together() -> None:
    clips = [np.full(50, 0.0), np.full(50, 1.0), np.array([])]
    value, low, high = b.estimate_pooled(clips, lambda values: float(values.mean()), rng())
    # Two clips: either is drawn twice in a quarter of the draws each.
    assert (value, low, high) == (0.5, 0.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6))
def test_an_interval_of_shares_stays_among_the_clips_shares(rows: list[tuple[int, int]]) -> None:
    clips = b.rows_of([(min(pair), max(pair)) for pair in rows], 2)
    value, low, high = b.estimate(clips, share, rng())
    known = share(clips)[np.isfinite(share(clips))]
    if value is not None and low is not None and high is not None:
        assert known.min() - 1e-9 <= low <= high <= known.max() + 1e-9
