"""What the page of firing sites needs of a clip's pixels: its mean picture, and strips of sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Cine, Event, Floats, Kind, Result, Site
from usfasc.report.footage import StripLine, judged_part, line_through, quiet_s, sample
from usfasc.report.view import View

STRIP_S: Final = 10.0
"""Length of the strips: long enough for a rhythm to be seen."""
MOST_STRIPS: Final = 3

_LINE_SHARE = 0.4
"""Of the usual line: a low strip shows 8 mm about the site."""
_MEAN_S = 1.0
"""Length of the mean picture: speckle of noise is gone, slow drift does not blur it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FiringFootage:
    """Pixels that may be shown; NaN where nothing was judged.

    ``mean`` is ``(height, width)`` of the view's box; ``strips`` are ``(points, frames)``
    along ``lines`` at ``times_s``, one for each of ``sites``.
    """

    mean: Floats
    sites: tuple[Site, ...]
    lines: tuple[StripLine, ...]
    strips: tuple[Floats, ...]
    times_s: Floats


def collect_firing(cine: Cine, view: View, result: Result) -> FiringFootage:
    """Decode a second of quiet for the mean picture, and the busiest ten seconds.

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
    sites = shown_sites(result)
    lines = tuple(line_through(cine, s.x_px, s.y_px, s.direction_deg, _LINE_SHARE) for s in sites)
    names = [site.site for site in sites]
    begin_s = busiest_s([e for e in result.events if e.site in names], cine.times_s)
    columns: list[list[Floats]] = [[] for _ in lines]
    start, stop = np.searchsorted(cine.times_s, [begin_s, begin_s + STRIP_S]).tolist()
    for frame in cine.frames.stream(start, stop) if lines else ():
        for line, column in zip(lines, columns, strict=True):
            column.append(sample(frame.grey, line))
    return FiringFootage(
        mean=_mean(cine, view, result),
        sites=sites,
        lines=lines,
        strips=tuple(
            judged_part(np.array(column).T, line, view)
            for line, column in zip(lines, columns, strict=True)
        ),
        times_s=cine.times_s[start : start + len(columns[0])] if lines else cine.times_s[:0],
    )


def shown_sites(result: Result) -> tuple[Site, ...]:
    """Sites that get a strip: those that fire trains before the busiest, in their own order."""
    of_trains = {event.site for event in result.events if event.kind is Kind.TRAIN}
    ranked = sorted(result.sites, key=lambda site: site.site not in of_trains)
    chosen = [site.site for site in ranked[:MOST_STRIPS]]
    return tuple(site for site in result.sites if site.site in chosen)


def busiest_s(events: Sequence[Event], times_s: Floats) -> float:
    """Where the stretch of the strips' length begins that holds most of trains, then of events."""
    last_s = max(float(times_s[-1]) - STRIP_S, 0.0)
    begins = [min(max(event.onset_s - 0.5, 0.0), last_s) for event in events] or [0.0]

    def held(begin_s: float) -> tuple[float, int]:
        stop_s = begin_s + STRIP_S
        trains = [event for event in events if event.kind is Kind.TRAIN]
        seen_s = [min(e.offset_s, stop_s) - max(e.onset_s, begin_s) for e in trains]
        inside = sum(begin_s <= event.onset_s < stop_s for event in events)
        return round(sum(max(part_s, 0.0) for part_s in seen_s), 2), inside

    return max(begins, key=held)


def _mean(cine: Cine, view: View, result: Result) -> Floats:
    """Mean of the frames about the middle of the longest judged stretch."""
    assert cine.times_s is not None
    middle_s = quiet_s(cine.times_s, result)
    edges_s = [middle_s - _MEAN_S / 2, middle_s + _MEAN_S / 2]
    start, stop = np.searchsorted(cine.times_s, edges_s).tolist()
    x0, y0, x1, y1 = view.box
    total, count = np.zeros(view.mask.shape), 0
    for frame in cine.frames.stream(start, max(stop, start + 1)):
        total += frame.grey[y0:y1, x0:x1]
        count += 1
    return np.where(view.mask, total / max(count, 1), np.nan)
