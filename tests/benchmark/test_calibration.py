"""A score that means what it says has no error; one that does not has its distance."""

import numpy as np
import pytest
from fixtures.judged import event, judged
from hypothesis import given
from hypothesis import strategies as st

from usfasc.benchmark.calibration import calibration_error, reliability
from usfasc.benchmark.tally import Tally, tally


def rated(pairs: list[tuple[float, bool]]) -> np.ndarray:
    return np.array(pairs, float).reshape(-1, 2)


def test_a_true_score_has_no_error() -> None:
    rows = [(share, k < 10 * share) for share in (0.2, 0.5, 0.9) for k in range(10)]
    assert calibration_error(rated(rows)) == pytest.approx(0)


@pytest.mark.parametrize(("score", "true", "error"), [(0.9, False, 0.9), (0.3, True, 0.7)])
def test_a_false_score_has_its_distance(score: float, true: bool, error: float) -> None:
    assert calibration_error(rated([(score, true)] * 40)) == pytest.approx(error)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_an_error_is_a_share_whatever_the_order(pairs: list[tuple[float, bool]]) -> None:
    error = calibration_error(rated(pairs))
    assert 0 <= error <= 1
    assert calibration_error(rated(pairs[::-1])) == pytest.approx(error)


def clip(true_score: float, false_score: float) -> Tally:
    found = [event(1, 1, score=true_score), event(2, 20, score=false_score)]
    case = judged([event(1, 1), event(2, 40)], found)
    return tally(case, case.events)


def test_listed_movements_are_rated_by_the_matching() -> None:
    each = reliability("all", [clip(0.9, 0.2)] * 5, np.random.default_rng(0))
    assert each.movements == 10
    # Like scores share a bin.
    assert [(b.score, b.share_true, b.movements) for b in each.bins] == [
        (pytest.approx(0.2), 0.0, 5),
        (pytest.approx(0.9), 1.0, 5),
    ]
    assert each.error[0] == pytest.approx(0.15)


def test_without_movements_there_is_no_error() -> None:
    case = judged([event(1, 1)], [])
    each = reliability("all", [tally(case, ())], np.random.default_rng(0))
    assert (each.bins, each.error, each.movements) == ((), (None, None, None), 0)
