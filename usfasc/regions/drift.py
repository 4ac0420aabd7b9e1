"""Where an event lay when the regions were drawn, though tissue has drifted meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.model import Bmode, Event, Floats, Line, Point
from usfasc.tissue import rows_at


def where_drawn(
    events: Sequence[Event], lines: Sequence[Line], pictures: Sequence[Bmode]
) -> Floats:
    """Places of events, taken back by as far as the lines about them had moved at the time.

    Between two lines tissue is taken to move by what lies between their movements; above
    the first and below the last one as that line does.

    Parameters
    ----------
    events
        Events of one clip.
    lines
        Lines of its pictures; those without a course stay.
    pictures
        The clip's pictures.

    Returns
    -------
    Floats
        ``(event, 2)``: x and y in pixels of the stored frame.
    """
    moved = [
        [line for line in lines if line.proposed and owner_of(line, pictures) == number]
        for number in range(len(pictures))
    ]
    places = [(event.x_px, event.y_px) for event in events]
    lower_px = [
        _lower_px(place, event.onset_s, moved[_nearest(place, pictures)])
        for event, place in zip(events, places, strict=True)
    ]
    x, y = np.array(places, float).reshape(-1, 2).T
    return np.stack([x, y - lower_px], axis=1)


def owner_of(line: Line, pictures: Sequence[Bmode]) -> int:
    """Number of the picture that the middle of a line lies in, or is nearest to."""
    x, y = np.mean(line.points, axis=0).tolist()
    return _nearest((x, y), pictures)


def _nearest(place: Point, pictures: Sequence[Bmode]) -> int:
    def away_px(number: int) -> float:
        x0, y0, x1, y1 = pictures[number].box
        x, y = place
        return float(np.hypot(max(x0 - x, x - x1, 0.0), max(y0 - y, y - y1, 0.0)))

    return min(range(len(pictures)), key=away_px)


def _lower_px(place: Point, time_s: float, lines: Sequence[Line]) -> float:
    """How far down tissue at a place lies from where it was when lines were drawn."""
    if all(line.course is None for line in lines):
        return 0.0
    x, y = np.array(place[0]), place[1]
    rows = np.array([rows_at(line, x, time_s) for line in lines])
    lower = rows - [rows_at(line, x) for line in lines]
    order = np.argsort(rows)
    return float(np.interp(y, rows[order], lower[order]))
