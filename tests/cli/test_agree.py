"""``usfasc agree``: readers and the detector compared, and a consensus begun."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fixtures.outcomes import UPPER, make_event, make_result

from usfasc.cli import run
from usfasc.io.results import write_result
from usfasc.model import DISCLAIMER
from usfasc.review import Mode, Session

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
    settle = "usfasc review results/a.usfasc.json --reviewer consensus"
    assert f"a: a consensus of anna, ben begins, 1 to settle: {settle}" in out
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


def test_three_readers_also_all_at_once(results: Path, capsys: Out) -> None:
    for path in sorted(results.glob("*.usfasc.json")):
        carl = Session.open(path, "carl", Mode.ANNOTATE)
        carl.add(onset_s=0.52, x_px=40, y_px=30)
    assert run(["agree", "results", "--json"]) == 0
    *pairs, together = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(each["first"], each["second"]) for each in pairs[:3]] == [
        ("anna", "ben"),
        ("anna", "carl"),
        ("ben", "carl"),
    ]
    assert (together["readers"], together["clips"]) == (["anna", "ben", "carl"], 2)
    assert [unit["counts"] for unit in together["units"]] == [
        [2, 1, 1],
        [1, 1, 0],
        [2, 2, 1],
        [1, 1, 0],
    ]
    assert together["icc"]["value"] is not None
    assert run(["agree", "results"]) == 0
    out = capsys.readouterr().out
    assert "All 3 readers: ICC(2,1) 0." in out
    assert "of counts, over 4 regions of 2 clips that all read to the end." in out
    assert "carl: 2 clips, annotate, finished, review time" in out


def test_a_clip_that_one_has_not_finished_is_left_out(results: Path, capsys: Out) -> None:
    carl = Session.open(results / "a.usfasc.json", "carl")
    carl.accept(1)
    assert run(["agree", "results", "--readers", "anna,carl", "--json"]) == 0
    first, *_ = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["clips"], first["unfinished"]) == (0, ["a"])
    assert first["kappa"]["value"] is None
    assert run(["agree", "results", "--readers", "anna,carl"]) == 0
    out = capsys.readouterr().out
    assert "anna and carl: no clip that both read to the end." in out
    assert "Left out, since not finished: a." in out
    assert "carl: 1 clip, guided, 2 movements undecided (not counted)" in out


def test_one_clip_tells_which_figures_are_undefined_and_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out
) -> None:
    monkeypatch.chdir(tmp_path)
    path, _ = write_result(make_result((), regions=(UPPER,)), tmp_path, "quiet")
    for name in ("anna", "ben"):
        Session.open(path, name).none_seen()
    monkeypatch.setenv("COLUMNS", "200")  # one line a figure
    assert run(["agree", str(path), "--readers", "anna,ben"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    for told in (
        "anna and ben: 1 clip ",
        "undefined: both say the same of all (14 of 0.2 s: 0 both, 0 anna alone, 0 ben alone)",
        "undefined: anna counts none",
        "undefined: ben counts none",
        "undefined: fewer than two regions",
        "Disagreements: none",
        "onsets lie within 150 ms",
        "within 5 mm of the other or inside its box",
    ):
        assert told in out


def test_muscles_that_several_clips_show(results: Path, capsys: Out) -> None:
    assert run(["agree", "results", "--readers", "anna,ben"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Muscle Regions ICC(2,1) 95 % CI Bias Limits biceps brachii 2 0.00" in out
    assert "0.50 -0.89 to 1.89" in out


def test_a_review_that_cannot_be_read_does_not_stop_the_others(results: Path, capsys: Out) -> None:
    (results / "a.review.ben.jsonl").write_bytes(b"none\n")
    (results / "a.review.zoe.jsonl").write_bytes(b"none\n")
    assert run(["agree", "results", "--consensus"]) == 1
    shown = capsys.readouterr()
    assert "anna and ben: 1 clip\n" in shown.out
    assert "b: a consensus of anna, ben begins, 0 to settle." in shown.out
    assert "BAD_REVIEW: The file is not a usfasc review (a, ben)." in shown.err
    assert "BAD_REVIEW: The file is not a usfasc review (a)." in shown.err


WRONG = {
    "a stranger": (["results", "--readers", "anna,zoe"], "NOT_FOUND: zoe reviewed none"),
    "not a name": (["results", "--readers", "A"], "BAD_USAGE: A reviewer's name"),
    "one reader": (["results", "--readers", "ben", "--consensus"], "BAD_USAGE: A consensus needs"),
    "no folder": (["nowhere"], "NOT_FOUND: There is no such file or folder"),
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
