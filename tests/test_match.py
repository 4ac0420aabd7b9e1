"""The matcher: named cases, then properties that hold for any events."""

from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.match import Score, match_events, score
from usfasc.model import Event, Kind

SPACING = (0.1, 0.1)


def twitch(
    onset_s: float, x_px: float = 100, y_px: float = 100, *, lasts_s: float = 0.3, half_px: int = 10
) -> Event:
    return Event(
        event=1,
        kind=Kind.FASCICULATION,
        onset_s=onset_s,
        peak_s=onset_s + lasts_s / 3,
        offset_s=onset_s + lasts_s,
        start_frame=0,
        peak_frame=1,
        stop_frame=2,
        x_px=x_px,
        y_px=y_px,
        box_px=(
            int(x_px) - half_px,
            int(y_px) - half_px,
            int(x_px) + half_px,
            int(y_px) + half_px,
        ),
    )


@dataclass(frozen=True)
class Case:
    name: str
    truth: list[Event]
    found: list[Event]
    expected: tuple[int, int, int]


CASES = [
    Case("nothing at all", [], [], (0, 0, 0)),
    Case("all missed", [twitch(1)], [], (0, 0, 1)),
    Case("all surplus", [], [twitch(1)], (0, 1, 0)),
    Case("just in time", [twitch(1)], [twitch(1.149)], (1, 0, 0)),
    Case("too late, little shared", [twitch(1)], [twitch(1.16)], (0, 1, 1)),
    Case("late, half shared", [twitch(1, lasts_s=0.5)], [twitch(1.2, lasts_s=0.4)], (1, 0, 0)),
    Case("a long event does not swallow a twitch", [twitch(3)], [twitch(1, lasts_s=5)], (0, 1, 1)),
    Case("just near enough", [twitch(1, 100)], [twitch(1, 149)], (1, 0, 0)),
    Case("too far", [twitch(1, 100)], [twitch(1, 151)], (0, 1, 1)),
    Case("far but inside", [twitch(1, 100, half_px=80)], [twitch(1, 170)], (1, 0, 0)),
    Case("found twice counts once", [twitch(1)], [twitch(1), twitch(1.05)], (1, 1, 0)),
    Case("a doublet is two", [twitch(1), twitch(1.2)], [twitch(1.05), twitch(1.25)], (2, 0, 0)),
    Case(
        "two places at one moment",
        [twitch(1, 100), twitch(1, 300)],
        [twitch(1, 300), twitch(1, 100)],
        (2, 0, 0),
    ),
    Case(
        "the larger assignment wins over the nearest pair",
        [twitch(1), twitch(1.14)],
        [twitch(1.13), twitch(1.28)],
        (2, 0, 0),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_named_cases(case: Case) -> None:
    s = figures(case.truth, case.found)
    assert (s.tp, s.fp, s.fn) == case.expected


def test_time_is_preferred_to_place() -> None:
    near_in_time, near_in_place = twitch(1.01, 120), twitch(1.06, 100)
    matching = match_events([twitch(1)], [near_in_place, near_in_time], spacing_mm=SPACING)
    assert matching.pairs[0][1] == near_in_time


def test_spacing_is_taken_per_axis() -> None:
    pair = [twitch(1, 100, 100)], [twitch(1, 100, 140)]
    assert match_events(*pair, spacing_mm=(0.1, 1.0)).pairs
    assert not match_events(*pair, spacing_mm=(0.2, 0.1)).pairs


def test_other_kinds_are_left_out_unless_asked_for() -> None:
    other = twitch(1).model_copy(update={"kind": Kind.CONTRACTION})
    assert not match_events([twitch(1)], [other], spacing_mm=SPACING).pairs
    assert match_events([other], [other], spacing_mm=SPACING, kinds=set(Kind)).pairs


def test_errors_are_medians_of_the_pairs() -> None:
    s = figures([twitch(1), twitch(5)], [twitch(1.1, 110), twitch(5.02, 130)])
    assert s.place_error_mm == pytest.approx(2.0)
    assert s.onset_error_s == pytest.approx(0.06)


def test_ratios_without_a_base_are_none() -> None:
    empty = figures([], [])
    assert (empty.precision, empty.recall, empty.f1) == (None, None, None)
    assert replace(empty, tp=3, fp=1, fn=1).f1 == pytest.approx(0.75)


@st.composite
def _twitch(draw: st.DrawFn) -> Event:
    return twitch(
        draw(st.floats(0, 3)),
        draw(st.floats(0, 300)),
        draw(st.floats(0, 300)),
        lasts_s=draw(st.floats(0.05, 0.6)),
    )


twitches = st.lists(_twitch(), max_size=7)


def figures(truth: list[Event], found: list[Event]) -> Score:
    return score(match_events(truth, found, spacing_mm=SPACING), spacing_mm=SPACING)


@settings(max_examples=60, deadline=None)
@given(truth=twitches, found=twitches)
def test_every_event_appears_exactly_once(truth: list[Event], found: list[Event]) -> None:
    m = match_events(truth, found, spacing_mm=SPACING)
    assert sorted(map(repr, [*m.missed, *(t for t, _ in m.pairs)])) == sorted(map(repr, truth))
    assert sorted(map(repr, [*m.surplus, *(f for _, f in m.pairs)])) == sorted(map(repr, found))


@settings(max_examples=60, deadline=None)
@given(truth=twitches, found=twitches, order=st.randoms())
def test_the_order_given_does_not_matter(
    truth: list[Event], found: list[Event], order: Random
) -> None:
    mixed_truth, mixed_found = truth[:], found[:]
    order.shuffle(mixed_truth)
    order.shuffle(mixed_found)
    straight = match_events(truth, found, spacing_mm=SPACING)
    assert match_events(mixed_truth, mixed_found, spacing_mm=SPACING) == straight


@settings(max_examples=60, deadline=None)
@given(truth=twitches, found=twitches)
def test_a_far_event_changes_nothing_else(truth: list[Event], found: list[Event]) -> None:
    before = figures(truth, found)
    after = figures(truth, [*found, twitch(99)])
    assert (after.tp, after.fp, after.fn) == (before.tp, before.fp + 1, before.fn)


@settings(max_examples=60, deadline=None)
@given(events=twitches)
def test_a_list_matches_itself(events: list[Event]) -> None:
    s = figures(events, events)
    assert (s.tp, s.fp, s.fn) == (len(events), 0, 0)
    assert not s.place_error_mm
    assert not s.onset_error_s
