"""Other methods beside ours, each at its own best threshold on the very same cases.

That favours them: the engine's threshold was set elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from usfasc.benchmark.baselines import METHODS, Method
from usfasc.benchmark.figures import Figure, Table, estimated, median_place
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.tally import (
    Tally,
    estimate_difference,
    f1,
    false_alarms_per_min,
    precision,
    recall,
    total,
)
from usfasc.model import Event

TalliesAt = Callable[[Method, float], list[Tally]]
"""A method's tallies at one threshold, one a case, in the order of the engine's."""


def compared(
    title: str,
    cases: Sequence[Judged],
    ours: Sequence[Tally],
    tallies_at: TalliesAt,
    rng: np.random.Generator,
) -> list[Table]:
    """A table of each method that was run on the cases.

    Parameters
    ----------
    title
        What the cases are.
    cases
        Those that were judged.
    ours
        The engine's tallies.
    tallies_at
        The others' tallies.
    rng
        Draws the clips of the intervals.
    """
    run = [method for key, method in METHODS.items() if any(key in c.baselines for c in cases)]
    tables = []
    for method in run:
        limit, theirs = _at_best(method, partial(tallies_at, method))
        how = _how(method, limit, cases)
        tables.append(Table(title=f"{title}: {how}", figures=_rows(theirs, ours, method, rng)))
    return tables


def found_by(case: Judged, method: Method, threshold: float) -> tuple[Event, ...]:
    """What a method found in a case at a threshold; nothing where the case failed."""
    sweep = case.baselines.get(method.key)
    return sweep.by_threshold[threshold] if sweep is not None else ()


def _at_best(
    method: Method, tallies_at: Callable[[float], list[Tally]]
) -> tuple[float, list[Tally]]:
    sweeps = {limit: tallies_at(limit) for limit in method.thresholds}
    return max(sweeps.items(), key=lambda item: f1(total(item[1])) or 0.0)


def _rows(
    theirs: Sequence[Tally], ours: Sequence[Tally], method: Method, rng: np.random.Generator
) -> tuple[Figure, ...]:
    value, low, high = estimate_difference(ours, theirs, f1, rng)
    return (
        estimated("F1", theirs, f1, rng),
        Figure(name="F1 of the engine less this", value=value, low=low, high=high),
        estimated("precision", theirs, precision, rng),
        estimated("recall", theirs, recall, rng),
        estimated("false alarms/min", theirs, false_alarms_per_min, rng),
        *([median_place(theirs)] if method.placed else []),
    )


def _how(method: Method, limit: float, cases: Sequence[Judged]) -> str:
    sweeps = [c.baselines[method.key] for c in cases if method.key in c.baselines]
    frames = max(1, sum(sweep.frames for sweep in sweeps))
    cost = f"{sum(sweep.cpu_s for sweep in sweeps) / frames * 1e3:.1f} ms/frame"
    match = "" if method.placed else ", matched by time alone"
    return f"{method.name} at its best, {limit:g} {method.unit} ({cost}{match})"
