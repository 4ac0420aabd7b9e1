"""Files that lie about themselves: frame accounting, limits, bombs."""

from __future__ import annotations

import os
import struct
import time
import tracemalloc
import warnings
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, encapsulate_extended

from tests.io.conftest import MakeDicom, dataset, jpegs, speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.io.guard import MAX_ELEMENTS, MAX_FRAMES
from usfasc.model import Reading


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as refusal:
        list(open_cine(path, Reading()).frames.stream())
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert "SECRET" not in str(refusal.value)
    return refusal.value.code


WRONG_HEADERS = {
    "more frames than native pixels": ("explicit", {"NumberOfFrames": 7}, "TRUNCATED"),
    "fewer frames than native pixels": ("explicit", {"NumberOfFrames": 5}, "CORRUPT"),
    "more frames than fragments": ("jpeg", {"NumberOfFrames": 7}, "TRUNCATED"),
    "fewer frames than fragments": ("jpeg", {"NumberOfFrames": 5}, "CORRUPT"),
    "more frames than RLE fragments": ("rle", {"NumberOfFrames": 7}, "TRUNCATED"),
    "fewer frames than RLE fragments": ("rle", {"NumberOfFrames": 5}, "CORRUPT"),
    "wrong height of native pixels": ("explicit", {"Rows": 47}, "CORRUPT"),
    "wrong height of JPEG": ("jpeg", {"Rows": 47}, "CORRUPT"),
    "wrong width of JPEG": ("jpeg", {"Columns": 4096}, "CORRUPT"),
    "too great a height of RLE": ("rle", {"Rows": 8000}, "CORRUPT"),
    "too small a width of RLE": ("rle", {"Columns": 32}, "CORRUPT"),
    "no frames": ("explicit", {"NumberOfFrames": 0}, "NO_FRAMES"),
    "a negative number of frames": ("explicit", {"NumberOfFrames": -6}, "NO_FRAMES"),
    "one frame": ("jpeg", {"NumberOfFrames": 1}, "STILL_IMAGE"),
    "no number of frames": ("jpeg", {"NumberOfFrames": None}, "STILL_IMAGE"),
    "too many frames": ("jpeg", {"NumberOfFrames": MAX_FRAMES + 1}, "TOO_LARGE"),
    "no width": ("explicit", {"Columns": 0}, "NO_PIXELS"),
    "no height tag": ("explicit", {"Rows": None}, "NO_PIXELS"),
    "too wide": ("explicit", {"Columns": 65535}, "TOO_LARGE"),
    "no pixels": ("explicit", {"PixelData": None}, "NO_PIXELS"),
    "samples that contradict": ("explicit", {"SamplesPerPixel": 3}, "UNSUPPORTED_PIXELS"),
    "unknown colours": ("explicit", {"PhotometricInterpretation": "CMYK"}, "UNSUPPORTED_PIXELS"),
    "12 bits allocated": ("explicit", {"BitsAllocated": 12}, "UNSUPPORTED_PIXELS"),
    "palette without palette": (
        "explicit",
        {"PhotometricInterpretation": "PALETTE COLOR"},
        "UNSUPPORTED_PIXELS",
    ),
}


@pytest.mark.parametrize("name", WRONG_HEADERS)
def test_a_header_that_does_not_fit_its_pixels_is_refused(make_dicom: MakeDicom, name: str) -> None:
    syntax, tags, code = WRONG_HEADERS[name]
    assert code_of(make_dicom(speckle(), syntax, **tags)) == code


@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("syntax", ["explicit", "jpeg", "rle"])
def test_a_cut_file_is_refused(make_dicom: MakeDicom, syntax: str, share: float) -> None:
    path = make_dicom(speckle(), syntax)
    os.truncate(path, int(path.stat().st_size * share))
    assert code_of(path) in ("TRUNCATED", "NO_PIXELS", "NOT_A_CINE")


def test_a_missing_last_delimiter_is_forgiven(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(), "jpeg")
    os.truncate(path, path.stat().st_size - 8)
    assert open_cine(path, Reading()).frames.count == 6


def _offsets(codes: list[bytes]) -> list[int]:
    return [sum(8 + len(code) for code in codes[:index]) for index in range(len(codes))]


def _items(table: list[int], fragments: list[bytes]) -> bytes:
    data = struct.pack(f"<{len(table)}L", *table)
    items = [data, *(code + b"\0" * (len(code) % 2) for code in fragments)]
    return b"".join(b"\xfe\xff\x00\xe0" + struct.pack("<L", len(item)) + item for item in items)


TABLES: dict[str, Callable[[list[int]], list[int]]] = {
    "right": lambda offsets: offsets,
    "empty": lambda offsets: [],
    "all zero": lambda offsets: [0] * len(offsets),
    "of other frames": lambda offsets: [offset + 2 for offset in offsets],
    "too long": lambda offsets: [*offsets, 10**9],
    "too short": lambda offsets: offsets[:2],
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("pieces", [1, 3], ids=["one fragment a frame", "three fragments a frame"])
def test_offset_tables_are_checked_not_believed(
    make_dicom: MakeDicom, table: str, pieces: int
) -> None:
    clip = speckle()
    codes = [code + b"\0" * (len(code) % 2) for code in jpegs(clip)]
    cut = [_in_pieces(code, pieces) for code in codes]
    flat = [piece for parts in cut for piece in parts]
    starts = _offsets(flat)[::pieces]
    path = make_dicom(clip, "jpeg", PixelData=_items(TABLES[table](starts), flat))
    plain = make_dicom(clip, "jpeg", name="plain.dcm")
    read = [frame.grey for frame in open_cine(path, Reading()).frames.stream()]
    expected = [frame.grey for frame in open_cine(plain, Reading()).frames.stream()]
    np.testing.assert_array_equal(read, expected)


def _in_pieces(code: bytes, pieces: int) -> list[bytes]:
    step = len(code) // pieces // 2 * 2
    bounds = [index * step for index in range(pieces)] + [len(code)]
    return [code[start:stop] for start, stop in pairwise(bounds)]


def test_an_extended_offset_table_does_no_harm(make_dicom: MakeDicom) -> None:
    data, offsets, lengths = encapsulate_extended(jpegs(speckle()))
    path = make_dicom(
        speckle(),
        "jpeg",
        PixelData=data,
        ExtendedOffsetTable=offsets,
        ExtendedOffsetTableLengths=lengths,
    )
    assert len(list(open_cine(path, Reading()).frames.stream())) == 6


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        ("1.2.840.10008.1.2.4.55", "JPEG Full Progression"),
        ("1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2"),
        ("1.2.840.10008.1.2.4.94", "JPIP Referenced"),
        ("1.2.3", "This transfer syntax"),
        ("1.2.840.10008.1.", "This transfer syntax"),
    ],
)
def test_a_coding_not_supported_is_named(make_dicom: MakeDicom, uid: str, name: str) -> None:
    path = make_dicom(speckle(), "jpeg")
    raw = path.read_bytes()
    here = raw.index(b"1.2.840.10008.1.2.4.50")
    path.write_bytes(raw[:here] + uid.encode().ljust(22, b"\0") + raw[here + 22 :])
    with warnings.catch_warnings(), pytest.raises(InputError) as refusal:
        warnings.simplefilter("error")
        open_cine(path, Reading())
    assert refusal.value.code == "UNSUPPORTED_SYNTAX"
    assert name in refusal.value.sentence


def test_a_file_without_preamble_is_read(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(), "implicit")
    path.write_bytes(path.read_bytes()[132:])
    assert open_cine(path, Reading()).frames.count == 6


@pytest.mark.parametrize("undefined", [False, True], ids=["known lengths", "unknown lengths"])
def test_sequences_of_both_kinds_are_walked(tmp_path: Path, undefined: bool) -> None:
    image = dataset(speckle(), "explicit")
    image.SequenceOfUltrasoundRegions = [_nested(5)]
    if undefined:
        image["SequenceOfUltrasoundRegions"].is_undefined_length = True
    image.save_as(tmp_path / "a.dcm", enforce_file_format=True)
    assert open_cine(tmp_path / "a.dcm", Reading()).frames.count == 6


def _nested(depth: int) -> Dataset:
    item = Dataset()
    item.is_undefined_length_sequence_item = True
    item.RegionSpatialFormat = 1
    if depth:
        item.ReferencedImageSequence = [_nested(depth - 1)]
        item["ReferencedImageSequence"].is_undefined_length = True
    return item


PREAMBLE = b"\0" * 128 + b"DICM"
META = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0"
SEQUENCE = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff"
ITEM = b"\xfe\xff\x00\xe0"

BOMBS = {
    "a million empty items": PREAMBLE + META + SEQUENCE + (ITEM + b"\0\0\0\0") * 1_000_000,
    "a million open items": PREAMBLE + META + (SEQUENCE + ITEM + b"\xff\xff\xff\xff") * 300_000,
    "a million elements": PREAMBLE + META + b"\x09\x00\x01\x00LO\0\0" * (MAX_ELEMENTS + 10),
    "a length of 4 GB": PREAMBLE + META + b"\x09\x00\x01\x00OB\0\0\xfe\xff\xff\xff",
    "an item of 4 GB": PREAMBLE + META + SEQUENCE + ITEM + b"\xfe\xff\xff\xff",
    "a sequence without end": PREAMBLE + META + SEQUENCE,
    "nothing behind the preamble": PREAMBLE,
    "the beginning of an element": PREAMBLE + META + b"\x08\x00\x16",
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_refused_in_bounded_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb.dcm"
    path.write_bytes(BOMBS[name])
    began = time.process_time()
    assert code_of(path) in ("TOO_LARGE", "TRUNCATED", "NO_PIXELS", "CORRUPT")
    assert time.process_time() - began < 5


def test_a_run_length_bomb_takes_no_memory(make_dicom: MakeDicom) -> None:
    frame = struct.pack("<16L", 1, 64, *[0] * 14) + b"\x81\x00" * 2000
    path = make_dicom(
        np.zeros((2, 16, 16), np.uint8),
        "rle",
        Rows=8192,
        Columns=8192,
        PixelData=encapsulate([frame] * 2),
    )
    tracemalloc.start()
    assert code_of(path) == "CORRUPT"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


def test_no_value_of_the_header_reaches_a_message_or_a_log(
    make_dicom: MakeDicom, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = make_dicom(speckle(), "jpeg")
    raw = path.read_bytes()
    here = raw.index(b"\x28\x00\x08\x00IS")
    path.write_bytes(raw[: here + 8] + b"SE" + raw[here + 10 :])
    code_of(path)
    assert "SE" not in caplog.text
    assert capfd.readouterr() == ("", "")
