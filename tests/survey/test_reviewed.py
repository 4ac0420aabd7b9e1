"""A reader's verdicts are followed where they exist, and it is told where."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.surveyed import Survey, shown

from usfasc.model import Status
from usfasc.review import CONSENSUS, Session
from usfasc.review.consensus import begin_consensus
from usfasc.survey.findings import MuscleRecord
from usfasc.survey.gathering import gather_findings
from usfasc.survey.record import result_path
from usfasc.survey.reviewed import ANY_READER


@pytest.fixture
def survey(tmp_path: Path) -> Survey:
    """One muscle, in two clips of two twitches each."""
    survey = Survey(tmp_path)
    for _ in range(2):
        survey.muscle("deltoid", "left", 2, 9)
    survey.write()
    return survey


def reject(survey: Survey, row: int, reviewer: str, *events: int) -> None:
    """Reject these events of a row's clip, and accept its others."""
    name = survey.rows[row - 1].clip
    assert name is not None
    session = Session.open(result_path(survey.folder, name), reviewer)
    for each in session.rows:
        turn = session.reject if each.event.event in events else session.accept
        turn(each.key)


def muscle(survey: Survey, reviewer: str | None) -> MuscleRecord:
    ((only,),) = (s.muscles for s in gather_findings(survey.folder, reviewer=reviewer).subjects)
    return only


def test_without_a_reader_counts_are_the_detector_s(survey: Survey) -> None:
    reject(survey, 1, "anna", 1, 2)
    found = muscle(survey, None)
    assert (found.count, found.reviewed_by) == (4, None)


def test_a_review_of_all_clips(survey: Survey) -> None:
    reject(survey, 1, "anna", 1)
    reject(survey, 2, "anna", 1, 2)
    found = muscle(survey, "anna")
    assert (found.count, found.status) == (1, Status.SHORT)
    assert found.reviewed_by is not None and found.reviewed_by.startswith("anna, 20")
    assert found.sentence.endswith(f"Reviewed by {found.reviewed_by}.")
    assert found.problems == ()


def test_a_review_of_one_clip_is_told_as_such(survey: Survey) -> None:
    reject(survey, 1, "anna", 1)
    found = muscle(survey, "anna")
    assert (found.count, found.reviewed_by) == (3, None)
    assert found.problems[0].startswith("Reviewed in part: 1 of 2 clips")
    clips = gather_findings(survey.folder, reviewer="anna").clips
    assert [bool(clip.reviewed_by) for clip in clips] == [True, False]


def test_a_review_that_is_not_finished_is_told_as_such(survey: Survey) -> None:
    name = survey.rows[0].clip
    assert name is not None
    session = Session.open(result_path(survey.folder, name), "anna")
    session.accept(session.rows[0].key)
    found = muscle(survey, "anna")
    assert found.count == 3
    assert any("1 movements without a verdict" in problem for problem in found.problems)


def test_anybody_s_review(survey: Survey) -> None:
    reject(survey, 1, "anna", 1)
    reject(survey, 2, "bert", 1)
    found = muscle(survey, ANY_READER)
    assert found.count == 2
    assert found.reviewed_by is not None
    assert [name.split(",")[0] for name in found.reviewed_by.split("; ")] == ["anna", "bert"]


def test_of_several_readers_the_consensus_is_followed(survey: Survey) -> None:
    for reviewer, events in (("anna", (1, 2)), ("bert", ())):
        for row in (1, 2):
            reject(survey, row, reviewer, *events)
    found = muscle(survey, ANY_READER)
    assert (found.count, found.reviewed_by) == (4, None)
    assert any("no consensus" in problem for problem in found.problems)
    for each in survey.rows:
        assert each.clip is not None
        begin_consensus(result_path(survey.folder, each.clip))
        reject(survey, each.row, CONSENSUS, 1)
    found = muscle(survey, ANY_READER)
    assert found.count == 2
    assert found.reviewed_by is not None and found.reviewed_by.startswith(CONSENSUS)


def test_a_review_that_cannot_be_read_changes_nothing(survey: Survey) -> None:
    name = survey.rows[0].clip
    (survey.folder / f"{name}.review.anna.jsonl").write_text("{}\n", encoding="utf-8")
    found = muscle(survey, "anna")
    assert (found.count, found.reviewed_by) == (4, None)
    assert any("cannot be read" in problem for problem in found.problems)


def test_a_region_that_was_named_anew_is_found_by_its_muscle(survey: Survey) -> None:
    name = survey.rows[0].clip
    assert name is not None
    session = Session.open(result_path(survey.folder, name), "anna")
    for each in session.rows:
        session.accept(each.key)
    (drawn,) = shown(muscle="deltoid", side="left").regions
    session.set_regions([drawn.model_copy(update={"name": "upper layer", "origin": "drawn"})])
    found = gather_findings(survey.folder, reviewer="anna")
    assert found.clips[0].region == "upper layer"
    assert found.subjects[0].muscles[0].count == 4


def test_a_region_that_a_reader_removed_is_a_row_that_failed(survey: Survey) -> None:
    name = survey.rows[0].clip
    assert name is not None
    session = Session.open(result_path(survey.folder, name), "anna")
    (drawn,) = shown(muscle="triceps brachii").regions
    session.set_regions([drawn])
    found = gather_findings(survey.folder, reviewer="anna")
    assert found.clips[0].outcome == "NO_REGION"
    assert found.subjects[0].muscles[0].count == 2
