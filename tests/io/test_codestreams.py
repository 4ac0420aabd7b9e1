"""What codestreams say of themselves, and frames that lie or are damaged."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.corpus import codestreams as coded
from tests.corpus import files
from tests.corpus.clips import clip
from tests.io.conftest import speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.io.codestreams import (
    FrameHeader,
    jpeg2000_frame,
    jpeg_frame,
    jpegxl_frame,
    unboxed,
)
from usfasc.model import Frame, Reading

SIZES = [(1, 1), (8, 8), (48, 64), (64, 48), (240, 320), (256, 256), (513, 1030)]
READERS = (jpeg_frame, jpeg2000_frame, jpegxl_frame)
ENCODERS: dict[str, tuple[str, coded.Encode]] = {
    "JPEG extended, 12 bits": ("51", coded.jpeg_extended),
    "JPEG lossless": ("70", coded.jpeg_lossless(1)),
    "JPEG-LS": ("80", coded.jpeg_ls(0)),
    "JPEG 2000": ("90", coded.jpeg2000(mct=False)),
    "HTJ2K": ("201", coded.htj2k(rgb=False)),
    "JPEG XL": ("110", coded.jpeg_xl(0)),
}
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda code: code[: len(code) // 2],
    "no end": lambda code: code[:-2],
    "nothing": lambda code: b"\0\0",
    "no start": lambda code: b"\0" * len(code),
}


def stream(tmp_path: Path, name: str, frames: list[bytes]) -> list[Frame]:
    bits = 12 if "12" in name else 8
    picture = clip(speckle(), "MONOCHROME2", bits)
    image = files.header(picture, files.COMPRESSED + ENCODERS[name][0], "MONOCHROME2")
    files.write_compressed(tmp_path / "a.dcm", image, frames)
    return list(open_cine(tmp_path / "a.dcm", Reading()).frames.stream())


def encoded(name: str) -> list[bytes]:
    bits = 12 if "12" in name else 8
    samples = clip(speckle(), "MONOCHROME2", bits).samples
    return [ENCODERS[name][1](frame, bits) for frame in samples]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("colour", [False, True], ids=["grey", "colour"])
def test_headers_tell_size_samples_and_bits(size: tuple[int, int], colour: bool) -> None:
    frame = np.zeros((*size, 3) if colour else size, np.uint8)
    said = [
        jpeg_frame(coded.jpeg_lossless(1)(frame, 8)),
        jpeg_frame(coded.jpeg_ls(0)(frame, 8)),
        jpeg2000_frame(coded.jpeg2000(mct=False)(frame, 8)),
        jpegxl_frame(coded.jpeg_xl(0)(frame, 8)),
        jpegxl_frame(coded.jpeg_xl(1)(frame, 8)),
    ]
    for header in said:
        assert header is not None
        assert (header.height, header.width) == size
        assert (header.samples, header.bits) == (3 if colour else 1, 8)


@pytest.mark.parametrize("bits", [10, 12, 16])
def test_headers_tell_deep_samples(bits: int) -> None:
    frame = np.zeros((48, 64), np.uint16)
    for header in (
        jpeg_frame(coded.jpeg_lossless(1)(frame, bits)),
        jpeg2000_frame(coded.jpeg2000(mct=False)(frame, bits)),
        jpegxl_frame(coded.jpeg_xl(0)(frame, bits)),
    ):
        assert header is not None and header.bits == bits


def test_file_formats_of_boxes_are_looked_into() -> None:
    grey = speckle(1)[0]
    assert jpegxl_frame(coded.jpeg_xl_of_jpeg(grey, 8)) == FrameHeader(48, 64, 1, 8)
    jp2 = coded.jp2(grey, 8)
    assert jpeg2000_frame(jp2) == FrameHeader(48, 64, 1, 8)
    assert unboxed(jp2, b"none") is jp2
    parts = jp2[:12] + b"\0\0\0\x20jxlp\0\0\0\0" + imagecodecs.jpegxl_encode(grey)[:20]
    assert jpegxl_frame(parts) == FrameHeader(48, 64, 1, 8)


def test_a_series_of_pictures_is_no_frame() -> None:
    assert jpegxl_frame(imagecodecs.jpegxl_encode(speckle(3), photometric="GRAY")) is None


@pytest.mark.parametrize("tile", [(0, 1), (1, 0), (1, 1)])
def test_tiles_without_number_or_end_are_refused(tile: tuple[int, int]) -> None:
    code = bytearray(coded.jpeg2000(mct=False)(speckle(1)[0], 8))
    struct.pack_into(">2L", code, 24, *tile)
    assert jpeg2000_frame(bytes(code)) is None


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xff\xd8\xff", b"\xffO\xffQ", b"\xff\n"]))
def test_any_bytes_give_a_header_or_none(data: bytes, start: bytes) -> None:
    for read in READERS:
        header = read(start + data)
        assert header is None or header.height >= 0


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ENCODERS)
def test_damaged_frames_are_flagged(tmp_path: Path, name: str, damage: str) -> None:
    frames = encoded(name)
    frames[2] = DAMAGE[damage](frames[2])
    damaged = [frame.index for frame in stream(tmp_path, name, frames) if frame.damaged]
    # Scanners write JPEG 2000 without its end.
    endless = name in ("JPEG 2000", "HTJ2K") and damage == "no end"
    assert damaged == ([] if endless else [2])


@pytest.mark.parametrize("name", ENCODERS)
def test_frames_of_another_size_are_refused(tmp_path: Path, name: str) -> None:
    bits = 12 if "12" in name else 8
    other = clip(speckle(6, (40, 64)), "MONOCHROME2", bits).samples
    with pytest.raises(InputError) as refusal:
        stream(tmp_path, name, [ENCODERS[name][1](frame, bits) for frame in other])
    assert refusal.value.code == "CORRUPT"


@pytest.mark.parametrize("name", ENCODERS)
def test_frames_in_two_fragments_are_put_together(tmp_path: Path, name: str) -> None:
    whole = stream(tmp_path, name, encoded(name))
    halves = [
        half + b"\0" * (len(half) % 2 * last)
        for code in encoded(name)
        for last, half in enumerate((code[:100], code[100:]))
    ]
    parts = stream(tmp_path, name, halves)
    assert len(parts) == 6 and not any(frame.damaged for frame in parts)
    for one, other in zip(whole, parts, strict=True):
        np.testing.assert_array_equal(one.grey, other.grey)
