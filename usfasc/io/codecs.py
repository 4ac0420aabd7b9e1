"""From the bytes of a frame to grey or RGB: what codecs are, and the uncompressed ones.

A codec gives pixels of exactly the announced size, or says `DamagedFrameError`.
Memory is bounded by the announced size, which is believed only where the bytes can
hold it. There is one decoder for each way of storing a frame; none is ever a
fallback of another.
"""

from __future__ import annotations

import struct
from abc import ABC, abstractmethod
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc.errors import Code, InputError
from usfasc.io.layout import Layout
from usfasc.io.samples import Table, grey_of_samples, rgb_of_samples
from usfasc.model import Grey

_RLE_HEADER: Final = 64
_MOST_PIXELS_A_BYTE: Final = 64
"""PackBits holds 128 in 2 bytes."""


class DamagedFrameError(Exception):
    """These bytes are not one whole frame of the announced size."""


class Codec(ABC):
    """Decodes one frame to samples, whose meaning is the same for every codec.

    Parameters
    ----------
    layout, table
        What the samples mean.
    """

    name: str

    def __init__(self, layout: Layout, table: Table) -> None:
        self._layout, self._table = layout, table

    def grey(self, data: bytes) -> Grey:
        """Luma ``(y, x)``."""
        return grey_of_samples(self._samples(data), self._layout, self._table)

    def rgb(self, data: bytes) -> Grey:
        """RGB ``(y, x, 3)``."""
        return rgb_of_samples(self._samples(data), self._layout, self._table)

    @abstractmethod
    def fits(self, data: bytes) -> bool:
        """Whether the frame itself announces what the file's header does."""

    @abstractmethod
    def _samples(self, data: bytes) -> NDArray[Any]:
        """Samples as stored, unsigned, ``(y, x)`` or ``(y, x, 3)``."""


class Native(Codec):
    """Uncompressed samples.

    Parameters
    ----------
    layout, table
        How to read them.
    order
        Byte order of 16-bit words, ``<`` or ``>``.
    words
        Whether bytes were written as 16-bit words, which big endian turns round.
    frame_bytes
        Length of a frame; with 4:2:2 less than its samples in full.
    """

    name = "native"

    def __init__(
        self, layout: Layout, table: Table, *, order: str, words: bool, frame_bytes: int
    ) -> None:
        super().__init__(layout, table)
        self._order, self._frame_bytes = order, frame_bytes
        self._turned = words and order == ">" and layout.bits_allocated == 8
        if self._turned and frame_bytes % 2:
            raise InputError(
                Code.UNSUPPORTED_PIXELS, "Big-endian frames of an odd size are not supported."
            )

    def fits(self, data: bytes) -> bool:
        """Whether there are as many bytes as a frame has, and at most one of padding."""
        return len(data) - self._frame_bytes in (0, self._frame_bytes % 2)

    def _samples(self, data: bytes) -> Grey:
        if not self.fits(data):
            raise DamagedFrameError
        layout = self._layout
        kind = np.dtype(np.uint8 if layout.bits_allocated == 8 else f"{self._order}u2")
        flat = np.frombuffer(data[: self._frame_bytes], kind)
        if self._turned:
            flat = flat.reshape(-1, 2)[:, ::-1].reshape(-1)
        if layout.samples == 1:
            return flat.reshape(layout.shape)
        if self._frame_bytes != layout.frame_bytes:
            return _full_of_422(flat.reshape(layout.rows, layout.columns // 2, 4))
        if layout.planar:
            return flat.reshape(3, *layout.shape).transpose(1, 2, 0)
        return flat.reshape(*layout.shape, 3)


class RunLength(Codec):
    """RLE Lossless (PS3.5, G): one PackBits segment a byte plane, decoded by Pillow."""

    name = "pillow-packbits"

    def __init__(self, layout: Layout, table: Table) -> None:
        super().__init__(layout, table)
        self._planes = layout.samples * layout.bits_allocated // 8

    def fits(self, data: bytes) -> bool:
        """Whether the segments decode to planes of the announced size, no more and no less."""
        segments = self._segments(data) or [b""]
        pixels = self._layout.rows * self._layout.columns
        return all(
            _unpacks_to(segment, pixels) and not _unpacks_to(segment, pixels + 1)
            for segment in segments
        )

    def _segments(self, data: bytes) -> list[bytes] | None:
        if len(data) < _RLE_HEADER:
            return None
        count, *offsets = struct.unpack_from("<16L", data)
        bounds = [*offsets[: self._planes], len(data)]
        sizes = [stop - start for start, stop in pairwise(bounds)]
        least = self._layout.rows * self._layout.columns / _MOST_PIXELS_A_BYTE
        if count != self._planes or bounds[0] != _RLE_HEADER or min(sizes) < least:
            return None
        return [data[start:stop] for start, stop in pairwise(bounds)]

    def _samples(self, data: bytes) -> Grey:
        segments = self._segments(data)
        if segments is None:
            raise DamagedFrameError
        planes = [_unpack_bits(segment, self._layout.shape) for segment in segments]
        if len(planes) == 1:
            return planes[0]
        if len(planes) == 2:
            return np.stack(planes[::-1], axis=-1).view("<u2")[..., 0]
        return np.stack(planes, axis=-1)


def _unpack_bits(segment: bytes, shape: tuple[int, int]) -> Grey:
    """Undo PackBits; as one long row, since runs may cross rows in files of some scanners."""
    from PIL import Image

    try:
        row = Image.frombytes("L", (shape[0] * shape[1], 1), segment, "packbits", "L")
    except (ValueError, OSError):
        raise DamagedFrameError from None
    return np.asarray(row, np.uint8).reshape(shape)


def _unpacks_to(segment: bytes, pixels: int) -> bool:
    """Whether a segment holds at least so many pixels."""
    try:
        _unpack_bits(segment, (1, pixels))
    except DamagedFrameError:
        return False
    return True


def _full_of_422(pairs: Grey) -> Grey:
    """Full YBR of pairs of pixels stored as Y1 Y2 Cb Cr (PS3.3, C.7.6.3.1.2)."""
    rows, half, _ = pairs.shape
    full = np.empty((rows, half, 2, 3), np.uint8)
    full[..., 0] = pairs[..., :2]
    full[..., 1:] = pairs[..., np.newaxis, 2:]
    return full.reshape(rows, half * 2, 3)
