"""Counts of one clip, sums over clips, and how far they could have come out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from usfasc.benchmark.judge import Judged
from usfasc.match import Matching, distance_mm, match_events
from usfasc.model import Event, Floats, Kind

BANDS_MM: Final = ((0.2, 10.0), (0.1, 0.2), (0.05, 0.1))
"""Amplitude bands, the low end included."""
_ALONE_S, _ALONE_MM = 0.5, 8.0
_DRAWS = 1000

Estimate = tuple[float | None, float | None, float | None]
"""Value, low and high end of the 95 % interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One clip's counts; isolated twitches by band, best band first."""

    name: str
    tp: int
    fp: int
    fn: int
    minutes: float
    band_hits: tuple[int, ...]
    band_twitches: tuple[int, ...]
    places_mm: tuple[float, ...] = field(default=())
    onsets_s: tuple[float, ...] = field(default=())

    @property
    def row(self) -> Floats:
        """The counts as one row: tp, fp, fn, minutes, hits per band, twitches per band."""
        counts = [self.tp, self.fp, self.fn, self.minutes, *self.band_hits, *self.band_twitches]
        return np.array(counts, float)


def tally(
    case: Judged,
    found: Sequence[Event],
    *,
    forgiven: Sequence[Event] = (),
    minutes: float,
    placed: bool = True,
) -> Tally:
    """Match one clip's events with its truth.

    Parameters
    ----------
    case
        Truth and scale.
    found
        What a method counted.
    forgiven
        Movements the clip has of itself: a surplus event that is one of them is
        not held against the method.
    minutes
        Time over which false alarms are counted.
    placed
        Whether the method says where; if not, events match by time alone.
    """
    # Without a scale every place is the same.
    scale_mm = case.spacing_mm if placed else (0.0, 0.0)
    matching = match_events(case.truth, found, spacing_mm=scale_mm)
    own = match_events(forgiven, matching.surplus, spacing_mm=scale_mm, kinds=set(Kind))
    hits, twitches = _bands(case, matching)
    return Tally(
        name=case.name,
        tp=len(matching.pairs),
        fp=len(matching.surplus) - len(own.pairs),
        fn=len(matching.missed),
        minutes=minutes,
        band_hits=hits,
        band_twitches=twitches,
        places_mm=tuple(distance_mm(t, f, case.spacing_mm) for t, f in matching.pairs if placed),
        onsets_s=tuple(f.onset_s - t.onset_s for t, f in matching.pairs),
    )


def isolated(truth: Sequence[Event], spacing_mm: tuple[float, float]) -> tuple[Event, ...]:
    """Twitches with no other within 0.5 s and 8 mm."""
    twitches = [e for e in truth if e.kind is Kind.FASCICULATION]
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


def total(tallies: Sequence[Tally]) -> Floats:
    """Sum of the clips' rows."""
    rows: Floats = np.array([t.row for t in tallies]).sum(axis=0)
    return rows


def precision(sums: Floats) -> float | None:
    """Share of the counted events that are true."""
    return _ratio(sums[0], sums[0] + sums[1])


def recall(sums: Floats) -> float | None:
    """Share of the true events that were counted."""
    return _ratio(sums[0], sums[0] + sums[2])


def f1(sums: Floats) -> float | None:
    """Harmonic mean of precision and recall."""
    return _ratio(2 * sums[0], 2 * sums[0] + sums[1] + sums[2])


def false_alarms_per_min(sums: Floats) -> float | None:
    """Surplus events a minute."""
    return _ratio(sums[1], sums[3])


def band_recall(band: int) -> Callable[[Floats], float | None]:
    """Recall of isolated twitches of one amplitude band."""
    hits, twitches = 4 + band, 4 + len(BANDS_MM) + band
    return lambda sums: _ratio(sums[hits], sums[twitches])


def estimate(
    tallies: Sequence[Tally],
    figure: Callable[[Floats], float | None],
    rng: np.random.Generator,
) -> Estimate:
    """A figure over all clips, with a bootstrap interval over clips (percentiles)."""
    if not tallies:
        return None, None, None
    drawn = [value for sums in _drawn(tallies, rng) if (value := figure(sums)) is not None]
    return figure(total(tallies)), *_middle(drawn, len(tallies))


def estimate_difference(
    ours: Sequence[Tally],
    theirs: Sequence[Tally],
    figure: Callable[[Floats], float | None],
    rng: np.random.Generator,
) -> Estimate:
    """How much larger a figure is for ours; the same clips are drawn for both."""
    if not ours:
        return None, None, None
    state = rng.bit_generator.state
    our_sums = _drawn(ours, rng)
    rng.bit_generator.state = state
    pairs = zip(our_sums, _drawn(theirs, rng), strict=True)
    drawn = [value for pair in pairs if (value := _less(*map(figure, pair))) is not None]
    value = _less(figure(total(ours)), figure(total(theirs)))
    return value, *_middle(drawn, len(ours))


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _drawn(tallies: Sequence[Tally], rng: np.random.Generator) -> Floats:
    """Sums over clips drawn with replacement, a row a draw."""
    rows = np.array([t.row for t in tallies])
    sums: Floats = rows[rng.integers(len(rows), size=(_DRAWS, len(rows)))].sum(axis=1)
    return sums


def _middle(drawn: Sequence[float], clips: int) -> tuple[float | None, float | None]:
    """The 95 % in the middle; None where nothing could have come out otherwise."""
    if clips < 2 or not drawn:
        return None, None
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(low), float(high)


def _bands(case: Judged, matching: Matching) -> tuple[tuple[int, ...], tuple[int, ...]]:
    found = {true.event for true, _ in matching.pairs}
    alone = isolated(case.truth, case.spacing_mm)
    hits, twitches = [], []
    for low, high in BANDS_MM:
        inside = [e.event for e in alone if low <= (e.peak_displacement_mm or 0.0) < high]
        twitches.append(len(inside))
        hits.append(sum(number in found for number in inside))
    return tuple(hits), tuple(twitches)


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None
