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
_QUOTED: Final = re.compile(r'["\r\n]')
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_EMPTY: Final = ",; \t\r\n"
"""All that empty rows are made of."""
_TELLS_SEPARATOR: Final = re.compile(r"\Asep=([,;\t])(?:\r\n|\r|\n)", re.IGNORECASE)
"""A first line that is for Excel alone."""
_SEPARATORS: Final = ",;\t"


def guarded(text: str) -> str:
    """A text cell that no spreadsheet runs."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text[1:]) else text


def table_bytes(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as CSV: commas, LF, UTF-8, quotes where they are needed."""
    return "".join(f"{_line(row, ',')}\n" for row in rows).encode()


def _line(row: Sequence[str], separator: str) -> str:
    return separator.join(_quoted(cell, separator) for cell in row)


def _quoted(cell: str, separator: str) -> str:
    # Python 3.11's csv writer leaves a lone carriage return unquoted, which breaks the row.
    wanted = separator in cell or _QUOTED.search(cell)
    return '"' + cell.replace('"', '""') + '"' if wanted else cell


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
    text, _ = _decoded(read_bounded(path, limit_bytes), code)
    separator = _separator(text)
    table = io.StringIO(_TELLS_SEPARATOR.sub("", text, count=1), newline="")
    try:
        return list(csv.reader(table, delimiter=separator, strict=True))
    except csv.Error:
        raise InputError(code, "The file is not a table of comma-separated values.") from None


def extended(data: bytes, rows: Iterable[Sequence[str]], code: Code) -> bytes:
    """A spreadsheet's file with rows below its own, saved as the file is: see `read_spreadsheet`.

    Letters, separator and line ends are the file's; what stands in it stays as it was
    typed, but for empty rows at its end. Where its letters have no sign for a new cell,
    all of it is UTF-8.

    Parameters
    ----------
    data
        What is in the file.
    rows
        Cells of the new rows, in the order of its columns.
    code
        Of the error, where it is not text.

    Raises
    ------
    InputError
        The given code.
    """
    text, encoding = _decoded(data, code)
    found = _LINE_END.search(text)
    end = found[0] if found else "\n"
    new = "".join(f"{_line(row, _separator(text))}{end}" for row in rows)
    whole = f"{_less_empty_rows(text)}{end}{new}"
    try:
        return whole.encode(encoding)
    except UnicodeEncodeError:
        return whole.encode("utf-8-sig")


def _less_empty_rows(text: str) -> str:
    """A table without its last line end, and without empty rows at its end."""
    last = _LINE_END.search(text, len(text.rstrip(_EMPTY)))
    return text[: last.start()] if last else text


def _separator(text: str) -> str:
    if told := _TELLS_SEPARATOR.match(text):
        return told[1]
    return max(_SEPARATORS, key=text.split("\n", 1)[0].count)


def _decoded(data: bytes, code: Code) -> tuple[str, str]:
    """The text of a file, and the encoding that would save it again."""
    # Excel's plain "CSV" is in Windows' own letters, which differ from UTF-8 beyond ASCII.
    encodings: tuple[str, ...] = ("utf-8", "cp1252")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    elif data.startswith(codecs.BOM_UTF8):
        encodings = ("utf-8-sig",)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, "ascii" if text.isascii() and encoding == "utf-8" else encoding
    raise InputError(code, "The file is not text.")
