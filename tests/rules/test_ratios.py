"""Two rates beside each other, and how long to scan."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from usfasc.rules import load_rule, miss_probability
from usfasc.rules.ratios import rate_ratio
from usfasc.rules.scan_time import scan_time_s

COUNTS = st.integers(0, 60)
TIMES = st.floats(1, 600)


@given(COUNTS, TIMES, COUNTS, TIMES)
def test_the_interval_is_clopper_and_pearson_s(a: int, a_s: float, b: int, b_s: float) -> None:
    ratio = rate_ratio(a, a_s, b, b_s)
    if a + b == 0:
        assert ratio == (None, None, None)
        return
    exact = binomtest(a, a + b).proportion_ci(0.95, "exact")
    assert ratio.low == pytest.approx(exact.low / (1 - exact.low) * b_s / a_s, rel=1e-6)
    if b == 0:
        assert ratio.value is ratio.high is None
    else:
        assert ratio.high == pytest.approx(exact.high / (1 - exact.high) * b_s / a_s, rel=1e-6)
        assert ratio.value is not None and ratio.high is not None and ratio.low is not None
        assert ratio.low <= ratio.value <= ratio.high


@given(st.integers(1, 60), TIMES, st.integers(1, 60), TIMES)
def test_turned_round_it_is_the_inverse(a: int, a_s: float, b: int, b_s: float) -> None:
    one, other = rate_ratio(a, a_s, b, b_s), rate_ratio(b, b_s, a, a_s)
    assert one.value is not None and one.low is not None and one.high is not None
    assert other.value == pytest.approx(1 / one.value)
    assert other.low == pytest.approx(1 / one.high)
    assert other.high == pytest.approx(1 / one.low)


@given(st.floats(0.1, 200), st.floats(0.01, 0.99))
def test_in_the_time_told_two_are_seen_so_often(rate_per_min: float, probability: float) -> None:
    mean = rate_per_min / 60 * scan_time_s(rate_per_min, probability, load_rule())
    assert 1 - math.exp(-mean) * (1 + mean) == pytest.approx(probability)


def test_the_rule_s_own_rate_takes_the_rule_s_own_time() -> None:
    rule = load_rule()
    missed = miss_probability(rule.window_s, rule)
    assert missed == pytest.approx(0.1)
    assert scan_time_s(3.8897, 0.9, rule) == pytest.approx(60, rel=1e-3)
