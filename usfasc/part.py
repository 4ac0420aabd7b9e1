"""A stretch of a clip analysed by itself, and its result in the whole clip's own time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.detect.assess import END_S, START_S
from usfasc.detect.loss import Loss
from usfasc.detect.packing import pack_places, unpack_places
from usfasc.errors import Code, UsageError
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Cine,
    Event,
    Frame,
    FrameReader,
    Grey,
    JudgedPicture,
    Line,
    Result,
    WatchedWindow,
)
from usfasc.regions.counting import spans_of

_LEAST_S: Final = 1.0
_TIMES: Final = ("onset_s", "peak_s", "offset_s")
_FRAMES: Final = ("start_frame", "peak_frame", "stop_frame")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Frames ``[start, stop)`` of a clip, and their times ``[start_s, stop_s)`` in it."""

    start: int
    stop: int
    start_s: float
    stop_s: float

    @property
    def words(self) -> str:
        """As in ``2.00-8.00s``: what its result's name says."""
        return f"{self.start_s:.2f}-{self.stop_s:.2f}s"


class PartFrames:
    """The frames of a part, counted from its own first."""

    def __init__(self, frames: FrameReader, part: Part) -> None:
        self._frames = frames
        self._part = part

    @property
    def count(self) -> int:
        """Number of frames of the part."""
        return self._part.stop - self._part.start

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)`` in pixels."""
        return self._frames.shape

    @property
    def has_colour(self) -> bool:
        """Whether pixels may carry colour."""
        return self._frames.has_colour

    def stream(self, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
        """Decode frames ``[start, stop)`` of the part once, in order."""
        first = self._part.start
        last = self._part.stop if stop is None else min(first + stop, self._part.stop)
        for frame in self._frames.stream(first + start, last):
            yield replace(frame, index=frame.index - first)

    def colour(self, index: int) -> Grey:
        """Decode one frame of the part as RGB ``(y, x, 3)``."""
        return self._frames.colour(self._part.start + index)


def part_between(cine: Cine, start_s: float, stop_s: float) -> Part:
    """The part of a clip between two times.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: it has less than a second, or the clip has no times.
    """
    if cine.times_s is None or cine.duration_s is None:
        raise UsageError(Code.BAD_USAGE, "A part is chosen by times, and the clip has none.")
    start, stop = (int(n) for n in np.searchsorted(cine.times_s, [start_s, stop_s]))
    if stop - start < 2 or stop_s - start_s < _LEAST_S:
        raise UsageError(Code.BAD_USAGE, f"The chosen part has less than {_LEAST_S:g} s.")
    ends = [*cine.times_s, cine.duration_s]
    return Part(start=start, stop=stop, start_s=float(ends[start]), stop_s=float(ends[stop]))


def cut(cine: Cine, part: Part) -> Cine:
    """A part of a clip as a clip; its times start at 0."""
    assert cine.times_s is not None, "a part has times"
    keys = cine.key_frames
    return replace(
        cine,
        frames=PartFrames(cine.frames, part),
        times_s=cine.times_s[part.start : part.stop] - part.start_s,
        key_frames=None if keys is None else keys[part.start : part.stop],
    )


def in_whole_clip(result: Result, part: Part, duration_s: float) -> Result:
    """The result of a part, in the clip's own times and frames; the rest was not judged.

    Parameters
    ----------
    result
        Of the clip that `cut` gave.
    part
        The part.
    duration_s
        Of the whole clip.
    """
    regions = dict.fromkeys(span.region for span in result.assessable)
    said = (
        f"Only {part.start_s:.2f} to {part.stop_s:.2f} s of the clip were analysed;"
        " this is not the result of the whole clip."
    )
    return result.model_copy(
        update={
            "events": tuple(_later(event, part) for event in result.events),
            "assessable": tuple(
                span
                for region in regions
                for span in _later_spans(region, result.assessable, part, duration_s)
            ),
            "lines": tuple(_later_line(line, part.start_s) for line in result.lines),
            "pictures": tuple(_later_picture(p, part, duration_s) for p in result.pictures),
            "warnings": (said, *result.warnings),
        }
    )


def _later(event: Event, part: Part) -> Event:
    times = {
        name: getattr(event, name) + part.start_s for name in ("onset_s", "peak_s", "offset_s")
    }
    numbers = ("start_frame", "peak_frame", "stop_frame")
    frames = {name: getattr(event, name) + part.start for name in numbers}
    return event.model_copy(update=times | frames)


def _later_line(line: Line, start_s: float) -> Line:
    if line.course is None:
        return line
    times_s = tuple(time_s + start_s for time_s in line.course.time_s)
    return line.model_copy(update={"course": line.course.model_copy(update={"time_s": times_s})})


def _later_picture(picture: JudgedPicture, part: Part, duration_s: float) -> JudgedPicture:
    """What was watched of a picture, so that regions may be counted anew in it too."""
    places = picture.places
    later = {
        "duration_s": duration_s,
        "frames": (
            *_outside(WHOLE_IMAGE, part, duration_s),
            *(_later_span(span, part) for span in (*_ends(part), *places.frames)),
        ),
        "windows": tuple(_later_window(w, places.shape, part.start_s) for w in places.windows),
    }
    return picture.model_copy(update={"places": places.model_copy(update=later)})


def _ends(part: Part) -> Iterator[AssessableSpan]:
    """The first and last moments of a part, in its own time; no twitch would be whole there."""
    length_s = part.stop_s - part.start_s
    for start_s, stop_s in ((0.0, START_S), (length_s - END_S, length_s)):
        yield AssessableSpan(region=WHOLE_IMAGE, start_s=start_s, stop_s=stop_s, reason=Loss.ENDS)


def _later_window(window: WatchedWindow, shape: tuple[int, int], start_s: float) -> WatchedWindow:
    places = unpack_places(window, shape)
    return pack_places(replace(places, times_s=places.times_s + start_s))


def _later_spans(
    region: str, spans: Sequence[AssessableSpan], part: Part, duration_s: float
) -> list[AssessableSpan]:
    """Spans of one region in the whole clip's time, and what lies before and after the part."""
    own = (_later_span(span, part) for span in spans_of(region, spans))
    return sorted([*own, *_outside(region, part, duration_s)], key=lambda span: span.start_s)


def _later_span(span: AssessableSpan, part: Part) -> AssessableSpan:
    within = {"start_s": span.start_s + part.start_s, "stop_s": span.stop_s + part.start_s}
    return span.model_copy(update=within)


def _outside(region: str, part: Part, duration_s: float) -> Iterator[AssessableSpan]:
    for start_s, stop_s in ((0.0, part.start_s), (part.stop_s, duration_s)):
        if start_s < stop_s:
            yield AssessableSpan(region=region, start_s=start_s, stop_s=stop_s, reason=Loss.OUTSIDE)
