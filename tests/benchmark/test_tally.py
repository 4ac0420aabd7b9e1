"""Counts, bands, what is forgiven, and intervals."""

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark import tally as t
from usfasc.model import Kind


def test_counts_and_bands() -> None:
    truth = [event(1, 1, amplitude_mm=0.3), event(2, 5, amplitude_mm=0.15), event(3, 9)]
    found = [event(1, 1.05), event(2, 20)]
    counts = t.tally(judged(truth, found), found, minutes=1.0)
    assert (counts.tp, counts.fp, counts.fn) == (1, 1, 2)
    assert counts.band_hits == (1, 0, 0)
    assert counts.band_twitches == (2, 1, 0)
    assert counts.onsets_s == pytest.approx((0.05,))


def test_bands_hold_isolated_twitches_only() -> None:
    truth = [event(1, 1), event(2, 1.3, x_px=150), event(3, 1.2, x_px=400)]
    alone = t.isolated(truth, (0.1, 0.1))
    assert [e.event for e in alone] == [3]


def test_what_the_clip_has_of_itself_is_forgiven_once() -> None:
    found = [event(1, 1), event(2, 20), event(3, 30)]
    own = [event(1, 20.1, kind=Kind.UNSURE)]
    counts = t.tally(judged([event(1, 1)], found), found, forgiven=own, minutes=1.0)
    assert (counts.tp, counts.fp) == (1, 1)


def test_the_clips_own_movement_does_not_take_a_true_pair_away() -> None:
    found = [event(1, 1)]
    counts = t.tally(judged([event(1, 1)], found), found, forgiven=[event(1, 1)], minutes=1.0)
    assert (counts.tp, counts.fp, counts.fn) == (1, 0, 0)


def _tally(tp: int, fp: int, fn: int) -> t.Tally:
    return t.Tally(
        name="x",
        tp=tp,
        fp=fp,
        fn=fn,
        minutes=0.5,
        band_hits=(tp, 0, 0),
        band_twitches=(tp + fn, 0, 0),
    )


def test_figures_are_of_sums_not_means() -> None:
    tallies = [_tally(9, 0, 1), _tally(0, 2, 0)]
    rng = np.random.default_rng(0)
    assert t.estimate(tallies, t.precision, rng)[0] == pytest.approx(9 / 11)
    assert t.estimate(tallies, t.recall, rng)[0] == pytest.approx(0.9)
    assert t.estimate(tallies, t.f1, rng)[0] == pytest.approx(18 / 21)
    assert t.estimate(tallies, t.false_alarms_per_min, rng)[0] == pytest.approx(2.0)
    assert t.estimate(tallies, t.band_recall(0), rng)[0] == pytest.approx(0.9)
    assert t.estimate(tallies, t.band_recall(1), rng) == (None, None, None)


def test_the_interval_holds_the_value_and_repeats() -> None:
    tallies = [_tally(8, k % 2, 2 + k % 3) for k in range(20)]
    value, low, high = t.estimate(tallies, t.f1, np.random.default_rng(5))
    assert value is not None
    assert low is not None
    assert high is not None
    assert low < value < high
    assert t.estimate(tallies, t.f1, np.random.default_rng(5)) == (value, low, high)


def test_a_difference_is_of_the_same_clips() -> None:
    ours = [_tally(9, k % 3, 1) for k in range(12)]
    less = [_tally(5, k % 3, 5) for k in range(12)]
    rng = np.random.default_rng(5)
    assert t.estimate_difference(ours, ours, t.f1, rng) == (0.0, 0.0, 0.0)
    value, low, high = t.estimate_difference(ours, less, t.f1, rng)
    assert low is not None
    assert high is not None
    assert value == pytest.approx(t.f1(t.total(ours)) - t.f1(t.total(less)))
    assert 0 < low < value < high
    assert high - low < 0.1  # clip by clip the difference is the same, however the clips differ


def test_without_a_figure_there_is_no_difference() -> None:
    nothing, some = [_tally(0, 0, 0)] * 3, [_tally(1, 0, 0)] * 3
    assert t.estimate_difference(some, nothing, t.f1, np.random.default_rng(0))[0] is None
    assert t.estimate_difference([], [], t.f1, np.random.default_rng(0)) == (None, None, None)


def test_one_clip_has_no_interval() -> None:
    assert t.estimate([_tally(1, 0, 0)], t.f1, np.random.default_rng(0)) == (1.0, None, None)
    assert t.estimate([], t.f1, np.random.default_rng(0)) == (None, None, None)
