"""One event from near: the frames around it, enlarged, with its outline and what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.model import DISCLAIMER, Box, Cine, Event, Floats, Grey
from usfasc.report import style
from usfasc.report.letters import broken
from usfasc.report.marks import Enlarged, Words, outline, write
from usfasc.report.pictures import Progress
from usfasc.report.sentences import kind_words
from usfasc.report.view import View, picture_at

_BEFORE_S: Final = 0.5
_AFTER_S: Final = 1.0
_FIELD_MM: Final = 30.0
_UNCALIBRATED_SHARE: Final = 0.6
"""Of the picture's height, where no scale is known."""
_WIDTH_PX: Final = 400
"""Of the whole; its caption needs that."""
_LINE_PX: Final = 17
_TYPE_PX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseUp:
    """What is shown of an event: frames ``(n, y, x)`` of the window around it, at their times.

    The last one stands until ``stop_s``; ``aspect`` is a pixel's height over its width.
    """

    event: Event
    times_s: Floats
    stop_s: float
    frames: tuple[Grey, ...]
    window: Box
    aspect: float

    def drawn(self, side_px: int, remark: str) -> Iterator[Grey]:
        """The frames as they are shown ``(y, x, 3)``, 400 px wide.

        The outline is shown while the tissue is still, and gone while it moves.

        Parameters
        ----------
        side_px
            Longer side of the picture itself.
        remark
            Stands below it, before the disclaimer.
        """
        window = Enlarged(box=self.window, size_px=_size_px(self.window, self.aspect, side_px))
        for shown, time_s in zip(self.frames, self.times_s.tolist(), strict=True):
            lines = _caption(self.event, time_s, remark)
            yield _frame(shown, window, _still(self.event, time_s), lines)


def close_up(cine: Cine, view: View, event: Event, fastest_hz: float = np.inf) -> CloseUp:
    """Decode the second and a half around an event's onset.

    Parameters
    ----------
    cine
        The clip, with times.
    view
        What may be shown of it.
    event
        The event.
    fastest_hz
        Frames that follow faster are thinned.
    """
    assert cine.times_s is not None, "a result has times"
    chosen = _chosen(cine.times_s, event, fastest_hz)
    window = _window(cine, event)
    cut = _inside(window, view.box)
    frames = cine.frames.stream(chosen[0], chosen[-1] + 1)
    return CloseUp(
        event=event,
        times_s=cine.times_s[chosen],
        stop_s=float(cine.times_s[chosen[-1]] + np.median(np.diff(cine.times_s))),
        frames=tuple(view.shown(each.grey)[cut] for each in frames if each.index in chosen),
        window=window,
        aspect=view.aspect,
    )


def for_every_event(
    place: tuple[Path, str, str],
    events: Sequence[Event],
    write: Callable[[Path, Event], object],
    progress: Progress | None,
) -> Iterator[Path]:
    """Write ``<stem>.event-003.<suffix>`` for every event, and drop those of an older result.

    Parameters
    ----------
    place
        Folder and stem of the result's files, and the suffix.
    events
        The result's.
    write
        Writes one file.
    progress
        Called with events done and events in all.

    Yields
    ------
    Path
        A file, once it is whole.
    """
    folder, stem, suffix = place
    written = set()
    for done, event in enumerate(events, start=1):
        path = folder / event_file(stem, event, suffix)
        write(path, event)
        written.add(path)
        if progress is not None:
            progress(done, len(events))
        yield path
    name = re.compile(rf"{re.escape(stem)}\.event-\d{{3,}}{re.escape(suffix)}")
    older = {path for path in folder.iterdir() if name.fullmatch(path.name)}
    for old in older - written:
        old.unlink(missing_ok=True)


def event_file(stem: str, event: Event, suffix: str) -> str:
    """What the file of one event is called."""
    return f"{stem}.event-{event.event:03d}{suffix}"


def _chosen(times_s: Floats, event: Event, fastest_hz: float) -> list[int]:
    """Frames around the onset, thinned where they follow too fast."""
    near = np.flatnonzero(
        (times_s >= event.onset_s - _BEFORE_S) & (times_s <= event.onset_s + _AFTER_S)
    )
    step_s = float(np.median(np.diff(times_s)))
    return [int(index) for index in near[:: max(1, round(1 / (fastest_hz * step_s)))]]


def _window(cine: Cine, event: Event) -> Box:
    """The part of the event's picture around it."""
    picture = picture_at(cine, event.x_px, event.y_px)
    x0, y0, x1, y1 = picture.box
    spacing_mm = cine.spacing_of(picture)
    field = _FIELD_MM if spacing_mm else _UNCALIBRATED_SHARE * (y1 - y0)
    dy, dx = spacing_mm or (1.0, 1.0)
    left, right = _held(event.x_px, field / dx, (x0, x1))
    top, bottom = _held(event.y_px, field / dy, (y0, y1))
    return left, top, right, bottom


def _size_px(window: Box, aspect: float, side_px: int) -> tuple[int, int]:
    """Width and height with square millimetres, the longer as given."""
    x0, y0, x1, y1 = window
    width, height = float(x1 - x0), (y1 - y0) * aspect
    factor = side_px / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _held(centre: float, length: float, within: tuple[int, int]) -> tuple[int, int]:
    """A stretch of this length around a centre, shifted to lie within bounds."""
    low, high = within
    whole = min(round(length), high - low)
    start = min(max(round(centre - whole / 2), low), high - whole)
    return start, start + whole


def _frame(shown: Grey, drawn: Enlarged, event: Event | None, lines: Sequence[str]) -> Grey:
    """One frame with its caption, and the event's outline where one is given."""
    image = drawn.rgb(np.ascontiguousarray(shown))
    if event is not None:
        outline(image, event, drawn)
    height = image.shape[0] + _LINE_PX * len(lines) + 6
    canvas = np.zeros((height, _WIDTH_PX, 3), np.uint8)
    left = (_WIDTH_PX - image.shape[1]) // 2
    canvas[: image.shape[0], left : left + image.shape[1]] = image
    words: list[Words] = [
        (line, (4, image.shape[0] + 4 + _LINE_PX * row), "la") for row, line in enumerate(lines)
    ]
    return write(canvas, words, size_px=_TYPE_PX, colour=style.OTHER, rim_px=0)


def _inside(box: Box, outer: Box) -> tuple[slice, slice]:
    """Rows and columns of a box of the stored frame within a larger one."""
    left, top = outer[:2]
    return slice(box[1] - top, box[3] - top), slice(box[0] - left, box[2] - left)


def _still(event: Event, time_s: float) -> Event | None:
    """The event while its tissue is still."""
    return None if event.onset_s <= time_s <= event.offset_s else event


def _caption(event: Event, time_s: float, remark: str) -> list[str]:
    moved = event.peak_displacement_mm
    facts = [
        f"no. {event.event} {kind_words(event.kind)}",
        "" if event.score is None else f"score {event.score:.2f}",
        "" if moved is None else f"{moved:.2f} mm",
    ]
    said = ", ".join(filter(None, facts))
    rest = f"{remark} {DISCLAIMER}"
    return [f"{time_s:7.2f} s   {said}", *broken(rest, _WIDTH_PX - 8, _TYPE_PX, bold=True)]
