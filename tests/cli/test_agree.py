"""``usfasc agree``: readers and the detector compared, and a consensus begun."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.cli import run
from usfasc.io.results import write_result
from usfasc.model import DISCLAIMER
from usfasc.review import Session

Out = pytest.CaptureFixture[str]
EVENTS = (make_event(1, 0.5), make_event(2, 1.2), make_event(3, 2.0, y_px=60.0))


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two clips that anna and ben read; of the first, ben rejects what anna accepts."""
    monkeypatch.chdir(tmp_path)
    for stem in ("a", "b"):
        path, _ = write_result(make_result(EVENTS), tmp_path / "results", stem)
        for name in ("anna", "ben"):
            session = Session.open(path, name)
            for key in (1, 2, 3):
                session.accept(key)
    Session.open(tmp_path / "results" / "a.usfasc.json", "ben").reject(2)
    return tmp_path / "results"


def test_every_two_readers_and_each_with_the_detector(results: Path, capsys: Out) -> None:
    assert run(["agree", "results"]) == 0
    out = capsys.readouterr().out
    for title in ("anna and ben: 2 clips", "anna and detector", "ben and detector"):
        assert title in out
    assert "a, 1.20 s, biceps brachii, left: anna counts it; ben: unsure (Rejected by ben," in out
    assert "Disagreements: none" in out
    assert "ben: 2 clips, guided, finished, review time" in out
    assert out.endswith(f"{DISCLAIMER}\n")


def test_figures_as_json(results: Path, capsys: Out) -> None:
    assert run(["agree", "results/a.usfasc.json", "--readers", "anna,ben", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["first"], line["second"]) for line in lines] == [
        ("anna", "ben"),
        ("anna", "detector"),
        ("ben", "detector"),
    ]
    first = lines[0]
    assert first["events"] == {"both": 2, "first_only": 1, "second_only": 0, "neither": 0}
    assert 0 < first["kappa"]["low"] < first["kappa"]["value"] < 1
    assert first["disagreements"][0]["onset_s"] == 1.2
    assert lines[1]["kappa"]["value"] == 1.0
    assert first["disclaimer"] == DISCLAIMER


def test_a_consensus_begins_where_two_read(results: Path, capsys: Out) -> None:
    (results / "b.review.ben.jsonl").unlink()
    assert run(["agree", "results", "--consensus"]) == 0
    out = capsys.readouterr().out
    assert "a: a consensus of anna, ben begins, 1 to settle." in out
    assert not (results / "b.review.consensus.jsonl").exists()
    session = Session.open(results / "a.usfasc.json", "consensus")
    assert [row.key for row in session.rows] == [2]
    session.accept(2)
    assert run(["agree", "results", "--consensus", "--json"]) == 0
    assert "had begun" in capsys.readouterr().err
    assert run(["count", "results", "--reviewer", "consensus"]) == 0
    assert "Twitches at 0.50, 1.20, 2.00 s." in capsys.readouterr().out


def test_a_readers_own_regions_are_compared_with_the_detectors_in_them(
    results: Path, capsys: Out
) -> None:
    path = results / "a.usfasc.json"
    session = Session.open(path, "anna")
    session.set_regions(session.detected.regions[:1])
    assert run(["agree", str(path), "--json"]) == 0
    anna_and_ben, with_detector, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert [unit["region"] for unit in anna_and_ben["units"]] == ["*"]
    assert [unit["region"] for unit in with_detector["units"]] == ["biceps brachii, left"]


WRONG = {
    "a stranger": (["results", "--readers", "anna,zoe"], "NOT_FOUND: zoe reviewed none"),
    "not a name": (["results", "--readers", "A"], "BAD_USAGE: A reviewer's name"),
    "no result": (["empty"], "NOT_FOUND: There is no result"),
}


@pytest.mark.parametrize(("words", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage(results: Path, capsys: Out, words: list[str], sentence: str) -> None:
    (results.parent / "empty").mkdir()
    assert run(["agree", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_nobody_reviewed(results: Path, capsys: Out) -> None:
    for path in results.glob("*.review.*"):
        path.unlink()
    assert run(["agree", "results"]) == 2
    assert "NOT_FOUND: Nobody reviewed" in capsys.readouterr().err
