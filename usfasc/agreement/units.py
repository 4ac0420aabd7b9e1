"""What readers counted region by region, in the time that all of them judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Kind, Result, Value
from usfasc.regions.counting import begins_judged, counted_in, spans_of

_Parts = list[tuple[float, float]]


class UnitCounts(Value):
    """What readers counted in one region of one clip."""

    clip: str
    region: str
    """``*`` where the readers' regions differ: the whole image."""
    muscle: str | None
    assessable_s: float
    """Time that all of them judged."""
    counts: tuple[int, ...]
    """Fasciculations, in the order of the readers."""


def in_common_time(readings: Sequence[Result]) -> tuple[Result, ...]:
    """Readings of one clip without the twitches that another reader could not have counted.

    These begin in time that their own reader judged, and another did not. A twitch that a
    reader marked in time that the detector could not judge stays.

    Parameters
    ----------
    readings
        The clip as each reader, or the detector, counted it.
    """
    return tuple(
        own.model_copy(
            update={
                "events": tuple(
                    event for event in own.events if not _out_of_reach(event, own, readings)
                )
            }
        )
        for own in readings
    )


def _out_of_reach(event: Event, own: Result, readings: Iterable[Result]) -> bool:
    if event.kind is not Kind.FASCICULATION or not begins_judged(event, own.assessable):
        return False
    return not all(begins_judged(event, other.assessable) for other in readings)


def units_of(clip: str, readings: Sequence[Result]) -> Iterator[UnitCounts]:
    """Counts of readings in common time: region by region, or of the whole image.

    What any of them could not judge at all is no unit: 0 in no time is not a count.

    Parameters
    ----------
    clip
        What the clip is called.
    readings
        As `in_common_time` gives them.
    """
    regions = readings[0].regions
    if not regions or any(each.regions != regions for each in readings):
        units: list[tuple[str, str | None]] = [(WHOLE_IMAGE, None)]
    else:
        units = [(region.name, region.muscle) for region in regions]
    for name, muscle in units:
        seconds = _common_s([spans_of(name, each.assessable) for each in readings])
        if seconds > 0:
            yield UnitCounts(
                clip=clip,
                region=name,
                muscle=muscle,
                assessable_s=round(seconds, 4),
                counts=tuple(len(counted_in(name, each.events)) for each in readings),
            )


def _common_s(spans: Sequence[Sequence[AssessableSpan]]) -> float:
    parts = reduce(_overlap, map(_judged, spans))
    return sum(stop_s - start_s for start_s, stop_s in parts)


def _judged(spans: Iterable[AssessableSpan]) -> _Parts:
    return [(span.start_s, span.stop_s) for span in spans if span.reason is None]


def _overlap(first: _Parts, second: _Parts) -> _Parts:
    both = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return [(start_s, stop_s) for start_s, stop_s in both if start_s < stop_s]
