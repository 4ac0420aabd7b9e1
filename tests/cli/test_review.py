"""``usfasc review``: the window's own process, with what it needs; its exit code is passed on."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fixtures.outcomes import make_result

from usfasc.cli import run
from usfasc.io.results import write_result
from usfasc.review import clip_order

Out = pytest.CaptureFixture[str]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Command lines of windows that would have been opened; the exit code is 0."""
    lines: list[list[str]] = []

    def start(command: list[str], **_: Any) -> SimpleNamespace:
        lines.append([str(word) for word in command[1:]])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", start)
    return lines


OPENED = {
    "a clip": (["a.dcm"], ["--mode", "guided", "--", "a.dcm"]),
    "a reader": (
        ["a.dcm", "--reviewer", "anna"],
        ["--mode", "guided", "--reviewer", "anna", "--", "a.dcm"],
    ),
    "a row": (
        ["survey.csv:3", "--blinded"],
        ["--mode", "blinded", "--", "survey.csv:3"],
    ),
    "from nothing": (
        ["a.dcm", "--annotate", "--reviewer", "b-1"],
        ["--mode", "annotate", "--reviewer", "b-1", "--", "a.dcm"],
    ),
}


@pytest.mark.parametrize(("words", "expected"), OPENED.values(), ids=OPENED.keys())
def test_what_the_window_is_given(
    started: list[list[str]], words: list[str], expected: list[str]
) -> None:
    assert run(["review", *words]) == 0
    assert started == [["-m", "usfasc_napari", *expected]]


def test_blinded_readers_get_clips_in_an_order_of_their_own(started: list[list[str]]) -> None:
    clips = [f"{letter}.dcm" for letter in "abcdefgh"]
    for name in ("anna", "ben", "anna"):
        assert run(["review", *clips, "--blinded", "--reviewer", name]) == 0
    anna, ben, again = (line[line.index("--") + 1 :] for line in started)
    assert anna == again == list(clip_order(clips, "anna"))
    assert sorted(anna) == sorted(ben) == clips
    assert anna != ben


WRONG = {
    "both": (
        ["a.dcm", "--blinded", "--annotate"],
        "BAD_USAGE: Give --blinded or --annotate, not both",
    ),
    "not a name": (["a.dcm", "--reviewer", "Dr Who"], "BAD_USAGE: A reviewer's name"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage(
    started: list[list[str]], capsys: Out, words: list[str], sentence: str
) -> None:
    assert run(["review", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert started == []


@pytest.mark.parametrize(
    ("code", "passed_on", "said"), [(1, 1, ""), (2, 2, ""), (-6, 1, "WINDOW_DIED: ")]
)
def test_the_windows_exit_code_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsys: Out, code: int, passed_on: int, said: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=code))
    assert run(["review", "a.dcm"]) == passed_on
    assert capsys.readouterr().err[: len("WINDOW_DIED: ")] == said


def test_a_result_that_cannot_be_reviewed_opens_no_window(
    started: list[list[str]], capsys: Out, tmp_path: Path
) -> None:
    path, _ = write_result(make_result(), tmp_path, "clip")
    assert run(["review", str(path), "--reviewer", "consensus"]) == 2
    assert "BAD_USAGE: There is no consensus yet" in capsys.readouterr().err
    (tmp_path / "clip.review.anna.jsonl").write_bytes(b"none\n")
    assert run(["review", str(path), "--reviewer", "anna"]) == 1
    assert "BAD_REVIEW: The file is not a usfasc review." in capsys.readouterr().err
    assert started == []
    assert run(["review", str(path), "--reviewer", "ben"]) == 0
    assert len(started) == 1
