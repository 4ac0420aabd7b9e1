"""``usfasc survey init``, ``check`` and ``tables``, as a person meets them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from fixtures.surveyed import Survey

from tests.io.conftest import dataset, speckle
from usfasc.cli import run
from usfasc.cli.survey.check import row_words
from usfasc.survey.manifest import COLUMNS

FRAMES = speckle(3, (24, 32))


def save(path: Path, **tags: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset(FRAMES, **tags).save_as(path, enforce_file_format=True)
    return path


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two clips of one patient; the tests work in it."""
    for name in ("bicL", "ta_l"):
        save(tmp_path / "clips" / f"{name}.dcm", PatientID="A-1", SOPInstanceUID=f"1.{len(name)}")
    (tmp_path / "clips" / "notes.txt").write_text("no clip", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_a_folder_to_a_table(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["survey", "init", "clips", "--out", "survey.csv"]) == 0
    text = (study / "survey.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        ",".join(COLUMNS),
        "clips/bicL.dcm,S001,,biceps brachii,left,,,,,",
        "clips/ta_l.dcm,S001,,tibialis anterior,left,,,,,",
    ]
    said = capsys.readouterr().out
    assert "Clips: 2. Subjects: 1." in said
    assert "Files passed over, since they are no clips: 1." in said
    assert "usfasc survey check survey.csv" in said


def test_an_edited_table_is_never_overwritten(study: Path) -> None:
    table = study / "survey.csv"
    table.write_text("edited", encoding="utf-8")
    assert run(["survey", "init", "clips"]) == 2
    assert table.read_text(encoding="utf-8") == "edited"
    assert run(["survey", "init", "clips", "--force", "--quiet"]) == 0
    assert "bicL" in table.read_text(encoding="utf-8-sig")


def test_a_later_visit_joins_an_edited_table(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["survey", "init", "clips", "--quiet"]) == 0
    table = study / "survey.csv"
    edited = table.read_text(encoding="utf-8-sig").replace("S001,", "P-17,baseline")
    table.write_text(edited, encoding="utf-8")
    save(study / "more" / "quadR.dcm", PatientID="A-1", SOPInstanceUID="1.9")
    assert run(["survey", "init", "more", "clips", "--add"]) == 0
    text = table.read_text(encoding="utf-8")
    assert text.startswith(edited)
    assert text.removeprefix(edited).startswith("more/quadR.dcm,P-17,")
    said = capsys.readouterr().out
    assert "Clips added: 1. Subjects: 1." in said
    assert "Clips left out, since the table lists them: 2." in said
    before = table.read_bytes()
    assert run(["survey", "init", "more", "--add"]) == 0
    assert table.read_bytes() == before
    assert "Clips added: 0." in capsys.readouterr().out


@pytest.mark.parametrize("words", [("clips", "--add"), ("clips", "--add", "--force")])
def test_what_cannot_be_added(study: Path, words: tuple[str, ...]) -> None:
    assert run(["survey", "init", *words]) != 0
    assert not (study / "survey.csv").exists()


def test_the_key_goes_where_nobody_hands_it_on(study: Path) -> None:
    (study / "private").mkdir()
    key = study / "private" / "key.csv"
    assert run(["survey", "init", "clips", "--key", "private/key.csv"]) == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert "A-1" in key.read_text(encoding="utf-8")
    save(study / "clips" / "a_new_one.dcm", PatientID="Z-9")
    assert run(["survey", "init", "clips", "--key", "private/key.csv", "--force"]) == 0
    assert "S001,A-1" in key.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["clips/key.csv", "results/key.csv", "survey.csv"])
def test_places_of_a_key_that_are_refused(study: Path, place: str) -> None:
    (study / "results").mkdir()
    (study / "results" / "survey.json").touch()
    before = sorted(study.rglob("*"))
    assert run(["survey", "init", "clips", "--key", place]) == 2
    assert sorted(study.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("none",),
        ("clips/bicL.dcm",),
        ("clips", "none"),
        ("clips", "--out", "clips/survey.csv"),
        ("empty",),
    ],
)
def test_folders_that_are_refused(study: Path, arguments: tuple[str, ...]) -> None:
    (study / "empty").mkdir()
    assert run(["survey", "init", *arguments]) == 2
    assert not list(study.rglob("survey.csv"))


def test_a_good_table(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "survey.csv").write_text("clip\nclips/bicL.dcm\n", encoding="utf-8")
    assert run(["survey", "check", "survey.csv"]) == 0
    said = capsys.readouterr().out
    assert "warning: row 1, muscle: muscle not given" in said
    assert "Rows: 1. Errors: 0." in said


def test_a_wrong_table(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = "clip,side,muscle\nclips/bicL.dcm,lefty,\x1b[2J\nnone.dcm,left,tongue\nnone2.dcm,,\n"
    (study / "survey.csv").write_text(table, encoding="utf-8")
    assert run(["survey", "check", "survey.csv"]) == 1
    said = capsys.readouterr().out
    assert "error: row 1, side: a side is left, right or midline." in said
    assert "error: rows 2-3, clip: there is no such file." in said
    assert "\x1b[2J" not in said


def test_a_wrong_table_for_machines(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (study / "survey.csv").write_text("clip\nnone.dcm\n", encoding="utf-8")
    assert run(["survey", "check", "survey.csv", "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {
        "row": 1,
        "column": "clip",
        "level": "error",
        "sentence": "there is no such file",
    } in lines
    assert all(set(line) == {"row", "column", "level", "sentence"} for line in lines)


def test_tables_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    survey = Survey(tmp_path)
    survey.muscle("deltoid", "left", 2, 9)
    survey.write()
    assert run(["survey", "tables", str(tmp_path), "--protocol", "chiba 2022"]) == 0
    assert (tmp_path / "tables" / "muscles.csv").is_file()
    assert "Research use only" in capsys.readouterr().out
    assert run(["survey", "tables", str(tmp_path), "--reviewed", "nobody"]) == 0
    assert "Rows whose count follows a reader's verdicts: 0 of 1." in capsys.readouterr().out
    assert run(["survey", "tables", str(tmp_path), "--protocol", "none"]) == 2
    assert run(["survey", "tables", str(tmp_path / "tables")]) == 1


ROWS = {(1,): "row 1", (1, 2, 3): "rows 1-3", (1, 3, 4, 9): "rows 1, 3-4, 9"}


@pytest.mark.parametrize("numbers", ROWS)
def test_rows_in_words(numbers: tuple[int, ...]) -> None:
    assert row_words(list(numbers)) == ROWS[numbers]
