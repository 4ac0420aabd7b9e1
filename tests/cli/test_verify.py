"""``usfasc verify``: exit codes, streams, what is told of many results."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fixtures.twitching import write_twitching

from usfasc.cli import run
from usfasc.model import DISCLAIMER

Out = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two results of one clip, once in a sub-folder, and the clips."""
    folder = tmp_path_factory.mktemp("verified")
    (folder / "clips" / "deep").mkdir(parents=True)
    clip = write_twitching(folder / "clips" / "a.dcm")
    shutil.copy(clip, folder / "clips" / "deep" / "b.dcm")
    assert run(["detect", str(folder / "clips"), "--out", str(folder / "results"), "--quiet"]) == 0
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_comes_out_the_same(here: Path, capsys: Out) -> None:
    assert run(["verify", "results/a.usfasc.json", "--clip", "clips/a.dcm"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("a: same\n")
    assert "  recomputed  yes  Derived again, it is the same: " in shown.out
    assert shown.out.endswith(f"{DISCLAIMER}\n")
    assert shown.err == ""
    assert not (here / "usfasc-results").exists()


def test_a_folder_goes_on_past_what_is_damaged(here: Path, capsys: Out) -> None:
    path = here / "results" / "a.usfasc.json"
    path.write_bytes(path.read_bytes().replace(b'"whole": false', b'"whole": true'))
    (here / "results" / "torn.usfasc.json").write_text("{")
    assert run(["verify", "results", "--clips", "clips", "--no-recompute"]) == 1
    shown = capsys.readouterr()
    assert shown.err.splitlines() == [
        "DAMAGED: The file is not as it was written: its digest does not fit (a).",
        "BAD_RESULT: The file is not valid JSON (torn).",
        "3 results: 1 whole, 2 differs.",
    ]
    assert "deep/b: whole\n" in shown.out


def test_every_line_for_machines_is_one_object(here: Path, capsys: Out) -> None:
    (here / "clips" / "a.dcm").unlink()
    (here / "clips" / "deep" / "b.dcm").write_bytes(b"another")
    assert run(["verify", "results", "--clips", "clips", "--json"]) == 1
    shown = capsys.readouterr()
    first, second = map(json.loads, shown.out.splitlines())
    assert [first["clip"], first["verdict"], first["code"]] == ["a", "differs", "NOT_FOUND"]
    assert [second["clip"], second["code"]] == ["deep/b", "CLIP_CHANGED"]
    assert {row["disclaimer"] for row in (first, second)} == {DISCLAIMER}
    assert {each["check"] for each in first["findings"]} == {"file", "table", "parameters", "clip"}
    assert "CLIP_CHANGED: " in shown.err


def test_quiet_says_what_fails_alone(here: Path, capsys: Out) -> None:
    assert run(["verify", "results", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    table = here / "results" / "a.events.csv"
    table.write_text(table.read_text().replace("region,", "place,", 1))
    assert run(["verify", "results", "--quiet"]) == 1
    shown = capsys.readouterr()
    assert (shown.out, shown.err.split(":")[0]) == ("", "DAMAGED")


def test_without_a_table_or_a_clip_the_file_alone_is_looked_at(here: Path, capsys: Out) -> None:
    (here / "results" / "a.events.csv").unlink()
    assert run(["verify", "results/a.usfasc.json"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("a: whole\n")
    assert "table       -    There is no event table beside the result." in out
    assert "clip        -    No clip was given: " in out


WRONG = {
    "nothing": ([], "BAD_USAGE"),
    "no result": (["clips"], "NOT_FOUND"),
    "a clip": (["clips/a.dcm"], "BAD_USAGE"),
    "both": (["results", "--clip", "clips/a.dcm", "--clips", "clips"], "BAD_USAGE: Give either"),
    "one clip of two results": (["results", "--clip", "clips/a.dcm"], "BAD_USAGE: --clip is of"),
    "no such folder": (["results", "--clips", "none"], "NOT_FOUND: There is no such folder"),
    "no such reviews": (["results", "--reviews", "none"], "NOT_FOUND: There is no such folder"),
}


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage(here: Path, capsys: Out, words: list[str], said: str) -> None:
    assert here.is_dir()
    assert run(["verify", *words]) == 2
    assert capsys.readouterr().err.startswith(said)


def test_a_clip_that_is_missing_is_told(here: Path, capsys: Out) -> None:
    assert here.is_dir()
    assert run(["verify", "results/a.usfasc.json", "--clip", "none.dcm"]) == 1
    assert capsys.readouterr().err == "NOT_FOUND: There is no such file (a).\n"
