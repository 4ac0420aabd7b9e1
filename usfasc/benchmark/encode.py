"""Frames to a video file, through the kind of codec a real clip came through."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from usfasc.benchmark.beds import Codec
from usfasc.model import Floats, Grey

if TYPE_CHECKING:
    from av.video.stream import VideoStream


def write_video(path: Path, frames: Iterable[Grey], times_s: Floats, codec: Codec) -> None:
    """Encode grey frames at an even rate, one by one.

    Parameters
    ----------
    path
        Container by its suffix (``.mp4``).
    frames
        ``(y, x)`` uint8, both sides even.
    times_s
        ``(t,)`` frame times; their median interval is the rate.
    codec
        Encoder, key-frame interval and quality.
    """
    import av

    rate = Fraction(float(1 / np.median(np.diff(times_s)))).limit_denominator(1001)
    with av.open(str(path), "w") as container:
        stream = cast("VideoStream", container.add_stream(codec.name, rate=rate))
        stream.pix_fmt = "yuv420p"
        stream.options = dict(codec.options)
        stream.codec_context.gop_size = codec.key_frame_every
        stream.codec_context.thread_count = 1  # several threads give other bits
        for index, grey in enumerate(frames):
            if index == 0:
                stream.height, stream.width = grey.shape
            picture = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            picture.time_base, picture.pts = 1 / rate, index
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
