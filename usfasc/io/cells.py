"""Cells of a table as spreadsheets read and write them.

Text that a spreadsheet would run as a formula is guarded by an apostrophe, which
reading takes off again. What a person saved from a spreadsheet is read whatever its
separator, byte order mark or line ends.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.bounded import read_bounded

# What a spreadsheet takes for a formula, plain and full-width, and the guard itself.
_GUARDED: Final = re.compile(r"[=+\-@\t\r\n'\uff1d\uff0b\uff0d\uff20]")
_QUOTED: Final = re.compile(r'[,"\r\n]')
_SEPARATORS: Final = ",;\t"


def guarded(text: str) -> str:
    """A text cell that no spreadsheet runs."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text[1:]) else text


def table_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: commas, LF, UTF-8, quotes where they are needed."""
    return "".join(f"{','.join(map(_quoted, row))}\n" for row in rows).encode()


def _quoted(cell: str) -> str:
    # Python 3.11's csv writer leaves a lone carriage return unquoted, which breaks the row.
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def read_spreadsheet(path: Path, limit_bytes: int, code: Code) -> list[list[str]]:
    """Rows of a CSV file as spreadsheets save them.

    Parameters
    ----------
    path
        The file: UTF-8, UTF-16 with its mark, or else Windows' western letters; parted
        by commas, semicolons or tabs, whichever its first line has most of.
    limit_bytes
        The largest file that is read.
    code
        Of the error, where it is no such table.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, or the given code.
    """
    text = _decoded(read_bounded(path, limit_bytes), code)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        raise InputError(code, "The file is not a table of comma-separated values.") from None


def _decoded(data: bytes, code: Code) -> str:
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    # Excel's plain "CSV" is in Windows' own letters, which differ from UTF-8 beyond ASCII.
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(code, "The file is not text.")
