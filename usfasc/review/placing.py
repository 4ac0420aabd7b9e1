"""Events that a reader added or moved: their frames, millimetres and box."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

import numpy as np

from usfasc.errors import Code, UsageError
from usfasc.io.event_table import UNKNOWN_FRAME, pixel_box
from usfasc.model import Box, Event, Kind, Result, TwitchCourse
from usfasc.review.acts import Act, Moved

_TIMES: Final = (("onset_s", "start_frame"), ("peak_s", "peak_frame"), ("offset_s", "stop_frame"))


class Placing:
    """When and where a reader's events are, in the frames and the scale of one clip."""

    def __init__(self, result: Result) -> None:
        self._result = result
        known = {(getattr(e, s), getattr(e, f)) for e in result.events for s, f in _TIMES}
        known = {(time_s, frame) for time_s, frame in known if frame != UNKNOWN_FRAME}
        self._times_s, self._frames = np.array(sorted(known), float).reshape(-1, 2).T

    def add(self, event: Event) -> Event:
        """An event of which a person told times and place only, with the rest filled in."""
        return event.model_copy(update=self._frames_of(event) | self._place(event.x_px, event.y_px))

    def move(self, event: Event, moved: Moved) -> Event:
        """An event with other times or another place; what was measured by the old ones goes."""
        given = moved.model_dump(exclude_none=True)
        placed = event.model_copy(update=given)
        update: dict[str, Any] = {}
        if moved.x_px is not None or moved.y_px is not None:
            update |= self._place(placed.x_px, placed.y_px)
            update["box_px"] = _shifted(event, placed)
        if any(name in given for name, _ in _TIMES):
            update |= self._frames_of(placed) | _durations(event, placed)
            update["course"] = _since_onset(event.course, placed.onset_s - event.onset_s)
        return placed.model_copy(update=update)

    def _frames_of(self, event: Event) -> dict[str, int]:
        return {frame: self._frame(getattr(event, time_s)) for time_s, frame in _TIMES}

    def _frame(self, time_s: float) -> int:
        """The frame of a time, by those of what was detected; beyond them at their rate."""
        times_s, frames = self._times_s, self._frames
        if len(times_s) < 2 or times_s[-1] <= times_s[0]:
            return UNKNOWN_FRAME
        rate_hz = (frames[-1] - frames[0]) / (times_s[-1] - times_s[0])
        inside = float(np.clip(time_s, times_s[0], times_s[-1]))
        frame = np.interp(inside, times_s, frames) + (time_s - inside) * rate_hz
        return max(0, round(float(frame)))

    def _place(self, x_px: float, y_px: float) -> dict[str, float | None]:
        for picture in self._result.pictures:
            if picture.spacing_mm is not None and _holds(picture.box_px, x_px, y_px):
                dy, dx = picture.spacing_mm
                return {"x_mm": x_px * dx, "y_mm": y_px * dy}
        return {"x_mm": None, "y_mm": None}


def added_event(act: Act) -> Event | None:
    """The event that an act names; None where it does not say when and where it is."""
    if act.onset_s is None or act.x_px is None or act.y_px is None:
        return None
    peak_s = act.onset_s if act.peak_s is None else act.peak_s
    return Event(
        event=1,
        kind=act.kind or Kind.UNSURE,
        onset_s=act.onset_s,
        peak_s=peak_s,
        offset_s=peak_s if act.offset_s is None else act.offset_s,
        start_frame=UNKNOWN_FRAME,
        peak_frame=UNKNOWN_FRAME,
        stop_frame=UNKNOWN_FRAME,
        x_px=act.x_px,
        y_px=act.y_px,
        box_px=pixel_box(act.x_px, act.y_px),
        origin="annotated",
    )


def _holds(box: Box, x_px: float, y_px: float) -> bool:
    x0, y0, x1, y1 = box
    return x0 - 0.5 <= x_px < x1 - 0.5 and y0 - 0.5 <= y_px < y1 - 0.5


def _shifted(event: Event, placed: Event) -> Box:
    x0, y0, x1, y1 = event.box_px
    right, down = round(placed.x_px - event.x_px), round(placed.y_px - event.y_px)
    return x0 + right, y0 + down, x1 + right, y1 + down


def _durations(event: Event, placed: Event) -> dict[str, float | None]:
    """Durations by the times that a person set; their errors are no longer known."""
    if event.contraction_s is None:
        return {}
    back = event.relaxation_s is not None or placed.offset_s != event.offset_s
    return {
        "contraction_s": placed.peak_s - placed.onset_s,
        "relaxation_s": placed.offset_s - placed.peak_s if back else None,
        "total_s": placed.offset_s - placed.onset_s if back else event.total_s,
        "contraction_error_s": None,
        "relaxation_error_s": None,
        "total_error_s": None,
    }


def _since_onset(course: TwitchCourse | None, later_s: float) -> TwitchCourse | None:
    """A course that stays where it is while the onset, from which its times count, is moved."""
    if course is None:
        return None
    return course.model_copy(update={"time_s": tuple(t - later_s for t in course.time_s)})


def check_order(onset_s: float, peak_s: float, offset_s: float, x_px: float, y_px: float) -> None:
    """Refuse times and a place that no event has.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: a number that is none, or times that are not in order.
    """
    if not all(map(isfinite, (onset_s, peak_s, offset_s, x_px, y_px))):
        raise UsageError(Code.BAD_USAGE, "Times and places are numbers.")
    if not 0 <= onset_s <= peak_s <= offset_s:
        raise UsageError(
            Code.BAD_USAGE, "An event begins, peaks and ends in this order, not before 0 s."
        )
