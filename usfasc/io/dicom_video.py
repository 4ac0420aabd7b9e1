"""Videos inside DICOM: MPEG-2, MPEG-4 AVC and HEVC streams, handed to PyAV as they lie.

The stream may come in a container of its own (PS3.5, 8.2.5 to 8.2.8) or bare. Its
frames are counted; the header's number and times are compared with them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.accounting import stream_spans
from usfasc.io.container import Media
from usfasc.io.header import Header
from usfasc.io.layout import Layout
from usfasc.io.timing import rates_differ
from usfasc.io.video import standing_out, video_axis
from usfasc.io.video_index import VideoIndex, index_video
from usfasc.model import Cine

_FAMILIES: Final = {
    "mpegvideo": ("100", "101"),
    "h264": ("102", "103", "104", "105", "106"),
    "hevc": ("107", "108"),
}
VIDEO_SYNTAXES: Final = {
    f"1.2.840.10008.1.2.4.{number}{fragmentable}": bare
    for bare, numbers in _FAMILIES.items()
    for number in numbers
    for fragmentable in ("", ".1")
}
"""Transfer syntaxes, each with FFmpeg's demuxer of such a stream without a container."""
_CODECS: Final = frozenset({"mpeg1video", "mpeg2video", "h264", "hevc"})
_PROGRAM_STREAM: Final = b"\x00\x00\x01\xba"
_TRANSPORT_SYNC, _TRANSPORT_PACKET = 0x47, 188
_FRAMES_OFF, _SHARE_OFF = 2, 0.02
"""By how many frames, and what share of them, encoders miscount."""


def index_stream(path: Path, header: Header, layout: Layout) -> VideoIndex:
    """Count the frames of the video in a DICOM file.

    Raises
    ------
    InputError
        The stream is damaged, coded in another way, of another size than the header
        says, or of clearly more or fewer frames.
    """
    spans = stream_spans(header)
    head = header.walk.read(spans[0][0], min(_TRANSPORT_PACKET + 1, spans[0][1] - spans[0][0]))
    bare = VIDEO_SYNTAXES[header.uid("TransferSyntaxUID") or ""]
    index = index_video(Media(path=path, container=_container(head, bare), spans=spans))
    if index.codec not in _CODECS:
        raise InputError(Code.UNSUPPORTED_SYNTAX, "The video inside is of another coding.")
    if index.shape != layout.shape:
        raise InputError(Code.CORRUPT, "The video does not have the size of the header.")
    off = abs(index.count - layout.frames)
    # A number that was left at one says nothing.
    if layout.frames > 1 and off > max(_FRAMES_OFF, _SHARE_OFF * layout.frames):
        raise InputError(
            Code.TRUNCATED if index.count < layout.frames else Code.CORRUPT,
            f"The video holds {index.count} frames, not the {layout.frames} of the header.",
        )
    return index


def with_stream(cine: Cine, index: VideoIndex, announced: int) -> Cine:
    """A clip with what its video stream tells beside the header.

    Parameters
    ----------
    cine
        The clip by its header.
    index
        Its frames.
    announced
        Their number by the header.
    """
    warnings = [*cine.warnings, *index.warnings]
    if index.count != announced:
        warnings.append(
            f"The header announces {announced} frames, the video holds {index.count}; "
            "these are read."
        )
    axis = video_axis(index)
    if cine.times_s is None and axis.times_s is not None:
        cine = replace(cine, times_s=axis.times_s, times_origin=axis.origin)
    elif cine.times_s is not None and axis.times_s is not None:
        warnings += filter(None, [rates_differ(cine.times_s, axis.times_s)])
    return replace(cine, key_frames=standing_out(index), warnings=tuple(warnings))


def _container(head: bytes, bare: str) -> str:
    if head[4:8] == b"ftyp":
        return "mov"
    if head[:4] == _PROGRAM_STREAM:
        return "mpeg"
    transport = len(head) > _TRANSPORT_PACKET and {head[0], head[_TRANSPORT_PACKET]}
    return "mpegts" if transport == {_TRANSPORT_SYNC} else bare
