"""Cells of tables, as spreadsheets read and write them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.errors import Code, InputError
from usfasc.io.cells import guarded, read_spreadsheet, table_bytes, unguarded

ROWS = [["clip", "note"], ["a.dcm", 'größer; als, "vorher"'], ["b.dcm", "line\nbreak"]]
AS_SAVED = {
    "ours": table_bytes(ROWS),
    "with a mark": b"\xef\xbb\xbf" + table_bytes(ROWS),
    "CRLF": table_bytes(ROWS).replace(b"\n", b"\r\n").replace(b"line\r\n", b"line\n"),
    "semicolons": (
        'clip;note\r\na.dcm;"größer; als, ""vorher"""\r\nb.dcm;"line\nbreak"\r\n'.encode()
    ),
    "tabs in UTF-16": 'clip\tnote\na.dcm\t"größer; als, ""vorher"""\nb.dcm\t"line\nbreak"\n'.encode(
        "utf-16"
    ),
    "western Windows": table_bytes(ROWS).decode().encode("cp1252"),
}


@pytest.mark.parametrize("name", AS_SAVED)
def test_a_table_is_read_however_it_was_saved(tmp_path: Path, name: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(AS_SAVED[name])
    assert read_spreadsheet(path, 10_000, Code.BAD_MANIFEST) == ROWS


@pytest.mark.parametrize("data", [b"\x81\x8d\0\xff", b'clip\n"open', b"\xff\xfe\x00\xd8x"])
def test_what_is_no_table_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(data)
    with pytest.raises(InputError) as refused:
        read_spreadsheet(path, 10_000, Code.BAD_MANIFEST)
    assert refused.value.code is Code.BAD_MANIFEST


@given(st.text(max_size=20))
def test_no_text_is_run_and_none_is_changed(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＠"))


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_cells_come_back_as_they_were(rows: list[list[str]]) -> None:
    text = table_bytes(rows).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
