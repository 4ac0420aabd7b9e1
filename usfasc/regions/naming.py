"""Which regions a clip has, and which event lies in which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.model import Bmode, Box, Event, Reading, Region, Side
from usfasc.regions.polygons import area_px2, check_regions, contains

WHOLE_AREA = "whole image"
"""Name of the default region where no muscle was given."""


def choose_regions(reading: Reading, shape: tuple[int, int], bmode: Bmode) -> tuple[Region, ...]:
    """Regions to count in: those given, checked, or else the whole B-mode area.

    Parameters
    ----------
    reading
        What the user said: regions, or the muscle and side of the whole image.
    shape
        ``(height, width)`` of the clip's frames.
    bmode
        Its picture area.

    Raises
    ------
    InputError
        ``BAD_REGIONS``.
    """
    regions = reading.regions or (whole_region(bmode.box, reading.muscle, reading.side),)
    check_regions(regions, shape, bmode)
    return regions


def whole_region(box: Box, muscle: str | None = None, side: Side | None = None) -> Region:
    """The whole B-mode area as one region, named by muscle and side where they are known.

    Parameters
    ----------
    box
        ``(x0, y0, x1, y1)`` of the area, half-open, in pixels.
    muscle, side
        What the user says that the clip shows.
    """
    x0, y0, x1, y1 = box[0] - 0.5, box[1] - 0.5, box[2] - 0.5, box[3] - 0.5
    words = [word for word in (muscle, side) if word]
    return Region(
        name=", ".join(words) or WHOLE_AREA,
        muscle=muscle,
        side=side,
        polygon=((x0, y0), (x1, y0), (x1, y1), (x0, y1)),
        origin="whole",
    )


def assign(regions: Sequence[Region], events: Sequence[Event]) -> tuple[Event, ...]:
    """Name the region that each event's centre lies in.

    Parameters
    ----------
    regions
        Regions of one clip; where they overlap, the smaller one has the event.
    events
        Events of the clip, of every kind.

    Returns
    -------
    tuple of Event
        The same events in the same order; outside every region the name is empty.
    """
    x, y = np.array([(e.x_px, e.y_px) for e in events], float).reshape(-1, 2).T
    names = np.full(len(events), "", dtype=object)
    # The largest first, so that a smaller one within it has the last word.
    for region in sorted(regions, key=area_px2, reverse=True):
        names[contains(region, x, y)] = region.name
    return tuple(
        event.model_copy(update={"region": str(name)})
        for event, name in zip(events, names, strict=True)
    )
