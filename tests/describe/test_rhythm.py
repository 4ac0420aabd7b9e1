"""Rhythm: which intervals count, what is called regular, who fires together."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import make_spans
from hypothesis import given
from hypothesis import strategies as st

from usfasc.describe.rhythm import (
    FEWEST_INTERVALS,
    chance_as_even,
    coincidences,
    intervals_s,
    rhythm,
)

WHOLE = make_spans("a", (0, 60, None))
EVEN = [float(number) for number in range(1, 20)]

INTERVALS = {
    "between neighbours": ((1, 2, 4), ((0, 60, None),), [1, 2]),
    "in any order": ((4, 1, 2), ((0, 60, None),), [1, 2]),
    "the ends are censored": ((30,), ((0, 60, None),), []),
    "none": ((), ((0, 60, None),), []),
    "one holds unjudged time": (
        (1, 2, 4),
        ((0, 2.5, None), (2.5, 3, "probe moved"), (3, 9, None)),
        [1],
    ),
    "two spans that meet": ((1, 2, 4), ((0, 2.5, None), (2.5, 9, None)), [1, 2]),
    "unjudged before the first": ((1, 2), ((0, 0.5, "start"), (0.5, 9, None)), [1]),
}


@pytest.mark.parametrize(("onsets_s", "parts", "expected"), INTERVALS.values(), ids=INTERVALS)
def test_intervals(onsets_s: tuple[float, ...], parts: tuple, expected: list[float]) -> None:
    assert intervals_s(onsets_s, make_spans("a", *parts)).tolist() == expected


LABELS = {
    "even": (EVEN, "regular", "regular 1.0 Hz, CV 0.00 over 18 intervals"),
    "two gaps": ([1, 2, 3], "too_few", "too few to say (2 intervals)"),
    "one gap": ([1, 2], "too_few", "too few to say (1 interval)"),
    "one twitch": ([1], "too_few", "too few to say (0 intervals)"),
    "short and long": (
        [1, 1.3, 7, 7.4, 20, 21, 40],
        "irregular",
        "irregular, CV 1.19 over 6 intervals",
    ),
    "one missed of nineteen": (
        [*EVEN[:9], *EVEN[10:]],
        "regular",
        "regular 1.0 Hz, CV 0.23 over 17 intervals",
    ),
}


@pytest.mark.parametrize(("onsets_s", "pattern", "label"), LABELS.values(), ids=LABELS)
def test_labels_carry_their_figures(onsets_s: list[float], pattern: str, label: str) -> None:
    told = rhythm(onsets_s, WHOLE)
    assert (told.pattern, told.label) == (pattern, label)


def test_what_nobody_saw_the_end_of_is_told() -> None:
    broken = make_spans("a", (0, 10, None), (10, 20, "probe moved"), (20, 60, None))
    onsets_s = [2.0, 5.0, 8.0, 22.0, 25.0]
    assert rhythm(onsets_s, broken).censored == 3
    assert rhythm(onsets_s, make_spans("a", (0, 60, None))).censored == 2
    assert rhythm([], broken).censored == 0


def test_only_a_regular_rhythm_has_a_frequency() -> None:
    assert rhythm([0.5 * n for n in range(1, 16)], WHOLE).frequency_hz == pytest.approx(2.0)
    assert rhythm([1, 2, 9, 9.5, 15, 30, 31, 45], WHOLE).frequency_hz is None


def test_doublets_are_two_firings_at_once() -> None:
    assert rhythm([1, 1.2, 5, 9, 9.29, 12, 12.31], WHOLE).doublets == 2


def test_random_firing_is_called_regular_once_in_a_hundred() -> None:
    rng = np.random.default_rng(3)
    chances = [chance_as_even(rng.exponential(1, 7)) for _ in range(3000)]
    assert np.mean(np.array(chances) < 0.01) == pytest.approx(0.01, abs=0.006)
    assert np.mean(chances) == pytest.approx(0.5, abs=0.03)


@given(
    st.lists(st.integers(0, 200), min_size=FEWEST_INTERVALS + 1, max_size=40, unique=True),
    st.floats(0.1, 10),
)
def test_a_rhythm_does_not_depend_on_the_unit_of_time(onsets_s: list[int], factor: float) -> None:
    told = rhythm(onsets_s, make_spans("a", (0, 200, None)))
    slower = rhythm([factor * onset_s for onset_s in onsets_s], make_spans("a", (0, 2000, None)))
    assert told.intervals == slower.intervals
    assert told.cv == pytest.approx(slower.cv, abs=0.01)


def test_coincidences_stand_beside_what_chance_gives() -> None:
    onsets_s = {"upper": [1.0, 5.0, 9.0], "lower": [1.05, 5.2, 20.0, 30.0], "empty": []}
    (pair,) = coincidences(onsets_s, 60.0)
    assert (pair.regions, pair.pairs) == (("upper", "lower"), 1)
    assert pair.expected == pytest.approx(2 * 0.1 * 3 * 4 / 60)
    assert coincidences(onsets_s, 0.0) == ()
    assert coincidences({"upper": [1.0]}, 60.0) == ()


def test_a_twitch_coincides_once_whichever_region_comes_first() -> None:
    """Two of one region about one of the other are one pair, not two."""
    upper, lower = [1.0], [0.92, 1.08, 7.0]
    for onsets_s in ({"a": upper, "b": lower}, {"a": lower, "b": upper}):
        (pair,) = coincidences(onsets_s, 60.0)
        assert pair.pairs == 1
