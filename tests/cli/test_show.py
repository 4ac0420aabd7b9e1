"""The terminal: a bar only where someone waits, texts as they are."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fixtures.outcomes import LOWER, make_event, make_result
from rich.console import Console

from usfasc.cli import show
from usfasc.cli.batch import Outcome
from usfasc.io.discover import FoundClip


@pytest.mark.parametrize(("waited_s", "seen"), [(0.5, False), (3.0, True)])
def test_the_bar_appears_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, waited_s: float, seen: bool
) -> None:
    clock = iter([0.0, waited_s, waited_s])
    monkeypatch.setattr(show, "monotonic", lambda: next(clock))
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with show.clip_progress(console, "1/2 [bold]clip\x1b", shown=True) as progress:
        progress(1, 4)
        progress(2, 4)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("[bold]clip?" in text) is seen
    assert ("50 %" in text) is seen


def test_no_bar_where_nobody_watches() -> None:
    console = Console(file=io.StringIO(), force_terminal=False)
    with show.clip_progress(console, "clip", shown=False) as progress:
        progress(1, 2)
    assert console.file.getvalue() == ""  # type: ignore[attr-defined]


def test_plain_keeps_letters_and_drops_escapes() -> None:
    assert show.plain("Müller 上腕\x1b[2J\n\x07") == "Müller 上腕?[2J??"


def test_a_clip_says_when_its_count_is_a_lower_bound_and_what_may_have_been_missed() -> None:
    console = Console(file=io.StringIO(), width=200)
    clip = FoundClip(path=Path("a.dcm"), relative_folder=Path(), stem="a")
    often = make_result([make_event(n, 0.4 * n) for n in range(1, 8)], parts=[(0, 4, None)])
    show.show_result(console, Outcome(clip=clip, result=often), often)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert ">= 7" in text and "at least 7, continuous" in text
    assert f"with probability 0.97 ({LOWER.name})" in text


@pytest.mark.parametrize(
    ("clips", "failed", "passed_over", "words"),
    [
        (1, 0, 0, ""),
        (1, 0, 1, "1 file that is no clip was passed over.\n"),
        (3, 1, 2, "2 files that are no clips were passed over.\n3 clips: 2 done, 1 failed.\n"),
    ],
)
def test_closing_lines(
    capsys: pytest.CaptureFixture[str], clips: int, failed: int, passed_over: int, words: str
) -> None:
    show.Terminal(as_json=False, quiet=False).close(
        clips=clips, failed=failed, passed_over=passed_over
    )
    assert capsys.readouterr().err == words
