"""Files of a result: contract, round trips, refusals, and what a spreadsheet must not run."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from fixtures.outcomes import LOWER, UPPER, make_event, make_result
from hypothesis import given
from hypothesis import strategies as st

from usfasc.errors import Code, InputError
from usfasc.io.event_table import FIRST_COLUMNS, UNKNOWN_FRAME, round_value
from usfasc.io.results import (
    append_run,
    read_events_csv,
    read_regions,
    read_result,
    result_bytes,
    result_digest,
    write_events_csv,
    write_regions,
    write_result,
)
from usfasc.model import DISCLAIMER, Event, Kind, Line, Result

EVENTS = (
    make_event(1, 0.5, x_mm=12.0, y_mm=9.0, area_mm2=40.0, flow_share=0.75, reason="out and back"),
    make_event(2, 1.25, kind=Kind.UNSURE, score=None, peak_displacement_mm=None, borderline=True),
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
PAYLOADS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "'=1",
    "''",
    "'",
    '"=1"',
    "a,b",
    "a\nb",
    "a\r\nb",
    '=HYPERLINK("http://x","y")',
)


def refused(path: Path, read: Any) -> InputError:
    with pytest.raises(InputError) as raised:
        read(path)
    return raised.value


# --- the event table


def test_table_has_the_contract_s_columns_first(tmp_path: Path) -> None:
    write_events_csv(tmp_path / "a.events.csv", EVENTS)
    data = (tmp_path / "a.events.csv").read_bytes()
    header, first, second = data.decode().removesuffix("\n").split("\n")
    assert header.split(",")[:15] == list(FIRST_COLUMNS)
    assert b"\r" not in data
    assert first.startswith(
        "1,,fasciculation,0.5000,0.6000,0.8000,40.00,30.00,12.0000,9.0000,40.00,0.3000,,0.0,0.9000,"
    )
    # Without a scale or a measurement the cell is empty, never 0.
    assert second.startswith("2,,unsure,1.2500,1.3500,1.5500,40.00,30.00,,,,,,0.0,,,true,")


def test_table_is_in_the_order_of_numbers(tmp_path: Path) -> None:
    write_events_csv(tmp_path / "a.csv", reversed(EVENTS))
    assert [event.event for event in read_events_csv(tmp_path / "a.csv")] == [1, 2]


def test_table_without_events_is_a_header(tmp_path: Path) -> None:
    write_events_csv(tmp_path / "a.csv", ())
    assert read_events_csv(tmp_path / "a.csv") == ()
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_cell_of_text_starts_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    names = ("region", "reason", "site", "other_region")
    write_events_csv(path, [make_event(**dict.fromkeys(names, text))])
    with path.open(encoding="utf-8", newline="") as table:
        (row,) = csv.DictReader(table)
    assert not any(row[name].startswith(FORMULA) for name in names)
    (back,) = read_events_csv(path)
    assert [getattr(back, name) for name in names] == [text] * len(names)


TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
SECONDS = st.floats(0, 1e5)
MM = st.none() | st.floats(-1e4, 1e4)


@st.composite
def some_events(draw: st.DrawFn) -> tuple[Event, ...]:
    return tuple(
        make_event(
            number,
            draw(SECONDS),
            kind=draw(st.sampled_from(Kind)),
            region=draw(TEXT),
            reason=draw(TEXT),
            other_region=draw(TEXT),
            near_line=draw(st.sampled_from([None, "skin", "fascia", "shadow"])),
            train_hz=draw(st.none() | st.floats(0, 20)),
            x_px=draw(st.floats(-10, 5000)),
            x_mm=draw(MM),
            area_mm2=draw(MM),
            score=draw(st.none() | st.floats(0, 1)),
            borderline=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 4)) + 1)
    )


def rounded(event: Event) -> Event:
    values = event.model_dump()
    numbers = {name: round_value(name, v) for name, v in values.items() if isinstance(v, float)}
    return event.model_copy(update=numbers)


@given(some_events())
def test_table_round_trip(tmp_path_factory: pytest.TempPathFactory, events: Any) -> None:
    path = tmp_path_factory.mktemp("t") / "a.csv"
    write_events_csv(path, events)
    back = read_events_csv(path)
    assert back == tuple(rounded(event) for event in events)
    before = path.read_bytes()
    write_events_csv(path, back)
    assert path.read_bytes() == before


def test_a_person_s_table_needs_only_the_first_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.truth.csv"
    rows = [",".join(FIRST_COLUMNS), "1,biceps,fasciculation,1.5,1.6,1.9,40.6,30,,,,,,,"]
    # As Excel saves it: a byte order mark, and CR LF.
    path.write_bytes("\r\n".join(["\ufeff" + rows[0], *rows[1:], ""]).encode())
    (event,) = read_events_csv(path)
    assert (event.origin, event.region, event.onset_s) == ("annotated", "biceps", 1.5)
    assert event.peak_frame == UNKNOWN_FRAME
    assert event.box_px == (41, 30, 42, 31)


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", Code.BAD_EVENTS, "does not begin with event"),
        (b"a;b;c\n1;2;3\n", Code.BAD_EVENTS, "does not begin with event"),
        (b"\xff\xfe\x00", Code.BAD_EVENTS, "not UTF-8"),
        ((",".join(FIRST_COLUMNS) + "\n1,2\n").encode(), Code.BAD_EVENTS, "Row 2"),
        (
            (",".join(FIRST_COLUMNS) + "\n1,,spasm,1,1,1,1,1,,,,,,,\n").encode(),
            Code.BAD_EVENTS,
            "Row 2",
        ),
        (
            (",".join(FIRST_COLUMNS) + "\n1,,unsure,nan,1,1,1,1,,,,,,,\n").encode(),
            Code.BAD_EVENTS,
            "Row 2",
        ),
        (
            (",".join(FIRST_COLUMNS) + "\n1,,unsure,1,1,1,,1,,,,,,,\n").encode(),
            Code.BAD_EVENTS,
            "Row 2",
        ),
    ],
)
def test_bad_tables_are_refused(tmp_path: Path, data: bytes, code: Code, words: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    error = refused(path, read_events_csv)
    assert error.code is code
    assert words in error.sentence


# --- the result


def test_result_round_trip_and_same_bytes(tmp_path: Path) -> None:
    result = make_result(EVENTS)
    json_path, csv_path = write_result(result, tmp_path, "1.2.840.5")
    assert (json_path.name, csv_path.name) == ("1.2.840.5.usfasc.json", "1.2.840.5.events.csv")
    back = read_result(json_path)
    assert result_bytes(back) == json_path.read_bytes() == result_bytes(result)
    assert back.events == read_events_csv(csv_path)


def test_result_file_has_the_contract_s_keys(tmp_path: Path) -> None:
    path, _ = write_result(make_result(EVENTS), tmp_path, "a")
    data = json.loads(path.read_bytes())
    assert list(data) == [
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
        "sites",
        "coincidences",
        "lines",
        "vessels",
        "review",
        "pictures",
        "given",
        "shown",
        "digest",
    ]
    assert data["disclaimer"] == DISCLAIMER
    assert [row["region"] for row in data["summaries"]] == [UPPER.name, LOWER.name, "*"]
    assert data["regions"][0]["polygon"][0] == [10.0, 8.0]


def test_a_digest_is_of_what_a_result_says(tmp_path: Path) -> None:
    result = make_result(EVENTS)
    path, _ = write_result(result, tmp_path, "a")
    data = json.loads(path.read_bytes())
    for name in ("review", "pictures", "vessels"):
        del data[name]
    path.write_text(json.dumps(data))
    assert result_digest(read_result(path)) == result_digest(result)
    other = result.model_copy(update={"warnings": ("dim",)})
    assert result_digest(other) != result_digest(result)


def test_numbers_are_rounded_alike_in_both_files(tmp_path: Path) -> None:
    event = make_event(onset_s=1.23456789, x_px=40.123456, score=0.123456, direction_deg=-0.04)
    json_path, csv_path = write_result(make_result([event]), tmp_path, "a")
    (row,) = json.loads(json_path.read_bytes())["events"]
    assert (row["onset_s"], row["x_px"], row["score"]) == (1.2346, 40.12, 0.1235)
    assert str(row["direction_deg"]) == "0.0"
    (back,) = read_events_csv(csv_path)
    assert back.onset_s == row["onset_s"]


def test_lines_are_rounded_like_polygons() -> None:
    line = Line(points=((1.23456, 2.0), (70.98765, 3.14159)), confidence=0.123456)
    data = json.loads(result_bytes(make_result().model_copy(update={"lines": (line,)})))
    assert data["lines"][0]["points"] == [[1.23, 2.0], [70.99, 3.14]]
    assert data["lines"][0]["confidence"] == 0.1235


def test_no_number_that_is_none_gets_into_a_result() -> None:
    with pytest.raises(ValueError, match="finite"):
        make_event(x_mm=float("nan"))


def changed(**more: Any) -> bytes:
    return json.dumps(json.loads(result_bytes(make_result(EVENTS))) | more).encode()


BROKEN = {
    "nothing": (b"", Code.BAD_RESULT),
    "not JSON": (b"{", Code.BAD_RESULT),
    "not UTF-8": (b"\xff\xfe", Code.BAD_RESULT),
    "array": (b"[]", Code.BAD_RESULT),
    "deep": (b"[" * 100_000, Code.BAD_RESULT),
    "NaN": (changed(schema_version=1).replace(b"1.25", b"NaN"), Code.BAD_RESULT),
    "no version": (b"{}", Code.BAD_RESULT),
    "version of no kind": (changed(schema_version=True), Code.BAD_RESULT),
    "version 0": (changed(schema_version=0), Code.BAD_RESULT),
    "newer": (changed(schema_version=2, more="DOE^JANE"), Code.NEWER_SCHEMA),
    "unknown key": (changed(**{"DOE^JANE": 1}), Code.BAD_RESULT),
    "events of no kind": (changed(events=[{"DOE^JANE": "x"}]), Code.BAD_RESULT),
}


@pytest.mark.parametrize(("data", "code"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_results_are_refused(tmp_path: Path, data: bytes, code: Code) -> None:
    path = tmp_path / "a.usfasc.json"
    path.write_bytes(data)
    error = refused(path, read_result)
    assert error.code is code
    assert "DOE" not in error.sentence
    assert error.__context__ is None or error.__suppress_context__


def test_missing_and_unreadable_files_are_told(tmp_path: Path) -> None:
    for read in (read_result, read_regions, read_events_csv):
        assert refused(tmp_path / "none", read).code is Code.NOT_FOUND
        assert refused(tmp_path, read).code is Code.UNREADABLE


def test_a_table_of_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(64 * 2**20 + 1)
    assert refused(path, read_events_csv).code is Code.TOO_LARGE


# --- region files


def test_regions_from_an_array_and_from_any_result(tmp_path: Path) -> None:
    (tmp_path / "regions.json").write_text(
        json.dumps([{"name": "biceps", "side": "left", "polygon": [[0, 0], [50, 0], [50, 50]]}]),
        encoding="utf-8",
    )
    (region,) = read_regions(tmp_path / "regions.json")
    assert (region.name, region.side, region.origin) == ("biceps", "left", "drawn")
    path, _ = write_result(make_result(), tmp_path, "a")
    assert read_regions(path) == (UPPER, LOWER)


def test_regions_are_written_as_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.regions.json"
    write_regions(path, (UPPER, LOWER))
    assert read_regions(path) == (UPPER, LOWER)


BAD_REGIONS = {
    "not JSON": (b"biceps", Code.BAD_REGIONS, "JSON"),
    "none": (b"[]", Code.BAD_REGIONS, "1 to 256"),
    "too many": (b"[" + b"{}," * 256 + b"{}]", Code.BAD_REGIONS, "1 to 256"),
    "a word": (b'"biceps"', Code.BAD_REGIONS, "1 to 256"),
    "no polygon": (b'[{"name": "a"}]', Code.BAD_REGIONS, "Region 1 of the file is not valid"),
    "two corners": (
        b'[{"name": "a", "polygon": [[0,0],[1,1],[1,0]]}, {"name": "b", "polygon": [[0,0],[1,1]]}]',
        Code.BAD_REGIONS,
        "Region 2 of the file is not valid: polygon",
    ),
    "infinite": (b'[{"name": "a", "polygon": [[0,0],[1e999,1],[1,0]]}]', Code.BAD_REGIONS, ""),
    "side": (
        b'[{"name": "a", "side": "upper", "polygon": [[0,0],[1,1],[1,0]]}]',
        Code.BAD_REGIONS,
        "side",
    ),
    "unknown key": (
        b'[{"name": "a", "DOE^JANE": 1, "polygon": [[0,0],[1,1],[1,0]]}]',
        Code.BAD_REGIONS,
        "Region 1 of the file is not valid.",
    ),
    "newer result": (b'{"schema_version": 2, "regions": []}', Code.NEWER_SCHEMA, "newer"),
    "no result": (b'{"regions": []}', Code.BAD_RESULT, "schema version"),
}


@pytest.mark.parametrize(("data", "code", "words"), BAD_REGIONS.values(), ids=BAD_REGIONS.keys())
def test_bad_region_files_are_refused(tmp_path: Path, data: bytes, code: Code, words: str) -> None:
    path = tmp_path / "regions.json"
    path.write_bytes(data)
    error = refused(path, read_regions)
    assert error.code is code
    assert words in error.sentence
    assert "DOE" not in error.sentence


# --- the journal of runs


def test_run_journal(tmp_path: Path) -> None:
    started = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    append_run(tmp_path, "a", started=started, duration_s=1.23456)
    append_run(tmp_path, "b", started=started, duration_s=0.1, code=Code.CORRUPT)
    first, second = (json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines())
    assert first["started_utc"] == "2026-01-02T02:04:05+00:00"
    assert (first["clip"], first["duration_s"], first["outcome"]) == ("a", 1.235, "ok")
    assert second["outcome"] == "CORRUPT"
    assert "numpy" in first["libraries"]


def test_the_schema_version_is_the_model_s() -> None:
    assert Result.model_fields["schema_version"].default == 1
