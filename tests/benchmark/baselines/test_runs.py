"""Runs of active moments, and pictures of a while ago."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.benchmark.baselines.runs import runs
from usfasc.benchmark.baselines.view import Past

ACTIVE = st.lists(st.booleans(), max_size=40)


@pytest.mark.parametrize(
    ("active", "bridged_s", "expected"),
    [
        ("", 0.0, []),
        ("...", 0.0, []),
        ("xx.", 0.0, [(0, 2)]),
        (".xx", 0.0, [(1, 3)]),
        ("x.x", 0.0, [(0, 1), (2, 3)]),
        ("x.x", 0.2, [(0, 3)]),
        ("x..x.x", 0.2, [(0, 1), (3, 6)]),
    ],
)
def test_runs(active: str, bridged_s: float, expected: list[tuple[int, int]]) -> None:
    moments = np.array([letter == "x" for letter in active], bool)
    assert runs(moments, np.arange(len(active)) / 10, bridged_s) == expected


@given(ACTIVE, st.floats(0, 1))
def test_every_active_moment_is_in_one_run(active: list[bool], bridged_s: float) -> None:
    moments = np.array(active, bool)
    found = runs(moments, np.arange(len(active)) / 10, bridged_s)
    covered = [k for start, stop in found for k in range(start, stop)]
    assert sorted(set(covered)) == covered
    assert set(np.flatnonzero(moments)) <= set(covered)
    assert all(moments[start] and moments[stop - 1] for start, stop in found)


@pytest.mark.parametrize(
    ("rate_hz", "lag_s", "back"), [(30, 0.075, 2), (75, 0.075, 6), (20, 0.04, 1), (10, 0.04, 1)]
)
def test_the_past_is_as_old_as_was_asked(rate_hz: float, lag_s: float, back: int) -> None:
    past = Past(lag_s, 1 / rate_hz)
    given = [past.swap(k / rate_hz, np.array([k])) for k in range(12)]
    assert given[:back] == [None] * back
    assert [int(old[1][0]) for old in given[back:] if old] == list(range(12 - back))


def test_the_past_keeps_to_true_times() -> None:
    times_s = [0.0, 0.033, 0.066, 0.5, 0.533, 0.566]
    past = Past(0.075, 0.033)
    given = [past.swap(time_s, np.array([time_s])) for time_s in times_s]
    assert [None if old is None else old[0] for old in given] == [
        None,
        None,
        0.0,
        0.066,
        0.066,
        0.5,
    ]
