"""The figures of clips with truth: what is found, where, when, how large, how many.

Errors of place, onset, displacement and velocity are medians over matched twitches; the
latter two are shares of the truth. Errors of count are summed distances from the true
counts, as shares of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from usfasc.benchmark.bootstrap import Estimate, estimate, estimate_pooled
from usfasc.benchmark.breakdowns import Bands, Label, found_by_label, found_words, share_found
from usfasc.benchmark.counting import clip_errors, half_errors, relative_bias, relative_error
from usfasc.benchmark.figures import Bars, Figure, estimated
from usfasc.benchmark.tally import (
    Tally,
    counts,
    f1,
    false_alarms_per_min,
    precision,
    recall,
)
from usfasc.benchmark.windows import accuracy, accuracy_of_never, correlation, window_counts
from usfasc.match import distance_mm
from usfasc.model import Floats

RECALL_BANDS: Final = Bands(edges=(0.05, 0.1, 0.2), unit="mm")
_VISIBLE: Final = Bands(edges=(0.1,), unit="mm")
_AMPLITUDES_MM: Final = (0.1, 1.0)
"""Within these a displacement is judged: below, noise adds to it; above, speckle is lost."""


def scored(tallies: Sequence[Tally], bars: Bars, rng: np.random.Generator) -> tuple[Figure, ...]:
    """The figures of a set of clips with truth, with intervals over clips."""
    sums = counts(tallies)
    figures = [
        estimated("F1", estimate(sums, f1, rng)),
        estimated("precision", estimate(sums, precision, rng)),
        estimated("recall", estimate(sums, recall, rng)),
        estimated("false alarms per min", estimate(sums, false_alarms_per_min, rng)),
        *recalls(tallies, rng),
        estimated("place error, mm", place_error_mm(tallies, rng)),
        *_onsets(tallies, rng),
        *_sizes(tallies, rng),
        *_counts_off(tallies, rng),
        *_windows(tallies, rng),
    ]
    return tuple(bars.on(figure) for figure in figures)


def recalls(tallies: Sequence[Tally], rng: np.random.Generator) -> Iterator[Figure]:
    """Recall of isolated twitches by displacement, largest first."""
    for bands in (_VISIBLE, RECALL_BANDS):
        rows = found_by_label(tallies, _sized(bands), alone=True)
        for name in reversed(bands.labels if bands is RECALL_BANDS else bands.labels[1:]):
            clips = rows.get(name, np.empty((0, 2)))
            value = estimate(clips, share_found, rng)
            yield estimated(f"recall, isolated {name}", value, found_words(clips))


def place_error_mm(tallies: Sequence[Tally], rng: np.random.Generator) -> Estimate:
    """Median distance of the matched events from the truth."""
    places = [
        np.array([distance_mm(true, found, t.case.spacing_mm) for true, found in t.pairs])
        for t in tallies
        if t.placed
    ]
    return _median(places, rng)


def _sized(bands: Bands) -> Label:
    return lambda _, true: bands.label(true.peak_displacement_mm or 0.0)


def _onsets(tallies: Sequence[Tally], rng: np.random.Generator) -> Iterator[Figure]:
    late_s = [np.array([found.onset_s - true.onset_s for true, found in t.pairs]) for t in tallies]
    yield estimated("onset error, s", _median([np.abs(each) for each in late_s], rng))
    yield estimated("onset lag, s", _median(late_s, rng))


def _sizes(tallies: Sequence[Tally], rng: np.random.Generator) -> Iterator[Figure]:
    """Displacement and velocity found, as shares of the true ones; where truth has them."""
    for name, field in (
        ("displacement", "peak_displacement_mm"),
        ("velocity", "peak_velocity_mm_s"),
    ):
        shares = [np.array(list(_shares(t, field))) for t in tallies]
        pooled = np.concatenate([np.empty(0), *shares])
        if len(pooled):
            low, high = np.percentile(pooled, (25, 75))
            note = f"half in {low:.2f}-{high:.2f}; {len(pooled)} of 0.1-1 mm"
            yield estimated(f"peak {name}, found/true", _median(shares, rng), note)
            off = [np.abs(each - 1) for each in shares]
            yield estimated(f"peak {name}, error", _median(off, rng))


def _shares(each: Tally, field: str) -> Iterator[float]:
    low_mm, high_mm = _AMPLITUDES_MM
    for true, found in each.pairs:
        measured, real = getattr(found, field), getattr(true, field)
        if measured is not None and real and low_mm <= (true.peak_displacement_mm or 0) < high_mm:
            yield measured / real


def _counts_off(tallies: Sequence[Tally], rng: np.random.Generator) -> Iterator[Figure]:
    clips = clip_errors(tallies)
    bias = f"bias {float(relative_bias(clips.sum(axis=0))):+.2f}"
    yield estimated("count error, clip", estimate(clips, relative_error, rng), bias)
    halves = half_errors(tallies)
    yield estimated("count error, half a picture", estimate(halves, relative_error, rng))


def _windows(tallies: Sequence[Tally], rng: np.random.Generator) -> Iterator[Figure]:
    rows = window_counts(tallies)
    never = f"never: {float(accuracy_of_never(rows.sum(axis=0))):.3f}" if len(rows) else ""
    yield estimated("0.2 s windows, accuracy", estimate(rows, accuracy, rng), never)
    yield estimated("0.2 s windows, MCC", estimate(rows, correlation, rng), "never: 0")


def _median(clips: Sequence[Floats], rng: np.random.Generator) -> Estimate:
    return estimate_pooled(clips, lambda values: float(np.median(values)), rng)
