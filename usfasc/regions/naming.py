"""Which regions a clip has, which picture each lies in, and which event lies in which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.model import Bmode, Box, Cine, Event, Floats, Reading, Region, Shown, Side
from usfasc.regions.polygons import area_px2, check_regions, contains, region_mask

WHOLE_AREA = "whole image"
"""Name of the default region where no muscle was given."""
_OVERLAP_PX = 2
"""By which tags may let two neighbours overlap."""


def choose_regions(reading: Reading, shown: Shown, cine: Cine) -> tuple[Region, ...]:
    """Regions to count in: those given, checked, or else each picture as a whole.

    Parameters
    ----------
    reading
        What the user said: perhaps regions.
    shown
        The muscle and side that the clip shows.
    cine
        The clip, with its pictures.

    Raises
    ------
    InputError
        ``BAD_REGIONS``.
    """
    regions = reading.regions or whole_regions(cine.pictures, shown.muscle, shown.side)
    check_regions(regions, cine.frames.shape, cine.pictures)
    return regions


def whole_regions(
    pictures: Sequence[Bmode], muscle: str | None = None, side: Side | None = None
) -> tuple[Region, ...]:
    """One region for each whole picture, named by muscle and side where they are known.

    Parameters
    ----------
    pictures
        The clip's pictures.
    muscle, side
        What the clip shows, as far as that is said.
    """
    return tuple(
        Region(
            name=_whole_name(muscle, side, place),
            muscle=muscle,
            side=side,
            polygon=_outline(picture.box),
            origin="whole",
        )
        for picture, place in zip(
            pictures, picture_names([picture.box for picture in pictures]), strict=True
        )
    )


def _whole_name(muscle: str | None, side: Side | None, place: str) -> str:
    """What is shown, its side, and where on the screen of several pictures."""
    words = (muscle or place or WHOLE_AREA, side, place if muscle else None)
    return ", ".join(word for word in words if word)


def picture_names(boxes: Sequence[Box]) -> tuple[str, ...]:
    """What to call each picture of a screen; the only one has no name."""
    if len(boxes) < 2:
        return ("",) * len(boxes)
    if len(boxes) > 2:
        return tuple(f"picture {number}" for number in range(1, len(boxes) + 1))
    (first, second) = boxes
    if first[2] <= second[0] + _OVERLAP_PX:
        return "left picture", "right picture"
    below = second[1] >= first[1]
    return ("upper picture", "lower picture") if below else ("lower picture", "upper picture")


def picture_of(region: Region, boxes: Sequence[Box]) -> int:
    """Number of the picture that a region lies in, or mostly does, from 0.

    Parameters
    ----------
    region
        The region.
    boxes
        Of the clip's pictures, at least one.
    """
    if len(boxes) == 1:
        return 0
    inside = region_mask(region, (max(box[3] for box in boxes), max(box[2] for box in boxes)))
    return int(np.argmax([inside[y0:y1, x0:x1].sum() for x0, y0, x1, y1 in boxes]))


def _outline(box: Box) -> tuple[tuple[float, float], ...]:
    x0, y0, x1, y1 = box[0] - 0.5, box[1] - 0.5, box[2] - 0.5, box[3] - 0.5
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def assign(
    regions: Sequence[Region], events: Sequence[Event], places: Floats | None = None
) -> tuple[Event, ...]:
    """Name the region that each event's centre lies in.

    Parameters
    ----------
    regions
        Regions of one clip; where they overlap, the smaller one has the event.
    events
        Events of the clip, of every kind.
    places
        ``(event, 2)``: where they lay when the regions were drawn, as `where_drawn` tells;
        their own places where None.

    Returns
    -------
    tuple of Event
        The same events in the same order; outside every region the name is empty.
    """
    if places is None:
        places = np.array([(e.x_px, e.y_px) for e in events], float).reshape(-1, 2)
    x, y = places.T
    names = np.full(len(events), "", dtype=object)
    # The largest first, so that a smaller one within it has the last word.
    for region in sorted(regions, key=area_px2, reverse=True):
        names[contains(region, x, y)] = region.name
    return tuple(
        event.model_copy(update={"region": str(name)})
        for event, name in zip(events, names, strict=True)
    )
