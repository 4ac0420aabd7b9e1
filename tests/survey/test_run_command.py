"""``usfasc survey run`` as a person meets it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixtures.survey import Anew, kept, manifest, row, run_here, write_alike, write_survey

from usfasc.cli import run
from usfasc.cli.survey.run import _progress_words
from usfasc.errors import Code
from usfasc.model import DISCLAIMER
from usfasc.survey.folder import opened
from usfasc.survey.pace import Progress
from usfasc.survey.record import OK, read_record

Captured = pytest.CaptureFixture[str]
UNDER_A_TERMINAL = ("env", "--default-signal=INT")
"""What a shell starts in the background, as tests may be, passes over Ctrl-C."""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips, and one that is not there."""
    folder = tmp_path_factory.mktemp("command")
    write_survey(folder, clips=2)
    return manifest(folder, *(row(f"clips/{n}.dcm", muscle="tongue") for n in (1, 2, 3)))


@pytest.fixture(scope="module")
def finished(table: Path) -> Path:
    """The survey as made in one process."""
    run_here(table, table.parent / "here", Anew())
    return table.parent / "here"


def survey(*words: object) -> int:
    return run(["survey", "run", *map(str, words)])


def test_workers_give_the_bytes_of_one_process(
    table: Path, finished: Path, tmp_path: Path, capsys: Captured
) -> None:
    assert survey(table, "--out", tmp_path / "out", "--workers", "2") == 1
    assert kept(tmp_path / "out") == kept(finished)
    told = capsys.readouterr()
    assert "3 rows: 2 answered, 1 failed. Clips: 2 judged now." in told.out
    assert DISCLAIMER in told.out
    assert told.err == "NOT_FOUND: There is no such file (row 3).\n"


def test_again_it_says_what_was_done_before(table: Path, finished: Path, capsys: Captured) -> None:
    before = kept(finished)
    assert survey(table, "--out", finished) == 1
    assert "Clips: 0 judged now, 2 before." in capsys.readouterr().out
    assert kept(finished) == before


def test_one_json_object_a_row(table: Path, finished: Path, capsys: Captured) -> None:
    survey(table, "--out", finished, "--json")
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["outcome"] for each in rows] == [OK, OK, Code.NOT_FOUND]
    assert all(each["disclaimer"] == DISCLAIMER for each in rows)


def test_quiet_tells_errors_alone(table: Path, finished: Path, capsys: Captured) -> None:
    survey(table, "--out", finished, "--quiet")
    told = capsys.readouterr()
    assert told.out == ""
    assert "NOT_FOUND" in told.err


def test_all_well_is_zero_and_a_parameter_is_heeded(tmp_path: Path) -> None:
    table, out = write_survey(tmp_path, clips=1), tmp_path / "out"
    assert survey(table, "--out", out, "--workers", "1", "--set", "count_score=0.7") == 0
    assert read_record(out).parameters["count_score"] == 0.7


WRONG = {
    "both": ("--workers", "2", "--dask", "tcp://127.0.0.1:8786"),
    "no address": ("--dask", "here"),
    "no parameter": ("--set", "no_such=1"),
    "no workers": ("--workers", "0"),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_two(table: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert survey(table, "--out", tmp_path / "out", *words) == 2
    assert not (tmp_path / "out").exists()


def test_clips_folder_is_refused(table: Path) -> None:
    assert survey(table, "--out", table.parent / "clips" / "out") == 2
    assert not (table.parent / "clips" / "out").exists()


def test_two_runs_at_once(table: Path, tmp_path: Path, capsys: Captured) -> None:
    with opened(tmp_path / "out", ()):
        assert survey(table, "--out", tmp_path / "out") == 1
    assert capsys.readouterr().err.startswith("IN_USE: Another usfasc is at work")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["run.jsonl"]


def test_a_manifest_that_is_none(tmp_path: Path, capsys: Captured) -> None:
    assert survey(tmp_path / "missing.csv", "--out", tmp_path / "out") == 1
    assert capsys.readouterr().err.startswith("NOT_FOUND: ")
    assert not (tmp_path / "out").exists()


def test_nobody_at_the_address(
    table: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("usfasc.survey.cluster._ANSWER_S", 0.5)
    assert survey(table, "--out", tmp_path / "out", "--dask", "tcp://127.0.0.1:1") == 1
    assert capsys.readouterr().err.startswith("NO_CLUSTER: No Dask scheduler answers")


def test_without_dask_the_extra_is_named(
    table: Path, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert survey(table, "--out", tmp_path / "out", "--dask", "tcp://127.0.0.1:8786") == 1
    assert 'MISSING_EXTRA: Several machines need Dask: install "usfasc[cluster]"' in (
        capsys.readouterr().err
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal for one process")
def test_ctrl_c_keeps_what_is_finished(tmp_path: Path) -> None:
    # So many that they are never all done before the signal comes, however busy the machine is.
    table, out = write_alike(tmp_path, clips=60), tmp_path / "out"
    usfasc = [*UNDER_A_TERMINAL, Path(sys.executable).parent / "usfasc"]
    command = [*usfasc, "survey", "run", table, "--out", out]
    with subprocess.Popen(
        [*command, "--workers", "1"], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        while running.poll() is None and not list(out.glob("finished/*.json")):
            time.sleep(0.02)
        # As a terminal does, to the whole group of processes.
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=120)
    assert running.returncode == 130
    assert told == "Stopped. What was finished is kept, nothing is half-written.\n"
    pending = [each for each in read_record(out).rows if each.outcome == Code.PENDING]
    assert 0 < len(pending) < 60
    assert list(out.rglob("*.part")) == []


PROGRESS = {
    "0 of 8 clips": (Progress(clips=8), None),
    "2 of 8 clips, about 40 s left": (Progress(clips=8, done=2), 40.2),
    "2 of 8 clips, 1 failed, about 12 min left": (Progress(clips=8, done=2, failed=1), 700.0),
    "2 of 8 clips, about 2.5 h left": (Progress(clips=8, done=2), 9000.0),
}


@pytest.mark.parametrize(("words", "state"), PROGRESS.items(), ids=PROGRESS.keys())
def test_words_of_progress(words: str, state: tuple[Progress, float | None]) -> None:
    assert _progress_words(*state) == words
