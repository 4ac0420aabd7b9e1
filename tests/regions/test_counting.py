"""Counts, rates and the exact interval."""

from __future__ import annotations

import pytest
from fixtures.outcomes import make_event, make_spans
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, poisson

from usfasc.model import Kind
from usfasc.regions.counting import (
    counted_in,
    covered_share,
    judged_before_s,
    judged_s,
    poisson_rate,
    spans_of,
)


def test_the_interval_in_print() -> None:
    # 7 in 52 s: the worked example of the sentences.
    rate, low, high = poisson_rate(7, 52)
    assert (round(rate, 1), round(low, 1), round(high, 1)) == (8.1, 3.2, 16.6)


def test_none_seen() -> None:
    rate, low, high = poisson_rate(0, 60)
    assert (rate, low) == (0, 0)
    # The 97.5 % limit of a count of none: -ln(0.025).
    assert high == pytest.approx(3.6889, abs=1e-4)


@given(st.integers(0, 2000), st.floats(0.5, 4000))
def test_interval_is_garwood_s(count: int, time_s: float) -> None:
    rate, low, high = poisson_rate(count, time_s)
    minutes = time_s / 60
    assert low <= rate <= high
    assert high == pytest.approx(chi2.ppf(0.975, 2 * count + 2) / 2 / minutes, rel=1e-9)
    if count:
        assert low == pytest.approx(chi2.ppf(0.025, 2 * count) / 2 / minutes, rel=1e-9)


@given(st.integers(1, 200))
def test_interval_is_exact_at_its_ends(count: int) -> None:
    _, low, high = poisson_rate(count, 60)
    assert poisson.sf(count - 1, low) == pytest.approx(0.025, rel=1e-6)
    assert poisson.cdf(count, high) == pytest.approx(0.025, rel=1e-6)


@given(st.integers(0, 300), st.floats(1, 1000), st.floats(1.1, 10))
def test_more_time_narrows_and_lowers(count: int, time_s: float, factor: float) -> None:
    short, long = poisson_rate(count, time_s), poisson_rate(count, time_s * factor)
    assert long == pytest.approx(tuple(value / factor for value in short))


def test_only_fasciculations_count_and_the_image_counts_them_all() -> None:
    kinds = list(Kind)
    events = [
        make_event(number, kind=kind, region="a" if number % 2 else "")
        for number, kind in enumerate(kinds * 2, start=1)
    ]
    assert [event.event for event in counted_in("*", events)] == [1, 11]
    assert [event.event for event in counted_in("a", events)] == [1, 11]
    assert counted_in("b", events) == ()


SPANS = make_spans("a", (5, 8, None), (0, 1, "start"), (1, 3, None), (3, 5, "probe"))


def test_spans_and_seconds() -> None:
    spans = spans_of("a", [*SPANS, *make_spans("b", (0, 8, None))])
    assert [span.start_s for span in spans] == [0, 1, 3, 5]
    assert judged_s(spans) == 5


@pytest.mark.parametrize(
    ("time_s", "before_s"), [(0.5, 0), (1, 0), (2, 1), (4, 2), (5, 2), (6.5, 3.5), (99, 5)]
)
def test_the_clock_stops_when_blind(time_s: float, before_s: float) -> None:
    assert judged_before_s(time_s, SPANS) == pytest.approx(before_s)


@pytest.mark.parametrize(
    ("onsets_s", "covered_s"), [((), 0), ((0, 1, 2), 0.9), ((0, 0, 0, 0.2), 0.5)]
)
def test_covered_time_counts_once(onsets_s: tuple[float, ...], covered_s: float) -> None:
    # Each event lasts 0.3 s.
    events = [make_event(n, onset_s) for n, onset_s in enumerate(onsets_s, start=1)]
    assert covered_share(events, 5.0) == pytest.approx(covered_s / 5)


def test_nothing_judged_is_not_covered() -> None:
    assert covered_share([make_event()], 0) == 0
