"""Good frames of the current window, kept out of memory.

Verifying looks back at frames that have gone by. They rest in an unnamed
temporary file that vanishes with the process, so that memory stays flat and
no frame is decoded twice.
"""

from __future__ import annotations

import os
import tempfile
from types import TracebackType

import numpy as np

from usfasc.errors import Code, OutputError
from usfasc.model import Floats, Grey


class FrameStore:
    """Frames by number, with their times; slots of forgotten frames are reused.

    Parameters
    ----------
    shape
        ``(height, width)`` of every frame.
    """

    def __init__(self, shape: tuple[int, int]) -> None:
        self._shape = shape
        self._bytes = shape[0] * shape[1]
        self._file = tempfile.TemporaryFile(prefix="usfasc-", buffering=0)  # noqa: SIM115 - closed on exit
        self._slots: dict[int, int] = {}
        self._times: dict[int, float] = {}
        self._free: list[int] = []

    def __enter__(self) -> FrameStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, number: int, time_s: float, grey: Grey) -> None:
        """Keep one frame.

        Raises
        ------
        OutputError
            The temporary folder is full.
        """
        slot = self._free.pop() if self._free else len(self._slots)
        try:
            written = os.pwrite(self._file.fileno(), grey.tobytes(), slot * self._bytes)
        except OSError:
            written = 0
        if written != self._bytes:
            raise OutputError(
                Code.NOT_WRITABLE, "The temporary folder has no room for the frames of one window."
            )
        self._slots[number], self._times[number] = slot, time_s

    @property
    def size_bytes(self) -> int:
        """Size of the file at its largest."""
        return (len(self._slots) + len(self._free)) * self._bytes

    def forget(self, before_s: float) -> None:
        """Give up the frames earlier than a time."""
        for number in [n for n, time_s in self._times.items() if time_s < before_s]:
            self._free.append(self._slots.pop(number))
            del self._times[number]

    def numbers(self, start_s: float, stop_s: float) -> list[int]:
        """Numbers of the kept frames in ``[start_s, stop_s)``, in order."""
        return [number for number, time_s in self._times.items() if start_s <= time_s < stop_s]

    def times_s(self, numbers: list[int]) -> Floats:
        """Times ``(n,)`` of kept frames."""
        return np.array([self._times[number] for number in numbers])

    def patch(self, numbers: list[int], rows: slice, columns: slice) -> Grey:
        """Read a rectangle of several frames, ``(n, rows, columns)``."""
        width = self._shape[1]
        height = rows.stop - rows.start
        out = np.empty((len(numbers), height, columns.stop - columns.start), np.uint8)
        for position, number in enumerate(numbers):
            offset = self._slots[number] * self._bytes + rows.start * width
            band = os.pread(self._file.fileno(), height * width, offset)
            picture = np.frombuffer(band, np.uint8).reshape(height, width)
            out[position] = picture[:, columns]
        return out
