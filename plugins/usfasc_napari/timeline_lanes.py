"""A clip's time at a glance: one lane a region, its events, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Kind
from usfasc.regions.counting import spans_of
from usfasc.report.sentences import kind_words, region_words
from usfasc.review import Decision, Key, Mode
from usfasc_napari.desk import Desk
from usfasc_napari.layers import KIND_COLOURS

OUTSIDE: Final = "outside regions"
NEUTRAL: Final = "#DDDDDD"
"""Of a mark whose kind the reader must not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One event of a lane."""

    key: Key
    event: Event
    colour: str
    counted: bool
    rejected: bool
    open: bool
    """Whether there is a reader, and no verdict yet."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One region over time."""

    name: str
    marks: tuple[Mark, ...]
    unjudged: tuple[AssessableSpan, ...]


def lanes_of(desk: Desk) -> tuple[Lane, ...]:
    """The lanes of the clip in hand, as far as its reader may know; none without a result."""
    result = desk.result
    if result is None:
        return ()
    marks = _marks(desk)
    names = [region.name for region in result.regions] or [WHOLE_IMAGE]
    lanes = [
        Lane(
            name=region_words(name),
            marks=tuple(m for m in marks if name in (WHOLE_IMAGE, m.event.region)),
            unjudged=_unjudged(name, result.assessable),
        )
        for name in names
    ]
    rest = tuple(m for m in marks if m.event.region not in names and names != [WHOLE_IMAGE])
    if rest:
        spans = _unjudged(WHOLE_IMAGE, result.assessable)
        lanes.append(Lane(name=OUTSIDE, marks=rest, unjudged=spans))
    return tuple(lanes)


def kinds_of(desk: Desk) -> tuple[Kind, ...]:
    """The kinds that the marks are coloured by, for the legend; none where they are hidden."""
    if desk.mode is Mode.BLINDED:
        return ()
    found = {mark.event.kind for lane in lanes_of(desk) for mark in lane.marks}
    return tuple(kind for kind in Kind if kind in found)


def nearest(lanes: Sequence[Lane], lane: int, time_s: float, within_s: float) -> Mark | None:
    """The mark of a lane that lasts over a time, or is no further from it than this."""
    if not 0 <= lane < len(lanes):
        return None
    near = [(_away_s(mark.event, time_s), mark) for mark in lanes[lane].marks]
    away_s, mark = min(near, key=lambda pair: pair[0], default=(float("inf"), None))
    return mark if away_s <= within_s else None


def reason_at(lanes: Sequence[Lane], lane: int, time_s: float) -> str:
    """Why nothing could be judged in a lane at a time; empty where it could."""
    spans = lanes[lane].unjudged if 0 <= lane < len(lanes) else ()
    return next((s.reason or "" for s in spans if s.start_s <= time_s < s.stop_s), "")


def _away_s(event: Event, time_s: float) -> float:
    return max(event.onset_s - time_s, time_s - event.offset_s, 0.0)


def _unjudged(name: str, spans: Sequence[AssessableSpan]) -> tuple[AssessableSpan, ...]:
    return tuple(span for span in spans_of(name, spans) if span.reason is not None)


def _marks(desk: Desk) -> tuple[Mark, ...]:
    if desk.session is None:
        assert desk.result is not None, "there are lanes"
        return tuple(_mark(event, event.event, None) for event in desk.result.events)
    hidden = desk.mode is Mode.BLINDED
    marks = (_mark(row.event, row.key, row.verdict, hidden=hidden) for row in desk.rows)
    opens = (not (row.decided or row.own) for row in desk.rows)
    return tuple(replace(mark, open=is_open) for mark, is_open in zip(marks, opens, strict=True))


def _mark(event: Event, key: Key, verdict: Decision | None, *, hidden: bool = False) -> Mark:
    return Mark(
        key=key,
        event=event,
        colour=NEUTRAL if hidden else KIND_COLOURS[event.kind],
        counted=event.kind is Kind.FASCICULATION,
        rejected=verdict is Decision.REJECT,
        open=False,
        words=", ".join(_words(event, verdict, hidden=hidden)),
    )


def _words(event: Event, verdict: Decision | None, *, hidden: bool) -> Iterator[str]:
    yield f"{event.onset_s:.2f} s"
    if not hidden:
        yield kind_words(event.kind)
    if not hidden and event.score is not None:
        yield f"score {event.score:.2f}"
    if verdict is not None:
        yield verdict.value.replace("_", " ")
