"""What a page needs of a clip's pixels: one frame, and the M-mode strip of one movement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from usfasc.model import WHOLE_IMAGE, Cine, Event, Floats, Kind, Result
from usfasc.regions.counting import begins_judged, spans_of
from usfasc.report.view import View, picture_at

STRIP_S: Final = 3.0
"""Length of the M-mode strip in time: a twitch of 0.3 s is then seen with its surroundings."""
LINE_MM: Final = 20.0
"""Length of its line."""

_UNCALIBRATED_SHARE = 0.5
"""Length of the line as a share of the picture's height, where no scale is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripLine:
    """Sample points of an M-mode line: along a twitch's direction through its centre.

    Without any event it runs down the middle of the largest picture.
    """

    event: Event | None
    x_px: Floats
    y_px: Floats
    offset: Floats
    """Distance from the centre, in ``unit``."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """Pixels that may be shown; NaN where nothing was judged.

    ``still`` is ``(height, width)`` of the view's box at ``still_s``; ``strip`` is
    ``(points, frames)`` along ``line`` at ``strip_times_s``.
    """

    still: Floats
    still_s: float
    line: StripLine
    strip: Floats
    strip_times_s: Floats


def strongest(result: Result) -> Event | None:
    """The twitch that moved most; where none was counted, the other movement that did.

    Of the others those in judged time come first: in the rest nothing may be in sight.
    """

    def strength(event: Event) -> tuple[bool, bool, float, float, int]:
        counted = event.kind is Kind.FASCICULATION
        judged = begins_judged(event, result.assessable)
        moved_mm = event.peak_displacement_mm or 0.0
        # The earliest among equals, so that the picture never depends on the order of a table.
        return counted, counted or judged, moved_mm, event.score or 0.0, -event.event

    return max(result.events, key=strength, default=None)


def collect(cine: Cine, view: View, result: Result) -> Footage:
    """Decode the stretch around the strongest twitch: its strip, and the frame of its onset.

    Parameters
    ----------
    cine
        The clip, with times.
    view
        What may be shown of it.
    result
        What was found in it.
    """
    assert cine.times_s is not None, "a result has times"
    event = strongest(result)
    line = _line(event, cine)
    moment_s = quiet_s(cine.times_s, result) if event is None else event.onset_s
    moment = int(np.clip(np.searchsorted(cine.times_s, moment_s), 0, len(cine.times_s) - 1))
    start, stop = _strip_frames(moment_s if event is None else event.peak_s, cine.times_s)
    still = np.zeros(view.mask.shape)
    columns: list[Floats] = []
    x0, y0, x1, y1 = view.box
    for frame in cine.frames.stream(start, stop):
        columns.append(sample(frame.grey, line))
        if frame.index == moment:
            still = np.where(view.mask, frame.grey[y0:y1, x0:x1], np.nan)
    return Footage(
        still=still,
        still_s=float(cine.times_s[moment]),
        line=line,
        strip=judged_part(np.array(columns).T, line, view),
        strip_times_s=cine.times_s[start : start + len(columns)],
    )


def quiet_s(times_s: Floats, result: Result) -> float:
    """The middle of the longest stretch that was judged."""
    judged = [span for span in spans_of(WHOLE_IMAGE, result.assessable) if span.reason is None]
    longest = max(judged, key=lambda span: span.stop_s - span.start_s, default=None)
    return float(times_s[-1]) / 2 if longest is None else (longest.start_s + longest.stop_s) / 2


def _strip_frames(middle_s: float, times_s: Floats) -> tuple[int, int]:
    """Frames around a moment that hold the frame at every moment of it."""
    last_s = float(times_s[-1])
    begin_s = min(max(middle_s - STRIP_S / 2, 0.0), max(last_s - STRIP_S, 0.0))
    start, stop = np.searchsorted(times_s, [begin_s, begin_s + STRIP_S], side="right")
    return max(int(start) - 1, 0), int(stop)


def _line(event: Event | None, cine: Cine) -> StripLine:
    if event is not None:
        # Out and back lie on one line.
        return replace(line_through(cine, event.x_px, event.y_px, event.direction_deg), event=event)
    assert cine.bmode is not None, "a clip with a view has a picture"
    x0, y0, x1, y1 = cine.bmode.box
    return line_through(cine, (x0 + x1) / 2, (y0 + y1) / 2, None)


def line_through(
    cine: Cine, x_px: float, y_px: float, direction_deg: float | None, share: float = 1.0
) -> StripLine:
    """The line through a place along a direction, its upper end first; down where it is None.

    ``share`` is how much of the usual length it has.
    """
    picture = picture_at(cine, x_px, y_px)
    x0, y0, x1, y1 = picture.box
    spacing_mm = cine.spacing_of(picture)
    dy, dx = spacing_mm or (1.0, 1.0)
    length = share * (LINE_MM if spacing_mm else _UNCALIBRATED_SHARE * (y1 - y0))
    angle = radians(90.0 if direction_deg is None else direction_deg % 180)
    # Two samples a pixel lose nothing to the interpolation.
    offset = np.arange(-length / 2, length / 2, min(dy, dx) / 2)
    xs_px, ys_px = x_px + offset * cos(angle) / dx, y_px + offset * sin(angle) / dy
    inside = (xs_px >= x0) & (xs_px <= x1 - 1) & (ys_px >= y0) & (ys_px <= y1 - 1)
    return StripLine(
        event=None,
        x_px=xs_px[inside],
        y_px=ys_px[inside],
        offset=offset[inside],
        unit="mm" if spacing_mm else "px",
    )


def sample(grey: NDArray[np.uint8], line: StripLine) -> Floats:
    """Grey levels ``(points,)`` of a frame along a line."""
    values: Floats = map_coordinates(grey.astype(np.float64), [line.y_px, line.x_px], order=1)
    return values


def judged_part(strip: Floats, line: StripLine, view: View) -> Floats:
    """A strip ``(points, frames)`` with NaN where the line leaves what was judged."""
    # A sample is a blend of its neighbours: all of them must have been judged.
    x0, y0 = view.box[:2]
    share = map_coordinates(view.mask.astype(np.float64), [line.y_px - y0, line.x_px - x0], order=1)
    strip[share < 1 - 1e-9] = np.nan
    return strip
