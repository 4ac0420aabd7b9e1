"""Palettes in segments: values, lines, and references back (PS3.3, C.7.9.2)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.corpus import files
from tests.corpus.clips import clip
from tests.io.conftest import speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Reading

LINE = [0, 1, 0, 1, 255, 65280]
CASES = {
    "a line": (LINE, np.arange(256) * 256),
    "values": ([0, 256, *range(256)], np.arange(256)),
    "a line, then values": ([0, 1, 0, 1, 127, 127 * 256, 0, 128, *([9] * 128)], None),
    "again from the start": ([0, 128, *range(128), 2, 1, 0, 0], np.arange(256) % 128),
    "longer than needed": ([0, 1, 0, 1, 511, 511 * 128], np.arange(256) * 128),
}
BROKEN = {
    "too short": [0, 1, 0, 1, 100, 65280],
    "nothing": [],
    "values that are not there": [0, 300, 1, 2, 3],
    "an unknown kind": [7, 256, 1],
    "segments of nothing": [0, 0] * 40_000,
    "a reference to itself": [0, 1, 5, 2, 65535, 6, 0],
    "a reference behind the end": [0, 1, 5, 2, 9, 60000, 0],
}


def write(path: Path, words: list[int]) -> None:
    picture = clip(speckle(), "MONOCHROME2")
    image = files.header(picture, files.EXPLICIT, "PALETTE COLOR")
    for colour in ("Red", "Green", "Blue"):
        delattr(image, f"{colour}PaletteColorLookupTableData")
        data = np.array(words, "<u2").tobytes()
        setattr(image, f"Segmented{colour}PaletteColorLookupTableData", data)
    files.write_native(path, image, picture.samples.tobytes())


@pytest.mark.parametrize("name", CASES)
def test_segments_stand_for_their_entries(tmp_path: Path, name: str) -> None:
    words, expected = CASES[name]
    if expected is None:
        expected = np.r_[np.arange(128) * 256, [9] * 128]
    write(tmp_path / "a.dcm", words)
    grey = next(open_cine(tmp_path / "a.dcm", Reading()).frames.stream()).grey
    levels = expected >> 8 if expected.max() > 255 else expected
    np.testing.assert_array_equal(grey, levels[speckle()[0]])


@pytest.mark.parametrize("name", BROKEN)
def test_malformed_segments_are_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "a.dcm", BROKEN[name])
    with pytest.raises(InputError) as refusal:
        open_cine(tmp_path / "a.dcm", Reading())
    assert refusal.value.code == "UNSUPPORTED_PIXELS"
