"""Figures of agreement against published worked examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from usfasc.agreement import (
    Estimate,
    Table,
    bland_altman,
    icc,
    kappa,
    negative_agreement,
    positive_agreement,
)
from usfasc.agreement.estimate import share
from usfasc.model import Floats

SHROUT_FLEISS_1979 = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
"""Table 2: six subjects, four judges."""

# Bland and Altman 1986, table 1: peak flow of 17 subjects, first readings of two meters.
WRIGHT = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]


def table(both: int, first: int, second: int, neither: int) -> Table:
    return Table(both=both, first_only=first, second_only=second, neither=neither)


def test_icc_of_shrout_and_fleiss() -> None:
    found = icc(SHROUT_FLEISS_1979)
    assert found.value == pytest.approx(0.29, abs=0.005)
    # The interval as R's package psych prints it for these data (McGraw and Wong's).
    assert found.low == pytest.approx(0.019, abs=0.0005)
    assert found.high == pytest.approx(0.761, abs=0.0005)


def test_bland_altman_of_peak_flow() -> None:
    found = bland_altman(WRIGHT, MINI)
    assert found.bias.value == pytest.approx(-2.1, abs=0.05)
    assert found.bias.low == pytest.approx(-22.0, abs=0.1)
    assert found.bias.high == pytest.approx(17.8, abs=0.1)
    # The paper takes 2 standard deviations of 38.8 l/min, this one 1.96 of them.
    assert found.lower.value == pytest.approx(-2.1 - 1.96 * 38.8, abs=0.1)
    assert found.upper.value == pytest.approx(-2.1 + 1.96 * 38.8, abs=0.1)


COUNTS = st.tuples(st.integers(2, 9), st.integers(2, 4))


@given(arrays(float, COUNTS, elements=st.integers(0, 3)))
def test_any_counts_have_a_figure_or_none(counts: Floats) -> None:
    found = icc(counts)
    assert (found.low is None) == (found.high is None)
    # It has no bound below: of two subjects that the readers order the other way round, -4.
    assert found.value is None or found.value <= 1
    if found.low is not None and found.high is not None:
        assert found.value is not None
        assert found.low <= found.value <= found.high <= 1


def test_of_two_that_readers_order_the_other_way_round_there_is_no_interval() -> None:
    assert icc(np.array([[0, 2, 1], [2, 0, 1]], float)) == Estimate(value=-2.0)


def test_readers_that_differ_always_by_one_agree_in_nothing_that_can_be_told() -> None:
    assert icc(np.array([[2, 1], [2, 1]], float)) == Estimate(value=0.0)


@settings(max_examples=30)
@given(arrays(float, st.tuples(st.integers(3, 30), st.just(2)), elements=st.integers(0, 12)))
def test_a_proportional_bias_is_the_slope_that_scipy_fits(counts: Floats) -> None:
    first, second = counts.T
    means = (first + second) / 2
    found = bland_altman(first.tolist(), second.tolist()).slope
    if np.ptp(means) == 0:
        assert found == Estimate()
        return
    fitted = stats.linregress(means, first - second)
    # Of a perfect fit scipy may tell no error.
    reach = stats.t.ppf(0.975, len(means) - 2) * np.nan_to_num(fitted.stderr)
    assert found.value == pytest.approx(fitted.slope, abs=1e-9)
    assert found.low == pytest.approx(fitted.slope - reach, abs=1e-6)
    assert found.high == pytest.approx(fitted.slope + reach, abs=1e-6)


# Feinstein and Cicchetti 1990: agreement of 85 % twice, with kappa 0.70 and 0.32.
@pytest.mark.parametrize(
    ("cells", "expected", "yes", "no"),
    [((40, 9, 6, 45), 0.70, 0.84, 0.86), ((80, 10, 5, 5), 0.32, 0.91, 0.40)],
)
def test_the_paradox_of_kappa(
    cells: tuple[int, int, int, int], expected: float, yes: float, no: float
) -> None:
    found = table(*cells)
    assert kappa(found).value == pytest.approx(expected, abs=0.005)
    assert positive_agreement(found).value == pytest.approx(yes, abs=0.005)
    assert negative_agreement(found).value == pytest.approx(no, abs=0.005)


@pytest.mark.parametrize("cells", [(40, 9, 6, 45), (20, 5, 10, 65), (8, 4, 4, 84)])
def test_intervals_hold_what_resampling_gives(cells: tuple[int, int, int, int]) -> None:
    drawn = np.random.default_rng(1).multinomial(sum(cells), np.array(cells) / sum(cells), 600)
    for figure in (kappa, positive_agreement, negative_agreement):
        found = figure(table(*cells))
        values = [figure(table(*row.tolist())).value for row in drawn]
        low, high = np.percentile(np.array(values, float), (2.5, 97.5))
        assert found.low == pytest.approx(low, abs=0.08)
        assert found.high == pytest.approx(high, abs=0.08)


def test_an_exact_interval_of_a_share() -> None:
    # Clopper and Pearson's for 1 of 10, as in every table of them.
    found = share(1, 10)
    assert (found.low, found.high) == (
        pytest.approx(0.0025, abs=5e-5),
        pytest.approx(0.4450, abs=5e-5),
    )


def test_without_a_base_there_is_no_figure() -> None:
    nothing = Estimate()
    assert kappa(table(0, 0, 0, 0)) == kappa(table(0, 0, 0, 9)) == nothing
    assert positive_agreement(table(0, 0, 0, 9)) == nothing
    assert icc(np.ones((1, 2))) == icc(np.ones((4, 2))) == nothing
    assert bland_altman([1], [2]).bias == nothing


def test_full_agreement() -> None:
    counts = np.array([[1, 1], [4, 4], [9, 9]], float)
    assert icc(counts) == Estimate(value=1.0)
    limits = bland_altman(*counts.T.tolist())
    assert (limits.lower.value, limits.bias.value, limits.upper.value) == (0, 0, 0)
    assert kappa(table(5, 0, 0, 20)).value == pytest.approx(1.0)
