"""``usfasc survey report``: files, words, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.survey_pages import make_survey

from usfasc.cli import run
from usfasc.model import DISCLAIMER
from usfasc.survey.identity import KeyRow, write_key


def test_it_writes_the_page_and_says_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_survey(tmp_path).folder
    assert run(["survey", "report", str(folder), "--subject", "S002"]) == 0
    said = capsys.readouterr()
    assert "report.S002.html" in said.out and DISCLAIMER in said.out
    assert (folder / "report.S002.html").is_file()


def test_identity_goes_beside_the_key(tmp_path: Path) -> None:
    folder = make_survey(tmp_path / "survey").folder
    key = tmp_path / "private" / "key.csv"
    write_key(key, [KeyRow(subject="S001", patient_id="PID77", patient_name="Doe^Jane")])
    assert run(["survey", "report", str(folder), "--identify", str(key), "--quiet"]) == 0
    assert "Doe, Jane" in (key.parent / "report.identified.html").read_text()
    assert not list(folder.glob("report*"))


CASES = [
    (["nowhere"], 1, "NOT_FOUND"),
    (["survey", "--subject", "S009"], 2, "BAD_USAGE"),
    (["survey", "--protocol", "Nobody 2001"], 2, "BAD_USAGE"),
    (["survey", "--identify", "nowhere.csv"], 1, "NOT_FOUND"),
]


@pytest.mark.parametrize(("words", "code", "error"), CASES)
def test_what_cannot_be_done_is_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    code: int,
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    make_survey(tmp_path / "survey")
    assert run(["survey", "report", *words]) == code
    assert capsys.readouterr().err.startswith(error)
    assert not list(tmp_path.glob("survey/report*"))
