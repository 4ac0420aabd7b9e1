"""What a picture needs of a clip's pixels, collected in one pass over its frames."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from usfasc.model import Bmode, Cine, Event, Floats, Kind, Result

STRIP_S: Final = 5.0
"""Length of the M-mode strip in time: a twitch of 0.3 s is then seen with its surroundings."""
LINE_MM: Final = 20.0
"""Length of its line."""

_UNCALIBRATED_SHARE = 0.5
"""Length of the line as a share of the picture's height, where no scale is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Sample points of an M-mode line, along a twitch's direction through its centre."""

    event: Event
    x_px: Floats
    y_px: Floats
    offset: Floats
    """Distance from the centre, in ``unit``."""
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """Pixels of the B-mode area only; NaN where nothing was judged.

    ``mean`` is ``(height, width)`` of the area's box; ``strip`` is ``(points,
    frames)`` along ``line`` at ``strip_times_s``. Without any event there is no line.
    """

    mean: Floats
    line: Line | None
    strip: Floats
    strip_times_s: Floats


def strongest(result: Result) -> Event | None:
    """The twitch that moved most; where none was counted, the other movement that did."""
    return max(result.events, key=_strength, default=None)


def collect(cine: Cine, bmode: Bmode, result: Result) -> Footage:
    """Stream a clip once for its mean image and the M-mode strip of its strongest twitch.

    Parameters
    ----------
    cine
        The clip, with times.
    bmode
        Its picture area; nothing outside it is collected.
    result
        What was found in it.
    """
    assert cine.times_s is not None, "a result has times"
    event = strongest(result)
    line = _line(event, cine, bmode) if event is not None else None
    start, stop = _strip_frames(event, cine.times_s)
    total = np.zeros(cine.frames.shape, np.uint32)
    count = 0
    columns: list[Floats] = []
    for frame in cine.frames.stream():
        if not frame.damaged:
            total += frame.grey
            count += 1
        if line is not None and start <= frame.index < stop:
            columns.append(_sample(frame.grey, line))
    x0, y0, x1, y1 = bmode.box
    mean = np.where(bmode.mask, total / max(count, 1), np.nan)[y0:y1, x0:x1]
    return Footage(
        mean=mean,
        line=line,
        strip=_judged(np.array(columns).T, line, bmode),
        strip_times_s=cine.times_s[start : start + len(columns)],
    )


def _strength(event: Event) -> tuple[bool, float, float, int]:
    counted = event.kind is Kind.FASCICULATION
    # The earliest among equals, so that the picture never depends on the order of a table.
    return counted, event.peak_displacement_mm or 0.0, event.score or 0.0, -event.event


def _strip_frames(event: Event | None, times_s: Floats) -> tuple[int, int]:
    if event is None:
        return 0, 0
    last_s = float(times_s[-1])
    begin_s = min(max(event.peak_s - STRIP_S / 2, 0.0), max(last_s - STRIP_S, 0.0))
    start, stop = np.searchsorted(times_s, [begin_s, begin_s + STRIP_S])
    return int(start), int(stop)


def _line(event: Event, cine: Cine, bmode: Bmode) -> Line:
    dy, dx = cine.spacing_mm or (1.0, 1.0)
    height_px = bmode.box[3] - bmode.box[1]
    length = LINE_MM if cine.spacing_mm else _UNCALIBRATED_SHARE * height_px
    # Two samples a pixel lose nothing to the interpolation.
    offset = np.arange(-length / 2, length / 2, min(dy, dx) / 2)
    # Out and back lie on one line; read downwards, the strip's top is the upper end.
    angle = radians(90.0 if event.direction_deg is None else event.direction_deg % 180)
    x_px = event.x_px + offset * cos(angle) / dx
    y_px = event.y_px + offset * sin(angle) / dy
    x0, y0, x1, y1 = bmode.box
    inside = (x_px >= x0) & (x_px <= x1 - 1) & (y_px >= y0) & (y_px <= y1 - 1)
    unit = "mm" if cine.spacing_mm else "px"
    return Line(event=event, x_px=x_px[inside], y_px=y_px[inside], offset=offset[inside], unit=unit)


def _sample(grey: NDArray[np.uint8], line: Line) -> Floats:
    values: Floats = map_coordinates(grey.astype(np.float64), [line.y_px, line.x_px], order=1)
    return values


def _judged(strip: Floats, line: Line | None, bmode: Bmode) -> Floats:
    """The strip with NaN where the line leaves what was judged."""
    if line is None or strip.size == 0:
        return np.empty((0, 0))
    # A sample is a blend of its neighbours: all of them must have been judged.
    share = map_coordinates(bmode.mask.astype(np.float64), [line.y_px, line.x_px], order=1)
    strip[share < 1 - 1e-9] = np.nan
    return strip
