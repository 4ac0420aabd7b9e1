"""Clips that never were a file: arrays from a phantom, a benchmark or a test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Cine, Floats, Frame, Grey, Source


class MemoryFrames:
    """Frames held in one ``(t, y, x)`` array."""

    has_colour = False

    def __init__(self, frames: Grey) -> None:
        self._frames = frames

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self._frames)

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)`` in pixels."""
        return self._frames.shape[1], self._frames.shape[2]

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Frames ``[start, stop)`` in order."""
        for index in range(*slice(start, stop).indices(self.count)):
            yield Frame(index=index, grey=self._frames[index])

    def colour(self, index: int) -> Grey:
        """One frame as RGB ``(y, x, 3)``."""
        return np.repeat(self._frames[index][..., np.newaxis], 3, axis=2)


def memory_cine(
    frames: Grey,
    times_s: Floats | None,
    spacing_mm: tuple[float, float] | None,
    bmode: Bmode | None = None,
) -> Cine:
    """Make a clip of an array.

    Parameters
    ----------
    frames
        ``(t, y, x)`` uint8 grey levels; kept, not copied.
    times_s
        ``(t,)`` frame times, rising strictly; shifted so that the first is 0.
    spacing_mm
        ``(dy, dx)`` of a pixel, None where unknown.
    bmode
        The one picture, None where it is still to be found.

    Returns
    -------
    Cine
        Kind ``memory``, with the SHA-256 of the frames' bytes.

    Raises
    ------
    InputError
        The array is no clip, or the times do not fit it.
    """
    if frames.ndim != 3 or frames.dtype != np.uint8 or 0 in frames.shape:
        raise InputError(Code.NOT_A_CINE, "Frames must be one uint8 array (t, y, x), none empty.")
    if times_s is not None and (len(times_s) != len(frames) or np.any(np.diff(times_s) <= 0)):
        raise InputError(Code.BAD_FRAME_RATE, "Frame times must rise, one for each frame.")
    sha256 = hashlib.sha256(np.ascontiguousarray(frames).data).hexdigest()
    return Cine(
        frames=MemoryFrames(frames),
        times_s=None if times_s is None else np.asarray(times_s, float) - times_s[0],
        times_origin="unknown" if times_s is None else "given with the frames",
        spacing_mm=spacing_mm,
        spacing_origin="unknown" if spacing_mm is None else "given with the frames",
        source=Source(sha256=sha256, kind="memory", decoder="none"),
        pictures=() if bmode is None else (bmode,),
    )
