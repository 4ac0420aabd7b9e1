"""Frames of a DICOM file, decoded one by one from where they lie in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.io.accounting import FrameSpans
from usfasc.io.codecs import Codec, DamagedFrameError
from usfasc.io.stored import StoredFile
from usfasc.model import Frame, Grey


class DicomFrames:
    """Random access to the frames of one file; holds no pixels.

    Parameters
    ----------
    file
        The file, opened anew for each pass.
    spans
        Where each frame lies.
    codec
        Decodes one frame.
    shape
        ``(height, width)`` in pixels.
    has_colour
        Whether pixels may carry colour.
    """

    def __init__(
        self,
        file: StoredFile,
        spans: FrameSpans,
        codec: Codec,
        shape: tuple[int, int],
        *,
        has_colour: bool,
    ) -> None:
        self._file, self._spans, self._codec = file, spans, codec
        self.shape, self.has_colour, self.decoder = shape, has_colour, codec.name

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self._spans)

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Decode frames ``[start, stop)`` once, in order.

        A frame that the decoder refuses repeats the one before it (the first: the
        next good one) and is flagged.

        Raises
        ------
        InputError
            The file has changed, or not one of its frames can be decoded.
        """
        with self._open() as stream:
            before: Grey | None = None
            for index in range(*slice(start, stop).indices(self.count)):
                grey = self._grey(stream, index)
                damaged = grey is None
                if grey is None:
                    grey = self._substitute(stream, index) if before is None else before
                before = grey
                yield Frame(index=index, grey=grey, damaged=damaged)

    def colour(self, index: int) -> Grey:
        """Decode one frame as RGB ``(y, x, 3)``; a damaged one as its grey substitute."""
        with self._open() as stream:
            try:
                return self._codec.rgb(self._read(stream, index))
            except DamagedFrameError:
                grey = self._substitute(stream, index)
                return np.repeat(grey[..., np.newaxis], 3, axis=2)

    def check_sizes(self) -> None:
        """Prove that some frame's own header announces the size of the file's.

        Usually the first one answers; a clip may begin with damaged frames.

        Raises
        ------
        InputError
            No frame has the announced size.
        """
        with self._open() as stream:
            if not any(self._codec.fits(self._read(stream, i)) for i in range(self.count)):
                raise InputError(Code.CORRUPT, "No frame has the size that the header announces.")

    def _substitute(self, stream: BinaryIO, index: int) -> Grey:
        """The nearest good frame before, else after."""
        for other in (*range(index - 1, -1, -1), *range(index + 1, self.count)):
            grey = self._grey(stream, other)
            if grey is not None:
                return grey
        raise InputError(Code.CORRUPT, "Not one frame of the clip can be decoded.")

    def _grey(self, stream: BinaryIO, index: int) -> Grey | None:
        try:
            return self._codec.grey(self._read(stream, index))
        except DamagedFrameError:
            return None

    def _read(self, stream: BinaryIO, index: int) -> bytes:
        try:
            parts = [_span(stream, start, stop) for start, stop in self._spans[index]]
        except OSError:
            raise InputError(Code.UNREADABLE, "The file can no longer be read.") from None
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _open(self) -> BinaryIO:
        try:
            return self._file.open()
        except OSError:
            raise InputError(Code.UNREADABLE, "The file can no longer be read.") from None


def _span(stream: BinaryIO, start: int, stop: int) -> bytes:
    stream.seek(start)
    data = stream.read(stop - start)
    if len(data) != stop - start:
        raise InputError(Code.TRUNCATED, "The file has become shorter while it was read.")
    return data
