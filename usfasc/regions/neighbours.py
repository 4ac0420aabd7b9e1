"""Events so near to a line, or to the next region, that they may be of what lies beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from usfasc.model import Box, Event, Floats, Line, LineKind, Point, Region
from usfasc.regions.drift import lines_of, nearest

NEAR_MM: Final = 2.0
"""An event's place is known to about a millimetre, and so is a line."""


def name_neighbours(
    regions: Sequence[Region],
    events: Sequence[Event],
    places: Floats,
    spacings_mm: Mapping[str, tuple[float, float]],
) -> tuple[Event, ...]:
    """Name beside an event's region the one that lies within 2 mm of it, if any does.

    Parameters
    ----------
    regions
        Regions of the clip.
    events
        Its events, each with its region named.
    places
        ``(event, 2)``: where they lay when the regions were drawn, as `where_drawn` tells.
    spacings_mm
        ``(dy, dx)`` of a pixel, by the name of the region.
    """
    bounded = [region for region in regions if region.origin != "whole"]
    if not bounded or not events:
        return tuple(events)
    away_mm = np.stack([_away_mm(region, places, spacings_mm[region.name]) for region in bounded])
    return tuple(
        event.model_copy(update={"other_region": _nearest(event, bounded, column)})
        for event, column in zip(events, away_mm.T, strict=True)
    )


def _nearest(event: Event, regions: Sequence[Region], away_mm: Floats) -> str:
    """The nearest region within reach that is not the event's own."""
    others = [
        (float(away), region.name)
        for away, region in zip(away_mm, regions, strict=True)
        if region.name != event.region and away <= NEAR_MM
    ]
    return min(others)[1] if others else ""


def name_lines(
    events: Sequence[Event],
    places: Floats,
    lines: Sequence[Line],
    boxes: Sequence[Box],
    spacings_mm: Sequence[tuple[float, float]],
) -> tuple[Event, ...]:
    """Tell of each event what line lies within 2 mm of it, if any does.

    Parameters
    ----------
    events
        Events of a clip.
    places
        ``(event, 2)``: where they lay when the lines were drawn, as `where_drawn` tells.
    lines
        Lines of the clip.
    boxes, spacings_mm
        Of its pictures, ``(dy, dx)`` of a pixel.
    """
    own = [lines_of(number, lines, boxes) for number in range(len(boxes))]
    owners = [nearest((event.x_px, event.y_px), boxes) for event in events]
    return tuple(
        event.model_copy(update={"near_line": _line_near(place, own[number], spacings_mm[number])})
        for event, place, number in zip(events, places, owners, strict=True)
    )


def _line_near(
    place: Floats, lines: Sequence[Line], spacing_mm: tuple[float, float]
) -> LineKind | None:
    away_mm = [
        float(_from_path_mm(line.points, place[np.newaxis], spacing_mm)[0]) for line in lines
    ]
    if not away_mm or min(away_mm) > NEAR_MM:
        return None
    return lines[int(np.argmin(away_mm))].kind


def _away_mm(region: Region, places: Floats, spacing_mm: tuple[float, float]) -> Floats:
    """Distance ``(event,)`` of places ``(event, 2)`` from a region's outline."""
    return _from_path_mm((*region.polygon, region.polygon[0]), places, spacing_mm)


def _from_path_mm(path: Sequence[Point], places: Floats, spacing_mm: tuple[float, float]) -> Floats:
    scale = np.array(spacing_mm[::-1])
    corners, points = np.array(path, float) * scale, places * scale
    sides = np.diff(corners, axis=0)
    length2 = np.maximum((sides**2).sum(axis=1), 1e-12)
    from_corner = points[:, np.newaxis] - corners[:-1]
    share = np.clip((from_corner * sides).sum(axis=2) / length2, 0, 1)
    gap = from_corner - share[..., np.newaxis] * sides
    return np.asarray(np.hypot(*np.moveaxis(gap, 2, 0)).min(axis=1), np.float64)
