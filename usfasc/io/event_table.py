"""The event table, `<stem>.events.csv` and `<stem>.truth.csv`: one row an event.

The first columns are a contract and never change; more may follow them. UTF-8,
LF, '.' decimals.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from math import floor
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from usfasc.errors import Code, InputError
from usfasc.io.bounded import read_bounded
from usfasc.io.cells import guarded, table_bytes, unguarded
from usfasc.io.write import write_atomically
from usfasc.model import Box, Event

FIRST_COLUMNS: Final = (
    "event",
    "region",
    "kind",
    "onset_s",
    "peak_s",
    "offset_s",
    "x_px",
    "y_px",
    "x_mm",
    "y_mm",
    "area_mm2",
    "peak_displacement_mm",
    "peak_velocity_mm_s",
    "direction_deg",
    "score",
)
_BOX_COLUMNS = ("box_x0_px", "box_y0_px", "box_x1_px", "box_y1_px")
_FRAME_COLUMNS = ("start_frame", "peak_frame", "stop_frame")
_MORE_COLUMNS = (
    "flow_share",
    "borderline",
    "reason",
    "origin",
    *_FRAME_COLUMNS,
    *_BOX_COLUMNS,
    "site",
    "other_region",
    "contraction_s",
    "relaxation_s",
    "total_s",
    "contraction_error_s",
    "relaxation_error_s",
    "peak_displacement_error_mm",
    "directional_anisotropy",
    "onset_spread_s",
    "train_hz",
    "peak_velocity_error_mm_s",
    "total_error_s",
    "directional_anisotropy_error",
    "onset_spread_error_s",
    "near_line",
    "area_error_mm2",
    "direction_error_deg",
)
_TEXTS = ("region", "reason", "site", "other_region")
"""Cells that hold anything a person wrote."""
UNKNOWN_FRAME: Final = -1
"""Frame of an annotation whose table gives times only."""

_DECIMALS = {"s": 4, "px": 2, "mm": 4, "mm2": 2, "mm2_min": 6, "mm_s": 3, "deg": 1}
_UNIT = re.compile(r"_(mm_s|mm2_min|mm2|mm|px|deg|s)$")
_MAX_BYTES = 64 * 2**20


def round_value(name: str, value: float) -> float:
    """Round a number as every file does, by the unit in its name; -0 becomes 0."""
    unit = _UNIT.search(name)
    return round(value, _DECIMALS[unit[1]] if unit else 4) + 0.0


def write_events_csv(path: Path, events: Iterable[Event]) -> None:
    """Write an event table in the order of the events' numbers.

    Parameters
    ----------
    path
        ``<stem>.events.csv`` or ``<stem>.truth.csv``.
    events
        Events of every kind; quantities that are None become empty cells.

    Raises
    ------
    OutputError
        The table cannot be written; the old one still stands.
    """
    write_atomically(path, events_bytes(events))


def events_bytes(events: Iterable[Event]) -> bytes:
    """The one CSV form of an event table, in the order of the events' numbers."""
    columns = (*FIRST_COLUMNS, *_MORE_COLUMNS)
    rows = [list(columns)]
    for event in sorted(events, key=lambda event: event.event):
        cells = _cells(event)
        rows.append([cells[column] for column in columns])
    return table_bytes(rows)


def read_events_csv(path: Path) -> tuple[Event, ...]:
    """Read an event table, also one that a person wrote with the first columns only.

    Parameters
    ----------
    path
        The table. Columns after the contract's may be absent: frames are then
        `UNKNOWN_FRAME`, the box is the pixel at the event's place, and the origin
        is ``annotated``. Columns of other names are passed over.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE`` or ``BAD_EVENTS``.
    """
    try:
        text = read_bounded(path, _MAX_BYTES).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise InputError(Code.BAD_EVENTS, "The event table is not UTF-8 CSV.") from None
    if not rows or tuple(rows[0][: len(FIRST_COLUMNS)]) != FIRST_COLUMNS:
        raise InputError(
            Code.BAD_EVENTS, f"The event table does not begin with {', '.join(FIRST_COLUMNS)}."
        )
    return tuple(_event(number, rows[0], row) for number, row in enumerate(rows[1:], start=2))


def _cells(event: Event) -> dict[str, str]:
    values = event.model_dump(mode="json", exclude={"course"})
    values.update(zip(_BOX_COLUMNS, values.pop("box_px"), strict=True))
    return {name: _cell(name, value) for name, value in values.items()}


def _cell(name: str, value: str | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        unit = _UNIT.search(name)
        return f"{round_value(name, value):.{_DECIMALS[unit[1]] if unit else 4}f}"
    return guarded(value) if isinstance(value, str) else str(value)


def _event(number: int, header: list[str], row: list[str]) -> Event:
    try:
        return Event.model_validate(_fields(dict(zip(header, row, strict=True))))
    except (ValidationError, ValueError, KeyError):
        raise InputError(
            Code.BAD_EVENTS, f"Row {number} of the event table is not a valid event."
        ) from None


def _fields(cells: Mapping[str, str]) -> dict[str, Any]:
    known = {name: cells[name] for name in (*FIRST_COLUMNS, *_MORE_COLUMNS) if cells.get(name)}
    fields: dict[str, Any] = {name: known[name] for name in known if name not in _BOX_COLUMNS}
    fields |= {name: unguarded(known[name]) for name in _TEXTS if name in known}
    for name in _FRAME_COLUMNS:
        fields.setdefault(name, UNKNOWN_FRAME)
    fields.setdefault("origin", "annotated")
    fields["box_px"] = _box(known)
    return fields


def _box(known: Mapping[str, str]) -> tuple[int, ...]:
    if all(column in known for column in _BOX_COLUMNS):
        return tuple(int(known[column]) for column in _BOX_COLUMNS)
    return pixel_box(float(known["x_px"]), float(known["y_px"]))


def pixel_box(x_px: float, y_px: float) -> Box:
    """The pixel at an event's place: the box of one that a person marked."""
    x, y = floor(x_px + 0.5), floor(y_px + 0.5)
    return x, y, x + 1, y + 1
