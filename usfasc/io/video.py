"""Videos in, through PyAV: the luma plane, true timestamps, key-frame flags.

What a container's header says of its frames is never believed: packets are
counted, and the decoder must give exactly one frame for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from usfasc._cv import cv2
from usfasc.errors import Code, InputError
from usfasc.io.guard import MAX_FRAMES, MAX_SIDE
from usfasc.io.timing import TimeAxis
from usfasc.model import Cine, Floats, Frame, Grey, Mask, Source

_FULL_RANGE: Final = 2
"""AVCOL_RANGE_JPEG. Unspecified is limited (black 16, white 235): ITU-T H.264, E.2.1."""
_PLANAR_LUMA: Final = frozenset(
    f"{family}{sampling}p" for family in ("yuv", "yuvj") for sampling in (420, 422, 440, 444)
) | {"yuv410p", "yuv411p", "nv12", "nv21", "gray"}
_UNKNOWN_TIMES: Final = "unknown: the video's timestamps are missing or do not rise"


@dataclass(frozen=True, slots=True)
class _Index:
    """What a pass over the packets found, in presentation order."""

    pts: list[int] | None
    """One timestamp a frame, rising strictly; None where the container has none."""
    keys: Mask
    seconds_a_tick: float

    @property
    def count(self) -> int:
        return len(self.keys)


class VideoFrames:
    """Frames of a video in presentation order, numbered by their timestamps.

    Parameters
    ----------
    path
        The file, opened anew for each pass.
    container_format
        Name of the demuxer, chosen by the file's content.
    index
        The frames that the packets announce.
    shape
        ``(height, width)`` in pixels.
    """

    has_colour = True

    def __init__(
        self, path: Path, container_format: str, index: _Index, shape: tuple[int, int]
    ) -> None:
        self._path, self._format, self._index = path, container_format, index
        self.shape = shape

    @property
    def count(self) -> int:
        """Number of frames."""
        return self._index.count

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Decode frames ``[start, stop)`` once, in order, from the key frame before.

        Raises
        ------
        InputError
            The decoder gives fewer or other frames than the packets announce.
        """
        before: Grey | None = None
        for index, picture in self._pictures(start, stop):
            damaged = picture.is_corrupt and before is not None
            grey = before if damaged and before is not None else _luma(picture, self.shape)
            before = grey
            yield Frame(index=index, grey=grey, damaged=picture.is_corrupt)

    def colour(self, index: int) -> Grey:
        """Decode one frame as RGB ``(y, x, 3)``."""
        _, picture = next(self._pictures(index, index + 1))
        rgb: Grey = picture.to_ndarray(format="rgb24")
        return rgb

    def _pictures(self, start: int, stop: int | None) -> Iterator[tuple[int, Any]]:
        wanted = range(*slice(start, stop).indices(self.count))
        if not wanted:
            return
        expected = wanted.start
        for index, picture in self._numbered(wanted.start):
            if index < wanted.start:
                continue
            if index != expected or (picture.height, picture.width) != self.shape:
                raise _wrong_count()
            yield index, picture
            expected += 1
            if expected == wanted.stop:
                return
        raise _wrong_count()

    def _numbered(self, start: int) -> Iterator[tuple[int, Any]]:
        """Pictures with their numbers, from a key frame at or before ``start``."""
        pts = self._index.pts
        if pts is None:
            yield from enumerate(decode(self._path, self._format))
            return
        number = {tick: index for index, tick in enumerate(pts)}
        keys = np.flatnonzero(self._index.keys[: start + 1])
        # The first frames also lie behind the first key frame of files that begin mid-group.
        seek = pts[keys[-1]] if len(keys) and keys[-1] else None
        pictures = decode(self._path, self._format, seek)
        first = next(pictures, None)
        if seek is not None and (first is None or number.get(first.pts, start + 1) > start):
            pictures = decode(self._path, self._format)
            first = next(pictures, None)
        if first is None:
            raise _wrong_count()
        yield number.get(first.pts, -1), first
        for picture in pictures:
            yield number.get(picture.pts, -1), picture


def open_video(path: Path, container_format: str, sha256: str) -> Cine:
    """Open a video; its packets are counted, no frame is decoded.

    A container without timestamps (AVI) is decoded once to count its frames.

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
    index, shape, codec = _scan(path, container_format)
    axis = _axis(index)
    return Cine(
        frames=VideoFrames(path, container_format, index, shape),
        times_s=axis.times_s,
        times_origin=axis.origin,
        spacing_mm=None,
        spacing_origin="unknown: a video carries no scale",
        source=Source(sha256=sha256, kind="video", decoder=f"ffmpeg {codec}"),
        key_frames=None if index.keys.all() else index.keys,
        warnings=axis.warnings,
    )


def decode(path: Path, container_format: str, seek: int | None = None) -> Iterator[Any]:
    """Pictures of the video in presentation order, from the key frame at ``seek`` ticks.

    Raises
    ------
    InputError
        The decoder refuses a packet.
    """
    try:
        with _open(path, container_format) as container:
            stream = _picture_stream(container)
            if seek is not None:
                container.seek(seek, stream=stream)
            yield from container.decode(stream)
    except (av.FFmpegError, OSError, ValueError):
        raise InputError(Code.CORRUPT, "The video is damaged; it cannot be decoded.") from None


def _scan(path: Path, container_format: str) -> tuple[_Index, tuple[int, int], str]:
    try:
        with _open(path, container_format) as container:
            stream = _picture_stream(container)
            context = stream.codec_context
            shape, codec = (context.height, context.width), context.name
            packets = [
                (packet.pts, packet.is_keyframe)
                for packet in container.demux(stream)
                if packet.size and not packet.is_discard
            ]
            tick_s = float(stream.time_base or 0)
    except (av.FFmpegError, OSError, ValueError):
        raise InputError(Code.CORRUPT, "The video is damaged; it cannot be read.") from None
    if any(pts is None for pts, _ in packets):
        packets = [(picture.pts, picture.key_frame) for picture in decode(path, container_format)]
    _check(len(packets), shape)
    return _index(packets, tick_s), shape, codec


def _check(count: int, shape: tuple[int, int]) -> None:
    if count == 0 or min(shape) < 1:
        raise InputError(Code.NO_FRAMES, "The video holds no frames.")
    if count == 1:
        raise InputError(Code.STILL_IMAGE, "The file holds one picture, not a clip.")
    if count > MAX_FRAMES:
        raise InputError(Code.TOO_LARGE, f"The video has more than {MAX_FRAMES} frames.")
    if max(shape) > MAX_SIDE:
        raise InputError(Code.TOO_LARGE, f"The image is more than {MAX_SIDE} pixels wide or high.")


def _index(packets: list[tuple[int | None, bool]], tick_s: float) -> _Index:
    timed = sorted((pts, key) for pts, key in packets if pts is not None)
    pts = [tick for tick, _ in timed]
    if len(set(pts)) != len(packets):
        return _Index(None, np.array([key for _, key in packets]), tick_s)
    return _Index(pts, np.array([key for _, key in timed]), tick_s)


def _axis(index: _Index) -> TimeAxis:
    if index.pts is None or index.seconds_a_tick <= 0:
        return TimeAxis(times_s=None, origin=_UNKNOWN_TIMES)
    ticks = np.array(index.pts, np.int64)
    times_s: Floats = (ticks - ticks[0]) * index.seconds_a_tick
    return TimeAxis(times_s=times_s, origin="the video's own timestamps")


def _open(path: Path, container_format: str) -> Any:
    # Absolute and with a protocol, so that no file name is taken for another protocol.
    options = {"protocol_whitelist": "file"}
    return av.open(f"file:{path.resolve()}", format=container_format, options=options)


def _picture_stream(container: Any) -> Any:
    streams = [s for s in container.streams.video if not s.disposition & _ATTACHED_PICTURE]
    if not streams:
        raise InputError(Code.NO_PIXELS, "The file holds no moving picture.")
    stream = streams[0]
    if stream.codec_context is None:
        raise InputError(Code.UNSUPPORTED_SYNTAX, "The video's coding is not supported.")
    # Clips run side by side, each on one thread: the same order and memory everywhere.
    stream.codec_context.thread_count = 1
    return stream


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
    return np.asarray(cv2.LUT(luma, _FULL_OF_LIMITED), np.uint8)


def _wrong_count() -> InputError:
    return InputError(
        Code.CORRUPT, "The video is damaged: it does not decode to the frames that it announces."
    )


_FULL_OF_LIMITED: Final = np.clip(np.rint((np.arange(256) - 16) * 255 / 219), 0, 255).astype(
    np.uint8
)
_ATTACHED_PICTURE: Final = 0x400
