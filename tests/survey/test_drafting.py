"""A manifest made of headers and names, and the key to who is who."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.io.conftest import dataset, speckle
from usfasc.errors import Code, InputError, UsageError
from usfasc.io.header_words import HeaderWords, Identity
from usfasc.survey.drafting import Draft, draft_manifest
from usfasc.survey.guess import guess_muscle
from usfasc.survey.identity import (
    KeyRow,
    Subjects,
    check_key_place,
    number_sessions,
    read_key,
    write_key,
)
from usfasc.survey.manifest import read_sheet, write_manifest

FRAMES = speckle(3, (24, 32))
GUESSES = {
    "the file's name": (HeaderWords(), "TA_re_2", (), ("tibialis anterior", "right")),
    "its folders": (HeaderWords(), "IMG_1", ("left", "biceps"), ("biceps brachii", "left")),
    "a short folder may be a name": (HeaderWords(), "biceps", ("Li",), ("biceps brachii", "left?")),
    "the series": (
        HeaderWords(texts=("FDI links",)),
        "0001",
        (),
        ("first dorsal interosseous", "left"),
    ),
    "a code": (HeaderWords(codes=("35259002",), laterality="R"), "0001", (), ("deltoid", "right")),
    "a code that is not ours": (HeaderWords(codes=("1",)), "0001", (), ("", "")),
    "the study, which has many": (
        HeaderWords(study_text="biceps left"),
        "0001",
        (),
        ("biceps brachii?", "left?"),
    ),
    "sources that disagree": (
        HeaderWords(texts=("biceps left",)),
        "triceps_right",
        (),
        ("biceps brachii?", "left?"),
    ),
    "header and name agree": (
        HeaderWords(texts=("biceps",), laterality="L"),
        "bicL",
        (),
        ("biceps brachii", "left"),
    ),
    "there is but one tongue": (HeaderWords(), "tongue_1", (), ("tongue", "midline")),
    "two muscles": (HeaderWords(), "biceps triceps L", (), ("biceps brachii?", "left")),
    "nothing": (HeaderWords(texts=("Abdomen",)), "0001", ("export",), ("", "")),
}


@pytest.mark.parametrize("name", GUESSES)
def test_muscle_and_side(name: str) -> None:
    words, stem, folders, cells = GUESSES[name]
    assert guess_muscle(words, stem, folders) == cells


def save(path: Path, **tags: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    number = sum(1 for _ in path.parent.iterdir())
    dataset(FRAMES, **{"InstanceNumber": number, **tags}).save_as(path, enforce_file_format=True)
    return path


def cells(draft: Draft, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row[column] for column in columns) for row in draft.rows]


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Two patients, one of them with two studies, and things that are no clips."""
    folder = tmp_path / "clips"
    one = {"PatientID": "A-1", "PatientName": "Adam^A", "PatientBirthDate": "19500101"}
    late = {"StudyInstanceUID": "1.1", "StudyDate": "20260301"}
    early = {"StudyInstanceUID": "1.2", "StudyDate": "20250301"}
    save(folder / "x" / "bicL.dcm", **one, **late)
    save(folder / "x" / "bicR.dcm", **one, **late, NumberOfFrames=len(FRAMES))
    save(folder / "y" / "TA_re.dcm", **one, **early)
    save(folder / "y" / "0007", PatientID="B-2", StudyInstanceUID="2.1", SeriesDescription="Zunge")
    (folder / "report.txt").write_text("nothing", encoding="utf-8")
    return folder


def test_subjects_sessions_and_order(clips: Path, tmp_path: Path) -> None:
    draft = draft_manifest([clips], tmp_path)
    assert cells(draft, "clip", "subject", "session", "muscle", "side") == [
        ("clips/y/TA_re.dcm", "S001", "1", "tibialis anterior", "right"),
        ("clips/x/bicL.dcm", "S001", "2", "biceps brachii", "left"),
        ("clips/x/bicR.dcm", "S001", "2", "biceps brachii", "right"),
        ("clips/y/0007", "S002", "1", "tongue", "midline"),
    ]
    assert (draft.passed_over, draft.guessed, draft.without_muscle) == (1, 0, 0)


def test_clips_are_told_relative_to_the_manifest(clips: Path, tmp_path: Path) -> None:
    (elsewhere := tmp_path / "plans" / "2026").mkdir(parents=True)
    draft = draft_manifest([clips], elsewhere)
    assert all((elsewhere / row["clip"]).is_file() for row in draft.rows)


def test_a_clip_without_a_patient_is_guessed_by_those_beside_it(
    clips: Path, tmp_path: Path
) -> None:
    save(clips / "x" / "quadL.dcm", PatientID="", StudyInstanceUID="9.9")
    save(clips / "y" / "quadR.dcm", PatientID="anonymous")
    draft = draft_manifest([clips], tmp_path)
    found = {row["clip"]: (row["subject"], row["session"]) for row in draft.rows}
    assert found["clips/x/quadL.dcm"] == ("S001?", "2?")
    # Two patients lie in this folder: which of them it is, nobody can tell.
    assert found["clips/y/quadR.dcm"] == ("S003?", "")


def test_one_patient_id_with_two_dates_of_birth_is_doubted(clips: Path, tmp_path: Path) -> None:
    save(clips / "x" / "more.dcm", PatientID="A-1", PatientBirthDate="19990101")
    draft = draft_manifest([clips], tmp_path)
    assert {row["subject"] for row in draft.rows} == {"S001?", "S002"}


def test_a_damaged_header_is_a_row_all_the_same(clips: Path, tmp_path: Path) -> None:
    path = clips / "x" / "bicL.dcm"
    path.write_bytes(path.read_bytes()[:-100])
    rows = {row["clip"]: row for row in draft_manifest([clips], tmp_path).rows}
    assert rows["clips/x/bicL.dcm"]["subject"] == "S001?"


def test_paths_that_cannot_stand_in_a_table_are_left_out(clips: Path, tmp_path: Path) -> None:
    shutil.copy(clips / "x" / "bicL.dcm", clips / "x" / "line\nbreak.dcm")
    shutil.copy(clips / "x" / "bicL.dcm", clips / "x" / "blank.dcm ")
    draft = draft_manifest([clips], tmp_path)
    assert (len(draft.rows), draft.unnamable) == (4, 2)


def test_what_is_drafted_can_be_written_and_read(clips: Path, tmp_path: Path) -> None:
    rows = draft_manifest([clips], tmp_path).rows
    write_manifest(tmp_path / "survey.csv", rows)
    read = read_sheet(tmp_path / "survey.csv").rows
    assert [{k: v for k, v in row.items() if v} for row in read] == [
        {k: v for k, v in row.items() if v} for row in rows
    ]


def test_an_older_key_keeps_its_numbers(clips: Path, tmp_path: Path) -> None:
    known = (KeyRow(subject="S001", patient_id="b-2"), KeyRow(subject="S007", patient_id="gone"))
    draft = draft_manifest([clips], tmp_path, known)
    subjects = {row["clip"]: row["subject"] for row in draft.rows}
    assert subjects["clips/y/0007"] == "S001"
    assert subjects["clips/x/bicL.dcm"] == "S003"
    assert [row.patient_id for row in draft.key] == ["b-2", "A-1", "gone"]


def test_a_key_is_its_owner_s_alone(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "key.csv"
    path.write_text("older", encoding="utf-8")
    path.chmod(0o644)
    key = (*draft_manifest([clips], tmp_path).key, KeyRow(subject="S9", patient_id="=1+1"))
    write_key(path, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key(path) == key
    assert b"'=1+1" in path.read_bytes()
    assert "Adam" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("data", [b"", b"subject\nS001\n", b"a,b\n1,2\n"])
def test_what_is_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "key.csv").write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_key(tmp_path / "key.csv")
    assert refused.value.code is Code.BAD_KEY


@pytest.mark.parametrize("mark", ["survey.json", "0123456789ab.usfasc.json"])
def test_a_key_never_stands_among_results(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).touch()
    with pytest.raises(UsageError, match="never stands among results"):
        check_key_place(tmp_path / "key.csv")


def test_a_key_below_a_survey_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "survey.json").touch()
    (tmp_path / "tables").mkdir()
    with pytest.raises(UsageError):
        check_key_place(tmp_path / "tables" / "key.csv")


@given(st.lists(st.tuples(st.text("ab", max_size=2), st.text("xy", max_size=1)), max_size=12))
def test_one_number_for_each_patient(people: list[tuple[str, str]]) -> None:
    subjects = Subjects()
    labels = [subjects.meet(Identity(patient_id=i, issuer=j)) for i, j in people]
    known = {(who, label) for who, label in zip(people, labels, strict=True) if who[0]}
    assert len(known) == len({who for who, _ in known}) == len({label for _, label in known})


def test_sessions_are_numbered_by_date() -> None:
    words = [
        HeaderWords(study_uid="late", study_moment="20260301"),
        HeaderWords(study_uid="early", study_moment="20250301120000"),
        HeaderWords(study_uid="early", study_moment="20250301110000"),
        HeaderWords(),
    ]
    assert number_sessions(words) == {"early": "1", "late": "2"}
