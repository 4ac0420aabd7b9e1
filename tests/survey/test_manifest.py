"""The manifest: whatever a spreadsheet makes of it is read, what is wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.errors import Code, InputError
from usfasc.model import Side
from usfasc.survey.manifest import (
    COLUMNS,
    Handedness,
    Row,
    read_manifest,
    read_sheet,
    write_manifest,
)

FULL = Row(
    clip="a/b.dcm",
    subject="S001",
    session="1",
    muscle="biceps brachii",
    side=Side.LEFT,
    handedness=Handedness.RIGHT,
    regions="drawn.json#upper",
    depth_mm=40.5,
    frame_rate_hz=30,
    note='=HYPERLINK("x")\nand more',
)


def test_columns_are_the_contract_s() -> None:
    assert ",".join(COLUMNS) == (
        "clip,subject,session,muscle,side,handedness,regions,depth_mm,frame_rate_hz,note"
    )


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    write_manifest(path, [FULL, Row(clip="-c.mp4")])
    assert read_manifest(path) == (FULL, Row(clip="-c.mp4"))
    text = path.read_bytes().decode("utf-8-sig")
    assert "'-c.mp4" in text and "\"'=HYPERLINK" in text


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=20)


@given(TEXT.filter(bool), TEXT)
def test_any_row_comes_back(tmp_path_factory: pytest.TempPathFactory, clip: str, note: str) -> None:
    path = tmp_path_factory.mktemp("any") / "survey.csv"
    row = Row(clip=clip, note=note)
    write_manifest(path, [row])
    assert read_manifest(path) == (row,)


SAVED = {
    "other order, semicolons, decimal comma, empty rows": (
        b"\xef\xbb\xbfSide;Clip;Depth_mm;;\r\nLeft;a.dcm;40,5;;\r\n;;;;\r\n;;;;\r\n",
        Row(clip="a.dcm", side=Side.LEFT, depth_mm=40.5),
    ),
    "guesses are not given": (
        b"clip,subject,session,muscle,side,handedness\na.dcm,S001?,1?,tongue?,left?,left?\n",
        Row(clip="a.dcm"),
    ),
    "a clip or a note may end in a question": (
        b"clip,note\nwhich?,sure?\n",
        Row(clip="which?", note="sure?"),
    ),
    "Windows' own letters": (
        "clip;muscle;note\r\nGröße.dcm;Kaumuskel;groß\r\n".encode("cp1252"),
        Row(clip="Größe.dcm", muscle="Kaumuskel", note="groß"),
    ),
    "Unicode text": (
        "clip\tside\r\na.dcm\tleft\r\n".encode("utf-16"),
        Row(clip="a.dcm", side=Side.LEFT),
    ),
    "a note of two lines": (
        b'clip,note,side\r\na.dcm,"one, ""two""\r\nthree",right\r\n',
        Row(clip="a.dcm", note='one, "two"\r\nthree', side=Side.RIGHT),
    ),
    "a line for Excel alone": (
        b"sep=;\r\nclip;side\r\na.dcm;left\r\n",
        Row(clip="a.dcm", side="left"),
    ),
    "sides in other words": (
        b"clip,side,handedness\na.dcm,Li,R\n",
        Row(clip="a.dcm", side=Side.LEFT, handedness=Handedness.RIGHT),
    ),
    "cells that are cut off": (b"clip,subject,note\na.dcm\n", Row(clip="a.dcm")),
}


@pytest.mark.parametrize("name", SAVED)
def test_a_spreadsheet_s_way(tmp_path: Path, name: str) -> None:
    data, row = SAVED[name]
    path = tmp_path / "survey.csv"
    path.write_bytes(data)
    assert read_manifest(path) == (row,)


SIDES = {
    Side.LEFT: ("left", "L", "li", "Links", "gauche", "izq", "左"),
    Side.RIGHT: ("Right", "r", "re", "rechts", "droite", "dx"),
    Side.MIDLINE: ("midline", "Median"),
}


@pytest.mark.parametrize("side", SIDES)
def test_sides_as_people_write_them(tmp_path: Path, side: Side) -> None:
    path = tmp_path / "survey.csv"
    path.write_text("clip,side\n" + "".join(f"a,{word}\n" for word in SIDES[side]), "utf-8")
    assert {row.side for row in read_manifest(path)} == {side}


WRONG = {
    "no column clip": (b"file,side\na.dcm,left\n", "first line names its columns"),
    "a column twice": (b"clip,clip\na,b\n", "each once"),
    "empty": (b"", "first line"),
    "no rows": (b"clip\n", "no rows"),
    "an empty row between": (
        b"clip,side\na.dcm,\n,\nb.dcm,\n",
        "Row 2 of the manifest, column clip",
    ),
    "a side": (b"clip,side\na.dcm,\nb.dcm,lefty\n", "Row 2 of the manifest, column side"),
    "a depth": (b"clip,depth_mm\na.dcm,4000\n", "from 5 to 400 mm"),
    "no number": (b"clip,frame_rate_hz\na.dcm,fast\n", "column frame_rate_hz"),
    "not a number": (b"clip,depth_mm\na.dcm,nan\n", "column depth_mm"),
    "control characters": (b"clip,subject\na.dcm,S\x1b[2J\n", "column subject"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, name: str) -> None:
    data, words = WRONG[name]
    path = tmp_path / "survey.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=words) as refused:
        read_manifest(path)
    assert refused.value.code is Code.BAD_MANIFEST


def test_columns_that_are_missing_or_not_used_are_known(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(b"clip,sides,note\na.dcm,left,\n")
    sheet = read_sheet(path)
    assert sheet.unknown_columns == (2,)
    assert set(sheet.missing_columns) == set(COLUMNS) - {"clip", "note"}


CHOICES = {
    "": ("auto", None, None),
    "auto": ("auto", None, None),
    "whole": ("whole", None, None),
    "lines.json": ("file", "lines.json", None),
    "drawn.json#upper muscle": ("file", "drawn.json", "upper muscle"),
    "#upper": ("file", None, "upper"),
}


@pytest.mark.parametrize("cell", CHOICES)
def test_where_a_row_s_muscle_is(cell: str) -> None:
    choice = Row(clip="a", regions=cell).choice
    assert (choice.how, choice.file, choice.name) == CHOICES[cell]
