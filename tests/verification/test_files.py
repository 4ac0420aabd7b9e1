"""Bytes as they were written: the digest of a result, and the cells of its table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.errors import Code, InputError
from usfasc.io.cells import table_bytes
from usfasc.io.event_table import FIRST_COLUMNS
from usfasc.io.results import read_result, result_bytes, result_paths, write_result
from usfasc.io.seal import seal_state, sealed
from usfasc.verification.files import table_faults
from usfasc.verification.nearness import is_near

EVENTS = (make_event(1, 0.5, reason="a, b"), make_event(2, 1.0))


@pytest.mark.parametrize("body", [b"{\n}\n", b'{\n "a": 1\n}\n', result_bytes(make_result(EVENTS))])
def test_what_was_sealed_is_whole_until_a_byte_changes(body: bytes) -> None:
    data = sealed(body)
    assert seal_state(data) == "whole"
    for at in range(0, len(data), max(1, len(data) // 100)):
        changed = data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]
        assert seal_state(changed) != "whole"


@pytest.mark.parametrize("data", [b"", b"{\n}\n", b'{\n "digests": 1\n}\n', b"\xff" * 300])
def test_what_was_not_sealed_has_no_digest(data: bytes) -> None:
    assert seal_state(data) in ("none", "damaged")
    assert seal_state(data) == ("damaged" if b"digest" in data else "none")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    write_result(make_result(EVENTS), tmp_path, "a")
    return result_paths(tmp_path, "a")[1]


def faults(table: Path) -> tuple[str, ...]:
    path = table.with_name("a.usfasc.json")
    return table_faults(path, read_result(path))


CHANGED = {
    "a cell": (b"0.5000", b"0.6000", ("row 1, onset_s",)),
    "a kind": (b"fasciculation", b"unsure", ("row 1, kind",)),
    "a name": (b"onset_s", b"onset_x", ("column onset_s",)),
    "a byte that is no text": (b"0.5000", b"\xff", ("it is not UTF-8 CSV",)),
    "an end of line": (b"\n", b"\r\n", ("its bytes",)),
}


@pytest.mark.parametrize(("old", "new", "said"), CHANGED.values(), ids=CHANGED.keys())
def test_a_changed_table_is_told(
    table: Path, old: bytes, new: bytes, said: tuple[str, ...]
) -> None:
    assert faults(table) == ()
    data = table.read_bytes()
    at = data.index(old)
    table.write_bytes(data[:at] + new + data[at + len(old) :])
    assert faults(table)[:1] == said


def test_rows_that_are_missing_or_too_many_are_told(table: Path) -> None:
    lines = table.read_bytes().splitlines(keepends=True)
    table.write_bytes(b"".join(lines[:-1]))
    assert faults(table) == ("row 2 is missing",)
    table.write_bytes(b"".join([*lines, lines[-1]]))
    assert faults(table) == ("row 3 is too many",)
    table.write_bytes(b"")
    assert faults(table)


def test_columns_that_an_older_usfasc_did_not_write_are_passed_over(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as stream:
        rows = [row[: len(FIRST_COLUMNS)] for row in csv.reader(stream)]
    table.write_bytes(table_bytes(rows))
    assert faults(table) == ()


def test_a_table_that_is_missing_is_an_error(table: Path) -> None:
    table.unlink()
    with pytest.raises(InputError) as refusal:
        faults(table)
    assert refusal.value.code is Code.NOT_FOUND


NEAR = {
    "a millisecond": ("event 1, onset_s", 1.0, 1.001, True),
    "a frame's time": ("event 1, onset_s", 1.0, 1.033, False),
    "a frame": ("event 1, peak_frame", 30, 31, True),
    "a count": ("result of biceps, count", 3, 4, False),
    "a number of sites": ("result of biceps, sites", 1, 2, False),
    "a score": ("event 1, score", 0.61, 0.6, True),
    "a course": ("event 1, course, moved_mm", [0.1, 0.2], [0.1003, 0.2], True),
    "a longer course": ("event 1, course, moved_mm", [0.1, 0.2], [0.1], False),
    "a word": ("event 1, kind", "unsure", "fasciculation", False),
    "nothing": ("event 1, x_mm", None, 1.0, False),
    "whether": ("result of biceps, saturated", True, False, False),
}


@pytest.mark.parametrize(("field", "old", "new", "near"), NEAR.values(), ids=NEAR.keys())
def test_how_far_two_processors_may_lie_apart(
    field: str, old: object, new: object, near: bool
) -> None:
    assert is_near(field, old, new) is near
