"""Clips of a later visit join a table that people edited, and nothing they typed is lost."""

from __future__ import annotations

import csv
import io
import shutil
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.io.conftest import dataset, speckle
from usfasc.errors import Code, InputError, OutputError, UsageError
from usfasc.io.cells import extended, read_spreadsheet, table_bytes
from usfasc.survey.drafting import Draft, draft_manifest
from usfasc.survey.identity import KeyRow
from usfasc.survey.listed import add_rows, read_listed
from usfasc.survey.manifest import COLUMNS, read_sheet, write_manifest

FRAMES = speckle(3, (24, 32))
FIRST = {"PatientID": "A-1", "StudyInstanceUID": "1.1", "StudyDate": "20250301"}
LATER = {"PatientID": "A-1", "StudyInstanceUID": "1.2", "StudyDate": "20260301"}


def save(path: Path, **tags: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    unique = f"1.2.{zlib.crc32(str(path).encode())}"
    dataset(FRAMES, **{"SOPInstanceUID": unique, **tags}).save_as(path, enforce_file_format=True)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of a first visit: two clips of one patient, one of another."""
    save(tmp_path / "one" / "bicL.dcm", **FIRST)
    save(tmp_path / "one" / "bicR.dcm", **FIRST)
    save(tmp_path / "two" / "TA_re.dcm", PatientID="B-2", StudyInstanceUID="2.1")
    path = tmp_path / "survey.csv"
    rows = draft_manifest([tmp_path / "one", tmp_path / "two"], tmp_path).rows
    write_manifest(path, rows)
    return path


def edit(table: Path, *changes: tuple[str, str]) -> None:
    text = table.read_text(encoding="utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    table.write_text(text, encoding="utf-8")


def added(table: Path, *folders: Path, known: tuple[KeyRow, ...] = ()) -> Draft:
    draft = draft_manifest(folders, table.parent, known, read_listed(table))
    add_rows(table, draft.rows)
    return draft


def labels(draft: Draft) -> list[tuple[str, str]]:
    return [(row["subject"], row["session"]) for row in draft.rows]


def test_a_later_study_of_a_patient_is_the_next_session(table: Path, tmp_path: Path) -> None:
    save(tmp_path / "new" / "bicL.dcm", **LATER)
    save(tmp_path / "new" / "tongue.dcm", PatientID="C-3", StudyInstanceUID="3.1")
    assert labels(added(table, tmp_path / "new")) == [("S001", "2"), ("S003", "1")]
    assert [row["subject"] for row in read_sheet(table).rows] == [
        *("S001", "S001", "S002"),
        *("S001", "S003"),
    ]


def test_subjects_and_sessions_are_continued_as_a_person_called_them(
    table: Path, tmp_path: Path
) -> None:
    edit(table, ("S001,1", "Trial-07,baseline"), ("S002,1", "S001,3"))
    save(tmp_path / "new" / "bicL.dcm", **FIRST)
    save(tmp_path / "new" / "bicR.dcm", **LATER)
    save(tmp_path / "new" / "TA.dcm", PatientID="B-2", StudyInstanceUID="2.2", StudyDate="20260101")
    # What is neither number nor date cannot be counted on from: that is a guess.
    assert sorted(labels(added(table, tmp_path / "new"))) == [
        ("S001", "4"),
        ("Trial-07", "2?"),
        ("Trial-07", "baseline"),
    ]


def test_an_earlier_study_that_comes_late_is_a_guess(table: Path, tmp_path: Path) -> None:
    save(tmp_path / "new" / "bicL.dcm", **LATER | {"StudyDate": "20240301"})
    assert labels(added(table, tmp_path / "new")) == [("S001", "2?")]


def test_a_patient_whom_the_table_calls_two_things_is_doubted(table: Path, tmp_path: Path) -> None:
    edit(table, ("bicR.dcm,S001", "bicR.dcm,S009"))
    save(tmp_path / "new" / "bicL.dcm", **LATER)
    assert labels(added(table, tmp_path / "new")) == [("S001?", "2")]


def test_a_guess_stays_one(table: Path, tmp_path: Path) -> None:
    edit(table, ("S002,1", "S002?,1?"))
    save(tmp_path / "new" / "TA.dcm", PatientID="B-2", StudyInstanceUID="2.1")
    assert labels(added(table, tmp_path / "new")) == [("S002?", "1?")]


def test_the_table_s_word_stands_before_the_key_s(table: Path, tmp_path: Path) -> None:
    edit(table, ("S001,1", "P17,1"))
    save(tmp_path / "new" / "bicL.dcm", **LATER)
    key = (KeyRow(subject="S001", patient_id="A-1"), KeyRow(subject="S008", patient_id="Z-9"))
    draft = added(table, tmp_path / "new", known=key)
    assert labels(draft) == [("P17", "2")]
    assert {row.patient_id: row.subject for row in draft.key} == {
        "A-1": "P17",
        "B-2": "S002",
        "Z-9": "S008",
    }


def test_a_clip_without_a_patient_is_guessed_by_its_neighbours(table: Path, tmp_path: Path) -> None:
    save(tmp_path / "one" / "quadL.dcm", PatientID="", StudyInstanceUID="9.9")
    assert labels(added(table, tmp_path / "one")) == [("S001?", "1?")]


def test_a_table_that_stands_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "one" / "bicL.dcm", **FIRST)
    (tmp_path / "plans").mkdir()
    table = tmp_path / "plans" / "survey.csv"
    write_manifest(table, draft_manifest([tmp_path / "one"], table.parent).rows)
    assert read_sheet(table).rows[0]["clip"] == "../one/bicL.dcm"
    save(tmp_path / "one" / "quadL.dcm", PatientID="", StudyInstanceUID="9.9")
    monkeypatch.chdir(tmp_path)
    # Known by its path, so that nothing is read to its end.
    monkeypatch.setattr("usfasc.survey.listed.file_sha256", pytest.fail)
    draft = draft_manifest([Path("one")], Path("plans"), (), read_listed(Path("plans/survey.csv")))
    assert (labels(draft), draft.listed) == ([("S001?", "1?")], 1)


def test_clips_are_known_by_path_and_by_content(table: Path, tmp_path: Path) -> None:
    before = table.read_bytes()
    (tmp_path / "new").mkdir()
    shutil.copy(tmp_path / "one" / "bicL.dcm", tmp_path / "new" / "again.dcm")
    draft = draft_manifest([tmp_path / "one", tmp_path / "new"], tmp_path, (), read_listed(table))
    assert (draft.rows, draft.listed) == ((), 3)
    assert table.read_bytes() == before


def test_what_only_looks_the_same_is_no_listed_clip(table: Path, tmp_path: Path) -> None:
    data = bytearray(b"\0\0\0\x18ftypmp42" + bytes(60_000))
    (tmp_path / "one" / "a.mp4").write_bytes(data)
    edit(table, ("one/bicL.dcm", "one/a.mp4"))
    data[30_000] = 1  # in the middle, which a quick look does not see
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "b.mp4").write_bytes(data)
    assert len(added(table, tmp_path / "new").rows) == 1


def test_a_listed_clip_that_was_damaged_is_in_nobody_s_way(table: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "one" / "bicL.dcm"
    damaged.write_bytes(damaged.read_bytes()[:200])
    save(tmp_path / "new" / "bicL.dcm", **LATER)
    assert labels(added(table, tmp_path / "new")) == [("S001", "2")]


def test_clips_that_are_gone_are_counted(table: Path, tmp_path: Path) -> None:
    (tmp_path / "one" / "bicR.dcm").unlink()
    listed = read_listed(table)
    assert (len(listed.clips), listed.missing) == (2, 1)


def test_a_table_that_was_moved_is_refused(table: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    moved = table.rename(tmp_path / "elsewhere" / "survey.csv")
    with pytest.raises(UsageError) as refused:
        read_listed(moved)
    assert refused.value.code is Code.NOT_FOUND


def test_a_column_that_is_gone_is_told(table: Path, tmp_path: Path) -> None:
    edit(table, ("side", "Seite"))
    before = table.read_bytes()
    save(tmp_path / "new" / "bicL.dcm", **LATER)
    with pytest.raises(InputError, match="no column side") as refused:
        added(table, tmp_path / "new")
    assert refused.value.code is Code.BAD_MANIFEST
    assert table.read_bytes() == before


def test_a_table_that_cannot_be_written_stands(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    before = table.read_bytes()
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError):
        add_rows(table, [{"clip": "new.dcm"}])
    monkeypatch.undo()
    assert table.read_bytes() == before
    assert list(tmp_path.glob(".*.part")) == []


TYPED = {
    "Excel in German": (
        "Clip;Meins;Subject;Session;Muscle;Side;Note\r\n"
        'a.dcm;x;S001;1;TA;links;"zwei\r\nZeilen; und ""mehr"""\r\n;;;;;;\r\n;;;;;;\r\n',
        "cp1252",
        "b.dcm;;S002;;Kaumuskel;left;\r\n",
    ),
    "with umlauts": (
        "clip;subject;session;muscle;side;note\r\na.dcm;S001;1;TA;left;Größe\r\n",
        "cp1252",
        "b.dcm;S002;;Kaumuskel;left;\r\n",
    ),
    "marked UTF-8, no last line end": (
        "clip,subject,session,muscle,side\na.dcm,S001,1,TA,left",
        "utf-8-sig",
        "b.dcm,S002,,Kaumuskel,left\n",
    ),
    "Unicode text": (
        "sep=\t\r\nclip\tside\tmuscle\tsubject\tsession\r\na.dcm\tleft\tTA\tS1\t1\r\n",
        "utf-16",
        "b.dcm\tleft\tKaumuskel\tS002\t\r\n",
    ),
}
NEW = {"clip": "b.dcm", "subject": "S002", "session": "", "muscle": "Kaumuskel", "side": "left"}


@pytest.mark.parametrize("name", TYPED)
def test_what_was_typed_stays_to_the_letter(tmp_path: Path, name: str) -> None:
    text, encoding, line = TYPED[name]
    path = tmp_path / "survey.csv"
    path.write_bytes(text.encode(encoding))
    old = read_sheet(path).rows
    add_rows(path, [NEW])
    kept = text.rstrip("; \r\n")
    now = path.read_bytes().decode(encoding)
    assert now.startswith(kept)
    assert now.endswith(line)
    *before, last = read_sheet(path).rows
    assert tuple(before) == old
    assert {column: last[column] for column in NEW} == NEW


def test_letters_that_the_file_cannot_hold_make_it_unicode(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes("clip,note\na.dcm,Größe\n".encode("cp1252"))
    add_rows(path, [{"clip": "左.dcm"}])
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert [row["clip"] for row in read_sheet(path).rows] == ["a.dcm", "左.dcm"]
    assert read_sheet(path).rows[0]["note"] == "Größe"


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


@given(
    st.lists(st.lists(CELL, min_size=2, max_size=2), max_size=4),
    st.lists(st.lists(CELL.filter(str.strip), min_size=2, max_size=2), min_size=1, max_size=3),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_rows_join_any_table(
    tmp_path_factory: pytest.TempPathFactory,
    old: list[list[str]],
    new: list[list[str]],
    encoding: str,
) -> None:
    path = tmp_path_factory.mktemp("any") / "table.csv"
    data = table_bytes([["clip", "note"], *old, ["last", "row"]]).decode().encode(encoding)
    path.write_bytes(extended(data, new, Code.BAD_MANIFEST))
    read = read_spreadsheet(path, 2**20, Code.BAD_MANIFEST)
    assert read == [["clip", "note"], *old, ["last", "row"], *new]


def test_columns_of_a_new_row_follow_the_table_s(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("side,mine,clip\nleft,x,a.dcm\n", encoding="utf-8")
    add_rows(path, [{"clip": "-b.dcm", "side": "right"}])
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    assert lines[-1] == ["right", "", "'-b.dcm"]
    assert set(read_sheet(path).missing_columns) == set(COLUMNS) - {"clip", "side"}
