"""Videos in, through PyAV: the luma plane, true timestamps, key-frame flags."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from usfasc._cv import cv2
from usfasc.errors import Code, InputError
from usfasc.io.container import Media
from usfasc.io.demux import decode
from usfasc.io.samples import FULL_OF_LIMITED
from usfasc.io.timing import TimeAxis
from usfasc.io.video_index import BARE_STREAMS, VideoIndex, index_video
from usfasc.model import Cine, Floats, Frame, Grey, Mask, Source

_FULL_RANGE: Final = 2
"""AVCOL_RANGE_JPEG. Unspecified is limited (black 16, white 235): ITU-T H.264, E.2.1."""
_PLANAR_LUMA: Final = frozenset(
    f"{family}{sampling}p" for family in ("yuv", "yuvj") for sampling in (420, 422, 440, 444)
) | {"yuv410p", "yuv411p", "nv12", "nv21", "gray"}
_UNKNOWN_TIMES: Final = "unknown: the video's timestamps are missing or do not rise"


class VideoFrames:
    """Frames of a video in presentation order, numbered by their timestamps.

    Parameters
    ----------
    index
        The frames that the packets announce; the decoder must give exactly these.
    """

    has_colour = True

    def __init__(self, index: VideoIndex) -> None:
        self._index = index

    @property
    def count(self) -> int:
        """Number of frames."""
        return self._index.count

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)`` in pixels."""
        return self._index.shape

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Decode frames ``[start, stop)`` once, in order, from the key frame before.

        A damaged frame spoils all that are built on it, so those up to the next key
        frame are flagged too, and repeat the last good one.

        Raises
        ------
        InputError
            The decoder gives fewer or other frames than the packets announce, or no
            good one.
        """
        wanted = range(*slice(start, stop).indices(self.count))
        good: Any = None
        for index, picture, damaged in self._pictures(wanted):
            good = good if damaged else picture
            if index >= wanted.start:
                yield Frame(index=index, grey=_luma(good or picture, self.shape), damaged=damaged)
        if good is None and len(wanted) == self.count:
            raise InputError(Code.CORRUPT, "Not one frame of the video can be decoded.")

    def colour(self, index: int) -> Grey:
        """Decode one frame as RGB ``(y, x, 3)``; a damaged one as the last good one."""
        shown: Any = None
        for _, picture, damaged in self._pictures(range(index, index + 1)):
            shown = shown if damaged and shown else picture
        rgb: Grey = shown.to_ndarray(format="rgb24")
        return rgb

    def _pictures(self, wanted: range) -> Iterator[tuple[int, Any, bool]]:
        """Number, picture, damaged: from a key frame before ``wanted`` to its end."""
        if not wanted:
            return
        expected, spoilt = wanted.start, False
        for index, picture in self._numbered(wanted.start):
            spoilt = picture.is_corrupt or (spoilt and not picture.key_frame)
            size = (picture.height, picture.width)
            if size != self.shape or (index >= wanted.start and index != expected):
                raise _wrong_count()
            yield index, picture, spoilt
            expected += index >= wanted.start
            if expected == wanted.stop:
                return
        raise _wrong_count()

    def _numbered(self, start: int) -> Iterator[tuple[int, Any]]:
        """Pictures with their numbers, from a key frame at or before ``start``."""
        media, pts = self._index.media, self._index.pts
        if pts is None or self._index.counted:
            yield from enumerate(decode(media))
            return
        number = {tick: index for index, tick in enumerate(pts)}
        seek = self._key_before(start, pts)
        pictures = decode(media, seek)
        first = next(pictures, None)
        if seek is not None and (first is None or number.get(first.pts, self.count) > start):
            # The key frame lay elsewhere than the container's table says.
            pictures = decode(media)
            first = next(pictures, None)
        if first is None:
            raise _wrong_count()
        yield number.get(first.pts, -1), first
        for picture in pictures:
            yield number.get(picture.pts, -1), picture

    def _key_before(self, start: int, pts: list[int]) -> int | None:
        """Timestamp of the last key frame up to ``start``; None if that is the first frame."""
        keys = np.flatnonzero(self._index.keys[: start + 1])
        return pts[keys[-1]] if len(keys) and keys[-1] else None


def open_video(path: Path, container_format: str, sha256: str) -> Cine:
    """Open a video; its packets are counted, no frame is decoded.

    Parameters
    ----------
    path
        The file.
    container_format
        FFmpeg's name of the demuxer.
    sha256
        The file's digest.

    Raises
    ------
    InputError
        The video is damaged, a still, too large, or coded in a way not supported.
    """
    index = index_video(Media(path=path, container=container_format))
    axis = video_axis(index)
    return Cine(
        frames=VideoFrames(index),
        times_s=axis.times_s,
        times_origin=axis.origin,
        spacing_mm=None,
        spacing_origin="unknown: a video carries no scale",
        source=Source(sha256=sha256, kind="video", decoder=index.decoder),
        key_frames=standing_out(index),
        warnings=index.warnings,
    )


def standing_out(index: VideoIndex) -> Mask | None:
    """``(t,)`` key frames; None where every frame is one, so that none stands out."""
    return None if index.keys.all() else index.keys


def video_axis(index: VideoIndex) -> TimeAxis:
    """The time axis of a video's own timestamps; of none where it has no container."""
    bare = index.media.container in BARE_STREAMS
    if bare or index.pts is None or index.seconds_a_tick <= 0:
        return TimeAxis(times_s=None, origin=_UNKNOWN_TIMES)
    ticks = np.array(index.pts, np.int64)
    times_s: Floats = (ticks - ticks[0]) * index.seconds_a_tick
    return TimeAxis(times_s=times_s, origin="the video's own timestamps")


def _luma(picture: Any, shape: tuple[int, int]) -> Grey:
    """The luma plane, stretched to 0-255 unless the stream says that it is so already."""
    if picture.format.name not in _PLANAR_LUMA:
        grey: Grey = picture.to_ndarray(format="gray")
        return grey
    plane = picture.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
    luma = rows[: shape[0], : shape[1]]
    if picture.color_range == _FULL_RANGE or picture.format.name.startswith(("yuvj", "gray")):
        return luma.copy()
    return np.asarray(cv2.LUT(luma, FULL_OF_LIMITED), np.uint8)


def _wrong_count() -> InputError:
    return InputError(
        Code.CORRUPT, "The video is damaged: it does not decode to the frames that it announces."
    )
