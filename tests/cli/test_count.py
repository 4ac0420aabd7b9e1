"""``usfasc count``: what a reader counted, told and written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.cli import run
from usfasc.io.results import read_result, write_result
from usfasc.model import DISCLAIMER, Kind
from usfasc.review import Session

Out = pytest.CaptureFixture[str]
EVENTS = (make_event(1, 0.5), make_event(2, 1.0), make_event(3, 2.0, kind=Kind.UNSURE, score=0.3))


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two results; anna reviewed the first."""
    monkeypatch.chdir(tmp_path)
    for stem in ("a", "b"):
        write_result(make_result(EVENTS), tmp_path / "results", stem)
    session = Session.open(tmp_path / "results" / "a.usfasc.json", "anna")
    session.accept(1)
    session.reject(2)
    session.add(onset_s=2.5, x_px=50, y_px=40)
    return tmp_path / "results"


def test_only_accepted_and_added_events_are_counted(results: Path, capsys: Out) -> None:
    assert run(["count", "results/a.usfasc.json", "--reviewer", "anna"]) == 0
    out = capsys.readouterr().out
    assert "Fasciculations present: 2 in 3 s" in out
    assert "Reviewed by anna, 20" in out
    assert "Counted is what anna accepted (1) or added (1); 1 rejected" in out
    assert "Review not finished: 1 movement without a verdict, none of which the detector" in out
    assert "Review time: " in out
    assert "Written:" not in out
    assert out.endswith(f"{DISCLAIMER}\n")


def test_a_folder_passes_over_what_was_not_reviewed(results: Path, capsys: Out) -> None:
    assert run(["count", "results", "--reviewer", "anna", "--json"]) == 0
    shown = capsys.readouterr()
    (line,) = map(json.loads, shown.out.splitlines())
    assert (line["clip"], line["summaries"][-1]["count"]) == ("a", 2)
    assert line["review"]["reviewer"] == "anna"
    assert shown.err == "1 result was not reviewed by anna.\n"


def test_the_reviewed_result_is_written_elsewhere(results: Path, capsys: Out) -> None:
    before = (results / "a.usfasc.json").read_bytes()
    assert run(["count", "results", "--reviewer", "anna", "--out", "reviewed"]) == 0
    written = read_result(Path("reviewed/a.usfasc.json"))
    assert written.review is not None
    assert sum(event.kind is Kind.FASCICULATION for event in written.events) == 2
    assert Path("reviewed/a.events.csv").exists()
    assert (results / "a.usfasc.json").read_bytes() == before
    assert "Written: reviewed/a.usfasc.json" in capsys.readouterr().out


def test_json_tells_the_figures_of_the_file(results: Path, capsys: Out) -> None:
    Session.open(results / "a.usfasc.json", "anna").not_assessable(stop_s=1 / 3)
    assert run(["count", "results", "--reviewer", "anna", "--out", "r", "--json", "--quiet"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    written = json.loads(Path("r/a.usfasc.json").read_text(encoding="utf-8"))
    assert line["summaries"] == written["summaries"]
    assert line["summaries"][0]["rate_per_min"] == 45.0


WRONG = {
    "no reviewer": (["results"], 2, "BAD_USAGE"),
    "not a name": (["results", "--reviewer", "A B"], 2, "BAD_USAGE: A reviewer's name"),
    "not a result": (["results/a.events.csv", "--reviewer", "anna"], 2, "BAD_USAGE: A result is"),
    "nothing there": (["none", "--reviewer", "anna"], 2, "NOT_FOUND: There is no such file"),
    "a stranger": (["results", "--reviewer", "zoe"], 2, "NOT_FOUND: zoe reviewed none of"),
    "not by that reader": (
        ["results/b.usfasc.json", "--reviewer", "anna"],
        1,
        "NOT_FOUND: There is no review by that name beside the result (b).",
    ),
    "over the detected": (
        ["results", "--reviewer", "anna", "--out", "results"],
        2,
        "BAD_USAGE: Results never go",
    ),
}


@pytest.mark.parametrize(("words", "code", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_counted(
    results: Path, capsys: Out, words: list[str], code: int, sentence: str
) -> None:
    assert results.is_dir()
    assert run(["count", *words]) == code
    assert sentence in capsys.readouterr().err


def test_a_hostile_review_is_one_sentence(results: Path, capsys: Out) -> None:
    (results / "a.review.anna.jsonl").write_bytes(bytes(range(256)))
    assert run(["count", "results", "--reviewer", "anna"]) == 1
    assert "BAD_REVIEW: The file is not a usfasc review (a)." in capsys.readouterr().err


def test_notes_cannot_write_to_the_terminal(results: Path, capsys: Out) -> None:
    session = Session.open(results / "a.usfasc.json", "anna")
    session.not_assessable(reason="\x1b[2J[red]gone\x07")
    assert run(["count", "results/a.usfasc.json", "--reviewer", "anna"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
