"""What is wrong with a manifest: row, column, and a sentence."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.io.conftest import dataset, speckle
from usfasc.survey.check import Finding, check_manifest
from usfasc.survey.manifest import COLUMNS

GOOD = {"clip": "a.dcm", "subject": "S001", "session": "1", "muscle": "tongue", "depth_mm": "40"}
Rows = list[dict[str, str]]

CASES: dict[str, tuple[Rows, tuple[int, str, str, str]]] = {
    "missing file": ([GOOD | {"clip": "none.dcm"}], (1, "clip", "error", "no such file")),
    "no clip": ([GOOD | {"clip": "notes.txt"}], (1, "clip", "error", "neither a DICOM file nor")),
    "truncated": ([GOOD | {"clip": "cut.dcm"}], (1, "clip", "error", "ends before")),
    "a still": ([GOOD | {"clip": "still.dcm"}], (1, "clip", "error", "still image")),
    "no frame rate": (
        [GOOD | {"clip": "untimed.dcm"}],
        (1, "frame_rate_hz", "error", "no frame rate"),
    ),
    "no scale": ([GOOD | {"depth_mm": ""}], (1, "depth_mm", "warning", "no scale")),
    "a muscle misspelt": (
        [GOOD | {"muscle": "tibialis anteror"}],
        (1, "muscle", "warning", "is it tibialis anterior?"),
    ),
    "no muscle": ([GOOD | {"muscle": ""}], (1, "muscle", "warning", "muscle not given")),
    "no side": ([GOOD | {"muscle": "TA"}], (1, "side", "warning", "side not given")),
    "a wrong side": ([GOOD | {"side": "up"}], (1, "side", "error", "left, right or midline")),
    "no subject": ([GOOD | {"subject": ""}], (1, "subject", "warning", "subject not given")),
    "a guess": ([GOOD | {"subject": "S001?"}], (1, "subject", "warning", "a guess")),
    "the same twice": ([GOOD, GOOD], (2, "clip", "warning", "same clip and region as row 1")),
    "the same content": (
        [GOOD, GOOD | {"clip": "copy.dcm"}],
        (2, "clip", "warning", "same clip as row 1"),
    ),
    "two subjects, one clip": (
        [GOOD, GOOD | {"subject": "S002"}],
        (1, "clip", "error", "different subjects"),
    ),
    "no region file": ([GOOD | {"regions": "none.json"}], (1, "regions", "error", "no such file")),
    "a bad region file": (
        [GOOD | {"regions": "notes.txt"}],
        (1, "regions", "error", "not valid JSON"),
    ),
    "hands": (
        [GOOD | {"handedness": "left"}, GOOD | {"clip": "b.dcm", "handedness": "right"}],
        (2, "handedness", "error", "differs from row 1"),
    ),
    "a session that became a date": (
        [GOOD | {"session": "02-Jan"}],
        (1, "session", "warning", "made a date"),
    ),
    "the same in German": ([GOOD | {"session": "2. Mär"}], (1, "session", "warning", "a date")),
    "a subject that became a number": (
        [GOOD | {"subject": "1.23457E+11"}],
        (1, "subject", "warning", "or a number"),
    ),
    "a wrong number": ([GOOD | {"depth_mm": "4"}], (1, "depth_mm", "error", "from 5 to 400 mm")),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips of every kind that a manifest might name."""
    path = tmp_path_factory.mktemp("check")
    frames = speckle(3, (24, 32))

    def save(name: str, pixels: np.ndarray = frames, **tags: object) -> None:
        dataset(pixels, **tags).save_as(path / name, enforce_file_format=True)

    save("a.dcm")
    save("b.dcm", SOPInstanceUID="1.2.3.5")
    save("untimed.dcm", FrameTime=None, FrameIncrementPointer=None)
    save("still.dcm", frames[:1])
    shutil.copy(path / "a.dcm", path / "copy.dcm")
    (path / "cut.dcm").write_bytes((path / "a.dcm").read_bytes()[:-100])
    (path / "notes.txt").write_text("no clip\n", encoding="utf-8")
    return path


def check(folder: Path, rows: Rows) -> tuple[Finding, ...]:
    lines = [",".join(COLUMNS), *(",".join(row.get(name, "") for name in COLUMNS) for row in rows)]
    (folder / "survey.csv").write_text("\n".join(lines), encoding="utf-8")
    return check_manifest(folder / "survey.csv").findings


def test_nothing_is_wrong(folder: Path) -> None:
    assert check(folder, [GOOD, GOOD | {"clip": "b.dcm"}]) == ()


@pytest.mark.parametrize("session", ["1-2", "2026-03-01", "01.03.2026", "V1 May", "May", "12 E"])
def test_names_of_sessions_that_are_nobody_s_mistake(folder: Path, session: str) -> None:
    assert check(folder, [GOOD | {"session": session}]) == ()


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong(folder: Path, name: str) -> None:
    rows, (number, column, level, words) = CASES[name]
    found = check(folder, rows)
    told = [each for each in found if each.row == number and words in each.sentence]
    assert [(each.column, each.level) for each in told] == [(column, level)]
    assert {each.column for each in found if each.level == "error"} <= {column}


def test_columns_that_are_missing_or_not_used(folder: Path) -> None:
    (folder / "survey.csv").write_text("clip,sides\na.dcm,left\n", encoding="utf-8")
    header = [each for each in check_manifest(folder / "survey.csv").findings if each.row == 0]
    assert {each.column for each in header} == {"number 2", *COLUMNS} - {"clip"}
    assert all(each.level == "warning" for each in header)


def test_progress_counts_clips(folder: Path) -> None:
    check(folder, [GOOD, GOOD | {"clip": "b.dcm"}])
    seen: list[tuple[int, int]] = []
    check_manifest(folder / "survey.csv", lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]
