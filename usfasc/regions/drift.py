"""Where an event lay when the regions were drawn, though tissue has drifted meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from usfasc.model import Box, Event, Floats, Line, LineCourse, Point, Region
from usfasc.regions.naming import picture_of
from usfasc.tissue import rows_at

_STEPS: Final = 4
"""Until a place is found that lies where it was drawn: each step leaves what tissue between
two lines is stretched by, a tenth or so."""


def where_drawn(events: Sequence[Event], lines: Sequence[Line], boxes: Sequence[Box]) -> Floats:
    """Places of events, taken back by as far as the lines about them had moved at the time.

    Between two lines tissue is taken to move by what lies between their movements; above
    the first and below the last one as that line does.

    Parameters
    ----------
    events
        Events of one clip.
    lines
        Lines of its pictures; those without a course stay.
    boxes
        Of the clip's pictures.

    Returns
    -------
    Floats
        ``(event, 2)``: x and y in pixels of the stored frame.
    """
    moved = [lines_of(number, lines, boxes) for number in range(len(boxes))]
    places = [(event.x_px, event.y_px) for event in events]
    lower = [
        float(lower_px(np.array(x), np.array(y), event.onset_s, moved[nearest((x, y), boxes)]))
        for event, (x, y) in zip(events, places, strict=True)
    ]
    x, y = np.array(places, float).reshape(-1, 2).T
    return np.stack([x, y - lower], axis=1)


def regions_at(
    regions: Sequence[Region], lines: Sequence[Line], boxes: Sequence[Box], time_s: float
) -> tuple[Region, ...]:
    """Regions as they lie at a time: `where_drawn` the other way round.

    Parameters
    ----------
    regions
        Regions of one clip, as they were drawn.
    lines, boxes
        As `where_drawn` takes them.
    time_s
        When.
    """
    told = []
    for region in regions:
        own = lines_of(picture_of(region, boxes), lines, boxes)
        x, drawn = np.array(region.polygon, float).T
        y = drawn
        for _ in range(_STEPS):
            y = drawn + lower_px(x, y, time_s, own)
        moved = tuple(zip(x.tolist(), y.tolist(), strict=True))
        told.append(region.model_copy(update={"polygon": moved}))
    return tuple(told)


def lines_of(number: int, lines: Sequence[Line], boxes: Sequence[Box]) -> list[Line]:
    """Lines of one picture that are sure enough to part regions, and so to tell its drift."""
    return [line for line in lines if line.proposed and owner_of(line, boxes) == number]


def owner_of(line: Line, boxes: Sequence[Box]) -> int:
    """Number of the picture that the middle of a line lies in, or is nearest to."""
    x, y = np.mean(line.points, axis=0).tolist()
    return nearest((x, y), boxes)


def nearest(place: Point, boxes: Sequence[Box]) -> int:
    """Number of the picture that a place ``(x, y)`` lies in, or is nearest to."""

    def away_px(number: int) -> float:
        x0, y0, x1, y1 = boxes[number]
        x, y = place
        return float(np.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)))

    return min(range(len(boxes)), key=away_px)


def lower_px(x_px: Floats, y_px: Floats, time_s: float, lines: Sequence[Line]) -> Floats:
    """How far down tissue at some places lies from where it was when lines were drawn.

    Parameters
    ----------
    x_px, y_px
        Places at that time, of one shape.
    time_s
        When.
    lines
        Lines of their picture.
    """
    if all(line.course is None for line in lines):
        return np.zeros(np.shape(y_px))
    rows = np.array([rows_at(line, x_px, time_s) for line in lines])
    lower = rows - [rows_at(line, x_px) for line in lines]
    order = np.argsort(rows, axis=0)
    rows, lower = (np.take_along_axis(each, order, axis=0) for each in (rows, lower))
    return _between(np.asarray(y_px, float), rows, lower)


def _between(y_px: Floats, rows: Floats, lower: Floats) -> Floats:
    """Movements ``(line, ...)`` at ``rows``, read at ``y_px`` ``(...)``, level beyond the ends."""
    found = np.where(y_px <= rows[0], lower[0], lower[-1])
    for (top, bottom), (first, last) in zip(pairwise(rows), pairwise(lower), strict=True):
        share = (y_px - top) / np.maximum(bottom - top, 1e-9)
        here = (y_px > top) & (y_px <= bottom)
        found = np.where(here, first + share * (last - first), found)
    return np.asarray(found, np.float64)


def carried_on(
    lines: Sequence[Line], known: Sequence[Line], boxes: Sequence[Box]
) -> tuple[Line, ...]:
    """Give lines that were not followed the movement of the tissue they are drawn in.

    Parameters
    ----------
    lines
        Lines of one clip.
    known
        Lines that were there before, whose courses tell how tissue moved.
    boxes
        Of the clip's pictures.
    """
    if not boxes:
        return tuple(lines)
    courses = [lines_of(number, known, boxes) for number in range(len(boxes))]
    return tuple(
        line
        if line.course is not None or line in known
        else _with_tissue(line, courses[owner_of(line, boxes)])
        for line in lines
    )


def _with_tissue(line: Line, known: Sequence[Line]) -> Line:
    times_s = sorted({time_s for each in known if each.course for time_s in each.course.time_s})
    if not times_s:
        return line
    x, y = np.array([line.points[0], line.points[-1]], float).T
    lower = np.array([lower_px(x, y, time_s, known) for time_s in times_s])
    if line.drawn_s is not None:
        lower -= lower_px(x, y, line.drawn_s, known)
    left, right = (tuple(end.tolist()) for end in lower.T.round(2))
    course = LineCourse(time_s=tuple(times_s), left_px=left, right_px=right)
    return line.model_copy(update={"course": course})
