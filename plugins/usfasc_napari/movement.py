"""What the Movement dock shows of one event: how far it moves, and an M-mode strip through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Cine, Event, Floats, Grey
from usfasc.report.footage import STRIP_S, line_through, sample
from usfasc.tissue import with_pictures
from usfasc_napari.course import Course, measure_course, told_course
from usfasc_napari.frames import LazyFrames
from usfasc_napari.jobs import Progress, engine_alone
from usfasc_napari.layers import OpenClip

_LEAST_POINTS: Final = 2
_LINE_SHARE: Final = 0.5
"""Of a page's line: a panel beside the picture is small, and so is a twitch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Grey levels ``(points, frames)`` along a line, at the times of its columns.

    ``offset`` ``(points,)`` is the distance from the event's centre in ``unit``, along the
    direction in which the tissue moves.
    """

    pixels: Grey
    times_s: Floats
    offset: Floats
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Of one event: None where nothing measurably moves, or where a line has no length."""

    course: Course | None
    strip: Strip | None


def span_of(event: Event, times_s: Floats) -> tuple[float, float]:
    """The three seconds about an event, within its clip."""
    last_s = float(times_s[-1])
    start_s = min(max(event.peak_s - STRIP_S / 2, 0.0), max(last_s - STRIP_S, 0.0))
    return start_s, min(start_s + STRIP_S, last_s)


class MovementMaker:
    """Makes the courses and strips of one clip; where its pictures are is looked for once.

    Parameters
    ----------
    clip
        The clip.
    frames
        Its frames as the viewer has them, so that none is decoded twice.
    """

    def __init__(self, clip: OpenClip, frames: LazyFrames) -> None:
        self.clip = clip
        self._frames = frames
        self._cine: Cine | None = None

    def movement(self, event: Event, progress: Progress) -> Movement:
        """What an event's own course, or one that is measured now, and a strip show of it.

        Parameters
        ----------
        event
            The movement; the strip's line runs along its direction, else downward.
        progress
            Called for each frame.
        """
        cine, course = self._pictured(), told_course(event)
        if course is None:
            with engine_alone(progress):
                course = measure_course(cine, self._frames, event)
        direction_deg = event.direction_deg
        if direction_deg is None and course is not None:
            direction_deg = course.direction_deg
        return Movement(course=course, strip=self._strip(cine, event, direction_deg, progress))

    def _strip(
        self, cine: Cine, event: Event, direction_deg: float | None, progress: Progress
    ) -> Strip | None:
        assert cine.times_s is not None, "an event has times"
        line = line_through(cine, event.x_px, event.y_px, direction_deg, _LINE_SHARE)
        if len(line.offset) < _LEAST_POINTS:
            return None
        span_s = span_of(event, cine.times_s)
        start, stop = np.searchsorted(cine.times_s, span_s)
        numbers = range(max(int(start) - 1, 0), min(int(stop) + 1, len(cine.times_s)))
        columns = []
        for done, number in enumerate(numbers):
            progress(done, len(numbers))
            columns.append(sample(self._frames.frame(number), line))
        return Strip(
            pixels=np.ascontiguousarray(np.array(columns).T.round().astype(np.uint8)),
            times_s=cine.times_s[numbers.start : numbers.stop],
            offset=line.offset,
            unit=line.unit,
        )

    def _pictured(self) -> Cine:
        if self._cine is None:
            cine = self.clip.cine
            self._cine = cine if cine.pictures else with_pictures(cine, self.clip.reading)
        return self._cine
