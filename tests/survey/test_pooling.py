"""Clips add up to muscles; what is not given adds up to nothing."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fixtures.surveyed import Survey, shown
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Kind, Side, Status
from usfasc.regions.counting import poisson_rate
from usfasc.rules import summarise
from usfasc.survey.findings import ClipRecord, MuscleRecord
from usfasc.survey.gathering import gather_findings
from usfasc.survey.pooling import Piece, pool

LATE = ((0.0, 5.0, "probe moved"), (5.0, 20.0, None))


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    return Survey(tmp_path)


def muscles(survey: Survey) -> list[MuscleRecord]:
    found = gather_findings(survey.write())
    return [muscle for subject in found.subjects for muscle in subject.muscles]


def test_counts_and_times_add_up(survey: Survey) -> None:
    survey.muscle("tibialis anterior", "left", 1, 8)
    survey.muscle("tibialis anterior", "left", parts=LATE)
    survey.muscle("tibialis anterior", "left", 3)
    (muscle,) = muscles(survey)
    assert (muscle.count, muscle.assessable_s, muscle.rows) == (3, 55.0, (1, 2, 3))
    assert (muscle.rate_per_min, muscle.rate_low, muscle.rate_high) == poisson_rate(3, 55)
    assert muscle.body_region == "lumbosacral"
    assert muscle.sentence == (
        "Fasciculations present: 3 in 55 s of assessable recording (3.3/min, 95 % CI 0.7-9.6;"
        " rule: Noto 2017). Automatic, not reviewed."
    )


STATUSES = {
    "one in each of two clips": ([(5,), (5,)], Status.PRESENT),
    "one alone": ([(5,), ()], Status.SHORT),
    "none in a minute": ([(), (), ()], Status.ABSENT),
    "one in a minute": ([(5,), (), ()], Status.ABSENT),
    "two, a minute apart": ([(5,), (), (), (19,)], Status.ABSENT),
    "two, nearer": ([(19,), (), (1,)], Status.PRESENT),
}


@pytest.mark.parametrize("name", STATUSES)
def test_the_status_is_the_muscle_s(survey: Survey, name: str) -> None:
    clips, status = STATUSES[name]
    for onsets_s in clips:
        survey.muscle("deltoid", "right", *onsets_s)
    (muscle,) = muscles(survey)
    assert muscle.status is status
    assert (muscle.miss_probability is None) == (status is Status.PRESENT)


def test_another_side_session_or_subject_is_another_muscle(survey: Survey) -> None:
    for cells in ({}, {"session": "2"}, {"subject": "S002"}):
        for side in ("left", "right"):
            survey.muscle("deltoid", side, 5, **cells)
    assert [muscle.count for muscle in muscles(survey)] == [1] * 6


def test_what_is_not_given_adds_up_to_nothing(survey: Survey) -> None:
    for _ in range(2):
        survey.add(shown(5))
        survey.muscle("deltoid", "left", 5, subject="")
    found = muscles(survey)
    assert [muscle.count for muscle in found] == [1] * 4
    assert all(muscle.status is Status.SHORT for muscle in found)
    subjects = gather_findings(survey.folder).subjects
    assert [subject.comparisons == () for subject in subjects] == [False, True]
    assert "Muscle not given in 2 rows" in subjects[0].problems[0]
    assert "Subject not given" in subjects[1].problems[0]


def test_one_clip_in_two_rows_counts_once(survey: Survey) -> None:
    for _ in range(2):
        survey.muscle("deltoid", "left", 5, label="same")
    (muscle,) = muscles(survey)
    assert (muscle.count, muscle.assessable_s, muscle.rows) == (1, 20.0, (1, 2))
    assert "count once" in muscle.problems[0]


def test_a_side_that_is_missing_is_told(survey: Survey) -> None:
    survey.muscle("deltoid", None, 5)
    survey.muscle("tongue", None, 5)
    arm, tongue = muscles(survey)
    assert any("Side not given" in problem for problem in arm.problems)
    assert tongue.problems == ()


def test_lost_time_is_told(survey: Survey) -> None:
    survey.muscle("deltoid", "left", parts=LATE)
    (muscle,) = muscles(survey)
    assert muscle.problems == ("Time lost: probe moved (5 of 20 s).",)


def test_trains_of_all_clips_are_told_with_the_finding(survey: Survey) -> None:
    for onset_s in (3, 8):
        train = shown(onset_s, muscle="deltoid", side="left", kind=Kind.TRAIN)
        survey.add(train, muscle="deltoid", side="left")
    (muscle,) = muscles(survey)
    assert muscle.sentence == (
        "Not observed long enough: 0 in 40 of 60 s. 2 trains, not counted. Automatic, not reviewed."
    )


def test_clips_that_cannot_be_judged_are_no_muscle(survey: Survey) -> None:
    survey.fail("NO_FRAME_RATE", muscle="deltoid", side="left")
    survey.muscle("deltoid", "right", parts=((0.0, 20.0, "probe moved"),))
    (muscle,) = muscles(survey)
    assert muscle.status is Status.NOT_ASSESSABLE
    assert muscle.rate_per_min is muscle.grade is None
    assert muscle.sentence.startswith("Not assessable: probe moved (20 of 20 s).")


ONSETS = st.lists(st.floats(0, 19.5), max_size=6).map(sorted)


@given(st.lists(ONSETS, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_counts_do_not_hang_on_the_order_of_clips(clips: list[list[float]], order: Random) -> None:
    pieces = [_piece(row, onsets_s) for row, onsets_s in enumerate(clips, start=1)]
    (muscle,) = pool(pieces)
    order.shuffle(pieces)
    (other,) = pool(pieces)
    assert (muscle.count, muscle.assessable_s) == (other.count, other.assessable_s)
    assert (muscle.rate_low, muscle.saturated) == (other.rate_low, other.saturated)


@given(ONSETS)
def test_a_muscle_of_one_clip_is_told_as_that_clip(onsets_s: list[float]) -> None:
    (muscle,) = pool([_piece(1, onsets_s)])
    result = shown(*onsets_s)
    (summary, _) = summarise(result.regions, result.events, result.assessable)
    for name in ("count", "assessable_s", "status", "rate_low", "saturated", "grade"):
        assert getattr(muscle, name) == getattr(summary, name)
    assert muscle.miss_probability == summary.miss_probability


def _piece(row: int, onsets_s: list[float]) -> Piece:
    result = shown(*onsets_s, muscle="deltoid", side="left")
    clip = ClipRecord(
        row=row,
        clip=f"{row:012x}",
        subject="S001",
        session="",
        muscle="deltoid",
        side=Side.LEFT,
        region=result.regions[0].name,
        outcome="ok",
        sentence="",
    )
    spans = tuple(span for span in result.assessable if span.region != "*")
    return Piece(clip=clip, counted=result.events, spans=spans)
