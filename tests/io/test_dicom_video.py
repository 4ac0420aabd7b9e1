"""Videos inside DICOM: frames, times, key frames, and headers that disagree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.corpus import codestreams, files
from tests.corpus.clips import Clip
from tests.io.conftest import speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Cine, Reading

MPEG2, AVC, HEVC = (files.COMPRESSED + number for number in ("100", "102", "107"))
KINDS = {
    "MPEG-2": (MPEG2, "mpeg2video", "mpeg2video"),
    "MPEG-2 program": (MPEG2, "mpeg2video", "mpeg"),
    "MPEG-2 transport": (MPEG2, "mpeg2video", "mpegts"),
    "AVC": (AVC, "libx264", "h264"),
    "AVC transport": (AVC, "libx264", "mpegts"),
    "AVC MP4": (AVC, "libx264", "mp4"),
    "HEVC": (HEVC, "libx265", "hevc"),
    "HEVC MP4": (HEVC, "libx265", "mp4"),
}
STREAMED = speckle(40, (64, 96))


def make(path: Path, kind: str = "AVC MP4", **tags: Any) -> Path:
    syntax, codec, container = KINDS[kind]
    stream = codestreams.video(STREAMED, codec, container)
    picture = Clip(samples=STREAMED, photometric="YBR_PARTIAL_420")
    image = files.header(picture, syntax, picture.photometric, **tags)
    files.write_compressed(path, image, [stream])
    return path


def open_dicom(path: Path) -> Cine:
    return open_cine(path, Reading())


def code_of(path: Path) -> str:
    with pytest.raises(InputError) as refusal:
        open_dicom(path)
    return refusal.value.code


@pytest.mark.parametrize("kind", KINDS)
def test_random_access_gives_the_frames_of_one_pass(tmp_path: Path, kind: str) -> None:
    cine = open_dicom(make(tmp_path / "a.dcm", kind))
    whole = [frame.grey for frame in cine.frames.stream()]
    assert len(whole) == cine.frames.count == 40 and cine.warnings == ()
    assert np.abs(np.stack(whole).astype(int) - STREAMED).mean() < 12
    for start in (0, 4, 5, 23, 39):
        (frame,) = cine.frames.stream(start, start + 1)
        np.testing.assert_array_equal(frame.grey, whole[start])
    assert cine.frames.has_colour
    assert np.abs(cine.frames.colour(9)[..., 1].astype(int) - whole[9]).mean() < 2


@pytest.mark.parametrize("kind", KINDS)
def test_key_frames_are_told(tmp_path: Path, kind: str) -> None:
    keys = open_dicom(make(tmp_path / "a.dcm", kind)).key_frames
    assert keys is not None and keys[0] and 4 <= keys.sum() < 20


def test_the_header_says_when(tmp_path: Path) -> None:
    cine = open_dicom(make(tmp_path / "a.dcm", FrameTime=40.2))
    assert cine.times_origin == "DICOM tag FrameTime" and cine.warnings == ()
    assert cine.frame_rate_hz == pytest.approx(1000 / 40.2)


def test_times_that_disagree_with_the_stream_are_warned_of(tmp_path: Path) -> None:
    cine = open_dicom(make(tmp_path / "a.dcm", FrameTime=20))
    assert cine.frame_rate_hz == pytest.approx(50)
    (warning,) = cine.warnings
    assert "50 Hz" in warning and "25 Hz" in warning


def test_without_a_tag_the_container_says_when(tmp_path: Path) -> None:
    untimed = {"FrameTime": None, "FrameIncrementPointer": None}
    for kind in ("AVC MP4", "AVC transport", "MPEG-2 transport"):
        cine = open_dicom(make(tmp_path / "a.dcm", kind, **untimed))
        assert cine.frame_rate_hz == pytest.approx(25)
        assert cine.times_origin == "the video's own timestamps"


@pytest.mark.parametrize("kind", ["AVC", "HEVC", "MPEG-2"])
def test_a_bare_stream_says_no_time(tmp_path: Path, kind: str) -> None:
    cine = open_dicom(make(tmp_path / "a.dcm", kind, FrameTime=None, FrameIncrementPointer=None))
    assert cine.times_s is None and cine.times_origin.startswith("unknown")


@pytest.mark.parametrize(
    ("announced", "code"), [(1, ""), (39, ""), (42, ""), (30, "CORRUPT"), (50, "TRUNCATED")]
)
def test_frames_are_counted(tmp_path: Path, announced: int, code: str) -> None:
    path = make(tmp_path / "a.dcm", NumberOfFrames=announced)
    if code:
        assert code_of(path) == code
    else:
        cine = open_dicom(path)
        assert cine.frames.count == len(cine.times_s) == 40
        assert any(f"announces {announced} frames" in warning for warning in cine.warnings)


def test_a_video_of_another_size_is_refused(tmp_path: Path) -> None:
    assert code_of(make(tmp_path / "a.dcm", Rows=48)) == "CORRUPT"


def test_a_video_of_another_coding_is_refused(tmp_path: Path) -> None:
    stream = codestreams.video(STREAMED, "mpeg4", "mp4")
    picture = Clip(samples=STREAMED, photometric="YBR_PARTIAL_420")
    image = files.header(picture, AVC, picture.photometric)
    files.write_compressed(tmp_path / "a.dcm", image, [stream])
    assert code_of(tmp_path / "a.dcm") == "UNSUPPORTED_SYNTAX"


@pytest.mark.parametrize("stream", [b"\0\0", b"SECRET^NAME " * 40], ids=["empty", "text"])
def test_what_is_no_video_is_refused(tmp_path: Path, stream: bytes) -> None:
    picture = Clip(samples=STREAMED, photometric="YBR_PARTIAL_420")
    image = files.header(picture, AVC, picture.photometric)
    files.write_compressed(tmp_path / "a.dcm", image, [stream])
    assert code_of(tmp_path / "a.dcm") in ("CORRUPT", "NO_FRAMES", "NO_PIXELS")


def test_pixels_without_a_fragment_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.dcm")
    raw = path.read_bytes()
    table = raw.index(b"\xe0\x7f\x10\x00OB") + 12
    path.write_bytes(raw[:table] + b"\xfe\xff\x00\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0")
    assert code_of(path) == "NO_FRAMES"


def test_a_cut_stream_is_refused(tmp_path: Path) -> None:
    stream = codestreams.video(STREAMED, "libx264", "mp4")
    picture = Clip(samples=STREAMED, photometric="YBR_PARTIAL_420")
    image = files.header(picture, AVC, picture.photometric)
    files.write_compressed(tmp_path / "a.dcm", image, [stream[: len(stream) * 2 // 3]])
    assert code_of(tmp_path / "a.dcm") in ("CORRUPT", "TRUNCATED")
