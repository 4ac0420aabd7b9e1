"""What frames a video has, by its packets, in the order in which they are shown.

What a container's header says of its frames is never believed, only compared: a
table that announces more frames than there are packets is damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.io.container import Media, check_whole
from usfasc.io.demux import decode, open_container, picture_stream
from usfasc.io.guard import MAX_FRAMES, MAX_SIDE
from usfasc.model import Mask

BARE_STREAMS: Final = frozenset({"mpegvideo", "h264", "hevc"})
"""Demuxers of streams without a container; what they say of time is made up."""
_ESTIMATED_LENGTHS: Final = BARE_STREAMS | {"mpeg", "mpegts"}
_CONTAINER_TICKS_A_SECOND: Final = 1_000_000
_Packets = list[tuple[int | None, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoIndex:
    """The frames of one video, in presentation order."""

    media: Media
    codec: str
    shape: tuple[int, int]
    pts: list[int] | None
    """One timestamp a frame, rising strictly; None where the container has none."""
    keys: Mask
    counted: bool
    """Whether frames can be told by their order only, not by their timestamps."""
    seconds_a_tick: float
    warnings: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self.keys)

    @property
    def decoder(self) -> str:
        """What decodes them."""
        return f"ffmpeg {self.codec}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """What one pass over the packets found, and what the header says of it."""

    shape: tuple[int, int]
    codec: str
    tick_s: float
    announced: int
    announced_s: float
    packets: _Packets
    """Timestamp and key flag of each packet to show."""
    every: int
    """Number of all packets, hidden ones included."""


def index_video(media: Media) -> VideoIndex:
    """Count a video's packets; one whose timestamps do not tell is decoded once instead.

    Parameters
    ----------
    media
        The video.

    Raises
    ------
    InputError
        The video is damaged, a still, too large, or coded in a way not supported.
    """
    check_whole(media)
    scan = _scan(media)
    _check_size(scan.shape)
    if scan.every < scan.announced and media.container == "mov":
        _check_tables(media, scan.announced)
    packets, counted = scan.packets, _must_count(scan, media.container)
    if counted:
        packets = [(picture.pts, picture.key_frame) for picture in decode(media)]
    _check_count(len(packets))
    # Pictures are decoded in the order shown, packets are not.
    keys = np.array([key for _, key in (packets if counted else sorted(packets))])
    pts = _rising(packets)
    return VideoIndex(
        media=media,
        codec=scan.codec,
        shape=scan.shape,
        pts=pts,
        keys=keys,
        counted=counted,
        seconds_a_tick=scan.tick_s,
        warnings=(*_count_warnings(scan, len(packets)), *_length_warnings(scan, pts)),
    )


def _scan(media: Media) -> _Scan:
    with open_container(media) as container:
        stream = picture_stream(container)
        context = stream.codec_context
        packets, every = _packets(container, stream)
        return _Scan(
            shape=(context.height, context.width),
            codec=context.name,
            tick_s=float(stream.time_base or 0),
            announced=stream.frames,
            announced_s=_announced_s(container, stream),
            packets=packets,
            every=every,
        )


def _packets(container: Any, stream: Any) -> tuple[_Packets, int]:
    """Timestamp and key flag of each packet to show, and the number of all packets."""
    shown: _Packets = []
    every = 0
    for packet in container.demux(stream):
        every += packet.size > 0
        if packet.size > 0 and not packet.is_discard:
            shown.append((packet.pts, packet.is_keyframe))
        if every > MAX_FRAMES:
            raise InputError(Code.TOO_LARGE, f"The video has more than {MAX_FRAMES} frames.")
    return shown, every


def _check_tables(media: Media, announced: int) -> None:
    """Tell a clip that was trimmed by an edit list from one whose tables are damaged."""
    with open_container(media, ignore_editlist="1") as container:
        _, every = _packets(container, picture_stream(container))
    if every < announced:
        raise InputError(
            Code.CORRUPT, f"The video holds {every} of the {announced} frames of its header."
        )


def _announced_s(container: Any, stream: Any) -> float:
    """Length of the clip by its header, 0 where it does not say, so that it is estimated."""
    if container.format.name in _ESTIMATED_LENGTHS:
        return 0.0
    if stream.duration is not None:
        return float(stream.duration * stream.time_base)
    alone = len(container.streams) == 1
    return float(container.duration or 0) / _CONTAINER_TICKS_A_SECOND if alone else 0.0


def _count_warnings(scan: _Scan, shown: int) -> list[str]:
    warnings = []
    if scan.announced not in (0, scan.every):
        warnings.append(f"The video announces {scan.announced} frames, but holds {scan.every}.")
    if shown < scan.every:
        hidden = scan.every - shown
        warnings.append(f"The video keeps {hidden} of its {scan.every} frames hidden.")
    return warnings


def _length_warnings(scan: _Scan, pts: list[int] | None) -> list[str]:
    """Say where the frames do not fill the announced time; the last one's length is unknown."""
    if pts is None or scan.announced_s <= 0:
        return []
    steps_s = np.diff(pts) * scan.tick_s
    covered_s = float(steps_s.sum() + np.median(steps_s))
    if abs(scan.announced_s - covered_s) < 0.9 * float(steps_s.max()):
        return []
    return [f"The video announces {scan.announced_s:.2f} s, its frames cover {covered_s:.2f} s."]


def _check_size(shape: tuple[int, int]) -> None:
    if min(shape) < 1:
        raise InputError(Code.NO_PIXELS, "The video says that its image is empty.")
    if max(shape) > MAX_SIDE:
        raise InputError(Code.TOO_LARGE, f"The image is more than {MAX_SIDE} pixels wide or high.")


def _check_count(count: int) -> None:
    if count == 0:
        raise InputError(Code.NO_FRAMES, "The video holds no frames.")
    if count == 1:
        raise InputError(Code.STILL_IMAGE, "The file holds one picture, not a clip.")


def _must_count(scan: _Scan, container: str) -> bool:
    """Whether timestamps do not tell the frames apart.

    AVI numbers packets in the order of decoding, which is that of showing only
    where every frame is a key frame; a bare stream has no timestamps of its own.
    """
    if container in BARE_STREAMS:
        return True
    reordered = container == "avi" and not all(key for _, key in scan.packets)
    return reordered or _rising(scan.packets) is None


def _rising(packets: _Packets) -> list[int] | None:
    ticks = sorted({pts for pts, _ in packets if pts is not None})
    return ticks if len(ticks) == len(packets) else None
