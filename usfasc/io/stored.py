"""A DICOM file as a stream of bytes, inflated on the way where it is deflated.

Nothing is inflated into memory or onto the disk: each pass inflates anew, and jumps
back by starting over. What would inflate out of proportion is refused. Deflate:
RFC 1951; the file meta information is never deflated (PS3.5, A.5).
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from usfasc.errors import Code, InputError
from usfasc.io.guard import MAX_FILE_BYTES
from usfasc.io.header import DEFLATED, read_meta

_MOST_GROWTH: Final = 100
"""A cine with a black border shrinks to a tenth; the format's own limit is 1032."""
_ALWAYS_ALLOWED_BYTES: Final = 64 << 20
_MOST_INFLATED_BYTES: Final = 2 << 30
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A DICOM file, its length once nothing in it is deflated, and how to open it so."""

    path: Path
    size: int
    deflated_from: int | None = None

    def open(self) -> BinaryIO:
        """Open the file as if it were not deflated."""
        if self.deflated_from is None:
            return self.path.open("rb")
        inflating = _Inflating(self.path.open("rb", buffering=0), self.deflated_from)
        return cast(BinaryIO, io.BufferedReader(inflating, _CHUNK))


def stored_file(path: Path) -> StoredFile:
    """Look at a DICOM file's meta information; a deflated data set is inflated once.

    Raises
    ------
    InputError
        The file is too large, or damaged.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError(Code.TOO_LARGE, f"The file is larger than {MAX_FILE_BYTES >> 30} GiB.")
    with path.open("rb") as stream:
        meta, start = read_meta(stream, size)
        if meta.uid("TransferSyntaxUID") != DEFLATED:
            return StoredFile(path=path, size=size)
    deflated = StoredFile(path=path, size=size, deflated_from=start)
    limit = min(max(_ALWAYS_ALLOWED_BYTES, _MOST_GROWTH * size), _MOST_INFLATED_BYTES)
    return StoredFile(path=path, size=_inflated_size(deflated, limit), deflated_from=start)


def _inflated_size(deflated: StoredFile, limit: int) -> int:
    size = 0
    with deflated.open() as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise InputError(
                    Code.TOO_LARGE, f"The file would inflate to more than {limit >> 20} MiB."
                )
    return size


class _Inflating(io.RawIOBase):
    """Bytes of a file, inflated from ``start`` on."""

    def __init__(self, raw: io.FileIO, start: int) -> None:
        self._raw, self._start = raw, start
        self._wanted = 0
        self._restart()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            raise io.UnsupportedOperation
        self._wanted = offset + (self._wanted if whence == io.SEEK_CUR else 0)
        return self._wanted

    def readinto(self, buffer: Any) -> int:
        if self._wanted < self._at:
            self._restart()
        while self._at < self._wanted:
            if not self._next(min(self._wanted - self._at, _CHUNK)):
                return 0
        data = self._next(len(buffer))
        buffer[: len(data)] = data
        self._wanted = self._at
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()

    def _restart(self) -> None:
        self._raw.seek(0)
        self._at, self._unused = 0, b""
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS)

    def _next(self, most: int) -> bytes:
        """At most so many of the following bytes; none at the end."""
        if self._at < self._start:
            data = self._raw.read(min(most, self._start - self._at)) or b""
        else:
            data = self._inflate(most)
        self._at += len(data)
        return data

    def _inflate(self, most: int) -> bytes:
        data = b""
        while not data and not self._inflater.eof:
            fed = self._unused or self._raw.read(_CHUNK)
            try:
                data = self._inflater.decompress(fed, most)
            except zlib.error:
                raise InputError(Code.CORRUPT, "The deflated file is damaged.") from None
            if not (fed or data or self._inflater.eof):
                raise InputError(Code.TRUNCATED, "The file ends before what it inflates to.")
            self._unused = self._inflater.unconsumed_tail
        return data
