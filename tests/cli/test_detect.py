"""``usfasc detect``: exit codes, streams, files, refusals; the engine is a stand-in."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from fixtures.outcomes import UPPER, make_cine, make_event, make_result

from usfasc import pipeline
from usfasc.cli import run
from usfasc.errors import Code, InputError, OutputError
from usfasc.io.results import read_events_csv, read_result
from usfasc.model import DISCLAIMER, Cine, HeaderNames, Reading, Region, Result, Shown, Side
from usfasc.params import Parameters

EVENTS = (make_event(1, 1.0), make_event(2, 2.0), make_event(3, 2.2, y_px=80.0))


@dataclass
class Engine:
    """Reads any file as the same clip, except where its content names an error."""

    readings: list[Reading] = field(default_factory=list)
    parameters: list[Parameters] = field(default_factory=list)
    sure: bool = True
    header: HeaderNames = field(default_factory=HeaderNames)

    def read_cine(self, path: Path, reading: Reading) -> Cine:
        self.readings.append(reading)
        content = path.read_text(encoding="utf-8")
        if content == "interrupt":
            raise KeyboardInterrupt
        if content == "bug":
            raise RuntimeError("patient DOE^JANE")
        if content in Code.__members__:
            raise InputError(Code(content), "The clip cannot be used.")
        return replace(make_cine(sure=self.sure), header=self.header)

    def survey(self, cine: Cine, parameters: Parameters, progress: Any) -> tuple[()]:
        self.parameters.append(parameters)
        for done in range(3):
            progress(done, 3)
        return ()

    def conclude(self, cine: Cine, regions: Sequence[Region], *more: Any) -> Result:
        _, _, lines = more
        told = {"lines": lines, "warnings": cine.warnings}
        return make_result(EVENTS, regions, cine=cine).model_copy(update=told)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    stand_in = Engine()
    monkeypatch.setattr(pipeline, "read_cine", stand_in.read_cine)
    monkeypatch.setattr(pipeline, "survey", stand_in.survey)
    monkeypatch.setattr(pipeline, "conclude", stand_in.conclude)
    monkeypatch.chdir(tmp_path)
    return stand_in


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., str]:
    def make(name: str = "clip.dcm", content: str = "fine") -> str:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return str(path)

    return make


def files(folder: str = "usfasc-results") -> set[str]:
    return {p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_file()}


Clip = Callable[..., str]
Out = pytest.CaptureFixture[str]


@pytest.mark.usefixtures("engine")
def test_one_clip(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip()]) == 0
    shown = capsys.readouterr()
    assert "whole image: Fasciculations present: " in shown.out
    assert "Automatic, not reviewed." in shown.out
    assert "Twitches at 1.00, 2.00, 2.20 s." in shown.out
    assert DISCLAIMER in shown.out
    assert shown.err == ""
    assert files() == {"clip.usfasc.json", "clip.events.csv", "run.jsonl"}
    assert files("in") == {"clip.dcm"}
    result = read_result(Path("usfasc-results/clip.usfasc.json"))
    assert result.events == read_events_csv(Path("usfasc-results/clip.events.csv"))


@pytest.mark.usefixtures("engine")
def test_candidates_are_written_on_request(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip(), "--features"]) == 0
    assert files() == {*RESULT, "clip.candidates.csv"}
    assert "clip.candidates.csv" in capsys.readouterr().out


@pytest.mark.usefixtures("engine")
def test_two_runs_give_the_same_bytes(clip: Clip) -> None:
    for out in ("a", "b"):
        assert run(["detect", clip(), "--picture", "--out", out]) == 0
    assert files("a") == {"clip.usfasc.json", "clip.events.csv", "clip.overview.png", "run.jsonl"}
    for name in files("a") - {"run.jsonl"}:
        assert (Path("a") / name).read_bytes() == (Path("b") / name).read_bytes()


def test_what_the_user_says_reaches_the_engine(engine: Engine, clip: Clip) -> None:
    words = "--frame-rate 30 --spacing-mm 0.08,0.1 --depth-mm 40 --bmode 8,6,120,90 --side left"
    arguments = [*words.split(), "--muscle", "biceps brachii", "--set", "count_score=0.75"]
    assert run(["detect", clip(), *arguments]) == 0
    (reading,) = engine.readings
    assert reading == Reading(
        frame_rate_hz=30,
        spacing_mm=(0.08, 0.1),
        depth_mm=40,
        bmode=(8, 6, 120, 90),
        muscle="biceps brachii",
        side="left",
    )
    assert engine.parameters == [Parameters(count_score=0.75)]
    result = read_result(Path("usfasc-results/clip.usfasc.json"))
    assert [s.region for s in result.summaries] == ["biceps brachii, left", "*"]


@pytest.mark.parametrize(
    ("words", "reading"),
    [
        ([], Reading()),
        (["--regions", "auto"], Reading()),
        (["--regions", "whole"], Reading(whole=True)),
        (
            ["--muscle", "RF, vastus intermedius"],
            Reading(layers=("rectus femoris", "vastus intermedius")),
        ),
        (["--muscle", "ta", "--regions", "whole"], Reading(muscle="tibialis anterior", whole=True)),
        (["--muscle", "Left biceps"], Reading(muscle="biceps brachii", side=Side.LEFT)),
        (
            ["--muscle", "RF re, vastus intermedius (R)"],
            Reading(layers=("rectus femoris", "vastus intermedius"), side=Side.RIGHT),
        ),
        (
            ["--muscle", "TA links", "--side", "left"],
            Reading(muscle="tibialis anterior", side=Side.LEFT),
        ),
        (["--muscle", "TA_re"], Reading(muscle="tibialis anterior", side=Side.RIGHT)),
        (["--muscle", "biceps-L"], Reading(muscle="biceps brachii", side=Side.LEFT)),
        (["--muscle", "-"], Reading(muscle="-")),
        (["--muscle", "left plantaris foo"], Reading(muscle="left plantaris foo")),
    ],
)
def test_where_the_muscles_are(
    engine: Engine, clip: Clip, words: list[str], reading: Reading
) -> None:
    assert run(["detect", clip(), *words]) == 0
    assert engine.readings == [reading]


SAID = Shown(muscle="soleus", muscle_origin="text", side=Side.LEFT, side_origin="code")


def test_the_header_names_the_region_and_the_json_says_so(
    engine: Engine, clip: Clip, capsys: Out
) -> None:
    engine.header = HeaderNames(shown=SAID)
    assert run(["detect", clip()]) == 0
    result = read_result(Path("usfasc-results/clip.usfasc.json"))
    assert [(r.name, r.muscle, r.side) for r in result.regions] == [
        ("soleus, left", "soleus", "left")
    ]
    assert result.shown == SAID
    assert "The clip shows: soleus (named in its header), left (coded in its header)." in (
        capsys.readouterr().out
    )
    assert run(["detect", clip(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["shown"] == SAID.model_dump(mode="json")


def test_the_user_has_the_last_word(engine: Engine, clip: Clip, capsys: Out) -> None:
    engine.header = HeaderNames(shown=SAID)
    assert run(["detect", clip(), "--muscle", "soleus", "--side", "right"]) == 0
    result = read_result(Path("usfasc-results/clip.usfasc.json"))
    assert [region.name for region in result.regions] == ["soleus, right"]
    assert result.shown == Shown(
        muscle="soleus", muscle_origin="user", side=Side.RIGHT, side_origin="user"
    )
    out = capsys.readouterr().out
    assert "Note: The header says left, you said right: what you said holds" in out
    assert "The clip shows" not in out


def test_without_a_word_of_what_it_shows_nothing_is_said(engine: Engine, clip: Clip) -> None:
    assert run(["detect", clip()]) == 0
    assert read_result(Path("usfasc-results/clip.usfasc.json")).shown is None


@pytest.mark.usefixtures("engine")
def test_regions_from_a_file_of_lines(clip: Clip) -> None:
    lines = '{"lines": [{"points": [[8, 20], [60, 22], [119, 20]]}], "muscles": ["soleus"]}'
    Path("lines.json").write_text(lines, encoding="utf-8")
    assert run(["detect", clip(), "--regions", "lines.json"]) == 0
    result = read_result(Path("usfasc-results/clip.usfasc.json"))
    assert [(region.name, region.origin) for region in result.regions] == [("soleus", "drawn")]
    assert len(result.lines) == 1


def test_one_spacing_serves_both_ways(engine: Engine, clip: Clip) -> None:
    assert run(["detect", clip(), "--spacing-mm", "0.08"]) == 0
    assert engine.readings[0].spacing_mm == (0.08, 0.08)


@pytest.mark.usefixtures("engine")
def test_regions_from_a_file_and_from_a_result(clip: Clip, capsys: Out) -> None:
    Path("r.json").write_text(f"[{UPPER.model_dump_json()}]", encoding="utf-8")
    assert run(["detect", clip(), "--regions", "r.json", "--out", "a"]) == 0
    out = capsys.readouterr().out
    assert f"{UPPER.name}: Fasciculations present: " in out
    assert "whole image: Fasciculations present: " in out
    assert run(["detect", clip(), "--regions", "a/clip.usfasc.json", "--out", "b"]) == 0
    assert Path("a/clip.usfasc.json").read_bytes() == Path("b/clip.usfasc.json").read_bytes()


@pytest.mark.usefixtures("engine")
def test_a_failing_clip_does_not_stop_the_rest(clip: Clip, capsys: Out) -> None:
    bad, bug = clip("bad.dcm", "CORRUPT"), clip("bug.dcm", "bug")
    assert run(["detect", clip("a.dcm"), bad, bug, clip("b.dcm")]) == 1
    shown = capsys.readouterr()
    assert "CORRUPT: The clip cannot be used (bad).\n" in shown.err
    assert "INTERNAL: " in shown.err
    assert "4 clips: 2 done, 2 failed." in shown.err
    assert "DOE" not in shown.err + shown.out
    assert "Traceback" not in shown.err
    assert {"a.usfasc.json", "b.usfasc.json"} <= files()
    assert not {name for name in files() if name.startswith("b") and "b." not in name}
    runs = [json.loads(line) for line in Path("usfasc-results/run.jsonl").read_text().splitlines()]
    assert [r["outcome"] for r in runs] == ["ok", "CORRUPT", "INTERNAL", "ok"]


@pytest.mark.usefixtures("engine")
def test_one_json_object_a_clip_and_line(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip("a.dcm"), clip("bad.dcm", "CORRUPT"), "--json"]) == 1
    good, bad = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (good["clip"], good["summaries"][-1]["count"]) == ("a", 3)
    assert good["findings"]["*"].startswith("Fasciculations present: 3 in ")
    assert good["disclaimer"] == bad["disclaimer"] == DISCLAIMER
    assert (bad["clip"], bad["code"], bad["error"]) == (
        "bad",
        "CORRUPT",
        "The clip cannot be used.",
    )


@pytest.mark.usefixtures("engine")
def test_quiet_says_only_what_failed(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip("a.dcm"), clip("bad.dcm", "CORRUPT"), "--quiet"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == "CORRUPT: The clip cannot be used (bad).\n"


@pytest.mark.usefixtures("engine")
def test_ctrl_c_keeps_what_was_finished(clip: Clip, capsys: Out) -> None:
    arguments = [clip("a.dcm"), clip("b.dcm", "interrupt"), clip("c.dcm")]
    assert run(["detect", *arguments]) == 130
    assert "Stopped." in capsys.readouterr().err
    assert files() == {"a.usfasc.json", "a.events.csv", "run.jsonl"}


@pytest.mark.usefixtures("engine")
def test_two_clips_of_one_output_are_refused_before_work(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip("x/a.dcm"), clip("y/a.mp4")]) == 2
    assert capsys.readouterr().err.startswith("SAME_OUTPUT: ")
    assert not Path("usfasc-results").exists()


@pytest.mark.usefixtures("engine")
def test_results_never_go_beside_the_clip(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip(), "--out", "in"]) == 2
    assert "BAD_USAGE: Results never go into the folder of a clip" in capsys.readouterr().err
    assert files("in") == {"clip.dcm"}


@pytest.mark.usefixtures("engine")
def test_out_that_is_a_file_is_told_before_work(clip: Clip, capsys: Out) -> None:
    Path("out").write_text("mine")
    assert run(["detect", clip(), "--out", "out"]) == 1
    assert capsys.readouterr().err.startswith("NOT_WRITABLE: ")
    assert Path("out").read_text() == "mine"


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="permissions of POSIX")
@pytest.mark.usefixtures("engine")
def test_a_full_disk_is_one_sentence_and_leaves_no_part(
    clip: Clip, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device", "/clips/DOE^JANE")

    monkeypatch.setattr(os, "fsync", full)
    assert run(["detect", clip()]) == 1
    shown = capsys.readouterr()
    assert "NOT_WRITABLE: The output cannot be written: no space left on device" in shown.err
    assert "DOE" not in shown.err
    assert files() <= {"run.jsonl"}


def test_no_picture_where_the_area_is_unsure(engine: Engine, clip: Clip, capsys: Out) -> None:
    engine.sure = False
    assert run(["detect", clip(), "--picture"]) == 0
    assert "Note: BMODE_UNSURE: No picture: " in capsys.readouterr().out
    assert files() == {"clip.usfasc.json", "clip.events.csv", "run.jsonl"}
    (line,) = Path("usfasc-results/run.jsonl").read_text().splitlines()
    assert json.loads(line)["outcome"] == "ok"
    assert "No picture" in json.loads(line)["notes"][0]


PICTURES = {
    "--picture": {"clip.overview.png"},
    "--pdf": {"clip.overview.pdf"},
    "--video": {"clip.annotated.mp4"},
    "--animations": {f"clip.event-00{n}.webp" for n in (1, 2, 3)},
}
RESULT = {"clip.usfasc.json", "clip.events.csv", "run.jsonl"}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("option", PICTURES)
def test_each_option_writes_its_pictures(clip: Clip, capsys: Out, option: str) -> None:
    assert run(["detect", clip(), option]) == 0
    assert files() == RESULT | PICTURES[option]
    assert f"usfasc-results/{min(PICTURES[option])}" in capsys.readouterr().out


def test_where_the_area_is_unsure_no_picture_of_any_kind_is_made(
    engine: Engine, clip: Clip, capsys: Out
) -> None:
    engine.sure = False
    assert run(["detect", clip(), "--json", *PICTURES]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert [w for w in line["warnings"] if w.startswith("BMODE_UNSURE: No picture: ")]
    assert files() == RESULT


@pytest.mark.usefixtures("engine")
def test_a_picture_that_fails_does_not_lose_the_result(
    clip: Clip, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OutputError(Code.NOT_WRITABLE, "The output cannot be written: disk full.")

    monkeypatch.setattr("usfasc.report.video.write_video", full)
    assert run(["detect", clip("a.dcm"), clip("b.dcm"), "--picture", "--video"]) == 1
    shown = capsys.readouterr()
    assert shown.out.count("Fasciculations present") == 2
    assert shown.err.count("NOT_WRITABLE: ") == 2
    made = {"usfasc.json", "events.csv", "overview.png"}
    assert files() == {f"{stem}.{name}" for stem in "ab" for name in made} | {"run.jsonl"}


@pytest.mark.usefixtures("engine")
def test_ctrl_c_in_a_picture_keeps_the_result_and_leaves_no_part(
    clip: Clip, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("usfasc.report.video._drawn", stop)
    assert run(["detect", clip(), "--picture", "--video"]) == 130
    assert files() == {"clip.usfasc.json", "clip.events.csv", "clip.overview.png"}


@pytest.mark.usefixtures("engine")
def test_names_cannot_write_to_the_terminal(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip("a\x1b[31m[red]b.dcm"), clip("c\x07.dcm", "CORRUPT")]) == 1
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err
    assert "\x07" not in shown.out + shown.err
    assert "a?[31m[red]b" in shown.out


WRONG = {
    "no clip": ([], "BAD_USAGE|Usage"),
    "unknown option": (["clip", "--foo"], "BAD_USAGE: No such option"),
    "unknown command": (None, "BAD_USAGE: No such command"),
    "side": (["clip", "--side", "up"], "BAD_USAGE"),
    "frame rate of none": (["clip", "--frame-rate", "0"], "BAD_USAGE"),
    "frame rate of words": (["clip", "--frame-rate", "fast"], "BAD_USAGE"),
    "spacing": (["clip", "--spacing-mm", "0.1,0.1,0.1"], "BAD_USAGE: --spacing-mm"),
    "spacing in metres": (["clip", "--spacing-mm", "0.0001"], "BAD_USAGE: --spacing-mm"),
    "spacing nan": (["clip", "--spacing-mm", "nan"], "BAD_USAGE: --spacing-mm"),
    "box": (["clip", "--bmode", "1,2,3"], "BAD_USAGE: --bmode"),
    "box inside out": (["clip", "--bmode", "50,10,20,90"], "BAD_USAGE: --bmode"),
    "speed": (["clip", "--video", "--speed", "0"], "BAD_USAGE"),
    "muscle": (["clip", "--muscle", " "], "BAD_USAGE: --muscle"),
    "muscle and regions": (["clip", "--muscle", "a", "--regions", "r"], "BAD_USAGE: --muscle"),
    "two muscles of one whole": (
        ["clip", "--muscle", "a,b", "--regions", "whole"],
        "BAD_USAGE: --regions whole",
    ),
    "a muscle twice": (["clip", "--muscle", "BB, biceps"], "BAD_USAGE: --muscle names a muscle"),
    "two sides": (
        ["clip", "--muscle", "left TA", "--side", "right"],
        "BAD_USAGE: --muscle and --side name two sides of the body",
    ),
    "both sides": (["clip", "--muscle", "left TA, right TA"], "BAD_USAGE: --muscle and --side"),
    "an empty muscle": (["clip", "--muscle", "a,,b"], "BAD_USAGE: --muscle takes names"),
    "parameter": (["clip", "--set", "speed=1"], "BAD_PARAMETER: --set takes"),
    "no value": (["clip", "--set", "count_score"], "BAD_PARAMETER: --set takes"),
    "out of range": (
        ["clip", "--set", "count_score=7"],
        "BAD_PARAMETER: count_score takes a number from 0 to 1.",
    ),
    "no number": (["clip", "--set", "assumed_depth_mm=deep"], "from 10 to 300 mm."),
    "twice": (["clip", "--set", "count_score=1", "--set", "count_score=0"], "set twice"),
}


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("arguments", "words"), WRONG.values(), ids=WRONG.keys())
def test_wrong_usage(clip: Clip, capsys: Out, arguments: list[str] | None, words: str) -> None:
    clip()
    given = [word.replace("clip", "in/clip.dcm") for word in arguments or []]
    assert run(["detect", *given] if arguments is not None else ["count-all"]) == 2
    shown = capsys.readouterr()
    assert any(word in shown.err + shown.out for word in words.split("|"))
    assert not Path("usfasc-results").exists()


@pytest.mark.usefixtures("engine")
def test_a_region_file_that_is_missing_fails(clip: Clip, capsys: Out) -> None:
    assert run(["detect", clip(), "--regions", "none.json"]) == 1
    assert capsys.readouterr().err == "NOT_FOUND: There is no such file.\n"


@pytest.mark.usefixtures("engine")
def test_regions_outside_the_image_fail(clip: Clip, capsys: Out) -> None:
    Path("r.json").write_text('[{"name": "a", "polygon": [[0,0],[900,0],[900,900]]}]')
    assert run(["detect", clip(), "--regions", "r.json"]) == 1
    assert "BAD_REGIONS: Region 1 reaches outside the image" in capsys.readouterr().err
    assert files() == {"run.jsonl"}


def test_debugging_shows_where(engine: Engine, clip: Clip, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USFASC_DEBUG", "1")
    with pytest.raises(RuntimeError, match="patient"):
        run(["detect", clip(content="bug")])
    assert len(engine.readings) == 1
