"""The best ways across a picture."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from usfasc.tissue.paths import best_paths, gains_of
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import SLOPES

ROWS = 120


def gains(line: list[int], hidden: set[int], seed: int) -> Image:
    """Weak gains everywhere, strong ones on a line where it is not hidden."""
    answers = np.random.default_rng(seed).normal(0, 0.3, (len(SLOPES), ROWS, len(line)))
    for column, row in enumerate(line):
        if column not in hidden:
            answers[:, row, column] = 6.0
    return gains_of(answers.astype(np.float32), np.ones((ROWS, len(line)), bool))


@given(
    start=st.integers(50, 70),
    slope=st.integers(-1, 1),
    hidden=st.sets(st.integers(0, 23), max_size=8),
    seed=st.integers(0, 9),
)
def test_a_straight_line_is_followed_over_its_gaps(
    start: int, slope: int, hidden: set[int], seed: int
) -> None:
    line = [start + slope * column for column in range(24)]
    (found,) = best_paths(gains(line, hidden, seed), 1)
    seen = sorted(set(range(24)) - hidden)
    assert (np.abs(found - line)[seen] == 0).mean() > 0.9


@given(seed=st.integers(0, 50))
def test_ways_keep_apart_and_are_never_steeper_than_asked(seed: int) -> None:
    ways = list(best_paths(gains([60] * 24, set(), seed), 4))
    assert len(ways) == 4
    assert all(np.abs(np.diff(way)).max() <= len(SLOPES) // 2 for way in ways)
    for way in ways[1:]:
        assert (np.abs(way - ways[0]) > 7).all()
