"""What the rows of one clip say together, and which region each is of."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fixtures.survey import row

from usfasc.errors import Code, InputError
from usfasc.model import Reading, Region, Side
from usfasc.survey.manifest import Row
from usfasc.survey.outlines import NamedRegion, reading_of, region_of

BICEPS, BRACHIALIS = "biceps brachii", "brachialis"
SQUARE = [[0, 0], [40, 0], [40, 30]]


def region(name: str, muscle: str | None = None) -> dict[str, Any]:
    return {"name": name, "muscle": muscle, "side": None, "polygon": SQUARE, "origin": "drawn"}


FILES: dict[str, Any] = {
    "two.json": [region("upper", BICEPS), region("lower", BRACHIALIS)],
    "one.json": [region("third")],
    "clash.json": [region("upper")],
    "lines.json": {"lines": [{"points": [[0, 10], [99, 12]]}, {"points": [[0, 40], [99, 44]]}]},
    "named.json": {"lines": [{"points": [[0, 10], [99, 12]]}], "muscles": ["tongue"]},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


READINGS = {
    "nothing is said": ([row()], Reading()),
    "one muscle": ([row(muscle="bic", side="left")], Reading(muscle=BICEPS, side=Side.LEFT)),
    "one muscle twice": ([row(muscle="bic"), row(muscle=BICEPS)], Reading(muscle=BICEPS)),
    "two muscles lie in their order": (
        [row(muscle=BICEPS), row(muscle=BRACHIALIS)],
        Reading(layers=(BICEPS, BRACHIALIS)),
    ),
    "whole": ([row(regions="whole", muscle="bic")], Reading(whole=True, muscle=BICEPS)),
    "depth and rate": (
        [row(depth_mm=35, frame_rate_hz=40)],
        Reading(depth_mm=35, frame_rate_hz=40),
    ),
    "named where found": ([row(regions="#deep muscle")], Reading()),
}


@pytest.mark.parametrize(("rows", "reading"), READINGS.values(), ids=READINGS.keys())
def test_rows_become_one_reading(rows: list[Row], reading: Reading, folder: Path) -> None:
    assert reading_of(rows, folder) == replace(reading, header=False)


def test_regions_of_all_files_are_drawn(folder: Path) -> None:
    rows = [row(regions="two.json#upper"), row(regions="two.json"), row(regions="one.json")]
    assert [one.name for one in reading_of(rows, folder).regions] == ["upper", "lower", "third"]
    assert all(isinstance(one, Region) for one in reading_of(rows, folder).regions)


def test_lines_take_the_rows_muscles_where_they_name_none(folder: Path) -> None:
    rows = [row(regions="lines.json", muscle=m, side="left") for m in (BICEPS, BRACHIALIS)]
    reading = reading_of(rows, folder)
    assert (len(reading.lines), reading.layers, reading.side) == (2, (BICEPS, BRACHIALIS), "left")
    unnamed = reading_of([row(regions="lines.json")], folder)
    assert (len(unnamed.lines), unnamed.layers) == (2, ())
    assert reading_of([row(regions="named.json", muscle=BICEPS)], folder).layers == ("tongue",)


CONTRADICTIONS = {
    "subjects": [row(), Row(clip="clips/1.dcm", subject="S002", session="1")],
    "sessions": [row(), Row(clip="clips/1.dcm", subject="S001", session="2")],
    "depths": [row(depth_mm=30), row(depth_mm=40)],
    "frame rates": [row(frame_rate_hz=30), row()],
    "kinds": [row(regions="whole"), row(regions="two.json")],
    "several muscles": [row(regions="whole", muscle=m) for m in (BICEPS, BRACHIALIS)],
    "a name": [row(muscle=BICEPS), row()],
    "both sides": [row(muscle=BICEPS, side=side) for side in ("left", "right")],
    "one file": [row(regions="lines.json"), row(regions="named.json")],
}


@pytest.mark.parametrize(("word", "rows"), CONTRADICTIONS.items(), ids=CONTRADICTIONS.keys())
def test_contradictions_are_refused(word: str, rows: list[Row], folder: Path) -> None:
    with pytest.raises(InputError) as raised:
        reading_of(rows, folder)
    assert raised.value.code is Code.CONTRADICTION
    assert word in raised.value.sentence


BAD_FILES = {
    "missing.json": Code.NOT_FOUND,
    "survey.csv": Code.BAD_REGIONS,
}


@pytest.mark.parametrize(("file", "code"), BAD_FILES.items())
def test_a_region_file_that_cannot_be_used(file: str, code: Code, folder: Path) -> None:
    (folder / "survey.csv").write_text("clip\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        reading_of([row(regions=file)], folder)
    assert raised.value.code is code


def test_one_name_for_two_regions_is_refused(folder: Path) -> None:
    with pytest.raises(InputError) as raised:
        reading_of([row(regions="two.json#upper"), row(regions="clash.json")], folder)
    assert raised.value.code is Code.BAD_REGIONS


def found(*regions: tuple[str, str | None]) -> list[NamedRegion]:
    return [NamedRegion(name=name, muscle=muscle, side=None) for name, muscle in regions]


LAYERS = found((BICEPS, BICEPS), (BRACHIALIS, BRACHIALIS))
PLACES = found(("superficial muscle", None), ("deep muscle", None))
TONGUE = found(("tongue", "tongue"))
DUAL = found(("tongue, left picture", "tongue"), ("tongue, right picture", "tongue"))
REGIONS = {
    "nothing is said": (row(), PLACES, False, "*"),
    "the whole image is the muscle": (row(muscle="tongue"), TONGUE, False, "tongue"),
    "both pictures are the muscle": (row(muscle="tongue"), DUAL, False, "*"),
    "a layer": (row(muscle="brachialis"), LAYERS, True, BRACHIALIS),
    "by its name": (row(regions="#deep muscle", muscle="brachialis"), PLACES, True, "deep muscle"),
    "by its muscle": (row(regions="two.json", muscle="bic"), LAYERS, False, BICEPS),
    "the only one": (row(regions="one.json", muscle="bic"), found(("third", None)), False, "third"),
}


@pytest.mark.parametrize(("of", "regions", "shared", "name"), REGIONS.values(), ids=REGIONS.keys())
def test_region_of_a_row(of: Row, regions: list[NamedRegion], shared: bool, name: str) -> None:
    assert region_of(of, regions, shared) == name


NO_REGIONS = {
    "no such name": (row(regions="#third"), PLACES, False),
    "layers were not told apart": (row(muscle=BICEPS), found(("whole image", None)), True),
    "which of two": (row(regions="two.json"), LAYERS, False),
    "both pictures have it": (row(muscle="tongue"), DUAL, True),
}


@pytest.mark.parametrize(("of", "regions", "shared"), NO_REGIONS.values(), ids=NO_REGIONS.keys())
def test_a_region_that_is_not_there(of: Row, regions: list[NamedRegion], shared: bool) -> None:
    with pytest.raises(InputError) as raised:
        region_of(of, regions, shared)
    assert raised.value.code is Code.NO_REGION
