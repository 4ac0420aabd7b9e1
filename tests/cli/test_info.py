"""``usfasc info`` from the outside."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from usfasc.cli import run
from usfasc.io.dicom_labels import Labels, label_clip
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.model import DISCLAIMER


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    frames = np.random.default_rng(3).integers(20, 200, (120, 64, 96), np.uint8)
    write_ultrasound_cine(
        tmp_path / "clip.dcm",
        frames,
        times_s=np.arange(120) / 30,
        spacing_mm=(0.5, 0.5),
        bmode_box=(0, 0, 96, 64),
        jpeg_quality=60,
    )
    return tmp_path / "clip.dcm"


def test_it_says_what_a_sonographer_asks(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", str(clip)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for words in (
        "DICOM cine loop (JPEG), 96 x 64 px, 120 frames",
        "4.00 s at 30 Hz (DICOM tag FrameTime)",
        "0 repeated, 0 damaged, 0 gaps",
        "0.5 mm a pixel",
        "32 mm deep",
        "x 0-96, y 0-64 (tag)",
        "fit for counting: yes",
        DISCLAIMER,
    ):
        assert words in out


def test_it_says_which_muscles_and_lines_it_sees(
    sample_videos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["info", str(sample_videos / "two_muscles.dcm")]) == 0
    out, _ = capsys.readouterr()
    assert "superficial muscle; deep muscle (found by the lines; check them by eye)" in out
    (lines,) = [line for line in out.splitlines() if line.startswith("  lines ")]
    assert re.search(r"fascia \d+\.\d mm deep \(confidence 0\.\d\d\)", lines)


def test_it_says_what_the_header_says(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = Labels(
        patient_id="A-17",
        patient_name="Muster^Maria",
        study="1",
        series_description="biceps",
        laterality="L",
    )
    label_clip(clip, labels)
    assert run(["info", str(clip)]) == 0
    out, _ = capsys.readouterr()
    assert "shows     biceps brachii (named in its header), left (coded in its header)" in out
    assert run(["info", str(clip), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["shown"] == {
        "muscle": "biceps brachii",
        "muscle_origin": "text",
        "side": "left",
        "side_origin": "code",
    }
    assert [region["name"] for region in facts["regions"]] == ["biceps brachii, left"]


def test_a_word_that_may_mean_another_thing_is_a_warning(
    clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unclear = Labels(
        patient_id="", patient_name="", study="1", series_description="Muster biceps tendon"
    )
    label_clip(clip, unclear)
    assert run(["info", str(clip)]) == 0
    out, _ = capsys.readouterr()
    assert "The header may name biceps brachii; give --muscle if it does." in out
    assert "shows" not in out and "Muster" not in out and "tendon" not in out


def test_what_the_user_says_beats_the_file(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", str(clip), "--frame-rate", "20", "--spacing-mm", "0.1,0.2"]) == 0
    out, _ = capsys.readouterr()
    assert "20 Hz (given by the user (--frame-rate))" in out
    assert "0.2 mm wide and 0.1 mm high a pixel" in out
    assert "no, because there are 20 different pictures a second" in out


def test_json_is_one_object_a_clip_errors_included(
    clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = clip.with_name("missing.dcm")
    assert run(["info", "--json", str(clip), str(missing)]) == 1
    out, err = capsys.readouterr()
    good, bad = (json.loads(line) for line in out.splitlines())
    assert good["clip"] == "clip" and good["fitness"]["fit"] is True
    assert good["frames"] == 120 and good["disclaimer"] == DISCLAIMER
    assert bad["clip"] == "missing" and bad["code"] == "NOT_FOUND"
    assert err.startswith("NOT_FOUND: ") and "missing" in err


def test_a_folder_is_told_with_what_was_passed_over(
    clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clip.parent / "notes.txt").write_text("biceps")
    assert run(["info", str(clip.parent)]) == 0
    assert "1 file that is no clip was passed over" in capsys.readouterr().err


def test_names_cannot_write_to_the_terminal(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evil = clip.rename(clip.with_name("a\x1b[2Jb.dcm"))
    assert run(["info", str(evil)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_page_is_drawn_where_it_is_asked_for(
    clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = clip.parent / "out"
    assert run(["info", str(clip), "--picture", "--out", str(out), "--json"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert line["files"] == [str(out / "clip.info.png")]
    assert [path.name for path in out.iterdir()] == ["clip.info.png"]
    first = (out / "clip.info.png").read_bytes()
    assert run(["info", str(clip), "--picture", "--out", str(out)]) == 0
    assert (out / "clip.info.png").read_bytes() == first


def test_no_page_goes_beside_the_clip(clip: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", str(clip), "--picture", "--out", str(clip.parent)]) == 2
    assert "BAD_USAGE" in capsys.readouterr().err


def test_an_unsure_area_gives_no_page_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    still = np.full((120, 64, 96), 90, np.uint8)
    write_ultrasound_cine(
        tmp_path / "still.dcm",
        still,
        times_s=np.arange(120) / 30,
        spacing_mm=(0.5, 0.5),
        bmode_box=(400, 400, 500, 500),
        jpeg_quality=60,
    )
    out = tmp_path / "out"
    assert run(["info", str(tmp_path / "still.dcm"), "--picture", "--out", str(out)]) == 0
    assert "Note: BMODE_UNSURE: No picture: " in capsys.readouterr().out
    assert list(out.iterdir()) == []


def test_no_clip_is_written_to(clip: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in clip.parent.iterdir()}
    run(["info", str(clip)])
    assert {path: path.stat().st_mtime_ns for path in clip.parent.iterdir()} == before


def test_wrong_usage_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", "x.dcm", "--bmode", "1,2,3"]) == 2
    assert "BAD_USAGE" in capsys.readouterr().err
