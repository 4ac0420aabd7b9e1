"""Places as text that a result can hold, and back, without loss.

Neighbouring cells are mostly of one state: their runs, deflated, take some 300 bytes for
each second of a restless clip.
"""

from __future__ import annotations

import binascii
import zlib
from base64 import b64decode, b64encode
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.detect.places import Places
from usfasc.errors import Code, InputError
from usfasc.model import Mask, WatchedWindow

_LONGEST: Final = 255
"""Of a run, as one byte tells it; a longer one is told as several."""
_US: Final = 1e6
_MOST_BYTES: Final = 2**28
"""Of one text, unpacked: no window comes near, a hostile file might."""

Bytes = NDArray[np.uint8]


def pack_places(places: Places) -> WatchedWindow:
    """One window's places as texts; times are kept to a microsecond."""
    times_us = np.rint(places.times_s * _US).astype("<i8")
    return WatchedWindow(
        moments=len(times_us),
        steps=_pack(np.diff(times_us, prepend=0).tobytes()),
        unsteady=pack_mask(places.unsteady),
        seen=pack_mask(places.seen),
        states=_pack(_runs(places.states.ravel())),
    )


@lru_cache(maxsize=2)
def unpack_places(window: WatchedWindow, shape: tuple[int, int]) -> Places:
    """One window's places as arrays.

    Parameters
    ----------
    window
        As `pack_places` gave it.
    shape
        Rows and columns of the picture's cells.

    Raises
    ------
    InputError
        ``BAD_RESULT``: the texts do not hold what they should.
    """
    count = window.moments
    steps_us = np.frombuffer(_unpack(window.steps, 8 * count), "<i8")
    if (steps_us < 0).any():
        raise damaged()
    runs = np.frombuffer(_unpack(window.states), np.uint8).reshape(2, -1)
    if int(runs[0].sum(dtype=np.int64)) != count * shape[0] * shape[1]:
        raise damaged()
    return Places(
        times_s=np.cumsum(steps_us) / _US,
        states=np.repeat(runs[1], runs[0]).reshape(count, *shape),
        seen=unpack_mask(window.seen, shape),
        unsteady=unpack_mask(window.unsteady, (count,)),
    )


def pack_mask(mask: Mask) -> str:
    """A mask of any shape as text."""
    return _pack(np.packbits(mask).tobytes())


def unpack_mask(text: str, shape: tuple[int, ...]) -> Mask:
    """A mask of a known shape.

    Raises
    ------
    InputError
        ``BAD_RESULT``: it is not of that shape.
    """
    size = int(np.prod(shape))
    bits = np.frombuffer(_unpack(text, (size + 7) // 8), np.uint8)
    return np.asarray(np.unpackbits(bits, count=size).astype(bool).reshape(shape))


def _runs(codes: Bytes) -> bytes:
    """Lengths of the runs of equal codes, then their codes."""
    starts = np.flatnonzero(np.diff(codes, prepend=codes[:1] + 1))
    lengths = np.diff(starts, append=len(codes))
    pieces = (lengths + _LONGEST - 1) // _LONGEST
    told = np.full(int(pieces.sum()), _LONGEST, np.uint8)
    told[np.cumsum(pieces) - 1] = lengths - (pieces - 1) * _LONGEST
    return told.tobytes() + np.repeat(codes[starts], pieces).tobytes()


def _pack(data: bytes) -> str:
    return b64encode(zlib.compress(data, 9)).decode("ascii")


def _unpack(text: str, size: int | None = None) -> bytes:
    """The bytes of a text: as many as are expected, or an even number."""
    try:
        data = zlib.decompressobj().decompress(b64decode(text, validate=True), _MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error):
        raise damaged() from None
    if (size is not None and len(data) != size) or (size is None and len(data) % 2):
        raise damaged()
    return data


def damaged() -> InputError:
    """What is said where a result's places cannot be relied on."""
    return InputError(
        Code.BAD_RESULT, "What the result keeps of where tissue could be judged is damaged."
    )
