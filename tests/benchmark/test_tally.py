"""What is right, surplus and missed in a clip; what is forgiven; windows and counts."""

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark import counting, windows
from usfasc.benchmark import tally as t
from usfasc.benchmark.judge import Judged
from usfasc.model import Event, Floats, Kind


def of(truth: list[Event], found: list[Event], **more: object) -> t.Tally:
    case: Judged = judged(truth, found)
    return t.tally(case, found, **more)  # type: ignore[arg-type]  # keywords differ by test


def row(each: t.Tally) -> list[float]:
    return [float(count) for count in t.counts([each])[0]]


def test_right_surplus_missed_minutes() -> None:
    truth = [event(1, 1), event(2, 5), event(3, 9)]
    each = of(truth, [event(1, 1.05), event(2, 20)])
    assert row(each) == [1, 1, 2, 1.0]
    assert [e.event for e in each.truth] == [1, 2, 3]
    assert [e.onset_s for e in each.found] == [1.05, 20]


def test_other_movements_of_the_truth_are_no_twitches() -> None:
    each = of([event(1, 1), event(2, 5, kind=Kind.CONTRACTION)], [event(1, 1)])
    assert row(each)[:3] == [1, 0, 0]


def test_twitches_stand_alone_or_not() -> None:
    truth = [event(1, 1), event(2, 1.3, x_px=150), event(3, 1.2, x_px=400)]
    assert [e.event for e in t.isolated(truth, (0.1, 0.1))] == [3]


def test_what_the_clip_has_of_itself_is_forgiven_once() -> None:
    found = [event(1, 1), event(2, 20), event(3, 20.1)]
    own = [event(1, 20.1, kind=Kind.UNSURE)]
    assert row(of([event(1, 1)], found, forgiven=own))[:3] == [1, 1, 0]


def test_the_clips_own_movement_does_not_take_a_true_pair_away() -> None:
    assert row(of([event(1, 1)], [event(1, 1)], forgiven=[event(1, 1)]))[:3] == [1, 0, 0]


def test_outside_the_span_nothing_is_held_against_a_method() -> None:
    each = of([event(1, 1)], [event(1, 1), event(2, 40)], span_s=(0.0, 30.0))
    assert row(each) == [1, 0, 0, 0.5]


def test_figures_of_sums() -> None:
    sums: Floats = np.array([9.0, 3.0, 1.0, 2.0])
    assert float(t.precision(sums)) == pytest.approx(0.75)
    assert float(t.recall(sums)) == pytest.approx(0.9)
    assert float(t.f1(sums)) == pytest.approx(18 / 22)
    assert float(t.false_alarms_per_min(sums)) == pytest.approx(1.5)
    assert np.isnan(t.recall(np.zeros(4)))


def test_windows_of_a_fifth_of_a_second() -> None:
    """A twitch of 0.3 s touches two windows when it begins with one, else up to three."""
    counts = windows.window_counts([of([event(1, 1.0)], [event(1, 1.1), event(2, 30.0)])])[0]
    assert counts.tolist() == [2, 2, 0, 296]
    assert float(windows.accuracy(counts)) == pytest.approx(298 / 300)
    assert float(windows.accuracy_of_never(counts)) == pytest.approx(298 / 300)
    assert 0 < float(windows.correlation(counts)) < 1


def test_never_scores_well_by_accuracy_and_nothing_by_correlation() -> None:
    counts = windows.window_counts([of([event(1, 1.0), event(2, 7.0)], [])])[0]
    assert float(windows.accuracy(counts)) == float(windows.accuracy_of_never(counts)) > 0.98
    assert np.isnan(windows.correlation(counts))


def test_errors_of_a_clips_halves_do_not_cancel() -> None:
    """One missed above and one too many below: the clip's count is right, its halves' are not."""
    above, below = event(1, 1), event(2, 9).model_copy(update={"y_px": 300.0})
    case = judged([above, event(3, 5)], [above, below], boxes=((0, 0, 400, 400),))
    each = t.tally(case, case.events)
    clip, halves = counting.clip_errors([each])[0], counting.half_errors([each])[0]
    assert clip.tolist() == [2, 0, 0]
    assert halves.tolist() == [2, 2, 0]
    assert float(counting.relative_error(halves)) == 1.0
    assert float(counting.relative_bias(halves)) == 0.0
