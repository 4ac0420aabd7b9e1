"""Colour palettes: a table of RGB for every stored value (PS3.3, C.7.6.3.1.5 and C.7.9.2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.errors import Code, InputError
from usfasc.io.header import Header
from usfasc.io.layout import Layout

_COLOURS: Final = ("Red", "Green", "Blue")
_MOST_ENTRIES: Final = 65536
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2


def read_palette(header: Header, layout: Layout) -> NDArray[np.uint8]:
    """RGB ``(n, 3)`` of every possible stored value.

    Raises
    ------
    InputError
        The palette is missing or malformed.
    """
    return np.stack([_of_colour(header, colour, layout) for colour in _COLOURS], axis=1)


def _of_colour(header: Header, colour: str, layout: Layout) -> NDArray[np.uint8]:
    table = f"{colour}PaletteColorLookupTable"
    descriptor = header.numbers(f"{table}Descriptor")
    if len(descriptor) != 3 or descriptor[2] not in (8, 16):
        raise InputError(Code.UNSUPPORTED_PIXELS, "The colour palette is missing or malformed.")
    count, first, bits = (int(value) for value in descriptor)
    count = count or _MOST_ENTRIES
    entries = _entries(header, table, count, bits)
    if not 0 < count <= len(entries):
        raise InputError(Code.UNSUPPORTED_PIXELS, "The colour palette is shorter than it says.")
    # Some scanners write 8-bit entries under a 16-bit descriptor: the range tells.
    shift = 8 if bits == 16 and entries[:count].max() > 255 else 0
    indices = np.arange(2**layout.bits_allocated) & (2**layout.bits_stored - 1)
    looked_up = entries[np.clip(indices - first, 0, count - 1)] >> shift
    palette: NDArray[np.uint8] = looked_up.astype(np.uint8)
    return palette


def _entries(header: Header, table: str, count: int, bits: int) -> NDArray[np.uint16]:
    words = np.array(header.numbers(f"{table}Data"), np.uint16)
    if len(words):
        return words if len(words) >= count else words.view(np.uint8).astype(np.uint16)
    words = np.array(header.numbers(f"Segmented{table}Data"), np.uint16)
    return _expanded(words if bits == 16 else words.view(np.uint8).astype(np.uint16), count)


def _expanded(words: NDArray[np.uint16], count: int) -> NDArray[np.uint16]:
    """The entries that segments stand for, ``count`` at the most."""
    parts: list[NDArray[np.uint16]] = [np.zeros(0, np.uint16)]
    last, left = 0, count
    # Each segment adds an entry, or the palette is malformed; so their number is bounded.
    for length, values in islice(_segments(words, 0, count), count):
        if len(values) == length:
            part = values[:left]
        else:
            steps = np.arange(1, min(length, left) + 1) / max(length, 1)
            part = np.rint(last + (int(values[0]) - last) * steps).astype(np.uint16)
        parts.append(part)
        left -= len(part)
        if left <= 0 or not len(part):
            break
        last = int(part[-1])
    return np.concatenate(parts)


def _segments(
    words: NDArray[np.uint16], position: int, most: int, *, nested: bool = False
) -> Iterator[tuple[int, NDArray[np.uint16]]]:
    """``(length, values)`` of segments: all their values, or the one at which a line ends."""
    for _ in range(most):
        if position + 3 > len(words):
            return
        kind, length = int(words[position]), int(words[position + 1])
        if kind == _DISCRETE and position + 2 + length <= len(words):
            yield length, words[position + 2 : position + 2 + length]
            position += 2 + length
        elif kind == _LINEAR:
            yield length, words[position + 2 : position + 3]
            position += 3
        elif kind == _INDIRECT and not nested and position + 4 <= len(words):
            # The offset counts bytes, its lower word first.
            start = (int(words[position + 2]) | int(words[position + 3]) << 16) // 2
            yield from _segments(words, start, length, nested=True)
            position += 4
        else:
            return
