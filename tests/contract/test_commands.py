"""The command line as scripts meet it: commands, exit codes, streams, the disclaimer."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from usfasc.model import DISCLAIMER

Command = Callable[..., "subprocess.CompletedProcess[str]"]
COMMANDS = (
    "detect",
    "info",
    "review",
    "count",
    "agree",
    "survey",
    "verify",
    "phantom",
    "benchmark",
)
ERROR_LINE = re.compile(r"^[A-Z][A-Z_]+: .*\.$", re.MULTILINE)


def on_one_line(text: str) -> str:
    """Undo the terminal's line breaks and boxes."""
    return " ".join(re.sub(r"[│╭╮╰╯─]", " ", text).split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_front_door_carries_the_disclaimer(usfasc: Command, arguments: tuple[str, ...]) -> None:
    done = usfasc(*arguments)
    assert done.returncode == 0
    assert DISCLAIMER in on_one_line(done.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(usfasc: Command, name: str) -> None:
    done = usfasc(name, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


@pytest.fixture
def not_a_clip(tmp_path: Path) -> Path:
    path = tmp_path / "notes.dcm"
    path.write_text("not a clip", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["detect", "info"])
def test_a_named_file_that_cannot_be_used_fails(
    usfasc: Command, name: str, not_a_clip: Path
) -> None:
    done = usfasc(name, not_a_clip, cwd=not_a_clip.parent)
    assert done.returncode == 1
    assert ERROR_LINE.search(done.stderr), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("detect",),
        ("detect", "--no-such-option"),
        ("no-such-command",),
        ("detect", "clip.dcm", "--bmode", "1,2,3"),
        ("detect", "clip.dcm", "--set", "no_such_parameter=1"),
        ("detect", "clip.dcm", "--set", "count_score=7"),
    ],
)
def test_wrong_usage_is_two(usfasc: Command, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = usfasc(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_errors_are_in_the_machine_output_too(usfasc: Command, not_a_clip: Path) -> None:
    done = usfasc("detect", not_a_clip, "--json", cwd=not_a_clip.parent)
    (line,) = done.stdout.splitlines()
    assert "error" in json.loads(line)
    assert done.returncode == 1


def test_a_failed_clip_leaves_nothing_half_written(usfasc: Command, not_a_clip: Path) -> None:
    usfasc("detect", not_a_clip, "--out", not_a_clip.parent / "out")
    left = [path.name for path in not_a_clip.parent.rglob("*") if path.is_file()]
    assert set(left) <= {"notes.dcm", "run.jsonl"}


def test_parameters_are_listed(usfasc: Command) -> None:
    done = usfasc("detect", "--parameters")
    assert done.returncode == 0
    assert "count_score" in done.stdout


@pytest.mark.parametrize("name", ["detect", "info"])
def test_a_folder_without_a_clip_is_told(usfasc: Command, name: str, tmp_path: Path) -> None:
    done = usfasc(name, tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "No clip was found.\n")


def test_a_name_that_is_no_text_stops_nothing(
    usfasc: Command, sample_videos: Path, tmp_path: Path
) -> None:
    name = os.fsdecode(b"a\xff.dcm")
    (tmp_path / "study").mkdir()
    shutil.copy(sample_videos / "quiet_muscle.dcm", tmp_path / "study" / name)
    done = usfasc("detect", "study", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["clip"] == "a\udcff"
    line = (tmp_path / "usfasc-results" / "run.jsonl").read_text(encoding="utf-8")
    assert json.loads(line)["clip"] == "a?"
