"""Other methods beside ours, each at its own best threshold on the very same cases.

That favours them: the engine's threshold was set elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.benchmark.baselines import METHODS, Method
from usfasc.benchmark.bootstrap import estimate, estimate_difference
from usfasc.benchmark.figures import Figure, Table, estimated, said_of
from usfasc.benchmark.finders import TalliesBy, engine, method_at
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.operating import OperatingCurve, method_curve
from usfasc.benchmark.scoring import place_error_mm
from usfasc.benchmark.tally import Tally, counts, f1, false_alarms_per_min, recall


def methods_run(cases: Sequence[Judged]) -> list[Method]:
    """The methods that were run on the cases."""
    return [method for key, method in METHODS.items() if any(key in c.baselines for c in cases)]


def method_curves(cases: Sequence[Judged], tallies_by: TalliesBy) -> tuple[OperatingCurve, ...]:
    """Operating curve of each method that was run on the cases."""
    return tuple(method_curve(method, tallies_by) for method in methods_run(cases))


def comparison_table(
    title: str,
    cases: Sequence[Judged],
    tallies_by: TalliesBy,
    curves: Sequence[OperatingCurve],
    rng: np.random.Generator,
) -> Table:
    """The engine as it counts, and each method at its best point, a row each.

    Precision follows from recall and F1; costs and thresholds stand in the notes.

    Parameters
    ----------
    title
        What the cases are.
    cases
        Those that were judged.
    tallies_by
        Their tallies.
    curves
        One a method, in the order of `methods_run`.
    rng
        Draws the clips of the intervals.
    """
    ours = tallies_by(engine())
    rows = [*said_of("usfasc", _cells(ours, rng))]
    for method, curve in zip(methods_run(cases), curves, strict=True):
        best = max(curve.points, key=lambda point: np.nan_to_num(point.f1)).threshold
        theirs = tallies_by(method_at(method, best))
        difference = estimate_difference(counts(ours), counts(theirs), f1, rng)
        less = estimated("F1 of usfasc less this", difference, _how(method, best, cases))
        rows += said_of(method.name, [*_cells(theirs, rng), less])
    return Table(title=title, figures=tuple(rows), layout="wide")


def _cells(tallies: Sequence[Tally], rng: np.random.Generator) -> list[Figure]:
    rows = counts(tallies)
    named = {"F1": f1, "recall": recall, "false alarms per min": false_alarms_per_min}
    cells = [estimated(name, estimate(rows, figure, rng)) for name, figure in named.items()]
    return [*cells, estimated("place error, mm", place_error_mm(tallies, rng))]


def _how(method: Method, limit: float, cases: Sequence[Judged]) -> str:
    sweeps = [c.baselines[method.key] for c in cases if method.key in c.baselines]
    frames = max(1, sum(sweep.frames for sweep in sweeps))
    cost = f"{sum(sweep.cpu_s for sweep in sweeps) / frames * 1e3:.1f} ms/frame"
    match = "" if method.placed else ", matched by time alone"
    return f"{limit:g} {method.unit}, {cost}{match}"
