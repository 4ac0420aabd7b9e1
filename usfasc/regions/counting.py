"""Counts of a region: how many, in how much assessable time, how sure.

Counting unit: one visible twitch is one count. Only events of kind
``fasciculation`` are counted; the whole image counts them all, whether or not
they lie in a region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from scipy.special import gammaincinv

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Kind

_TAIL: Final = 0.025


def counted_in(region: str, events: Iterable[Event]) -> tuple[Event, ...]:
    """Fasciculations of one region; of all of them for the whole image ``*``."""
    return tuple(
        event
        for event in events
        if event.kind is Kind.FASCICULATION and region in (WHOLE_IMAGE, event.region)
    )


def trains_in(region: str, events: Iterable[Event]) -> tuple[Event, ...]:
    """Trains of one region; of all of them for the whole image ``*``."""
    return tuple(
        event
        for event in events
        if event.kind is Kind.TRAIN and region in (WHOLE_IMAGE, event.region)
    )


def spans_of(region: str, assessable: Iterable[AssessableSpan]) -> tuple[AssessableSpan, ...]:
    """Spans of one region, judged or not, in the order of time."""
    return tuple(sorted((s for s in assessable if s.region == region), key=lambda s: s.start_s))


def judged_s(spans: Iterable[AssessableSpan]) -> float:
    """Assessable seconds of a region's spans."""
    return float(sum(span.stop_s - span.start_s for span in spans if span.reason is None))


def begins_judged(event: Event, assessable: Sequence[AssessableSpan]) -> bool:
    """Whether an event begins in judged time of its region; else, of the whole image."""
    spans = spans_of(event.region, assessable) or spans_of(WHOLE_IMAGE, assessable)
    return any(span.start_s <= event.onset_s < span.stop_s for span in spans if span.reason is None)


def judged_before_s(time_s: float, spans: Iterable[AssessableSpan]) -> float:
    """Assessable seconds that passed before a moment: a clock that stops when blind."""
    return float(
        sum(
            max(0.0, min(time_s, span.stop_s) - span.start_s)
            for span in spans
            if span.reason is None
        )
    )


def poisson_rate(count: int, time_s: float) -> tuple[float, float, float]:
    """Rate per minute and its exact 95 % interval.

    The interval is Garwood's (1936): with a count n the bounds of the Poisson
    mean are the quantiles of the gamma distributions of shape n and n + 1, the
    same as half the chi-squared ones at 2 n and 2 n + 2 degrees of freedom.

    Parameters
    ----------
    count
        Events counted, 0 or more.
    time_s
        Time they were counted in, more than 0 s.

    Returns
    -------
    tuple of float
        Rate, lower and upper bound, each per minute.
    """
    minutes = time_s / 60
    low = float(gammaincinv(count, _TAIL)) if count else 0.0
    high = float(gammaincinv(count + 1, 1 - _TAIL))
    return count / minutes, low / minutes, high / minutes


def covered_share(events: Sequence[Event], assessable_s: float) -> float:
    """Share of the assessable time inside events; 0 where there is none."""
    return _covered_s(events) / assessable_s if assessable_s > 0 else 0.0


def _covered_s(events: Sequence[Event]) -> float:
    covered_s, reached_s = 0.0, float("-inf")
    for event in sorted(events, key=lambda event: event.onset_s):
        covered_s += max(0.0, event.offset_s - max(event.onset_s, reached_s))
        reached_s = max(reached_s, event.offset_s)
    return covered_s
