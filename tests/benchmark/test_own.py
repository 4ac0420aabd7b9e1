"""A user's own clips: found by the truth beside them, never named by their files."""

import json
from pathlib import Path

import numpy as np
import pytest
from fixtures import twitching as plain
from fixtures.judged import event

from usfasc.benchmark.own import own_recipes
from usfasc.cli import run
from usfasc.errors import Code, InputError
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.io.event_table import write_events_csv
from usfasc.model import Reading

NAME = "DOE_JANE"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two clips with truth, one of them without a twitch, and one clip without truth."""
    (tmp_path / "left").mkdir()
    twitch = event(1, plain.ONSET_S, plain.CENTRE_PX[1], amplitude_mm=1.0)
    y_px = plain.CENTRE_PX[0]
    truth = twitch.model_copy(update={"y_px": float(y_px), "origin": "annotated"})
    write(tmp_path / f"{NAME}.dcm", plain.twitching(150), [truth])
    write(tmp_path / "left" / "still.dcm", plain.twitching(90, amplitude_mm=0.0), [])
    write(tmp_path / "unread.dcm", plain.twitching(30), None)
    return tmp_path


def write(path: Path, frames: np.ndarray, truth: list | None) -> None:
    write_ultrasound_cine(
        path,
        iter(frames),
        times_s=np.arange(len(frames)) / plain.RATE_HZ,
        spacing_mm=plain.SPACING_MM,
        bmode_box=(0, 0, plain.SHAPE[1], plain.SHAPE[0]),
    )
    if truth is not None:
        write_events_csv(path.with_suffix(".truth.csv"), truth)


def test_clips_with_truth_are_cases(folder: Path) -> None:
    reading = Reading(depth_mm=40)
    ready = [recipe.ready() for recipe in own_recipes(folder, reading)]
    assert [len(case.truth) for case in ready] == [1, 0]
    assert all(case.reading == reading for case in ready)


def test_a_file_name_is_nowhere(folder: Path) -> None:
    assert all(NAME not in recipe.name for recipe in own_recipes(folder, Reading()))


@pytest.mark.parametrize(("name", "code"), [("", Code.NOT_FOUND), ("nowhere", Code.NOT_FOUND)])
def test_a_folder_without_cases_is_refused(tmp_path: Path, name: str, code: Code) -> None:
    with pytest.raises(InputError) as caught:
        own_recipes(tmp_path / name, Reading())
    assert caught.value.code is code


def test_a_bad_truth_is_told_by_its_number(folder: Path) -> None:
    (folder / "left" / "still.truth.csv").write_text("event,when\n1,2\n")
    with pytest.raises(InputError, match="Truth 2 of 2"):
        own_recipes(folder, Reading())


def test_the_command_measures_them(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "figures.json"
    asked = ["--cases", str(folder), "--json", str(file), "--baselines", "differencing,klt"]
    assert run(["benchmark", *asked]) == 0
    written = json.loads(file.read_text())
    (chapter,) = written["chapters"]
    tables = {table["title"]: table["figures"] for table in chapter["tables"]}
    assert next(iter(tables)).startswith("your cases: 2 clips")
    methods = tables["your cases: each method at its own best threshold"]
    theirs = {figure["of"]: figure["value"] for figure in methods if figure["name"] == "F1"}
    assert list(theirs) == ["usfasc", "frame differencing", "KLT + mutual information"]
    assert theirs["frame differencing"] == 1.0
    assert [row["true"] for row in written["clips"]] == [1, 0]
    assert NAME not in file.read_text() + capsys.readouterr().out
