"""Figures and tables: value, interval, and what was to be reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from usfasc.benchmark.judge import Judged
from usfasc.benchmark.tally import (
    BANDS_MM,
    Tally,
    band_recall,
    estimate,
    f1,
    false_alarms_per_min,
    precision,
    recall,
)
from usfasc.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of a table."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether what was to be reached is reached; None where nothing was."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures that belong together."""

    title: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What is to be reached; None where nothing was set."""

    f1: float | None = None
    false_alarms: float | None = None
    bands: tuple[float | None, ...] = (None,) * len(BANDS_MM)
    place_mm: float | None = None
    onset_s: float | None = None


def scored(tallies: Sequence[Tally], bars: Bars, rng: np.random.Generator) -> tuple[Figure, ...]:
    """The figures of a set of clips with truth, with intervals over clips."""
    rows = [
        replace(estimated("F1", tallies, f1, rng), at_least=bars.f1),
        estimated("precision", tallies, precision, rng),
        estimated("recall", tallies, recall, rng),
        replace(
            estimated("false alarms/min", tallies, false_alarms_per_min, rng),
            at_most=bars.false_alarms,
        ),
    ]
    for band, (low, high) in enumerate(BANDS_MM):
        words = f">= {low:g} mm" if band == 0 else f"{low:g}-{high:g} mm"
        row = estimated(f"recall, isolated {words}", tallies, band_recall(band), rng)
        hits = sum(t.band_hits[band] for t in tallies)
        twitches = sum(t.band_twitches[band] for t in tallies)
        rows.append(replace(row, at_least=bars.bands[band], note=f"{hits} of {twitches}"))
    onsets = [value for t in tallies for value in t.onsets_s]
    return (
        *rows,
        replace(median_place(tallies), at_most=bars.place_mm),
        Figure(
            name="median |onset error|, s",
            value=_median(np.abs(onsets).tolist()),
            at_most=bars.onset_s,
        ),
        Figure(name="median onset lag, s", value=_median(onsets)),
    )


def median_place(tallies: Sequence[Tally]) -> Figure:
    """Median distance of the matched events from the truth."""
    places = [value for t in tallies for value in t.places_mm]
    return Figure(name="median place error, mm", value=_median(places))


def estimated(
    name: str,
    tallies: Sequence[Tally],
    figure: Callable[[Floats], float | None],
    rng: np.random.Generator,
) -> Figure:
    """One figure with its bootstrap interval over clips."""
    value, low, high = estimate(tallies, figure, rng)
    return Figure(name=name, value=value, low=low, high=high)


def assessable_share(cases: Sequence[Judged]) -> str:
    """Share of the clips' time that could be judged, in words."""
    share = sum(c.assessable_s for c in cases) / max(sum(c.duration_s for c in cases), 1e-9)
    return f"{share:.0%} assessable"


def per_min(count: int, seconds: float) -> float | None:
    """Events a minute; None without any time."""
    return count / seconds * 60 if seconds else None


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None
