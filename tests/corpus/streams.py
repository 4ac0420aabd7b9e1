"""A file of every video transfer syntax, in each container; and the syntaxes refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.corpus import codestreams, files, seconds
from tests.corpus.case import Case, Levels
from tests.corpus.clips import Clip, clip
from usfasc.model import Grey

_REFUSED = {
    "55": "JPEG full progression",
    "92": "JPEG 2000 part 2",
    "94": "JPIP",
    "204": "JPIP HTJ2K",
}
_FRAGMENT_BYTES = 1000


@dataclass(frozen=True, kw_only=True)
class Stream:
    """One kind of video in DICOM."""

    name: str
    number: str
    codec: str
    container: str
    profile: str = ""


_AVC, _HEVC, _MPEG2 = "libx264", "libx265", "mpeg2video"
_STREAMS = (
    Stream(name="MPEG-2, bare", number="100", codec=_MPEG2, container="mpeg2video"),
    Stream(name="MPEG-2, program stream", number="100", codec=_MPEG2, container="mpeg"),
    Stream(name="MPEG-2, transport stream", number="101", codec=_MPEG2, container="mpegts"),
    Stream(name="AVC, bare", number="102", codec=_AVC, container="h264"),
    Stream(name="AVC, transport stream", number="102", codec=_AVC, container="mpegts"),
    Stream(name="AVC, MP4", number="102", codec=_AVC, container="mp4"),
    Stream(name="AVC, MP4 in fragments", number="102.1", codec=_AVC, container="mp4"),
    Stream(name="AVC, Blu-ray", number="103", codec=_AVC, container="mpegts"),
    Stream(name="AVC 4.2", number="104", codec=_AVC, container="mp4"),
    Stream(name="HEVC, bare", number="107", codec=_HEVC, container="hevc"),
    Stream(name="HEVC, MP4", number="107", codec=_HEVC, container="mp4"),
    Stream(name="HEVC main 10", number="108", codec=_HEVC, container="mpegts", profile="main10"),
)


def videos(grey: Grey) -> Iterator[Case]:
    """Files with a video inside."""
    for stream in _STREAMS:
        yield _case(stream, grey)


def _case(stream: Stream, grey: Grey) -> Case:
    syntax = files.COMPRESSED + stream.number

    @cache
    def coded() -> bytes:
        return codestreams.video(grey, stream.codec, stream.container, stream.profile)

    def write(path: Path) -> None:
        data = coded()
        size = _FRAGMENT_BYTES if stream.number.endswith(".1") else len(data)
        parts = [data[at : at + size] for at in range(0, len(data), size)]
        picture = Clip(samples=grey, photometric="YBR_PARTIAL_420")
        files.write_compressed(path, files.header(picture, syntax, picture.photometric), parts)

    def expected(path: Path) -> Levels:
        return seconds.by_opencv(path, coded())

    return Case(
        name=stream.name,
        syntax=syntax,
        photometric="YBR_PARTIAL_420 " + ("10" if stream.profile else "8"),
        write=write,
        frames=len(grey),
        expected=expected,
        against="OpenCV's FFmpeg",
        tolerance=4,  # Another conversion to grey, by way of blue, green and red.
    )


def refused(grey: Grey) -> Iterator[Case]:
    """Transfer syntaxes that are refused by name."""
    for number, name in _REFUSED.items():
        yield _refused_case(files.COMPRESSED + number, name, clip(grey, "MONOCHROME2"))


def _refused_case(syntax: str, name: str, picture: Clip) -> Case:
    def write(path: Path) -> None:
        image = files.header(picture, syntax, picture.photometric)
        files.write_compressed(path, image, [b"\0\0"] * len(picture.samples))

    return Case(
        name=name,
        syntax=syntax,
        photometric="MONOCHROME2 8",
        write=write,
        refusal="UNSUPPORTED_SYNTAX",
    )
