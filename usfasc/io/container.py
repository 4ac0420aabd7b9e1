"""Whether a video's container is whole, before a demuxer sees it.

A demuxer reads a file that was cut off as if it were a shorter clip. The lengths
of the outermost boxes tell: ISO/IEC 14496-12, 4.2 (MP4, MOV); RIFF (AVI).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.guard import MAX_FILE_BYTES

_MOST_BOXES: Final = 100_000
_TO_THE_END, _LONG = 0, 1


def check_whole(path: Path, container_format: str) -> None:
    """Raise if the file ends before its outermost boxes do.

    Parameters
    ----------
    path
        The file.
    container_format
        FFmpeg's name; ``mov`` and ``avi`` are checked, other containers carry no
        lengths to rely on.

    Raises
    ------
    InputError
        ``TRUNCATED``, or ``TOO_LARGE``.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError(Code.TOO_LARGE, f"The file is larger than {MAX_FILE_BYTES >> 30} GiB.")
    if container_format == "mov":
        end = _end_of_boxes(path, size)
    elif container_format == "avi":
        end = _end_of_riff(path)
    else:
        return
    if end > size:
        raise InputError(Code.TRUNCATED, "The video ends before what its header announces.")


def _end_of_boxes(path: Path, size: int) -> int:
    position = 0
    with path.open("rb") as stream:
        for _ in range(_MOST_BOXES):
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


def _end_of_riff(path: Path) -> int:
    """End of the first RIFF chunk; recorders that were stopped leave its length at 0."""
    with path.open("rb") as stream:
        head = stream.read(8)
    (length,) = struct.unpack_from("<L", head, 4)
    return 8 + int(length)
