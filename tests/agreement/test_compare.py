"""Two readings of clips side by side, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import LOWER, UPPER, make_event, make_result
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.agreement import ClipPair, Table, compare, icc
from usfasc.model import Kind, Result

PARTS = ((0.0, 1.0, "start of the clip"), (1.0, 5.0, None))


def reading(*onsets: float, kind: Kind = Kind.FASCICULATION, lower: int = 0) -> Result:
    events = [
        make_event(n, onset, kind=kind, y_px=60.0 if n <= lower else 30.0, reason="said so")
        for n, onset in enumerate(onsets, 1)
    ]
    return make_result(events, parts=PARTS)


def pair(first: Result, second: Result, clip: str = "a") -> ClipPair:
    return ClipPair(clip=clip, first=first, second=second)


def test_windows_of_judged_time_alone() -> None:
    found = compare([pair(reading(0.2, 1.5, 3.0), reading(0.2, 1.5, 4.0))])
    # 20 windows; each twitch of 0.3 s touches two of them here.
    assert found.windows.total == 20
    assert found.windows == Table(both=2, first_only=2, second_only=2, neither=14)
    assert found.events == Table(both=2, first_only=1, second_only=1, neither=0)
    assert found.f1.value == found.precision.value == pytest.approx(2 / 3)


def test_counts_by_region_and_by_clip() -> None:
    pairs = [
        pair(reading(1.5, 2.5, 3.5, lower=1), reading(1.5, 2.5, lower=1)),
        pair(reading(2.0), reading(2.0, 3.0), "b"),
    ]
    found = compare(pairs)
    rows = [(unit.clip, unit.region, unit.counts) for unit in found.units]
    assert rows == [
        ("a", UPPER.name, (2, 1)),
        ("a", LOWER.name, (1, 1)),
        ("b", UPPER.name, (1, 2)),
        ("b", LOWER.name, (0, 0)),
    ]
    assert {unit.assessable_s for unit in found.units} == {4.0}
    assert found.bland_altman.bias.value == 0
    assert found.icc.value is not None


def test_muscles_each_by_itself() -> None:
    pairs = [
        pair(reading(*onsets), reading(*onsets[:-1]), clip)
        for clip, onsets in {"a": (1.5, 2.5, 3.5), "b": (2.0,), "c": (1.5, 2.5)}.items()
    ]
    (muscle,) = compare(pairs).muscles
    assert (muscle.muscle, muscle.regions) == ("biceps brachii", 3)
    assert muscle.bland_altman.bias.value == 1.0
    assert muscle.icc == icc(np.array([[3, 2], [1, 0], [2, 1]], float))


MOVED = (*PARTS[:1], (1.0, 3.0, None), (3.0, 5.0, "called not assessable by ben"))


def test_time_that_one_did_not_judge_is_left_out() -> None:
    anna, ben = reading(1.5, 3.4, lower=1), reading(1.5, lower=1)
    ben = ben.model_copy(update={"assessable": make_result(parts=MOVED).assessable})
    found = compare([pair(anna, ben)])
    assert found.windows == Table(both=2, first_only=0, second_only=0, neither=8)
    assert found.events == Table(both=1, first_only=0, second_only=0, neither=0)
    assert found.disagreements == ()
    assert {(unit.counts, unit.assessable_s) for unit in found.units} == {
        ((0, 0), 2.0),
        ((1, 1), 2.0),
    }


def test_what_the_detector_could_not_judge_a_reader_may_have_seen() -> None:
    # Neither judged the clip's first second; the reader marked a twitch there all the same.
    found = compare([pair(reading(0.3, 1.5), reading(1.5))])
    assert found.events == Table(both=1, first_only=1, second_only=0, neither=0)


def test_a_region_that_one_could_not_judge_is_no_unit() -> None:
    ben = reading(1.5)
    spans = [
        span.model_copy(update={"reason": "called not assessable by ben"})
        if span.region == LOWER.name
        else span
        for span in ben.assessable
    ]
    anna = reading(1.5, 2.5, lower=1)
    found = compare([pair(anna, ben.model_copy(update={"assessable": tuple(spans)}))])
    # Anna's twitch at 1.5 s lies in the muscle that ben could not judge.
    assert [(unit.region, unit.counts) for unit in found.units] == [(UPPER.name, (1, 1))]


def test_disagreements_say_what_the_other_said() -> None:
    other = reading(1.5, kind=Kind.PULSATION)
    found = compare([pair(reading(1.5, 3.0), other)])
    assert [
        (d.onset_s, d.counted_by, d.other_kind, d.other_reason) for d in found.disagreements
    ] == [
        (1.5, "first", Kind.PULSATION, "said so"),
        (3.0, "first", None, ""),
    ]


@settings(max_examples=20)
@given(st.lists(st.floats(1.0, 4.6), max_size=8, unique=True), st.data())
def test_swapping_readers_swaps_the_figures(onsets: list[float], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.sampled_from(onsets), unique=True)) if onsets else []
    one = compare([pair(reading(*sorted(onsets)), reading(*sorted(other)))])
    two = compare([pair(reading(*sorted(other)), reading(*sorted(onsets)))])
    assert one.kappa.value == pytest.approx(two.kappa.value) if one.kappa.value else True
    assert one.positive == two.positive
    assert (one.precision, one.recall, one.f1) == (two.recall, two.precision, two.f1)
    assert one.events.both == len(other)


def test_no_clip_is_no_figure() -> None:
    found = compare([])
    assert (found.clips, found.kappa.value, found.icc.value) == (0, None, None)
