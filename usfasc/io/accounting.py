"""Frame accounting: where each frame lies in the file, proven before decoding.

A clip whose bytes do not hold exactly the frames its header announces is refused
whole; there is never a partial count. Encapsulation: DICOM PS3.5, A.4.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.guard import Element
from usfasc.io.header import Header
from usfasc.io.layout import Layout

Span = tuple[int, int]
"""``(start, stop)`` in the file."""
FrameSpans = tuple[tuple[Span, ...], ...]
"""For each frame the spans that make it up."""

_SUBSAMPLED: Final = ("YBR_FULL_422", "YBR_PARTIAL_422")


def native_frames(pixels: Element, layout: Layout) -> tuple[FrameSpans, int]:
    """Spans of uncompressed frames, and the bytes of one frame.

    Raises
    ------
    InputError
        The pixel data is shorter or longer than the announced frames.
    """
    if pixels.undefined:
        raise InputError(Code.CORRUPT, "Uncompressed pixels have no length.")
    frame_bytes = _native_frame_bytes(pixels.length, layout)
    starts = range(pixels.start, pixels.start + layout.frames * frame_bytes, frame_bytes)
    return tuple(((start, start + frame_bytes),) for start in starts), frame_bytes


def _native_frame_bytes(length: int, layout: Layout) -> int:
    """Bytes a frame; 4:2:2 data is taken as subsampled only where its length says so."""
    sizes = [layout.frame_bytes]
    if layout.photometric in _SUBSAMPLED and layout.columns % 2 == 0:
        sizes.append(layout.rows * layout.columns * 2)
    for size in sizes:
        total = size * layout.frames
        if length in (total, total + total % 2):
            return size
    total = min(sizes) * layout.frames
    if length < total:
        raise InputError(
            Code.TRUNCATED, f"The pixels end before the {layout.frames} frames of the header."
        )
    raise InputError(
        Code.CORRUPT, f"There are more pixels than the {layout.frames} frames of the header."
    )


def encapsulated_frames(header: Header, layout: Layout, first_bytes: bytes = b"") -> FrameSpans:
    """Spans of compressed frames.

    One fragment is one frame; where there are more fragments, the basic offset
    table groups them if it is whole and fits, else the bytes with which every frame
    starts do, if there are such. A wrong table beside one fragment a frame is passed over.

    Raises
    ------
    InputError
        The fragments do not add up to the announced frames.
    """
    table, *fragments = _items(header)
    if len(fragments) == layout.frames:
        return tuple((span,) for span in fragments)
    if len(fragments) > layout.frames:
        starts = _table_starts(header, table, fragments)
        if len(starts) != layout.frames and first_bytes:
            starts = [
                index
                for index, (start, stop) in enumerate(fragments)
                if header.walk.read(start, min(len(first_bytes), stop - start)) == first_bytes
            ]
        if len(starts) == layout.frames and starts[0] == 0:
            return _group(fragments, starts)
        raise InputError(
            Code.CORRUPT, f"There are more frames than the {layout.frames} of the header."
        )
    raise InputError(
        Code.TRUNCATED,
        f"The file holds {len(fragments)} of the {layout.frames} frames of its header.",
    )


def stream_spans(header: Header) -> tuple[Span, ...]:
    """Spans that make up a video stream, whatever it is divided into.

    Raises
    ------
    InputError
        There are none.
    """
    _, *fragments = _items(header)
    if not fragments:
        raise InputError(Code.NO_FRAMES, "The file announces a video, but holds none.")
    return tuple(fragments)


def _items(header: Header) -> list[Span]:
    """The items of compressed pixel data: the offset table, then the fragments."""
    pixels = header.found["PixelData"]
    if not pixels.undefined:
        raise InputError(Code.CORRUPT, "Compressed pixels are not divided into frames.")
    return list(header.walk.items(pixels, header.encoding)) or [(0, 0)]


def _table_starts(header: Header, table: Span, fragments: Sequence[Span]) -> list[int]:
    """Indices of the fragments at which frames start by the offset table; empty if it is wrong."""
    data = header.walk.read(table[0], min(table[1] - table[0], 4 * len(fragments)))
    offsets = [offset for (offset,) in struct.iter_unpack("<L", data[: len(data) // 4 * 4])]
    # Offsets count from the first fragment's item tag, 8 bytes before its data.
    index_at = {start - fragments[0][0]: index for index, (start, _) in enumerate(fragments)}
    starts = [index_at.get(offset, -1) for offset in offsets]
    rising = all(before < after for before, after in pairwise(starts))
    return starts if rising and starts and starts[0] == 0 else []


def _group(fragments: Sequence[Span], starts: Sequence[int]) -> FrameSpans:
    stops = [*starts[1:], len(fragments)]
    return tuple(tuple(fragments[start:stop]) for start, stop in zip(starts, stops, strict=True))
