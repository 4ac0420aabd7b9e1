"""The one way in which usfasc writes a video: frame by frame, at true times, always the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

import numpy as np

from usfasc.io.write import written_whole
from usfasc.model import Floats, Grey

if TYPE_CHECKING:
    from av import Packet
    from av.container import OutputContainer
    from av.video.stream import VideoStream

_CLOCK_HZ: Final = 90_000
"""Ticks a second where the frames follow no even rate: the clock of MPEG systems (H.222.0)."""
_EVEN_S: Final = 1e-4
"""How far frame times may lie off an even rate that is written instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoCodec:
    """How frames are coded."""

    name: str
    """FFmpeg's name of the encoder."""
    key_frame_every: int
    options: tuple[tuple[str, str], ...]
    """Of the encoder, such as its quality.

    libx264's macroblock tree (``mbtree``, on by default) gives other bits now and
    then, also with one thread: measured at 960 x 582 and 960 x 592, in 1 of 5 runs.
    """


def write_video(path: Path, frames: Iterable[Grey], times_s: Floats, codec: VideoCodec) -> None:
    """Write an MP4 file, whole or not at all; see `encode_video`.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    with written_whole(path) as part:
        encode_video(part, frames, times_s, codec)


def encode_video(
    target: Path | BinaryIO, frames: Iterable[Grey], times_s: Floats, codec: VideoCodec
) -> None:
    """Encode frames as MP4, one by one: memory does not grow with their number.

    Parameters
    ----------
    target
        A path, or a stream that can be written and sought in.
    frames
        ``(y, x)`` grey or ``(y, x, 3)`` RGB, uint8, all of one size, both sides even.
    times_s
        ``(t,)`` frame times, rising.
    codec
        Encoder, key-frame interval and quality.
    """
    import av

    ticks, rate = _ticks(times_s)
    lasts = _durations(ticks)
    file = str(target) if isinstance(target, Path) else target
    with av.open(file, "w", format="mp4") as container:
        stream = _stream(container, rate, codec)
        for tick, pixels in zip(ticks, frames, strict=True):
            if tick == 0:  # the size is fixed with the first frame
                stream.height, stream.width = pixels.shape[:2]
            layout = "gray" if pixels.ndim == 2 else "rgb24"
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=layout)
            picture = picture.reformat(format="yuv420p")
            picture.time_base, picture.pts = 1 / rate, tick
            _mux(container, stream.encode(picture), lasts)
        _mux(container, stream.encode(None), lasts)


def _mux(
    container: OutputContainer, packets: list[Packet[VideoStream]], lasts: dict[int, int]
) -> None:
    """Write packets, each with how long its frame lasts: else the last frame may be cut off."""
    for packet in packets:
        packet.duration = lasts[cast("int", packet.pts)]
        container.mux(packet)


def _stream(container: OutputContainer, rate: Fraction, codec: VideoCodec) -> VideoStream:
    stream = cast("VideoStream", container.add_stream(codec.name, rate=rate))
    stream.pix_fmt = "yuv420p"
    stream.options = dict(codec.options)
    stream.codec_context.gop_size = codec.key_frame_every
    stream.codec_context.thread_count = 1  # several threads give other bits
    return stream


def _durations(ticks: list[int]) -> dict[int, int]:
    """How long each frame lasts, by its tick; the last one as long as the one before it."""
    steps = [after - before for before, after in pairwise(ticks)]
    return dict(zip(ticks, [*steps, steps[-1] if steps else 1], strict=True))


def _ticks(times_s: Floats) -> tuple[list[int], Fraction]:
    """Frame times in ticks, and ticks a second: one a frame where the rate is even."""
    since_s = np.asarray(times_s, float) - times_s[0]
    index = np.arange(len(since_s))
    if len(since_s) > 1:
        rate = Fraction(float(1 / np.median(np.diff(since_s)))).limit_denominator(1001)
        if np.abs(since_s - index / float(rate)).max() <= _EVEN_S:
            return index.tolist(), rate
    return np.rint(since_s * _CLOCK_HZ).astype(int).tolist(), Fraction(_CLOCK_HZ)
