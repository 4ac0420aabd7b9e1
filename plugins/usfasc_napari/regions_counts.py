"""What is counted in the regions of a sketch, at once and without a new detection."""

from __future__ import annotations

from collections.abc import Sequence

from usfasc.model import Line, Region, RegionSummary, Result
from usfasc.recount import recount
from usfasc.report.sentences import count_words, status_words
from usfasc_napari.desk import Desk


def count_in(regions: Sequence[Region], lines: Sequence[Line], desk: Desk) -> Result | None:
    """What was detected in the clip in hand, counted in these regions; None before that."""
    detected = desk.result if desk.session is None else desk.session.detected
    if detected is None or tuple(regions) == detected.regions:
        return detected
    return recount(detected, regions=regions, lines=lines)


def count_words_of(region: str, counted: Result | None, desk: Desk) -> str:
    """The count of one region, and how much of it the reader accepted so far.

    Parameters
    ----------
    region
        Its name.
    counted
        As `count_in` gives it.
    desk
        Whose reader it is told to; empty where that one must not know.
    """
    summary = _summary_of(region, counted)
    if summary is None or desk.hides:
        return ""
    accepted = _summary_of(region, None if desk.session is None else desk.session.reviewed)
    begun = any(row.verdict is not None or row.own for row in desk.rows)
    reviewed = f"; reviewed: {accepted.count}" if accepted and begun else ""
    return f"{count_line(summary)}{reviewed}"


def count_line(summary: RegionSummary) -> str:
    """Count, assessable time, rate and status, as ``2 in 8.5 s, 14.1/min, present``."""
    rate = "" if summary.rate_per_min is None else f"{summary.rate_per_min:.1f}/min, "
    told = f"{count_words(summary)} in {summary.assessable_s:.1f} s"
    return f"{told}, {rate}{status_words(summary)}"


def _summary_of(region: str, result: Result | None) -> RegionSummary | None:
    summaries = () if result is None else result.summaries
    return next((summary for summary in summaries if summary.region == region), None)
