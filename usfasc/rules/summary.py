"""Count, rate, status, rhythm and grade of every region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from usfasc.describe.rhythm import DOUBLET_S, intervals_s, rhythm
from usfasc.describe.sites import wandering_share
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Event,
    Region,
    RegionSummary,
    Rhythm,
    Status,
)
from usfasc.regions.counting import (
    counted_in,
    covered_share,
    judged_s,
    poisson_rate,
    spans_of,
)
from usfasc.rules.published import Rule, load_grade, load_rule
from usfasc.rules.status import grade, miss_probability, status

_NO_AREAS: Final[Mapping[str, float]] = MappingProxyType({})


def summarise(
    regions: Sequence[Region],
    events: Sequence[Event],
    assessable: Sequence[AssessableSpan],
    rule: Rule | None = None,
    areas_mm2: Mapping[str, float] = _NO_AREAS,
) -> tuple[RegionSummary, ...]:
    """Count, rate and status of every region, and of the whole image ``*``.

    Parameters
    ----------
    regions
        The clip's regions.
    events
        Its events, each with the name of its region (`usfasc.regions.assign`) and of
        its site.
    assessable
        Spans of every region and of ``*``.
    rule
        The rule for the status; Noto 2017 where none is given.
    areas_mm2
        Tissue of the regions, and of ``*``, whose area is known.

    Returns
    -------
    tuple of RegionSummary
        In the order of the regions, ``*`` last. Where nothing could be judged
        there is no rate.
    """
    rule = rule or load_rule()
    names = [*(region.name for region in regions), WHOLE_IMAGE]
    told = [_summary(name, events, spans_of(name, assessable), rule) for name in names]
    return tuple(_with_density(summary, areas_mm2.get(summary.region)) for summary in told)


def _with_density(summary: RegionSummary, area_mm2: float | None) -> RegionSummary:
    density = None
    if area_mm2 and summary.rate_per_min is not None:
        density = round(summary.rate_per_min / area_mm2, 6)
    return summary.model_copy(update={"area_mm2": area_mm2, "density_per_mm2_min": density})


def _summary(
    name: str, events: Sequence[Event], spans: Sequence[AssessableSpan], rule: Rule
) -> RegionSummary:
    counted = counted_in(name, events)
    onsets_s = [event.onset_s for event in counted]
    verdict, assessable_s = status(onsets_s, spans, rule), judged_s(spans)
    rate = low = high = None
    if verdict is not Status.NOT_ASSESSABLE:
        rate, low, high = poisson_rate(len(counted), assessable_s)
    unseen = verdict in (Status.ABSENT, Status.SHORT)
    covered, cut_offs = covered_share(counted, assessable_s), load_grade()
    here = [event for event in events if name in (WHOLE_IMAGE, event.region)]
    return RegionSummary(
        region=name,
        count=len(counted),
        assessable_s=assessable_s,
        rate_per_min=rate,
        rate_low=low,
        rate_high=high,
        status=verdict,
        saturated=covered > cut_offs.continuous_from_share,
        grade=grade(len(counted), rate, covered, verdict, cut_offs),
        miss_probability=miss_probability(assessable_s, rule) if unseen else None,
        sites=len({event.site for event in here if event.site is not None}),
        wandering_share=wandering_share(counted),
        rhythm=_rhythm(counted, spans) if counted else None,
    )


def _rhythm(counted: Sequence[Event], spans: Sequence[AssessableSpan]) -> Rhythm:
    """The rhythm of all twitches together; a doublet is of one site, not of two at a time."""
    whole = rhythm([event.onset_s for event in counted], spans)
    sites = {event.site for event in counted if event.site is not None}
    own = [[event.onset_s for event in counted if event.site == site] for site in sites]
    doublets = sum(int((intervals_s(each, spans) < DOUBLET_S).sum()) for each in own)
    return whole.model_copy(update={"doublets": doublets})
