"""What a compressed frame says of itself, read before it is decoded.

The walks are bounded by the bytes there are; whatever does not describe one plain
picture gives None. JPEG: ITU-T T.81, B; JPEG-LS: ITU-T T.87, C; JPEG 2000:
ITU-T T.800, A.5.1; JPEG XL: ISO/IEC 18181-1, D.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEQUENTIAL, EXTENDED, LOSSLESS, JPEG_LS = 0xC0, 0xC1, 0xC3, 0xF7
"""JPEG processes, by the markers of their frame headers."""
START_OF_JPEG: Final = b"\xff\xd8"
START_OF_JPEG2000: Final = b"\xff\x4f\xff\x51"
START_OF_JPEG_XL: Final = b"\xff\x0a"

_FRAME_HEADERS: Final = (frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}) | {JPEG_LS}
_SEGMENTS: Final = _FRAME_HEADERS | {0xC4, 0xCC, *range(0xDB, 0xF0), 0xF8, 0xFE}
JPEG2000_BOX: Final = b"jp2c"
_SIGNATURE_BOX: Final = b"\x00\x00\x00\x0c"
_MOST_BOXES: Final = 16
_PART_NUMBER_BYTES: Final = 4
_MOST_TILES: Final = 1024
"""OpenJPEG holds kilobytes for each tile that a picture announces; one is usual."""
_JPEG_XL_HEADER_BYTES: Final = 40
_JPEG_XL_RATIOS: Final = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """Size and coding that a codestream announces."""

    height: int
    width: int
    samples: int
    bits: int
    process: int = 0
    """For JPEG and JPEG-LS the marker of the frame header."""


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """``(marker, start, stop)`` of a JPEG's segments, up to its first frame header."""
    position = 2 if data[:2] == START_OF_JPEG else len(data)
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # A fill byte.
            position += 1
            continue
        stop = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if marker not in _SEGMENTS:
            return
        yield marker, position, stop
        if marker in _FRAME_HEADERS:
            return
        position = stop


def jpeg_frame(data: bytes) -> FrameHeader | None:
    """The first frame header of a JPEG or JPEG-LS; None if there is none."""
    for marker, start, _ in jpeg_segments(data):
        if marker in _FRAME_HEADERS and start + 10 <= len(data):
            bits, height, width, samples = struct.unpack_from(">BHHB", data, start + 4)
            return FrameHeader(height, width, samples, bits, marker)
    return None


def unboxed(data: bytes, *kinds: bytes) -> bytes:
    """The codestream in a file format of boxes (ISO/IEC 14496-12, 4.2); a bare one as it is.

    Parameters
    ----------
    data
        A frame.
    kinds
        Types of the boxes that hold a codestream, or its first part.
    """
    position = 0
    for _ in range(_MOST_BOXES if data[:4] == _SIGNATURE_BOX else 0):
        length = int.from_bytes(data[position : position + 4], "big")
        if data[position + 4 : position + 8] in kinds:
            return data[position + 8 : position + length if length else len(data)]
        position += max(length, 8)
    return data


def jpeg2000_frame(data: bytes) -> FrameHeader | None:
    """The size marker of a JPEG 2000 codestream; None without, or with too many tiles."""
    data = unboxed(data, JPEG2000_BOX)
    if data[:4] != START_OF_JPEG2000 or len(data) < 45:
        return None
    right, bottom, left, top, wide, high, x, y, samples = struct.unpack_from(">8LH", data, 8)
    if not (wide and high):
        return None
    tiles = -(-(right - x) // wide) * -(-(bottom - y) // high)
    if not 0 < tiles <= _MOST_TILES:
        return None
    return FrameHeader(bottom - top, right - left, samples, (data[42] & 0x7F) + 1)


def jpegxl_frame(data: bytes) -> FrameHeader | None:
    """The header of a JPEG XL codestream; None if it is more than one upright picture."""
    part = unboxed(data, b"jxlc", b"jxlp")
    if part is not data:
        data = part if part[:2] == START_OF_JPEG_XL else part[_PART_NUMBER_BYTES:]
    if data[:2] != START_OF_JPEG_XL:
        return None
    bits = _Bits(data[2:_JPEG_XL_HEADER_BYTES])
    height, width = _jpegxl_size(bits)
    if bits.take(1):  # Everything by default: 8 bits, three colours.
        return FrameHeader(height, width, 3, 8)
    turned_or_animated, floating = bits.take(1), bits.take(1)
    depth = bits.choose((8, 0), (10, 0), (12, 0), (1, 6))
    bits.take(1)
    extra_channels = bits.choose((0, 0), (1, 0), (2, 4), (1, 12))
    if turned_or_animated or floating or extra_channels:
        return None
    bits.take(1)
    if bits.take(1):
        return FrameHeader(height, width, 3, depth)
    bits.take(1)
    grey = bits.choose((0, 0), (1, 0), (2, 4), (18, 6)) == 1
    return FrameHeader(height, width, 1 if grey else 3, depth)


def _jpegxl_size(bits: _Bits) -> tuple[int, int]:
    """``(height, width)``; the width may be given as a ratio."""
    small = bits.take(1)

    def side() -> int:
        return 8 * (1 + bits.take(5)) if small else bits.choose((1, 9), (1, 13), (1, 18), (1, 30))

    height, ratio = side(), bits.take(3)
    if ratio == 0:
        return height, side()
    across, down = _JPEG_XL_RATIOS[ratio - 1]
    return height, height * across // down


class _Bits:
    """Bits from the lowest of the first byte on; zeros behind the end."""

    def __init__(self, data: bytes) -> None:
        self._left = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._left & ((1 << count) - 1)
        self._left >>= count
        return value

    def choose(self, *choices: tuple[int, int]) -> int:
        """One of four ``(offset, bits)``, chosen by two bits."""
        offset, count = choices[self.take(2)]
        return offset + self.take(count)
