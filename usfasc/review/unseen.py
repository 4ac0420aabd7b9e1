"""Time that a reader called not assessable, taken out of a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import inf

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Kind, Result
from usfasc.recount import recount
from usfasc.review.acts import Act


def without_time(result: Result, acts: Sequence[Act], reviewer: str) -> Result:
    """Take the time of acts out of their regions, and the twitches in it out of the count.

    Parameters
    ----------
    result
        The result, its events reviewed.
    acts
        Acts that call a region not assessable; ``*`` is the whole image, and all regions.
    reviewer
        Who says so.
    """
    if not acts:
        return result
    spans = result.assessable
    for act in acts:
        spans = tuple(part for span in spans for part in _parts(span, act, reviewer))
    events = [_judged(event, acts, reviewer) for event in result.events]
    return recount(result.model_copy(update={"assessable": spans}), events=events)


def begins_in(event: Event, acts: Iterable[Act]) -> bool:
    """Whether an event begins in time that one of these acts takes out of its region."""
    return any(
        _times(act)[0] <= event.onset_s < _times(act)[1]
        and (act.region or WHOLE_IMAGE) in (WHOLE_IMAGE, event.region)
        for act in acts
    )


def _parts(span: AssessableSpan, act: Act, reviewer: str) -> Iterator[AssessableSpan]:
    """A span, or what an act leaves of it and takes from it."""
    start_s, stop_s = _times(act)
    start_s, stop_s = max(start_s, span.start_s), min(stop_s, span.stop_s)
    of = act.region or WHOLE_IMAGE
    if span.reason is not None or of not in (WHOLE_IMAGE, span.region) or start_s >= stop_s:
        yield span
        return
    said = f"called not assessable by {reviewer}" + (f": {act.note}" if act.note else "")
    if span.start_s < start_s:
        yield span.model_copy(update={"stop_s": start_s})
    yield span.model_copy(update={"start_s": start_s, "stop_s": stop_s, "reason": said})
    if stop_s < span.stop_s:
        yield span.model_copy(update={"start_s": stop_s})


def _judged(event: Event, acts: Sequence[Act], reviewer: str) -> Event:
    """An event, not counted where it begins in time that is taken out."""
    if event.kind is not Kind.FASCICULATION or not begins_in(event, acts):
        return event
    reason = f"In time that {reviewer} called not assessable."
    return event.model_copy(update={"kind": Kind.UNSURE, "reason": reason})


def _times(act: Act) -> tuple[float, float]:
    return (
        -inf if act.start_s is None else act.start_s,
        inf if act.stop_s is None else act.stop_s,
    )
