"""A clip opened with FFmpeg for one pass: its moving picture, and the frames of that."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import av

from usfasc.errors import Code, InputError
from usfasc.io.container import Media

_ATTACHED_PICTURE: Final = 0x400


def decode(media: Media, seek: int | None = None) -> Iterator[Any]:
    """Pictures of a video in presentation order, from the key frame at ``seek`` ticks.

    Raises
    ------
    InputError
        The decoder refuses a packet.
    """
    with open_container(media) as container:
        stream = picture_stream(container)
        if seek is not None:
            container.seek(seek, stream=stream)
        yield from container.decode(stream)


@contextmanager
def open_container(media: Media, **options: str) -> Iterator[Any]:
    """Open a container for one pass; what FFmpeg raises leaves as our own error.

    Raises
    ------
    InputError
        ``CORRUPT``
    """
    try:
        with (
            ExitStack() as opened,
            av.open(
                # By name FFmpeg reads faster; absolute and with a protocol, so that no file
                # name is taken for another protocol.
                opened.enter_context(media.open())
                if media.spans
                else f"file:{media.path.resolve()}",
                format=media.container,
                options={"protocol_whitelist": "file", **options},
                # Scanners write titles and comments in any encoding.
                metadata_errors="replace",
            ) as container,
        ):
            yield container
    except (av.FFmpegError, OSError, ValueError):
        raise InputError(Code.CORRUPT, "The video is damaged; it cannot be decoded.") from None


def picture_stream(container: Any) -> Any:
    """The container's moving picture.

    Raises
    ------
    InputError
        There is none, or FFmpeg has no decoder for it.
    """
    streams = [s for s in container.streams.video if not s.disposition & _ATTACHED_PICTURE]
    if not streams:
        raise InputError(Code.NO_PIXELS, "The file holds no moving picture.")
    if streams[0].codec_context is None:
        raise InputError(Code.UNSUPPORTED_SYNTAX, "The video's coding is not supported.")
    # Clips run side by side, each on one thread: the same order and memory everywhere.
    streams[0].codec_context.thread_count = 1
    return streams[0]
