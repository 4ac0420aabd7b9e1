"""One clip's events beside its truth, and what can be summed over clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.benchmark.bootstrap import ratio, rows_of
from usfasc.benchmark.judge import Judged
from usfasc.match import distance_mm, match_events
from usfasc.model import Event, Floats, Kind

_ALONE_S, _ALONE_MM = 0.5, 8.0
RATED: Final = frozenset({Kind.FASCICULATION, Kind.UNSURE})
"""Kinds between which the score decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a method found in one clip, sorted by what is true."""

    case: Judged
    pairs: tuple[tuple[Event, Event], ...]
    """``(true, found)``."""
    missed: tuple[Event, ...]
    surplus: tuple[Event, ...]
    """Found and not true, less what the clip shows of itself."""
    span_s: tuple[float, float]
    """The part of the clip that is judged."""
    placed: bool = True
    """Whether the method says where."""

    @property
    def truth(self) -> tuple[Event, ...]:
        """The true twitches."""
        return (*(true for true, _ in self.pairs), *self.missed)

    @property
    def found(self) -> tuple[Event, ...]:
        """What was found, right or wrong."""
        return (*(found for _, found in self.pairs), *self.surplus)

    @property
    def minutes(self) -> float:
        """Time over which false alarms are counted."""
        return (self.span_s[1] - self.span_s[0]) / 60


def tally(
    case: Judged,
    found: Sequence[Event],
    *,
    forgiven: Sequence[Event] = (),
    span_s: tuple[float, float] | None = None,
    placed: bool = True,
) -> Tally:
    """Match one clip's events with its truth.

    Parameters
    ----------
    case
        Truth and scale.
    found
        What a method counts, or would count at a lower score.
    forgiven
        Movements the clip has of itself: a surplus event that is one of them is
        not held against the method.
    span_s
        The part of the clip that is judged; the whole where None.
    placed
        Whether the method says where; if not, events match by time alone.
    """
    start_s, stop_s = span_s or (0.0, case.duration_s)
    # Without a scale every place is the same.
    scale_mm = case.spacing_mm if placed else (0.0, 0.0)
    inside = [e for e in found if span_s is None or start_s <= e.onset_s < stop_s]
    matching = match_events(twitches_of(case.truth), inside, spacing_mm=scale_mm, kinds=RATED)
    own = match_events(forgiven, matching.surplus, spacing_mm=scale_mm, kinds=set(Kind))
    return Tally(
        case=case,
        pairs=matching.pairs,
        missed=matching.missed,
        surplus=own.surplus,
        span_s=(start_s, stop_s),
        placed=placed,
    )


def isolated(truth: Sequence[Event], spacing_mm: tuple[float, float]) -> tuple[Event, ...]:
    """Twitches with no other within 0.5 s and 8 mm."""
    twitches = twitches_of(truth)
    return tuple(
        one
        for one in twitches
        if not any(
            other is not one
            and abs(other.onset_s - one.onset_s) < _ALONE_S
            and distance_mm(one, other, spacing_mm) < _ALONE_MM
            for other in twitches
        )
    )


def counts(tallies: Sequence[Tally]) -> Floats:
    """``(clips, 4)``: right, surplus, missed, minutes."""
    return rows_of(((len(t.pairs), len(t.surplus), len(t.missed), t.minutes) for t in tallies), 4)


def precision(sums: Floats) -> Floats:
    """Share of the found events that are true."""
    return ratio(sums[..., 0], sums[..., 0] + sums[..., 1])


def recall(sums: Floats) -> Floats:
    """Share of the true events that were found."""
    return ratio(sums[..., 0], sums[..., 0] + sums[..., 2])


def f1(sums: Floats) -> Floats:
    """Harmonic mean of precision and recall."""
    twice = 2 * sums[..., 0]
    return ratio(twice, twice + sums[..., 1] + sums[..., 2])


def false_alarms_per_min(sums: Floats) -> Floats:
    """Surplus events a minute."""
    return ratio(sums[..., 1], sums[..., 3])


def twitches_of(truth: Sequence[Event]) -> list[Event]:
    """What counts, of all that truly moved."""
    return [e for e in truth if e.kind is Kind.FASCICULATION]
