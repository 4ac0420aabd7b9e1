"""Rules, ratios and gaps of each subject; nothing of them is a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.surveyed import Survey, shown

from usfasc.errors import UsageError
from usfasc.rules import load_protocols
from usfasc.survey.findings import RuleRecord, SubjectRecord
from usfasc.survey.gathering import PROBABILITIES, gather_findings
from usfasc.survey.protocols import planned_muscles

ELEVEN = "Neurol Res 2020"
TWO = (1.0, 8.0)
MINUTE = ((0.0, 60.0, None),)


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return Survey(tmp_path)


def only(survey: Survey, **more: str) -> SubjectRecord:
    (subject,) = gather_findings(survey.write(), **more).subjects
    return subject


def rule(subject: SubjectRecord, name: str) -> RuleRecord:
    return next(each for each in subject.comparisons if each.name == name)


def test_protocols_name_as_many_muscles_as_they_have() -> None:
    named = [each for each in load_protocols() if each.examines]
    assert [each.name for each in named] == [ELEVEN, "Chiba 2022", "Muscle Nerve 2021"]
    assert all(len(planned_muscles(each)) == each.muscles for each in named)


def test_every_rule_stands_beside_the_others(survey: Survey) -> None:
    survey.muscle("tongue", "midline", *TWO)
    rules = only(survey).comparisons
    assert [each.name for each in rules] == [each.name for each in load_protocols()]
    assert all(each.source and each.validated_on and each.sentence for each in rules)


def add_eleven(survey: Survey, twitching: int, parts: object = MINUTE) -> None:
    protocol = next(each for each in load_protocols() if each.name == ELEVEN)
    for number, (muscle, side) in enumerate(planned_muscles(protocol)):
        onsets_s = TWO if number < twitching else ()
        survey.muscle(muscle, side, *onsets_s, parts=parts)


REACHED = {3: (True, "reached (its cut-off: 3 or more)"), 2: (False, "not reached")}


@pytest.mark.parametrize("twitching", REACHED)
def test_a_rule_whose_muscles_were_all_seen(survey: Survey, twitching: int) -> None:
    add_eleven(survey, twitching)
    # Whether more muscles were examined does not matter to a rule that does not ask for them.
    survey.muscle("deltoid", "left", *TWO, parts=MINUTE)
    found = rule(only(survey), ELEVEN)
    assert found.comparison is not None
    assert (found.comparison.value, found.comparison.reached) == (twitching, REACHED[twitching][0])
    assert REACHED[twitching][1] in found.sentence


def test_a_rule_that_cannot_be_evaluated_says_why(survey: Survey) -> None:
    add_eleven(survey, 2, parts=((0.0, 20.0, None),))
    subject = only(survey)
    assert rule(subject, ELEVEN).sentence.startswith(
        "Cannot be evaluated, because 9 of its 11 muscles are missing or were not observed"
    )
    for name in ("Sydney 2024", "BMJ Neurol Open 2023, total"):
        assert rule(subject, name).comparison is None
        assert "does not name its" in rule(subject, name).sentence
    assert "hyperechoic" in rule(subject, "BMJ Neurol Open 2023, ratio").sentence


def test_nothing_is_concluded_from_the_rules(survey: Survey) -> None:
    add_eleven(survey, 11)
    text = only(survey).model_dump_json().casefold()
    assert not any(word in text for word in ("diagnos", "likely", "suggests", "consistent with"))


def test_body_regions(survey: Survey) -> None:
    survey.muscle("tongue", "midline", *TWO)
    survey.muscle("biceps brachii", "left", *TWO)
    survey.muscle("biceps brachii", "right")
    survey.muscle("a muscle of ours", "left", *TWO)
    told = [(r.body_region, r.examined, r.positive, r.open) for r in only(survey).body_regions]
    assert told == [("bulbar", 1, 1, 0), ("cervical", 2, 1, 1)]


def test_ratios(survey: Survey) -> None:
    survey.muscle("biceps brachii", "left", 1, 2, 3, 4)
    survey.muscle("biceps brachii", "right", 5, parts=((0.0, 10.0, None),))
    survey.muscle("first dorsal interosseous", "left", 6, 7)
    survey.muscle("tongue", "midline", 1)
    ratios = {ratio.name: ratio for ratio in only(survey).ratios}
    assert set(ratios) == {"biceps brachii, left / right", "left arm, distal / proximal"}
    sides = ratios["biceps brachii, left / right"]
    assert (sides.first_count, sides.second_s, sides.value) == (4, 10, 2.0)
    assert ratios["left arm, distal / proximal"].value == pytest.approx(0.5)


def test_sessions_side_by_side(survey: Survey) -> None:
    for session, onsets_s in (("10", (1.0, 2.0, 3.0)), ("2", (1.0,)), ("9", ())):
        survey.muscle("deltoid", "left", *onsets_s, session=session)
    found = gather_findings(survey.write())
    assert [subject.session for subject in found.subjects] == ["2", "9", "10"]
    names = [ratio.name for ratio in found.session_ratios]
    assert names == ["deltoid, left, session 9 / 2", "deltoid, left, session 10 / 9"]
    assert [ratio.value for ratio in found.session_ratios] == [0.0, None]
    assert all(ratio.subject == "S001" for ratio in found.session_ratios)


def test_what_is_missing(survey: Survey) -> None:
    survey.muscle("biceps brachii", "left", *TWO)
    survey.muscle("biceps brachii", "right")
    survey.muscle("rectus femoris", "left", parts=((0.0, 20.0, "probe moved"),))
    survey.fail("NO_FRAME_RATE", muscle="tibialis anterior", side="left")
    assert only(survey).missing == (
        "tibialis anterior, left: no clip could be judged (row 4: NO_FRAME_RATE).",
        "biceps brachii, right: observed for 20 of 60 s; record 2 more clips of 21 s.",
        "rectus femoris, left: not assessable.",
    )
    planned = only(survey, protocol=ELEVEN.upper()).missing
    assert f"tongue: not given (planned by {ELEVEN})." in planned
    assert sum("not given" in sentence for sentence in planned) == 7


def test_a_group_is_planned_by_its_own_name_and_by_none_of_its_muscles(survey: Survey) -> None:
    survey.muscle("quadriceps femoris", "left")
    survey.muscle("biceps femoris", "left")
    missing = only(survey, protocol="Muscle Nerve 2021").missing
    planned = [sentence for sentence in missing if "not given" in sentence]
    assert not any(sentence.startswith("quadriceps femoris, left") for sentence in planned)
    assert any(sentence.startswith("hamstrings, left") for sentence in planned)


@pytest.mark.parametrize("name", ["Sydney 2024", "none"])
def test_only_a_protocol_that_names_its_muscles_can_be_planned(survey: Survey, name: str) -> None:
    survey.muscle("tongue", "midline")
    with pytest.raises(UsageError, match="Chiba 2022"):
        gather_findings(survey.write(), protocol=name)


def test_a_result_that_cannot_be_read_is_a_row_that_failed(survey: Survey) -> None:
    name = survey.muscle("tongue", "midline", 1)
    (survey.write() / f"{name}.usfasc.json").write_text("{}", encoding="utf-8")
    found = gather_findings(survey.folder)
    assert found.clips[0].outcome == "BAD_RESULT"
    assert found.subjects[0].muscles == ()
    assert "1 of 1 rows" in found.subjects[0].problems[0]


def test_how_long_to_scan(survey: Survey) -> None:
    for count in (1, 2, 4, 8):
        survey.muscle("deltoid", "left", *map(float, range(count)), subject=f"S{count}")
    found = gather_findings(survey.write()).scan_times
    rates = sorted({each.rate_per_min for each in found})
    assert len(found) == len(rates) * len(PROBABILITIES)
    # The rule's own rate, and the quartiles of 6, 12 and 24 a minute.
    assert rates == [3.9, 6.0, 12.0, 24.0]
    by_rate = {each.rate_per_min: each.seconds for each in found if each.probability == 0.9}
    assert by_rate[3.9] == pytest.approx(60, abs=1)
    assert sorted(by_rate.values(), reverse=True) == [by_rate[rate] for rate in rates]


def test_a_survey_of_nothing_tells_the_rule_s_own_time(survey: Survey) -> None:
    survey.add(shown())
    found = gather_findings(survey.write())
    assert {each.rate_per_min for each in found.scan_times} == {3.9}


def test_handedness_and_order(survey: Survey) -> None:
    survey.muscle("tongue", "midline", subject="S002")
    survey.muscle("tongue", "midline", subject="S001", handedness="left")
    found = gather_findings(survey.write()).subjects
    assert [(each.subject, each.handedness) for each in found] == [("S002", None), ("S001", "left")]


def test_the_hand_that_one_row_tells_is_the_subject_s_in_every_session(survey: Survey) -> None:
    survey.muscle("deltoid", "left", *TWO, handedness="left")
    survey.muscle("deltoid", "left", *TWO, session="2")
    survey.muscle("deltoid", "left", *TWO, subject="S002")
    subjects = gather_findings(survey.write()).subjects
    assert [each.handedness for each in subjects] == ["left", "left", None]
