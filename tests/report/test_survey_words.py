"""Words of a survey's page: numbers, names, what a ratio tells, the headline."""

from __future__ import annotations

from typing import Any

import pytest
from fixtures.muscle_records import muscle

from usfasc.report.survey_words import (
    headline,
    interval_words,
    number_words,
    options_words,
    ratio_interval_words,
    ratio_words,
    reading_words,
    review_words,
    short_name,
    side_words,
    time_words,
)
from usfasc.survey.findings import RatioRecord
from usfasc.survey.ratios import distal_proximal, left_right, session_session


def ratio(**more: Any) -> RatioRecord:
    given = {"first_count": 2, "first_s": 20.0, "second_count": 3, "second_s": 20.0}
    bounds = {"value": 0.6666, "low": 0.055, "high": 5.8}
    who = {"subject": "S001", "session": "1", "name": "", "kind": "left/right"}
    return RatioRecord(**who | given | bounds | more)


WORDS = [
    (ratio_words(ratio()), "0.67"),
    (ratio_words(ratio(value=None)), "none seen in the second"),
    (ratio_interval_words(ratio()), "0.06 to 5.80"),
    (ratio_interval_words(ratio(low=0.2, high=None)), "0.20 to ∞"),
    (ratio_interval_words(ratio(low=None, high=None)), "–"),
    (interval_words(1.0, None), "1.0 to ∞"),
    (interval_words(None, None), "–"),
    (number_words(None), "–"),
    (number_words(123.4), "123"),
    (time_words(59.97), "59"),
    (short_name("biceps brachii"), "BB"),
    (short_name("some muscle of my own"), "some muscle o…"),
    (side_words(muscle(side=None)), "not given"),
    (options_words("<b> give --depth-mm."), "&lt;b&gt; give <code>--depth-mm</code>."),
    (options_words("a--b (--c)"), "a--b (<code>--c</code>)"),
    (review_words([]), ("Automatic, not reviewed.", False)),
    (review_words(["anna, 2026-11-23"] * 2), ("Reviewed by anna, 2026-11-23.", True)),
]


@pytest.mark.parametrize(("said", "meant"), WORDS)
def test_words(said: Any, meant: Any) -> None:
    assert said == meant


def test_the_headline_names_no_muscle_that_was_not_named() -> None:
    told = headline([muscle(), muscle("", None)])
    assert told == "Fasciculations present in 1 of 1 muscle examined."


@pytest.mark.parametrize(
    ("kind", "low", "high", "words"),
    [
        ("left/right", 1.1, 5.0, "left is higher"),
        ("left/right", 0.0, 0.9, "right is higher"),
        ("distal/proximal", 1.2, None, "distal is higher"),
        ("session/session", 0.1, 0.5, "earlier is higher"),
        ("left/right", 1.0, 5.0, "no difference shown"),
        ("left/right", 0.2, None, "no difference shown"),
        ("left/right", None, None, "no difference shown"),
    ],
)
def test_what_a_ratio_tells(kind: str, low: float | None, high: float | None, words: str) -> None:
    assert reading_words(ratio(kind=kind, low=low, high=high)) == words


def test_every_kind_of_ratio_has_its_words() -> None:
    both = [muscle("deltoid", side) for side in ("left", "right")]
    limbs = [muscle("tibialis anterior", "left"), muscle("vastus lateralis", "left")]
    again = [muscle("deltoid", "left", session=session) for session in ("1", "2")]
    found = [*left_right(both), *distal_proximal(limbs), *session_session(again)]
    assert {each.kind for each in found} == {"left/right", "distal/proximal", "session/session"}
    assert all(reading_words(each) for each in found)
