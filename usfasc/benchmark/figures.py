"""Figures, the tables they stand in, and the chapters that tables and curves belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from usfasc.benchmark.bootstrap import Estimate
from usfasc.benchmark.calibration import Reliability
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.operating import OperatingCurve

EVERY: Final = "all"
"""The row of all cases together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of a table: a value, its 95 % interval, and what was to be reached."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    note: str = ""
    of: str = ""
    """What it is said of: the row of a wide table."""
    under: str = ""
    """Heading that the row stands under."""

    @property
    def met(self) -> bool | None:
        """Whether what was to be reached is reached; None where nothing was."""
        if self.value is None or (self.at_least is None and self.at_most is None):
            return None
        above = self.at_least is None or self.value >= self.at_least
        return above and (self.at_most is None or self.value <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a wide table: its cells by the names of their columns."""

    under: str
    of: str
    cells: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures that belong together: a row each, or, where wide, a column for each name."""

    title: str
    figures: tuple[Figure, ...]
    layout: Literal["long", "wide"] = "long"
    drawn: bool = False
    """Whether a page draws the figures too, as points with their intervals."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of a wide table's columns, as they come up."""
        return tuple(dict.fromkeys(figure.name for figure in self.figures))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rows of a wide table, as they come up."""
        named: dict[tuple[str, str], dict[str, Figure]] = {}
        for figure in self.figures:
            named.setdefault((figure.under, figure.of), {})[figure.name] = figure
        return tuple(Row(under=under, of=of, cells=cells) for (under, of), cells in named.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """All that is said of one kind of case."""

    title: str
    about: str
    """What the cases are, and how they are judged."""
    tables: tuple[Table, ...]
    summary: tuple[Figure, ...] = ()
    """Its rows of the table that stands first."""
    curves: tuple[OperatingCurve, ...] = ()
    reliabilities: tuple[Reliability, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What is to be reached, by the name of the figure."""

    at_least: Mapping[str, float] = field(default_factory=dict)
    at_most: Mapping[str, float] = field(default_factory=dict)

    def on(self, figure: Figure) -> Figure:
        """The figure with its bar."""
        return replace(
            figure,
            at_least=self.at_least.get(figure.name),
            at_most=self.at_most.get(figure.name),
        )


def estimated(name: str, estimate: Estimate, note: str = "") -> Figure:
    """A figure with its interval."""
    value, low, high = estimate
    return Figure(name=name, value=value, low=low, high=high, note=note)


def said_of(row: str, figures: Iterable[Figure], under: str = "") -> tuple[Figure, ...]:
    """Figures as the row of a wide table."""
    return tuple(replace(figure, of=row, under=under) for figure in figures)


def assessable_part(cases: Sequence[Judged]) -> float:
    """Share of the clips' time that could be judged."""
    return sum(c.assessable_s for c in cases) / max(sum(c.duration_s for c in cases), 1e-9)


def assessable_share(cases: Sequence[Judged]) -> str:
    """The same, in words."""
    return f"{assessable_part(cases):.0%} assessable"


def per_min(count: int, seconds: float) -> float | None:
    """Events a minute; None without any time."""
    return count / seconds * 60 if seconds else None
