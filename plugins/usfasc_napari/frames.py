"""A clip's frames as the array that napari slices: decoded when they are looked at.

A video's frame is built on all those before it up to a key frame. So what is decoded
on the way is kept, and a step back, or the next one forward, costs nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from threading import Lock
from types import EllipsisType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import DTypeLike

from usfasc.errors import Code, InputError
from usfasc.model import Frame, FrameReader, Grey, Mask

KEPT_BYTES: Final = 256 * 2**20
"""A key frame's whole family at 800 x 600: about 500 frames."""
MOST_AT_ONCE_BYTES: Final = 4 * 2**30

Index = int | slice | EllipsisType | np.ndarray


class LazyFrames:
    """Read-only ``(t, y, x)`` uint8 array over the frames of one clip.

    Parameters
    ----------
    frames
        The clip's frames.
    key_frames
        ``(t,)``: true where decoding can begin; None where it can anywhere.
    kept_bytes
        How much of what was decoded is kept; at least two frames are.
    """

    ndim = 3
    dtype: Final = np.dtype(np.uint8)

    def __init__(
        self, frames: FrameReader, key_frames: Mask | None = None, kept_bytes: int = KEPT_BYTES
    ) -> None:
        self._frames = frames
        self.shape = (frames.count, *frames.shape)
        self.size = int(np.prod(self.shape))
        self._keys = None if key_frames is None else np.flatnonzero(key_frames)
        self._kept: OrderedDict[int, Grey] = OrderedDict()
        self._most_kept = max(2, kept_bytes // max(1, self.size // self.shape[0]))
        self._pass: Iterator[Frame] = iter(())
        self._next = -1
        self._lock = Lock()

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Index | tuple[Index, ...]) -> Grey:
        """As of an array; only the first axis takes an array of numbers or truth values.

        Raises
        ------
        IndexError
            Outside the clip, or an index of another kind.
        InputError
            A frame cannot be read, or so many are asked for that memory would not hold them.
        """
        first, *others = _whole_key(key)
        rest = tuple(others)
        numbers = np.arange(len(self))[first]
        if numbers.ndim == 0:
            part: Grey = self.frame(int(numbers))[rest]
            return part
        picked = np.empty((len(numbers), *_picked_shape(self.shape[1:], rest)), np.uint8)
        if picked.nbytes > MOST_AT_ONCE_BYTES:
            raise InputError(Code.TOO_LARGE, "The clip is too long to be shown all at once.")
        for place, number in enumerate(numbers):
            picked[place] = self.frame(int(number))[rest]
        return picked

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> np.ndarray[Any, Any]:
        """All frames, decoded."""
        if copy is False:
            raise ValueError("The frames are decoded anew; they cannot be had without a copy.")
        return self[:].astype(dtype or np.uint8, copy=False)

    def __deepcopy__(self, _: object) -> Self:
        # Frames never change, so a duplicated layer may share them, and what is kept of them.
        return self

    def frame(self, number: int) -> Grey:
        """One frame ``(y, x)``.

        Raises
        ------
        InputError
            It cannot be read.
        """
        with self._lock:
            grey = self._kept.get(number)
            if grey is None:
                return self._decoded(number)
            self._kept.move_to_end(number)
            return grey

    def _decoded(self, number: int) -> Grey:
        """Decode up to a frame, from where the last one was or from the key frame before."""
        start = self._start_for(number)
        # To go on is better than to begin again, unless a nearer beginning lies on the way.
        if not 0 <= number - self._next <= number - start:
            self._pass, self._next = self._frames.stream(start), start
        try:
            while True:
                frame = next(self._pass)
                self._next = frame.index + 1
                self._keep(frame)
                if frame.index == number:
                    return frame.grey
        except BaseException:
            self._pass, self._next = iter(()), -1
            raise

    def _start_for(self, number: int) -> int:
        if self._keys is None:
            return number
        before = self._keys[: np.searchsorted(self._keys, number, side="right")]
        return int(before[-1]) if len(before) else 0

    def _keep(self, frame: Frame) -> None:
        frame.grey.setflags(write=False)
        self._kept[frame.index] = frame.grey
        self._kept.move_to_end(frame.index)
        if len(self._kept) > self._most_kept:
            self._kept.popitem(last=False)


def _whole_key(key: Index | tuple[Index, ...]) -> list[Any]:
    """The key with a part for each of the three axes."""
    parts = list(key) if isinstance(key, tuple) else [key]
    gaps = [place for place, part in enumerate(parts) if part is Ellipsis] or [len(parts)]
    given = sum(part is not Ellipsis for part in parts)
    if len(gaps) > 1 or given > LazyFrames.ndim:
        raise IndexError("A clip has three axes: time, y and x.")
    parts[gaps[0] : gaps[0] + 1] = [slice(None)] * (LazyFrames.ndim - given)
    if not all(isinstance(part, int | np.integer | slice) for part in parts[1:]):
        raise IndexError("Only frames can be picked by an array of numbers.")
    return parts


def _picked_shape(shape: tuple[int, ...], rest: tuple[Any, ...]) -> tuple[int, ...]:
    """Shape of what ``rest`` picks from one frame."""
    picked: Grey = np.broadcast_to(np.uint8(0), shape)[rest]
    return picked.shape
