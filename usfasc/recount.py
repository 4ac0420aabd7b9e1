"""The same clip counted anew: other regions, or other events, without detection."""

from __future__ import annotations

from collections.abc import Sequence

from usfasc.describe.sites import gather_sites
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Line, Region, Result
from usfasc.regions import assign
from usfasc.regions.counting import spans_of
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
        What was said of the clip. A region that it does not have is given the assessable
        time of the whole image.
    regions, lines
        The regions to count in, and the edges of the layers.
    events
        Events in order of onset, numbered from 1.
    """
    where = result.regions if regions is None else tuple(regions)
    located = assign(where, result.events if events is None else events)
    assessable = _assessable(result, where)
    return result.model_copy(
        update={
            "regions": where,
            "lines": result.lines if lines is None else tuple(lines),
            "events": located,
            "assessable": assessable,
            "summaries": summarise(where, located, assessable),
            "sites": gather_sites(located, assessable),
        }
    )


def _assessable(result: Result, regions: Sequence[Region]) -> tuple[AssessableSpan, ...]:
    known = set(result.regions)
    whole = spans_of(WHOLE_IMAGE, result.assessable)
    rows = list(whole)
    for region in regions:
        of = spans_of(region.name, result.assessable) if region in known else whole
        rows += [span.model_copy(update={"region": region.name}) for span in of]
    return tuple(rows)
