"""The raster of a survey: one strip a clip, twitches on a time axis, unjudged time shaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.model import AssessableSpan, Event, Kind, Result
from usfasc.regions.counting import counted_in, judged_s, spans_of
from usfasc.survey.findings import ClipRecord

LENGTH: Final = 1000.0
"""Of the longest strip, in units of the drawing."""
_STEPS_S: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0)
_MOST_TICKS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """One row of a survey with what was found in its clip."""

    record: ClipRecord
    clip: str
    result: Result

    @property
    def counted(self) -> tuple[Event, ...]:
        """Twitches of the row's muscle."""
        return counted_in(self.record.region, self.result.events)

    @property
    def spans(self) -> tuple[AssessableSpan, ...]:
        """Time of the row's muscle, judged or not."""
        return spans_of(self.record.region, self.result.assessable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One clip on the time axis; places are in units of the drawing."""

    record: ClipRecord
    length: float
    unjudged: tuple[tuple[float, float, str], ...]
    """Start, width and reason."""
    twitches: tuple[float, ...]
    trains: tuple[tuple[float, float], ...]
    """Start and width."""
    judged_s: float
    duration_s: float

    @property
    def words(self) -> str:
        """What the drawing shows."""
        count = len(self.twitches)
        return (
            f"{count} {'twitch' if count == 1 else 'twitches'} in {self.judged_s:.0f} s judged"
            f" of {self.duration_s:.0f} s"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """Strips upon one time axis, which has ticks at these places."""

    strips: tuple[Strip, ...]
    ticks: tuple[tuple[float, str], ...]


def raster(footage: Sequence[Footage]) -> Raster:
    """All clips of a session, each as long as it lasted."""
    longest_s = max((_duration_s(each.spans) for each in footage), default=0.0) or 1.0
    scale = LENGTH / longest_s
    return Raster(
        strips=tuple(_strip(each, scale) for each in footage),
        ticks=tuple((time_s * scale, f"{time_s:g}") for time_s in _ticks_s(longest_s)),
    )


def _strip(footage: Footage, scale: float) -> Strip:
    spans = footage.spans
    trains = [
        event
        for event in footage.result.events
        if event.kind is Kind.TRAIN and footage.record.region in ("*", event.region)
    ]
    return Strip(
        record=footage.record,
        length=round(_duration_s(spans) * scale, 1),
        unjudged=tuple(
            (round(s.start_s * scale, 1), round((s.stop_s - s.start_s) * scale, 1), s.reason)
            for s in spans
            if s.reason is not None
        ),
        twitches=tuple(round(event.onset_s * scale, 1) for event in footage.counted),
        trains=tuple(
            (round(e.onset_s * scale, 1), round((e.offset_s - e.onset_s) * scale, 1))
            for e in trains
        ),
        judged_s=judged_s(spans),
        duration_s=_duration_s(spans),
    )


def _duration_s(spans: Iterable[AssessableSpan]) -> float:
    return max((span.stop_s for span in spans), default=0.0)


def _ticks_s(longest_s: float) -> list[float]:
    step_s = next((s for s in _STEPS_S if longest_s / s <= _MOST_TICKS), _STEPS_S[-1])
    return [step_s * number for number in range(int(longest_s / step_s) + 1)]
