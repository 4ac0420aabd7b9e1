"""Where a video lies, and whether its container is whole, before a demuxer sees it.

A demuxer reads a file that was cut off as if it were a shorter clip. The lengths
of the outermost boxes tell: ISO/IEC 14496-12, 4.2 (MP4, MOV); RIFF (AVI).
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from usfasc.errors import Code, InputError
from usfasc.io.guard import MAX_FILE_BYTES

_MOST_BOXES: Final = 100_000
_TO_THE_END, _LONG = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A video: a file of its own, or parts of a file that holds it."""

    path: Path
    container: str
    """FFmpeg's name of the demuxer."""
    spans: tuple[tuple[int, int], ...] = ()
    """``(start, stop)`` of the parts; empty where the file is the video."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        if self.spans:
            return sum(stop - start for start, stop in self.spans)
        return self.path.stat().st_size

    def open(self) -> BinaryIO:
        """Open it as one stream, whatever its parts."""
        stream = self.path.open("rb")
        if not self.spans:
            return stream
        return cast(BinaryIO, io.BufferedReader(_Parts(stream, self.spans)))


class _Parts(io.RawIOBase):
    """Parts of a file as if they were one; closes the file with itself."""

    def __init__(self, stream: BinaryIO, spans: Sequence[tuple[int, int]]) -> None:
        self._stream, self._spans, self._position = stream, spans, 0
        self._ends = list(accumulate(stop - start for start, stop in spans))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._ends[-1]}
        self._position = max(base[whence] + offset, 0)
        return self._position

    def readinto(self, buffer: Any) -> int:
        part = bisect_right(self._ends, self._position)
        if part == len(self._ends):
            return 0
        left = self._ends[part] - self._position
        self._stream.seek(self._spans[part][1] - left)
        data = self._stream.read(min(left, len(buffer)))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def check_whole(media: Media) -> None:
    """Raise if a video ends before its outermost boxes do.

    Only ``mov`` and ``avi`` are checked; other containers carry no lengths to rely on.

    Raises
    ------
    InputError
        ``TRUNCATED``, or ``TOO_LARGE``.
    """
    size = media.size
    if size > MAX_FILE_BYTES:
        raise InputError(Code.TOO_LARGE, f"The file is larger than {MAX_FILE_BYTES >> 30} GiB.")
    ends = {"mov": _end_of_boxes, "avi": _end_of_riff}
    if media.container in ends:
        with media.open() as stream:
            if ends[media.container](stream, size) > size:
                raise InputError(Code.TRUNCATED, "The video ends before what its header announces.")


def _end_of_boxes(stream: BinaryIO, size: int) -> int:
    position = 0
    for _ in range(_MOST_BOXES):
        if position > size:
            break
        stream.seek(position)
        head = stream.read(16)
        if len(head) < 8:
            break
        length = int.from_bytes(head[:4], "big")
        if length == _TO_THE_END:
            return size
        if length == _LONG:
            length = int.from_bytes(head[8:], "big")
        position += max(length, 8)
    return position


def _end_of_riff(stream: BinaryIO, _size: int) -> int:
    """End of the first RIFF chunk; recorders that were stopped leave its length at 0."""
    (length,) = struct.unpack_from("<L", stream.read(8).ljust(8, b"\0"), 4)
    return 8 + int(length)
