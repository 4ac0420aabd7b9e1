"""The same clip counted anew: other regions, or other events, without detection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.assessable import areas_mm2, over_all, spans_by_picture
from usfasc.describe.density import density_map
from usfasc.describe.rhythm import coincidences
from usfasc.describe.sites import gather_sites, name_sites
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Event,
    JudgedPicture,
    Line,
    Region,
    Result,
)
from usfasc.params import Parameters
from usfasc.regions import (
    assign,
    carried_on,
    name_lines,
    name_neighbours,
    nearest,
    picture_of,
    where_drawn,
)
from usfasc.regions.counting import counted_in, judged_s, spans_of
from usfasc.rules import summarise


def recount(
    result: Result,
    *,
    regions: Sequence[Region] | None = None,
    lines: Sequence[Line] | None = None,
    events: Sequence[Event] | None = None,
) -> Result:
    """Count a clip anew in other regions, or with other events; what is None stays.

    Parameters
    ----------
    result
        What was said of the clip. Where it keeps no pictures, as one of an older usfasc, a
        region that it does not have is given the time of the whole image.
    regions
        The regions to count in.
    lines
        The edges of the layers; one without a course moves as tissue there was seen to.
    events
        Events in order of onset, numbered from 1.

    Returns
    -------
    Result
        Events in their regions (marked where within 2 mm of another or of a line), assessable time,
        summaries, sites, coincidences and densities. Assessable time stays as it is where
        neither regions nor lines are given.

    Raises
    ------
    InputError
        ``BAD_RESULT``: what the result keeps of its places is damaged.
    """
    outlined = _outlined(result, regions, lines)
    return _counted(outlined, outlined.events if events is None else tuple(events))


def _outlined(
    result: Result, regions: Sequence[Region] | None, lines: Sequence[Line] | None
) -> Result:
    """The result with its regions and lines, and the time in which each could be judged."""
    if regions is None and lines is None:
        return result
    where = result.regions if regions is None else tuple(regions)
    boxes = [picture.box_px for picture in result.pictures]
    edges = result.lines if lines is None else carried_on(lines, result.lines, boxes)
    told = result.model_copy(update={"regions": where, "lines": edges})
    assessable = _assessable(told) if told.pictures else _as_the_whole(told, result.regions)
    return told.model_copy(update={"assessable": assessable})


def picture_spans(result: Result) -> tuple[dict[str, tuple[AssessableSpan, ...]], ...]:
    """Spans in each picture of a result, by region and under ``*``, as `spans_by_picture`."""
    # An older engine may not have known the parameter.
    share = float(result.parameters.get("moving_share", Parameters().moving_share))
    found = spans_by_picture(result.pictures, result.regions, result.lines, share)
    return tuple(dict(each) for each in found)


def _assessable(result: Result) -> tuple[AssessableSpan, ...]:
    """Spans of the regions; those of the whole image stay as they are, once they are told."""
    rows = over_all(picture_spans(result), result.pictures, result.regions)
    told = spans_of(WHOLE_IMAGE, result.assessable)
    return (*told, *(row for row in rows if row.region != WHOLE_IMAGE)) if told else rows


def _as_the_whole(result: Result, known: Sequence[Region]) -> tuple[AssessableSpan, ...]:
    """Time of the whole image for regions that an older result does not have."""
    whole = spans_of(WHOLE_IMAGE, result.assessable)
    rows = list(whole)
    for region in result.regions:
        of = spans_of(region.name, result.assessable) if region in known else whole
        rows += [span.model_copy(update={"region": region.name}) for span in of]
    return tuple(rows)


def _counted(result: Result, events: Sequence[Event]) -> Result:
    """Everything that follows from events, regions and their time."""
    regions, assessable = result.regions, result.assessable
    located = _located(result, events)
    firing = {
        region.name: [event.onset_s for event in counted_in(region.name, located)]
        for region in regions
    }
    whole_s = judged_s(spans_of(WHOLE_IMAGE, assessable))
    areas = areas_mm2(result.pictures, regions)
    return result.model_copy(
        update={
            "events": located,
            "summaries": summarise(regions, located, assessable, areas_mm2=areas),
            "sites": gather_sites(located, assessable),
            "coincidences": coincidences(firing, whole_s),
            "pictures": _mapped(result.pictures, located, whole_s / 60),
        }
    )


def _located(result: Result, events: Sequence[Event]) -> tuple[Event, ...]:
    """Events with their site, their region, a line nearby and the region beyond it."""
    regions, pictures = result.regions, result.pictures
    if not pictures:
        return assign(regions, events)
    boxes = [picture.box_px for picture in pictures]
    spacings_mm = [picture.analysed_spacing_mm for picture in pictures]
    sited = name_sites(events, _owners(events, pictures), spacings_mm)
    places = where_drawn(sited, result.lines, boxes)
    lined = name_lines(sited, places, result.lines, boxes, spacings_mm)
    of_regions = {region.name: spacings_mm[picture_of(region, boxes)] for region in regions}
    return name_neighbours(regions, assign(regions, lined, places), places, of_regions)


def _owners(events: Sequence[Event], pictures: Sequence[JudgedPicture]) -> list[int]:
    """Number of the picture that each event lies in."""
    boxes = [picture.box_px for picture in pictures]
    return [nearest((event.x_px, event.y_px), boxes) for event in events]


def _mapped(
    pictures: Sequence[JudgedPicture], events: Sequence[Event], minutes: float
) -> tuple[JudgedPicture, ...]:
    """The pictures with their maps of density, where there is something to map."""
    counted = counted_in(WHOLE_IMAGE, events)
    owners = np.array(_owners(counted, pictures) if pictures else [], int)
    maps = []
    for number, picture in enumerate(pictures):
        own = [counted[position] for position in np.flatnonzero(owners == number)]
        drawn = None
        if own and minutes and picture.spacing_mm is not None:
            drawn = density_map(own, picture.box_px, picture.spacing_mm, minutes)
        maps.append(picture.model_copy(update={"density": drawn}))
    return tuple(maps)
