"""All subjects of a survey together: muscles of each, rates of each muscle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log10
from statistics import median, quantiles
from typing import Final

from usfasc.model import Side, Status
from usfasc.regions.vocabulary import muscles
from usfasc.report.survey_words import session_words, subject_words
from usfasc.survey.findings import MuscleRecord, SubjectRecord

_WIDEST: Final = 18
"""Columns of one table that fit a printed page."""
_LEAST_RATE: Final = 0.5
_MOST_RATE: Final = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A muscle, with the sides on which anybody was examined."""

    muscle: str
    sides: tuple[Side | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Sessions by muscles: as many muscles as fit a page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, str, tuple[MuscleRecord | None, ...]], ...]
    """Name and anchor of a session, and its muscles side by side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What was found of one muscle over all subjects and both sides."""

    muscle: str
    examined: int
    present: int
    absent: int
    short: int
    not_assessable: int
    median_rate: float | None
    """Of those that were observed long enough to be called present or absent."""
    quartiles: tuple[float, float] | None
    dots: tuple[float, ...]
    """Their rates as shares of a logarithmic axis, see `rate_place`."""


def column_order(records: Iterable[MuscleRecord]) -> tuple[Column, ...]:
    """The muscles of a survey in the vocabulary's order, those it has not at the end."""
    sides: dict[str, set[Side | None]] = {}
    for record in records:
        if record.muscle:
            sides.setdefault(record.muscle, set()).add(record.side)
    known = {muscle.name: place for place, muscle in enumerate(muscles())}
    ordered = sorted(sides, key=lambda name: (known.get(name, len(known)), name))
    order = (Side.LEFT, Side.RIGHT, Side.MIDLINE, None)
    return tuple(
        Column(muscle=name, sides=tuple(side for side in order if side in sides[name]))
        for name in ordered
    )


def matrices(subjects: Sequence[SubjectRecord], anchors: Sequence[str]) -> tuple[Matrix, ...]:
    """Sessions by muscles, in tables that fit a page."""
    columns = column_order(muscle for subject in subjects for muscle in subject.muscles)
    return tuple(
        Matrix(
            columns=tuple(part),
            rows=tuple(
                (_name(subject), anchor, tuple(_cells(subject, part)))
                for subject, anchor in zip(subjects, anchors, strict=True)
            ),
        )
        for part in _parts(columns)
    )


def _name(subject: SubjectRecord) -> str:
    return f"{subject_words(subject.subject)}, {session_words(subject.session)}"


def _parts(columns: Sequence[Column]) -> Iterator[list[Column]]:
    part: list[Column] = []
    for column in columns:
        if sum(len(each.sides) for each in (*part, column)) > _WIDEST and part:
            yield part
            part = []
        part.append(column)
    if part:
        yield part


def _cells(subject: SubjectRecord, columns: Iterable[Column]) -> Iterator[MuscleRecord | None]:
    found = {(muscle.muscle, muscle.side): muscle for muscle in subject.muscles}
    for column in columns:
        for side in column.sides:
            yield found.get((column.muscle, side))


def spreads(records: Sequence[MuscleRecord]) -> tuple[Spread, ...]:
    """What was found of each muscle over all subjects."""
    return tuple(
        _spread(column.muscle, [each for each in records if each.muscle == column.muscle])
        for column in column_order(records)
    )


def _spread(muscle: str, records: Sequence[MuscleRecord]) -> Spread:
    statuses = [record.status for record in records]
    rates = sorted(
        record.rate_per_min
        for record in records
        if record.status in (Status.PRESENT, Status.ABSENT) and record.rate_per_min is not None
    )
    low_middle_high = quantiles(rates, n=4, method="inclusive") if len(rates) > 1 else None
    return Spread(
        muscle=muscle,
        examined=len(records),
        present=statuses.count(Status.PRESENT),
        absent=statuses.count(Status.ABSENT),
        short=statuses.count(Status.SHORT),
        not_assessable=statuses.count(Status.NOT_ASSESSABLE),
        median_rate=median(rates) if rates else None,
        quartiles=(low_middle_high[0], low_middle_high[2]) if low_middle_high else None,
        dots=tuple(dict.fromkeys(rate_place(rate) for rate in rates)),
    )


def rate_place(rate_per_min: float) -> float:
    """Where a rate stands on a logarithmic axis from 0.5 to 200 a minute, 0 to 1; 0 below it."""
    held = min(max(rate_per_min, _LEAST_RATE), _MOST_RATE)
    return round(log10(held / _LEAST_RATE) / log10(_MOST_RATE / _LEAST_RATE), 3)
