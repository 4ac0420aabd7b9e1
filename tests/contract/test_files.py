"""The files others build on: names, keys and columns never change within a schema version."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from usfasc.model import DISCLAIMER

RESULT_KEYS = [
    "schema_version",
    "disclaimer",
    "source",
    "engine",
    "parameters",
    "parameters_digest",
    "regions",
    "events",
    "assessable",
    "summaries",
    "warnings",
]
SUMMARY_KEYS = [
    "region",
    "count",
    "assessable_s",
    "rate_per_min",
    "rate_low",
    "rate_high",
    "status",
]
FIRST_COLUMNS = (
    "event,region,kind,onset_s,peak_s,offset_s,x_px,y_px,x_mm,y_mm,area_mm2,"
    "peak_displacement_mm,peak_velocity_mm_s,direction_deg,score"
)
KINDS = {
    "fasciculation",
    "train",
    "pulsation",
    "contraction",
    "tremor",
    "breathing",
    "swallowing",
    "probe_motion",
    "artefact",
    "unsure",
}


@pytest.fixture(scope="module")
def result(analysed: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((analysed / "two_muscles.usfasc.json").read_bytes())
    return loaded


@pytest.fixture(scope="module")
def rows(analysed: Path) -> list[dict[str, str]]:
    with (analysed / "two_muscles.events.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_result_keys(result: dict[str, Any]) -> None:
    assert list(result)[: len(RESULT_KEYS)] == RESULT_KEYS
    assert result["schema_version"] == 1
    assert result["disclaimer"] == DISCLAIMER


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("summaries", SUMMARY_KEYS),
        ("assessable", ["region", "start_s", "stop_s", "reason"]),
        ("regions", ["name", "muscle", "side", "polygon", "origin"]),
    ],
)
def test_part_keys(result: dict[str, Any], part: str, keys: list[str]) -> None:
    assert result[part]
    assert all(list(entry)[: len(keys)] == keys for entry in result[part])


def test_one_summary_a_region_and_one_for_the_whole_image(result: dict[str, Any]) -> None:
    names = [region["name"] for region in result["regions"]]
    assert sorted(s["region"] for s in result["summaries"]) == sorted(["*", *names])


def test_first_columns(rows: list[dict[str, str]]) -> None:
    assert ",".join(rows[0]).startswith(FIRST_COLUMNS)


def test_truth_has_the_same_columns(sample_videos: Path) -> None:
    for truth in sample_videos.glob("*.truth.csv"):
        assert truth.read_text(encoding="utf-8").startswith(FIRST_COLUMNS), truth.name


def test_events_are_numbered_in_onset_order(rows: list[dict[str, str]]) -> None:
    assert [int(row["event"]) for row in rows] == list(range(1, len(rows) + 1))
    onsets = [float(row["onset_s"]) for row in rows]
    assert onsets == sorted(onsets)


def test_every_event_has_a_place_and_a_known_kind(rows: list[dict[str, str]]) -> None:
    assert {row["kind"] for row in rows} <= KINDS
    assert all(row["x_px"] and row["y_px"] for row in rows)


def test_counted_rows_are_the_whole_image_total(
    rows: list[dict[str, str]], result: dict[str, Any]
) -> None:
    (total,) = (s["count"] for s in result["summaries"] if s["region"] == "*")
    assert total == sum(row["kind"] == "fasciculation" for row in rows)
    assert total >= 2  # the sample twitches in both muscles


def test_text_files_are_plain(analysed: Path) -> None:
    for name in ("two_muscles.usfasc.json", "two_muscles.events.csv"):
        written = (analysed / name).read_bytes()
        assert b"\r" not in written
        assert written.endswith(b"\n")
        written.decode("utf-8")


def test_one_run_writes_these_files_and_no_other(analysed: Path) -> None:
    assert sorted(path.name for path in analysed.iterdir()) == [
        "run.jsonl",
        "two_muscles.events.csv",
        "two_muscles.overview.png",
        "two_muscles.usfasc.json",
    ]


def test_result_says_nothing_of_this_machine(analysed: Path, checkout: Path) -> None:
    for name in ("two_muscles.usfasc.json", "two_muscles.events.csv"):
        written = (analysed / name).read_text(encoding="utf-8")
        for trace in (str(analysed), str(checkout), str(Path.home())):
            assert trace not in written
