"""Operating curves: what a threshold finds, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.benchmark.baselines import Method
from usfasc.benchmark.finders import (
    COUNT_SCORE,
    LIST_SCORE,
    TalliesBy,
    engine_at,
    method_at,
)
from usfasc.benchmark.tally import Tally, counts, f1, false_alarms_per_min, recall

LOWEST_SCORE: Final = 0.02
"""Movements are listed from here on, so that the curve reaches to where little is left out."""
_SCORES: Final = (LOWEST_SCORE, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_MARKS: Final = {COUNT_SCORE: "counts", LIST_SCORE: "screens"}
"""The thresholds that the engine comes with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """What one threshold gives."""

    threshold: float
    false_alarms_per_min: float
    recall: float
    f1: float
    mark: str = ""
    """What the engine uses the threshold for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingCurve:
    """One method's points, from lenient to strict."""

    name: str
    points: tuple[OperatingPoint, ...]


def engine_curve(tallies_by: TalliesBy) -> OperatingCurve:
    """The engine's points, as the score that counts moves."""
    points = [
        _point(tallies_by(engine_at(score)), score, _MARKS.get(score, ""))
        for score in sorted({*_SCORES, *_MARKS})
    ]
    return OperatingCurve(name="usfasc", points=tuple(points))


def method_curve(method: Method, tallies_by: TalliesBy) -> OperatingCurve:
    """Another method's points, as its own threshold moves."""
    points = [_point(tallies_by(method_at(method, each)), each) for each in method.thresholds]
    return OperatingCurve(name=method.name, points=tuple(points))


def _point(tallies: Sequence[Tally], threshold: float, mark: str = "") -> OperatingPoint:
    sums = counts(tallies).sum(axis=0)
    rate, found, both = (float(each(sums)) for each in (false_alarms_per_min, recall, f1))
    return OperatingPoint(
        threshold=threshold, false_alarms_per_min=rate, recall=found, f1=both, mark=mark
    )
