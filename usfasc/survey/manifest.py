"""``survey.csv``: which clip shows which muscle of whom; made by `guess`, edited by a person.

One row is one muscle of one clip. Rows count from 1 below the header. A cell that ends
in ``?`` is a guess that nobody has confirmed: it counts as not given until a person
takes the mark off, so that no guess is ever reported as a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, field_validator

from usfasc.errors import Code, InputError
from usfasc.io.cells import guarded, read_spreadsheet, table_bytes, unguarded
from usfasc.io.write import write_atomically
from usfasc.model import DEPTH_RANGE_MM, FRAME_RATE_RANGE_HZ, Depth, FrameRate, Side, Value
from usfasc.regions.words import side_word

GUESS: Final = "?"
MAX_BYTES: Final = 64 * 2**20
_MAX_ROWS: Final = 100_000
_NUMBERS: Final = ("depth_mm", "frame_rate_hz")
_MARK: Final = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""

Cells = Mapping[str, str]
"""Texts of one row by column, guesses with their mark."""


class Handedness(StrEnum):
    """The hand a subject writes with."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class RegionChoice(Value):
    """What a ``regions`` cell says: where in the clip the row's muscle is."""

    how: Literal["auto", "whole", "file"]
    """Found, the whole image, or drawn; ``file`` without a file: drawn for another row."""
    file: str | None = None
    """Relative to the manifest."""
    name: str | None = None
    """Of the one region that the row is of."""


class Row(Value):
    """One muscle of one clip; what is empty or only guessed is not given."""

    clip: Annotated[str, Field(min_length=1, max_length=4096)]
    """Relative to the manifest."""
    subject: Annotated[str, Field(max_length=64)] = ""
    session: Annotated[str, Field(max_length=64)] = ""
    muscle: Annotated[str, Field(max_length=100)] = ""
    side: Side | None = None
    handedness: Handedness | None = None
    regions: Annotated[str, Field(max_length=4096)] = ""
    depth_mm: Depth | None = None
    frame_rate_hz: FrameRate | None = None
    note: Annotated[str, Field(max_length=2000)] = ""

    @field_validator("clip", "subject", "session", "muscle", "regions")
    @classmethod
    def _is_printable(cls, text: str) -> str:
        if not text.isprintable():
            raise ValueError("control characters")
        return text

    @property
    def choice(self) -> RegionChoice:
        """What ``regions`` says."""
        if self.regions in ("", "auto", "whole"):
            return RegionChoice(how="whole" if self.regions == "whole" else "auto")
        file, _, name = self.regions.partition("#")
        return RegionChoice(how="file", file=file.strip() or None, name=name.strip() or None)


COLUMNS: Final = tuple(Row.model_fields)
_LABELS: Final = ("subject", "session", "muscle", "side", "handedness")
"""Columns that may hold a guess."""
_RANGES: Final = {
    "clip": "the clip's path is missing, or longer than 4096 characters",
    "subject": "a subject has at most 64 printable characters",
    "session": "a session has at most 64 printable characters",
    "muscle": "a muscle has at most 100 printable characters",
    "side": "a side is left, right or midline",
    "handedness": "handedness is left, right or both",
    "regions": "regions is auto, whole, or a file's path",
    "depth_mm": "a depth is a number from {} to {} mm".format(*DEPTH_RANGE_MM),
    "frame_rate_hz": "a frame rate is a number from {} to {} Hz".format(*FRAME_RATE_RANGE_HZ),
    "note": "a note has at most 2000 characters",
}


class Sheet(Value):
    """A manifest as it was typed: rows of texts, and what its header says beside the columns."""

    header: tuple[str, ...]
    """Names of all columns in small letters, also of those that are not used."""
    rows: tuple[dict[str, str], ...]
    missing_columns: tuple[str, ...] = ()
    unknown_columns: tuple[int, ...] = ()
    """Places, from 1, of columns that are passed over."""


class Fault(Value):
    """What is wrong with one cell."""

    column: str
    sentence: str


def is_guess(cell: str) -> bool:
    """Whether a cell holds a guess that nobody has confirmed."""
    return cell.endswith(GUESS)


def read_sheet(path: Path) -> Sheet:
    """Read a manifest's texts: any order of columns, any spreadsheet's way of saving.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, or ``BAD_MANIFEST`` where it is no
        table with a column ``clip``.
    """
    lines = read_spreadsheet(path, MAX_BYTES, Code.BAD_MANIFEST)
    while lines and not any(cell.strip() for cell in lines[-1]):
        lines.pop()
    if len(lines) > _MAX_ROWS + 1:
        raise InputError(Code.TOO_LARGE, f"The manifest has more than {_MAX_ROWS} rows.")
    header = [cell.strip().casefold() for cell in lines[0]] if lines else []
    if any(header.count(column) > 1 for column in COLUMNS) or "clip" not in header:
        raise InputError(
            Code.BAD_MANIFEST,
            f"The manifest's first line names its columns, each once: {','.join(COLUMNS)}.",
        )
    return Sheet(
        header=tuple(header),
        rows=tuple(_cells(header, line) for line in lines[1:]),
        missing_columns=tuple(column for column in COLUMNS if column not in header),
        unknown_columns=tuple(
            place for place, name in enumerate(header, 1) if name and name not in COLUMNS
        ),
    )


def _cells(header: Sequence[str], line: Sequence[str]) -> dict[str, str]:
    by_name = dict(zip(header, line, strict=False))
    return {column: unguarded(by_name.get(column, "").strip()) for column in COLUMNS}


def typed(cells: Cells) -> tuple[Row | None, tuple[Fault, ...]]:
    """A row's texts as values, or what is wrong with them."""
    try:
        return Row.model_validate(_fields(cells)), ()
    except ValidationError as error:
        columns = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
        return None, tuple(Fault(column=name, sentence=_RANGES[name]) for name in columns)


def _fields(cells: Cells) -> dict[str, Any]:
    """Fields of a row: guesses left out, sides in any language, numbers with a decimal comma."""
    given = {name: text for name, text in cells.items() if text}
    given = {n: text for n, text in given.items() if not (n in _LABELS and is_guess(text))}
    for name in ("side", "handedness"):
        if name in given:
            given[name] = side_word(given[name]) or given[name].casefold()
    for name in _NUMBERS:
        if name in given:
            given[name] = given[name].replace(",", ".")
    return given


def read_manifest(path: Path) -> tuple[Row, ...]:
    """Read a manifest whose every cell is right.

    Parameters
    ----------
    path
        The manifest.

    Returns
    -------
    tuple of Row
        The first is row 1.

    Raises
    ------
    InputError
        As `read_sheet`; ``BAD_MANIFEST`` with row and column of the first wrong cell.
    """
    rows = []
    for number, cells in enumerate(read_sheet(path).rows, start=1):
        row, faults = typed(cells)
        if row is None:
            raise InputError(
                Code.BAD_MANIFEST,
                f"Row {number} of the manifest, column {faults[0].column}: {faults[0].sentence}"
                " (usfasc survey check tells all).",
            )
        rows.append(row)
    if not rows:
        raise InputError(Code.BAD_MANIFEST, "The manifest has no rows.")
    return tuple(rows)


def write_manifest(path: Path, rows: Iterable[Row | Cells]) -> None:
    """Write a manifest; texts may carry the mark of a guess.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; an older one then still stands.
    """
    lines = [list(COLUMNS), *(_line(row) for row in rows)]
    write_atomically(path, _MARK.encode() + table_bytes(lines))


def _line(row: Row | Cells) -> list[str]:
    cells = _texts(row) if isinstance(row, Row) else row
    return [guarded(cells.get(column, "")) for column in COLUMNS]


def _texts(row: Row) -> dict[str, str]:
    values = row.model_dump(mode="json")
    texts = {name: "" if value is None else str(value) for name, value in values.items()}
    return texts | {name: f"{values[name]:g}" for name in _NUMBERS if values[name] is not None}
