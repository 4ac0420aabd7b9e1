"""Whether the files of a result are as they were written: its JSON, and the table beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Final

from usfasc.io.bounded import read_bounded
from usfasc.io.discover import RESULT_SUFFIX
from usfasc.io.event_table import events_bytes
from usfasc.io.results import MAX_RESULT_BYTES, result_paths
from usfasc.io.seal import State, seal_state
from usfasc.model import Result

_MAX_TABLE_BYTES: Final = 64 * 2**20


def file_state(path: Path) -> State:
    """Whether a result's bytes are those that were written.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    return seal_state(read_bounded(path, MAX_RESULT_BYTES))


def table_faults(path: Path, result: Result) -> tuple[str, ...]:
    """What the event table beside a result says otherwise, as ``row 3, onset_s``.

    Columns that an older usfasc did not write are passed over.

    Parameters
    ----------
    path
        Of the result.
    result
        What it says.

    Raises
    ------
    InputError
        The table is missing, or cannot be read.
    """
    _, table = result_paths(path.parent, path.name.removesuffix(RESULT_SUFFIX))
    found, expected = read_bounded(table, _MAX_TABLE_BYTES), events_bytes(result.events)
    if found == expected:
        return ()
    wanted = _rows(expected)
    try:
        rows = _rows(found)
    except (UnicodeDecodeError, csv.Error):
        return ("it is not UTF-8 CSV",)
    header = rows[0] if rows else []
    older = header == wanted[0][: len(header)] and len(header) < len(wanted[0])
    faults = tuple(_unlike(rows, wanted, len(header) if older else None))
    return faults if faults or older else ("its bytes",)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def _unlike(
    rows: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]], columns: int | None
) -> Iterator[str]:
    """Places of the cells that differ, among the first columns; rows count below the header."""
    for number, (row, expected) in enumerate(zip_longest(rows, wanted, fillvalue=())):
        if not row or not expected:
            yield f"row {number} is {'missing' if expected else 'too many'}"
            continue
        names = zip_longest(wanted[0][:columns], row, expected[:columns], fillvalue="")
        for name, cell, right in names:
            if cell != right:
                yield f"row {number}, {name}" if number else f"column {name}"
