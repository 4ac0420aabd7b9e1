"""Two readings of the same clips, side by side: windows, events, counts, disagreements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal

import numpy as np

from usfasc.agreement.categories import Table, kappa, negative_agreement, positive_agreement
from usfasc.agreement.counts import BlandAltman, bland_altman, icc
from usfasc.agreement.estimate import Estimate, share, specific_agreement
from usfasc.agreement.units import UnitCounts, in_common_time, units_of
from usfasc.agreement.windows import judged, touched, window_starts_s
from usfasc.match import Matching, match_events, spacing_of
from usfasc.model import WHOLE_IMAGE, Event, Floats, Kind, Result, Value
from usfasc.regions.counting import counted_in, spans_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipPair:
    """One clip as two readers, or a reader and the detector, counted it."""

    clip: str
    first: Result
    second: Result


class Disagreement(Value):
    """A twitch that one of two counts."""

    clip: str
    counted_by: Literal["first", "second"]
    region: str
    onset_s: float
    x_px: float
    y_px: float
    other_kind: Kind | None
    """What the other calls the same movement; None where it is not listed there."""
    other_reason: str = ""
    """Why, in the other's words."""


class MuscleAgreement(Value):
    """How well counts of one muscle agree."""

    muscle: str
    regions: int
    """Regions of clips that show it."""
    icc: Estimate
    bland_altman: BlandAltman


class Agreement(Value):
    """How well two agree over the clips that both read."""

    clips: int
    windows: Table
    """Windows of 0.2 s of the whole image, in time that both judged."""
    kappa: Estimate
    positive: Estimate
    negative: Estimate
    events: Table
    """Counted events in time that both judged; ``neither`` is 0: nobody counts what none saw."""
    precision: Estimate
    """Share of the second's events that the first counts too."""
    recall: Estimate
    """Share of the first's events that the second counts too."""
    f1: Estimate
    units: tuple[UnitCounts, ...]
    icc: Estimate
    bland_altman: BlandAltman
    """First less second, twitches a region."""
    muscles: tuple[MuscleAgreement, ...]
    """The same of each muscle that is named, in the order of the alphabet."""
    disagreements: tuple[Disagreement, ...]


def compare(pairs: Sequence[ClipPair]) -> Agreement:
    """Compare two readers, or a reader and the detector.

    Windows and events are those of the whole image, in time that both judged; counts are
    compared region by region where both have the same regions, and else over the whole image.

    Parameters
    ----------
    pairs
        The clips that both read.
    """
    pairs = [_in_common_time(pair) for pair in pairs]
    nothing = Table(both=0, first_only=0, second_only=0, neither=0)
    windows = reduce(add, map(_windows, pairs), nothing)
    matchings = [(pair, _matching(pair)) for pair in pairs]
    events = reduce(add, (_events(matching) for _, matching in matchings), nothing)
    units = tuple(u for pair in pairs for u in units_of(pair.clip, (pair.first, pair.second)))
    counts = _counts(units)
    alone = events.first_only + events.second_only
    return Agreement(
        clips=len(pairs),
        windows=windows,
        kappa=kappa(windows),
        positive=positive_agreement(windows),
        negative=negative_agreement(windows),
        events=events,
        precision=share(events.both, events.both + events.second_only),
        recall=share(events.both, events.both + events.first_only),
        f1=specific_agreement(events.both, alone),
        units=units,
        icc=icc(counts),
        bland_altman=bland_altman(*counts.T.tolist()),
        muscles=tuple(_by_muscle(units)),
        disagreements=tuple(row for pair, m in matchings for row in _disagreements(pair, m)),
    )


def _in_common_time(pair: ClipPair) -> ClipPair:
    first, second = in_common_time((pair.first, pair.second))
    return ClipPair(clip=pair.clip, first=first, second=second)


def _counts(units: Sequence[UnitCounts]) -> Floats:
    """Counts ``(unit, 2)`` of the first and the second."""
    return np.array([unit.counts for unit in units], float).reshape(-1, 2)


def _by_muscle(units: Sequence[UnitCounts]) -> Iterator[MuscleAgreement]:
    for muscle in sorted({unit.muscle for unit in units if unit.muscle}):
        counts = _counts([unit for unit in units if unit.muscle == muscle])
        yield MuscleAgreement(
            muscle=muscle,
            regions=len(counts),
            icc=icc(counts),
            bland_altman=bland_altman(*counts.T.tolist()),
        )


def _matching(pair: ClipPair) -> Matching:
    return match_events(pair.first.events, pair.second.events, spacing_mm=spacing_of(pair.first))


def _events(matching: Matching) -> Table:
    return Table(
        both=len(matching.pairs),
        first_only=len(matching.missed),
        second_only=len(matching.surplus),
        neither=0,
    )


def _windows(pair: ClipPair) -> Table:
    spans = [spans_of(WHOLE_IMAGE, result.assessable) for result in (pair.first, pair.second)]
    stop_s = max((span.stop_s for each in spans for span in each), default=0.0)
    starts_s = window_starts_s(0.0, stop_s)
    starts_s = starts_s[judged(spans[0], starts_s) & judged(spans[1], starts_s)]
    first, second = (
        touched(counted_in(WHOLE_IMAGE, result.events), starts_s)
        for result in (pair.first, pair.second)
    )
    return Table(
        both=int((first & second).sum()),
        first_only=int((first & ~second).sum()),
        second_only=int((~first & second).sum()),
        neither=int((~first & ~second).sum()),
    )


def _disagreements(pair: ClipPair, matching: Matching) -> Iterator[Disagreement]:
    """Events that one counts, with what the other calls them, in order of onset."""
    rows = [
        *_of_one(pair, "first", matching.missed, pair.second),
        *_of_one(pair, "second", matching.surplus, pair.first),
    ]
    return iter(sorted(rows, key=lambda row: (row.onset_s, row.counted_by)))


def _of_one(
    pair: ClipPair, who: Literal["first", "second"], events: Sequence[Event], other: Result
) -> Iterator[Disagreement]:
    rest = [event for event in other.events if event.kind is not Kind.FASCICULATION]
    same = match_events(events, rest, spacing_mm=spacing_of(other), kinds=set(Kind))
    told = {mine.event: theirs for mine, theirs in same.pairs}
    for event in events:
        theirs = told.get(event.event)
        yield Disagreement(
            clip=pair.clip,
            counted_by=who,
            region=event.region,
            onset_s=event.onset_s,
            x_px=event.x_px,
            y_px=event.y_px,
            other_kind=theirs.kind if theirs else None,
            other_reason=theirs.reason if theirs else "",
        )
