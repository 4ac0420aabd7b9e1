"""Playing a clip, or one event of it again and again, by the clock.

Which frame is shown follows from the time that has passed. So a slow computer shows fewer
frames, and never a slower twitch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import numpy as np
from psygnal import Signal
from qtpy.QtCore import QObject, Qt, QTimer

from usfasc.model import Event, Floats
from usfasc_napari.desk import Desk

AROUND_S: Final = 0.3
"""Shown before the onset of an event and after its offset."""
_SHORTEST_TICK_MS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of frames ``[start, stop)`` to be played."""

    start: int
    stop: int
    repeated: bool
    speed: float = 1.0


def stretch_of(event: Event, times_s: Floats, speed: float) -> Stretch:
    """Frames of an event, with a little before and after.

    Parameters
    ----------
    event
        What is to be seen.
    times_s
        Times ``(t,)`` of the clip's frames.
    speed
        1 is as it was.
    """
    start, stop = np.searchsorted(times_s, [event.onset_s - AROUND_S, event.offset_s + AROUND_S])
    last = len(times_s) - 1
    start = min(int(start), last)
    return Stretch(
        start=start, stop=min(max(int(stop), start) + 1, last + 1), repeated=True, speed=speed
    )


def frame_after(elapsed_s: float, times_s: Floats, stretch: Stretch, first: int) -> int | None:
    """Number of the frame to show; None when the stretch is over.

    Parameters
    ----------
    elapsed_s
        Since the first frame was shown, by the clock.
    times_s
        Times ``(t,)`` of the clip's frames.
    stretch
        What is played.
    first
        The frame that it began at, within the stretch.
    """
    start_s = times_s[stretch.start]
    step_s = float(np.median(np.diff(times_s)))
    length_s = float(times_s[stretch.stop - 1] - start_s) + step_s
    passed_s = float(times_s[first] - start_s) + elapsed_s * stretch.speed
    if passed_s >= length_s and not stretch.repeated:
        return None
    number = np.searchsorted(times_s, start_s + passed_s % length_s + step_s * 1e-3, side="right")
    return int(np.clip(number - 1, stretch.start, stretch.stop - 1))


class Player(QObject):
    """Plays the clip in hand; stops as soon as someone else moves to another frame.

    Parameters
    ----------
    desk
        Whose clip is played.
    parent
        Qt's owner.
    clock
        Seconds that pass.

    Attributes
    ----------
    changed
        It began, or stopped.
    """

    changed = Signal()

    def __init__(
        self, desk: Desk, parent: QObject, clock: Callable[[], float] = perf_counter
    ) -> None:
        super().__init__(parent)
        self._desk, self._clock = desk, clock
        self._stretch: Stretch | None = None
        self._times_s: Floats = np.zeros(0)
        self._first = self._shown = 0
        self._began_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    @property
    def stretch(self) -> Stretch | None:
        """What is playing."""
        return self._stretch

    def play(self, stretch: Stretch, times_s: Floats, first: int | None = None) -> None:
        """Begin to play, from a frame within the stretch or from its start."""
        self._stretch, self._times_s = stretch, times_s
        self._first = self._shown = stretch.start if first is None else first
        interval_ms = 1000 * float(np.median(np.diff(times_s))) / stretch.speed
        self._desk.show_frame(self._first)
        self._began_s = self._clock()
        self._timer.start(max(_SHORTEST_TICK_MS, round(interval_ms)))
        self.changed.emit()

    def stop(self) -> None:
        """Stay at the frame on display."""
        if self._stretch is not None:
            self._stretch = None
            self._timer.stop()
            self.changed.emit()

    def _tick(self) -> None:
        stretch = self._stretch
        if stretch is None or self._desk.frame != self._shown:
            self.stop()
            return
        elapsed_s = self._clock() - self._began_s
        number = frame_after(elapsed_s, self._times_s, stretch, self._first)
        if number is None:
            self.stop()
        elif number != self._shown:
            self._shown = number
            self._desk.show_frame(number)
