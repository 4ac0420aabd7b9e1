"""The guard: a bounded walk of a DICOM file's structure before anything is believed.

The walk is iterative, counts what it meets, and checks every length against the
file's own. It hands out where each top-level element's value lies and nothing
else, so no parser that recurses, allocates by a declared length, or quotes a
patient's name in its errors ever sees the file. Structure: DICOM PS3.5, 7 and A.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from usfasc.errors import Code, InputError

MAX_FILE_BYTES: Final = 64 << 30
MAX_ELEMENTS: Final = 300_000
MAX_DEPTH: Final = 16
MAX_FRAMES: Final = 100_000
MAX_SIDE: Final = 8192

UNDEFINED: Final = 0xFFFFFFFF
PIXEL_DATA: Final = 0x7FE00010
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
_LONG_VRS: Final = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())


@dataclass(frozen=True, slots=True)
class Element:
    """Where one element's value lies: ``[start, start + length)`` of the file."""

    tag: int
    vr: str
    start: int
    length: int
    undefined: bool = False


@dataclass(frozen=True, slots=True)
class Encoding:
    """How elements are written: byte order, and whether they carry their VR."""

    order: str
    explicit: bool


FILE_META: Final = Encoding("<", True)


class Walk:
    """Reads element after element, within limits.

    Parameters
    ----------
    stream
        The open file.
    size
        Its length in bytes.
    """

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._left = MAX_ELEMENTS
        self.size = size

    def read(self, start: int, length: int) -> bytes:
        """Bytes of the file; all of them or an error."""
        self._stream.seek(start)
        data = self._stream.read(length)
        if len(data) != length:
            raise _truncated()
        return data

    def elements(self, start: int, stop: int, encoding: Encoding) -> Iterator[Element]:
        """Top-level elements of ``[start, stop)``, sequences and pixel data skipped over.

        Raises
        ------
        InputError
            A length leaves the file, or a limit is passed.
        """
        position = start
        while position + 8 <= stop:
            element = self._element(position, self._head(position), encoding)
            if element.undefined:
                end = self._skip_sequence(element, encoding)
                yield Element(element.tag, element.vr, element.start, end - element.start, True)
                position = end
            else:
                yield element
                position = element.start + element.length

    def items(self, sequence: Element, encoding: Encoding) -> Iterator[tuple[int, int]]:
        """Spans ``(start, stop)`` of a sequence's items, or of pixel data's fragments."""
        position, stop = sequence.start, sequence.start + sequence.length
        while position + 8 <= stop:
            tag, length = _tag_and_length(self._head(position), encoding)
            position += 8
            if tag == _SEQUENCE_END:
                return
            if tag != _ITEM:
                raise InputError(
                    Code.CORRUPT, "The file's structure is damaged (an item is missing)."
                )
            end = self._item_end(position, length, encoding)
            yield position, end
            position = end if length != UNDEFINED else end + 8

    def _item_end(self, position: int, length: int, encoding: Encoding) -> int:
        if length != UNDEFINED:
            return position + self._inside(position, length)
        while _tag_and_length(head := self._head(position), encoding)[0] != _ITEM_END:
            element = self._element(position, head, encoding)
            position = (
                self._skip_sequence(element, encoding)
                if element.undefined
                else element.start + element.length
            )
        return position

    def _skip_sequence(self, element: Element, encoding: Encoding) -> int:
        """Position behind a sequence of undefined length, whatever is nested in it."""
        position = element.start
        open_encodings = [_inside_of(element, encoding)]
        while open_encodings:
            if position == self.size and element.tag == PIXEL_DATA:
                break  # Some scanners omit the last delimiter; the frames are counted anyway.
            head = self._head(position)
            tag, length = _tag_and_length(head, encoding)
            position += 8
            if tag == _SEQUENCE_END:
                open_encodings.pop()
            elif tag == _ITEM and length != UNDEFINED:
                position += self._inside(position, length)
            elif tag not in (_ITEM, _ITEM_END):
                nested = self._element(position - 8, head, open_encodings[-1])
                position = nested.start
                if nested.undefined:
                    open_encodings.append(_inside_of(nested, open_encodings[-1]))
                else:
                    position += nested.length
            if len(open_encodings) > MAX_DEPTH:
                raise InputError(
                    Code.TOO_LARGE, f"The header is nested more than {MAX_DEPTH} levels deep."
                )
        return position

    def _head(self, position: int) -> bytes:
        """The first bytes of an element or item: 12, or 8 at the very end of a file."""
        self._left -= 1
        if self._left < 0:
            raise InputError(Code.TOO_LARGE, f"The header holds more than {MAX_ELEMENTS} elements.")
        self._stream.seek(position)
        head = self._stream.read(12)
        if len(head) < 8:
            raise _truncated()
        return head

    def _element(self, position: int, head: bytes, encoding: Encoding) -> Element:
        tag, length = _tag_and_length(head, encoding)
        vr, start = b"", position + 8
        if encoding.explicit:
            vr = head[4:6]
        if vr in _LONG_VRS:
            if len(head) < 12:
                raise _truncated()
            (length,) = struct.unpack_from(f"{encoding.order}L", head, 8)
            start += 4
        elif vr.isalpha() and vr.isupper():
            (length,) = struct.unpack_from(f"{encoding.order}H", head, 6)
        # Else implicit, also inside explicit files: some scanners mix the two.
        undefined = length == UNDEFINED
        if not undefined:
            self._inside(start, length)
        return Element(tag, vr.decode("ascii", "replace"), start, length, undefined)

    def _inside(self, start: int, length: int) -> int:
        if start + length > self.size:
            raise _truncated()
        return length


def _tag_and_length(head: bytes, encoding: Encoding) -> tuple[int, int]:
    group, number, length = struct.unpack_from(f"{encoding.order}HHL", head)
    return group << 16 | number, length


def _inside_of(element: Element, encoding: Encoding) -> Encoding:
    """Unknown elements of undefined length hold implicit little endian (PS3.5, 6.2.2)."""
    return Encoding("<", False) if element.vr == "UN" else encoding


def _truncated() -> InputError:
    return InputError(Code.TRUNCATED, "The file ends before what its header announces.")
