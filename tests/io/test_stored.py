"""Deflated files: inflated on the way, bounded, never held."""

from __future__ import annotations

import io
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest

from tests.corpus import files
from tests.corpus.clips import clip
from tests.io.conftest import speckle
from tests.io.test_guard import META, PREAMBLE, code_of
from usfasc.io import open_cine
from usfasc.io.stored import stored_file
from usfasc.model import Reading

DEFLATED = META.replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.1.99").replace(
    b"UI\x14\x00", b"UI\x16\x00"
)


def deflated(tmp_path: Path, count: int = 6, shape: tuple[int, int] = (48, 64)) -> Path:
    picture = clip(speckle(count, shape), "MONOCHROME2")
    image = files.header(picture, files.DEFLATED, "MONOCHROME2")
    path = tmp_path / "a.dcm"
    files.write_native(path, image, files.native_bytes(picture.samples, files.DEFLATED))
    return path


def bomb(size: int) -> bytes:
    """A data set of one element of so many zeros, deflated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    head = b"\x09\x00\x01\x00OB\0\0" + size.to_bytes(4, "little")
    chunks = [packer.compress(head), *(packer.compress(bytes(1 << 20)) for _ in range(size >> 20))]
    return b"".join([PREAMBLE, DEFLATED, *chunks, packer.flush()])


def test_frames_are_read_in_any_order(tmp_path: Path) -> None:
    grey = speckle()
    frames = open_cine(deflated(tmp_path), Reading()).frames
    for index in (5, 0, 3, 2):
        np.testing.assert_array_equal(next(frames.stream(index)).grey, grey[index])
    one, other = frames.stream(), frames.stream(2)
    for _ in range(3):
        assert next(one).grey.shape == next(other).grey.shape == (48, 64)


def test_any_part_is_that_of_the_whole(tmp_path: Path) -> None:
    file = stored_file(deflated(tmp_path))
    with file.open() as stream:
        whole = stream.read()
        assert len(whole) == file.size
        for start, length in ((0, 10), (130, 40), (5000, 70_000), (200, 1), (file.size - 3, 9)):
            assert stream.seek(start) == start
            assert stream.read(length) == whole[start : start + length]
        assert stream.seek(file.size + 10) and stream.read(1) == b""
        with pytest.raises(io.UnsupportedOperation):
            stream.seek(0, io.SEEK_END)


def test_a_bomb_is_refused_without_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.dcm"
    path.write_bytes(bomb(100 << 20))
    assert path.stat().st_size < 200_000
    tracemalloc.start()
    assert code_of(path) == "TOO_LARGE"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 << 20


def test_what_inflates_in_proportion_is_not_refused_for_it(tmp_path: Path) -> None:
    path = tmp_path / "zeros.dcm"
    path.write_bytes(bomb(20 << 20))
    assert code_of(path) == "NO_PIXELS"


@pytest.mark.parametrize(("keep", "code"), [(0.3, "TRUNCATED"), (0.99, "TRUNCATED")])
def test_a_cut_file_is_refused(tmp_path: Path, keep: float, code: str) -> None:
    path = deflated(tmp_path)
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * keep)])
    assert code_of(path) == code


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = deflated(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[400:440] = b"\xff" * 40
    path.write_bytes(raw)
    assert code_of(path) in ("CORRUPT", "TRUNCATED")
