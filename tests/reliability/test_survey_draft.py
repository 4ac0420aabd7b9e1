"""A survey's table and key: no name where none was asked for, and no formula that runs."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.io.conftest import dataset, speckle
from tests.reliability.test_survey_private import ENCODINGS, plant
from usfasc.cli import run
from usfasc.survey.manifest import read_sheet

FRAMES = speckle(3, (24, 32))
PAYLOADS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\uff1d1", "'=1", '"><script>', "a,b;c", "\x1b[2J")
FIELDS = ("PatientID", "PatientName", "SeriesDescription", "ProtocolName", "ImageComments")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Clips of patients whose names stand everywhere, also in the names of folders."""
    folder = tmp_path / "clips" / "TOKENFOLDER"
    folder.mkdir(parents=True)
    for number in range(3):
        path = folder / f"TOKENFILE{number}.dcm"
        dataset(FRAMES, SOPInstanceUID=f"1.{number}").save_as(path, enforce_file_format=True)
        plant(path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nothing_but_paths_is_in_a_table(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["survey", "init", "clips"]) == 0
    for row in read_sheet(study / "survey.csv").rows:
        assert row.pop("clip").startswith("clips/TOKENFOLDER/TOKENFILE")
        assert row["subject"] == "S001"
        assert not any("TOKEN" in cell or "1901" in cell for cell in row.values())
    run(["survey", "check", "survey.csv"])
    run(["survey", "check", "survey.csv", "--json"])
    said = "".join(capfd.readouterr())
    assert "TOKEN" not in said and "1901" not in said
    made = {path.name for path in study.iterdir()}
    assert made == {"clips", "survey.csv"}


def test_a_later_visit_brings_no_name_along(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    later = study / "later" / "0001.dcm"
    later.parent.mkdir()
    dataset(FRAMES, SOPInstanceUID="1.9").save_as(later, enforce_file_format=True)
    plant(later)
    assert run(["survey", "init", "clips"]) == 0
    assert run(["survey", "init", "later", "--add"]) == 0
    last = read_sheet(study / "survey.csv").rows[-1]
    assert (last.pop("clip"), last["subject"]) == ("later/0001.dcm", "S001")
    assert not any("TOKEN" in cell or "1901" in cell for cell in last.values())
    said = "".join(capfd.readouterr())
    assert "TOKEN" not in said and "1901" not in said


def test_only_the_key_names_anybody(study: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["survey", "init", "clips", "--key", "key.csv"]) == 0
    key = (study / "key.csv").read_text(encoding="utf-8")
    assert "TOKEN00100010" in key and "19010203" in key
    table = (study / "survey.csv").read_bytes()
    for tag in ("00100010", "00100020", "19010203"):
        assert not [code for code in ENCODINGS if tag.encode(code) in table]
    assert "TOKEN" not in "".join(capfd.readouterr())


def test_nothing_runs_in_a_spreadsheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, payload in enumerate(PAYLOADS):
        path = tmp_path / "clips" / f"{payload.replace('/', '_')}{number}.dcm"
        path.parent.mkdir(exist_ok=True)
        tags = {field: payload.replace("\x1b", "x") for field in FIELDS}
        tags["SpecificCharacterSet"] = "ISO_IR 192"
        dataset(FRAMES, SOPInstanceUID=f"1.{number}", **tags).save_as(
            path, enforce_file_format=True
        )
    monkeypatch.chdir(tmp_path / "clips")
    assert run(["survey", "init", ".", "--out", "../survey.csv", "--key", "../key.csv"]) == 0
    for name in ("survey.csv", "key.csv"):
        lines = (tmp_path / name).read_text(encoding="utf-8-sig").splitlines()
        cells = [cell for row in csv.reader(lines) for cell in row]
        assert not [
            cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\uff1d", "\x1b"))
        ]
