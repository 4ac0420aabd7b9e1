"""The rule for a muscle's status, as published."""

from __future__ import annotations

import pytest
from fixtures.outcomes import LOWER, UPPER, make_event, make_spans
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Kind, Status
from usfasc.regions import assign
from usfasc.rules import Rule, load_rule, positive_after_s, status, summarise

PRESENT, ABSENT, SHORT, BLIND = (
    Status.PRESENT,
    Status.ABSENT,
    Status.SHORT,
    Status.NOT_ASSESSABLE,
)
MINUTE = ((0, 60, None),)
CASES = {
    "two in a minute": ((1, 50), MINUTE, PRESENT),
    "one in a minute": ((1,), MINUTE, ABSENT),
    "none in a minute": ((), MINUTE, ABSENT),
    "two in a short clip": ((1, 2), ((0, 10, None),), PRESENT),
    "one in a short clip": ((1,), ((0, 10, None),), SHORT),
    "none in a short clip": ((), ((0, 59.9, None),), SHORT),
    "two more than 60 s apart": ((1, 62), ((0, 120, None),), ABSENT),
    "two 60 s apart": ((1, 61), ((0, 120, None),), PRESENT),
    "60 s of assessable time, longer by the clock": (
        (1, 80),
        ((0, 10, None), (10, 50, "probe moved"), (50, 120, None)),
        PRESENT,
    ),
    "the second pair is near": ((1, 100, 110), ((0, 120, None),), PRESENT),
    "in any order": ((110, 1, 100), ((0, 120, None),), PRESENT),
    "a minute by the clock is not a minute judged": (
        (),
        ((0, 30, None), (30, 60, "probe moved")),
        SHORT,
    ),
    "nothing judged": ((), ((0, 60, "frozen"),), BLIND),
    "next to nothing judged": ((1, 1.2), ((0, 0.9, None), (0.9, 60, "contraction")), BLIND),
    "no spans": ((), (), BLIND),
    "one second judged": ((), ((0, 1, None),), SHORT),
}


@pytest.mark.parametrize(("onsets_s", "parts", "expected"), CASES.values(), ids=CASES.keys())
def test_status_by_noto(onsets_s: tuple[float, ...], parts: object, expected: Status) -> None:
    assert status(onsets_s, make_spans("a", *parts), load_rule()) is expected


@given(st.lists(st.floats(0, 300), max_size=8), st.floats(0, 300))
def test_one_more_twitch_never_takes_a_finding_back(onsets_s: list[float], more_s: float) -> None:
    spans = make_spans("a", (0, 300, None))
    if status(onsets_s, spans, load_rule()) is PRESENT:
        assert status([*onsets_s, more_s], spans, load_rule()) is PRESENT


def test_the_rule_says_where_it_is_from() -> None:
    rule = load_rule()
    assert (rule.name, rule.least_count, rule.window_s) == ("Noto 2017", 2, 60)
    assert "28187527" in rule.source
    assert "least_assessable_s" in rule.ours


def test_another_rule_gives_another_status() -> None:
    strict = Rule(
        name="x", source="x", sentence="x", least_count=3, window_s=10, least_assessable_s=1
    )
    spans = make_spans("a", (0, 60, None))
    assert status((1, 2), spans, strict) is ABSENT
    assert status((1, 2, 11), spans, strict) is PRESENT


def test_summaries() -> None:
    events = [
        make_event(1, 1.0, y_px=30.0),
        make_event(2, 2.0, y_px=30.0),
        make_event(3, 3.0, y_px=60.0),
        make_event(4, 4.0, y_px=60.0, kind=Kind.UNSURE),
        make_event(5, 5.0, y_px=80.0),
    ]
    regions = [UPPER, LOWER]
    assessable = [
        *make_spans(UPPER.name, (0, 30, None)),
        *make_spans(LOWER.name, (0, 30, "lift-off")),
        *make_spans("*", (0, 30, None)),
    ]
    upper, lower, whole = summarise(regions, assign(regions, events), assessable)
    assert (upper.region, upper.count, upper.status) == (UPPER.name, 2, PRESENT)
    assert (lower.count, lower.status) == (1, BLIND)
    assert (lower.assessable_s, lower.rate_per_min, lower.rate_low, lower.rate_high) == (
        0,
        None,
        None,
        None,
    )
    assert (whole.region, whole.count, whole.rate_per_min) == ("*", 4, pytest.approx(8))


def test_no_region_changes_the_whole_image() -> None:
    events = [make_event(1, 1.0), make_event(2, 2.0, y_px=60.0)]
    assessable = make_spans("*", (0, 30, None))
    wholes = {
        summarise(regions, assign(regions, events), assessable)[-1]
        for regions in ([], [UPPER], [UPPER, LOWER])
    }
    assert len(wholes) == 1


WAITS = {
    "nothing seen": ([((), MINUTE)], None),
    "one alone": ([((7,), MINUTE)], None),
    "the second of two": ([((7, 19), MINUTE)], 19),
    "two clips add up": ([((7,), ((0, 20, None),)), ((4,), ((0, 20, None),))], 24),
    "blind time is none": (
        [((1, 50), ((0, 10, None), (10, 40, "probe moved"), (40, 60, None)))],
        20,
    ),
    "too far apart": ([((1, 70, 80), ((0, 90, None),))], 80),
}


@pytest.mark.parametrize("case", WAITS)
def test_after_how_long_enough_was_seen(case: str) -> None:
    clips, after_s = WAITS[case]
    told = [(onsets_s, make_spans("*", *parts)) for onsets_s, parts in clips]
    assert positive_after_s(told, load_rule()) == after_s
