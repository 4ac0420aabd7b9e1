"""Rules as data, and protocols set beside a survey's muscles."""

from __future__ import annotations

import math

import pytest
from fixtures.outcomes import make_spans
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Status
from usfasc.rules import (
    MuscleFinding,
    Protocol,
    compare,
    expected_in_window,
    grade,
    load_grade,
    load_protocols,
    load_rule,
    miss_probability,
    pooled_status,
)
from usfasc.rules.survey import muscles_positive, total

PRESENT, ABSENT, SHORT, BLIND = (
    Status.PRESENT,
    Status.ABSENT,
    Status.SHORT,
    Status.NOT_ASSESSABLE,
)


def test_every_protocol_names_its_source_and_what_it_reported() -> None:
    protocols = load_protocols()
    assert len({each.name for each in protocols}) == len(protocols) == 11
    assert all(each.source and each.reported for each in protocols)
    assert all((each.at_least is None) == (each.criterion == "none") for each in protocols)


def test_a_muscle_at_the_rule_s_rate_is_missed_once_in_ten_in_its_window() -> None:
    rule = load_rule()
    mean = expected_in_window(rule)
    assert mean is not None
    # P(N < 2) of a Poisson variable, written out.
    assert math.exp(-mean) * (1 + mean) == pytest.approx(0.1)
    assert miss_probability(60, rule) == pytest.approx(0.1)
    assert miss_probability(20, rule) == pytest.approx(math.exp(-mean / 3) * (1 + mean / 3))
    assert miss_probability(0, rule) == 1


@given(st.floats(0, 600), st.floats(0.1, 600))
def test_longer_observation_misses_less(first_s: float, more_s: float) -> None:
    longer = miss_probability(first_s + more_s, load_rule())
    shorter = miss_probability(first_s, load_rule())
    assert longer is not None and shorter is not None
    assert longer <= shorter


def test_a_rule_without_a_probability_tells_none() -> None:
    rule = load_rule().model_copy(update={"detection_probability": None})
    assert miss_probability(60, rule) is None


GRADES = {
    "none in a minute": (0, 0.0, 0.0, ABSENT, 0),
    "none in a short clip": (0, 0.0, 0.0, SHORT, None),
    "nothing judged": (1, None, 0.0, BLIND, None),
    "one in a short clip": (1, 6.0, 0.01, SHORT, 1),
    "two in a minute": (2, 2.0, 0.01, PRESENT, 1),
    "four in a minute": (4, 4.0, 0.02, PRESENT, 2),
    "a third of the time": (60, 60.0, 0.33, PRESENT, 3),
}


@pytest.mark.parametrize(
    ("count", "rate", "covered", "verdict", "expected"), GRADES.values(), ids=GRADES
)
def test_grades(
    count: int, rate: float | None, covered: float, verdict: Status, expected: int | None
) -> None:
    assert grade(count, rate, covered, verdict, load_grade()) == expected


def test_cut_offs_of_the_grade_are_said_to_be_ours_and_can_be_changed() -> None:
    rule = load_grade()
    assert "none for ultrasound was found in print" in rule.ours
    stricter = rule.model_copy(update={"multiple_above_per_min": 10.0})
    assert grade(4, 4.0, 0.02, PRESENT, stricter) == 1


def muscles(*findings: tuple[Status, int], hyperechoic: bool | None = None) -> list[MuscleFinding]:
    return [
        MuscleFinding(muscle=f"muscle {n}", status=status, count=count, hyperechoic=hyperechoic)
        for n, (status, count) in enumerate(findings)
    ]


def protocol(criterion: str, at_least: float, number: int = 5) -> Protocol:
    return Protocol.model_validate(
        {
            "name": "x",
            "source": "x",
            "muscles": number,
            "criterion": criterion,
            "at_least": at_least,
            "reported": "x",
            "validated_on": "people",
        }
    )


SEEN, NONE, BRIEF = (PRESENT, 3), (ABSENT, 1), (SHORT, 1)
COMPARISONS = {
    "enough": ("muscles_positive", 3, [SEEN] * 3 + [NONE] * 2, 3, True),
    "enough though some are missing": ("muscles_positive", 3, [SEEN] * 3, 3, True),
    "too few": ("muscles_positive", 3, [SEEN] * 2 + [NONE] * 3, 2, False),
    "the missing could decide": ("muscles_positive", 3, [SEEN] * 2 + [NONE] * 2, 2, None),
    "the short could decide": ("muscles_positive", 3, [SEEN] * 2 + [NONE] * 2 + [BRIEF], 2, None),
    "not even all the missing": ("muscles_positive", 3, [NONE] * 4, 0, False),
    "total reached": ("total", 7, [SEEN] * 3, 9, True),
    "total open": ("total", 7, [SEEN], 3, None),
    "total just reached": ("total", 7, [SEEN] + [NONE] * 4, 7, True),
    "total under": ("total", 8, [SEEN] + [NONE] * 4, 7, False),
}


@pytest.mark.parametrize(
    ("criterion", "at_least", "findings", "value", "reached"), COMPARISONS.values(), ids=COMPARISONS
)
def test_comparisons(
    criterion: str,
    at_least: float,
    findings: list[tuple[Status, int]],
    value: float,
    reached: bool | None,
) -> None:
    told = compare(protocol(criterion, at_least), muscles(*findings))
    assert (told.value, told.reached) == (value, reached)


def test_a_ratio_needs_to_know_which_muscles_are_bright() -> None:
    ratio = protocol("ratio", 1.5, number=3)
    assert compare(ratio, muscles(SEEN, SEEN, SEEN)).value is None
    bright = [*muscles(SEEN, SEEN, hyperechoic=False), *muscles(SEEN, hyperechoic=True)]
    told = compare(ratio, bright)
    assert (told.value, told.reached) == (3, True)
    dark = muscles(SEEN, SEEN, SEEN, hyperechoic=False)
    assert compare(ratio, dark).value is None


def test_a_protocol_without_a_cut_off_decides_nothing() -> None:
    (chiba,) = (each for each in load_protocols() if each.name.startswith("Chiba"))
    told = compare(chiba, muscles(SEEN, SEEN))
    assert (told.value, told.reached, told.open_muscles) == (None, None, 9)


def test_positive_muscles_and_their_twitches() -> None:
    assert muscles_positive(muscles(SEEN, NONE, BRIEF)) == 1
    assert total(muscles(SEEN, NONE, BRIEF)) == 5


def test_clips_of_one_muscle_are_pooled() -> None:
    clip = make_spans("a", (0, 20, None))
    rule = load_rule()
    assert pooled_status([([], clip)] * 3, rule) is ABSENT
    assert pooled_status([([], clip)] * 2, rule) is SHORT
    assert pooled_status([([19], clip), ([1], clip)], rule) is PRESENT
    # 90 s of assessable time lie between the two.
    far = [([0], clip), *[([], clip)] * 4, ([10], clip)]
    assert pooled_status(far, rule) is ABSENT
    assert pooled_status([], rule) is BLIND
