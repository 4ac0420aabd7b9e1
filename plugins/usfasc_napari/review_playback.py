"""Playing in a review: the event in hand loops, until someone moves on or takes the clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psygnal import Signal

from usfasc_napari.desk import Desk
from usfasc_napari.keys import SPEEDS
from usfasc_napari.looping import Player, Stretch, stretch_of

if TYPE_CHECKING:
    from qtpy.QtCore import QObject

    from usfasc.model import Floats


class Playback:
    """What the keys for playing do.

    Parameters
    ----------
    desk
        Whose clip and event are played.
    parent
        Qt's owner.

    Attributes
    ----------
    changed
        It began, or stopped, or has another speed.
    """

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        self._desk = desk
        self._player = Player(desk, parent)
        self._player.changed.connect(self.changed.emit)
        self._loops = True
        self.speed = SPEEDS[0]

    @property
    def loops(self) -> bool:
        """Whether an event is played again and again."""
        stretch = self._player.stretch
        return stretch is not None and stretch.repeated

    @property
    def plays_clip(self) -> bool:
        """Whether the whole clip is played."""
        stretch = self._player.stretch
        return stretch is not None and not stretch.repeated

    def stop(self) -> None:
        """Stay at the frame on display."""
        self._player.stop()

    def play_event(self) -> None:
        """Loop the event in hand; where the reader switched that off, show its peak."""
        current, times_s = self._desk.current, self._times_s()
        if current is None or times_s is None:
            self.stop()
        elif self._loops:
            self._player.play(stretch_of(current.event, times_s, self.speed), times_s)
        else:
            self.stop()
            self._desk.show_time(current.event.peak_s)

    def follow_event(self) -> None:
        """The event in hand has other times: the loop, if it runs, has them too."""
        current, times_s = self._desk.current, self._times_s()
        if not self.loops or current is None or times_s is None:
            return
        stretch = stretch_of(current.event, times_s, self.speed)
        if stretch != self._player.stretch:
            self._player.play(stretch, times_s)

    def switch_loop(self) -> None:
        """Loop the event in hand, or stop."""
        self._loops = not self.loops
        if self._loops:
            self.play_event()
        else:
            self.stop()

    def switch_clip(self) -> None:
        """Play the whole clip from the frame on display, or stop."""
        if self.plays_clip:
            self.stop()
        else:
            self._play_clip()

    def change_speed(self) -> None:
        """The next of the speeds."""
        self.speed = SPEEDS[(SPEEDS.index(self.speed) + 1) % len(SPEEDS)]
        if self.loops:
            self.play_event()
        elif self.plays_clip:
            self._play_clip()
        self.changed.emit()

    def step(self, by: int) -> None:
        """Stop, and go on by so many frames."""
        self.stop()
        self._desk.show_frame(max(0, self._desk.frame + by))

    def _play_clip(self) -> None:
        """From the frame on display, or from the start where that is the last."""
        times_s = self._times_s()
        if times_s is not None:
            here, count = self._desk.frame, len(times_s)
            whole = Stretch(start=0, stop=count, repeated=False, speed=self.speed)
            self._player.play(whole, times_s, first=0 if here >= count - 1 else here)

    def _times_s(self) -> Floats | None:
        """Frame times of the clip in hand; None where there is nothing to play."""
        times_s = None if self._desk.clip is None else self._desk.clip.cine.times_s
        return None if times_s is None or len(times_s) < 2 else times_s
