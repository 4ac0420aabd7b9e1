"""What is said of clips without a twitch, and of clips changed in what does not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from usfasc.benchmark.bootstrap import Estimate, estimate, ratio, rows_of
from usfasc.benchmark.figures import (
    EVERY,
    Chapter,
    Figure,
    Table,
    assessable_part,
    estimated,
    said_of,
)
from usfasc.benchmark.judge import Judged
from usfasc.model import Floats
from usfasc.regions.counting import poisson_rate

_WITHIN_ONE: Final = 1
_OF_THE_FILE: Final = frozenset(
    {"key frames", "block updates", "repeats", "drops", "gain steps", "damaged frames"}
)
"""Look-alikes made by coding and machine: nothing moves in them, and nothing may count."""
_MOST_PER_MIN: Final = 0.3
_ABOUT_NEGATIVES: Final = (
    "Synthetic muscle without a twitch, each clip with one look-alike, most of them in an easy "
    "and a hard version. Intervals of one look-alike are exact ones of a Poisson count (Garwood "
    "1936); a bootstrap over two clips would say nothing."
)
_ABOUT_METAMORPHIC: Final = (
    "The same muscle at another frame rate, spacing or gain, mirrored, or cut into three: the "
    "count may move by one."
)


def negative_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """False alarms and assessable share of each look-alike, of each family, and of all."""
    looks: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    families: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        family, _, look = case.group.partition(": ")
        looks[family, look].append(case)
        families[family].append(case)
    cells = [
        figure
        for (family, look), members in sorted(looks.items())
        for figure in said_of(look, _look_cells(look, members), under=family)
    ]
    every = [(EVERY, cases), *sorted(families.items())]
    summary = [f for name, each in every for f in said_of(name, [_pooled(each, rng)])]
    title = f"look-alikes: {len(cases)} phantoms without a twitch"
    return Chapter(
        title="look-alikes",
        about=_ABOUT_NEGATIVES,
        tables=(Table(title=title, figures=tuple(cells), layout="wide"),),
        summary=tuple(summary),
    )


def metamorphic_chapter(cases: Sequence[Judged]) -> Chapter:
    """How far a count moves when nothing that matters is changed."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    worst: dict[str, int] = defaultdict(int)
    for members in groups.values():
        base = next(c for c in members if c.name == f"{c.group}-as-it-is")
        for change, count in _counts(members).items():
            worst[change] = max(worst[change], abs(count - len(base.counted)))
    figures = tuple(
        Figure(name=f"{change}: change of count", value=difference, at_most=_WITHIN_ONE)
        for change, difference in worst.items()
        if change != "as-it-is"
    )
    bases = [c for c in cases if c.name == f"{c.group}-as-it-is"]
    counted, true = sum(len(c.counted) for c in bases), sum(len(c.truth) for c in bases)
    title = f"metamorphic: {len(groups)} scenes, {counted} counted of {true}, largest change"
    table = Table(title=title, figures=figures)
    return Chapter(title="changes that do not matter", about=_ABOUT_METAMORPHIC, tables=(table,))


def _look_cells(look: str, cases: Sequence[Judged]) -> Iterator[Figure]:
    count, seconds = sum(len(c.counted) for c in cases), sum(c.duration_s for c in cases)
    value, low, high = poisson_rate(count, seconds) if seconds else (None, None, None)
    yield Figure(
        name="counted/min",
        value=value,
        low=low,
        high=high,
        at_most=0.0 if look in _OF_THE_FILE else _MOST_PER_MIN,
        note=f"{count} in {seconds:.0f} s",
    )
    yield Figure(name="assessable", value=assessable_part(cases))


def _pooled(cases: Sequence[Judged], rng: np.random.Generator) -> Figure:
    rows = rows_of(((len(c.counted), c.duration_s / 60) for c in cases), 2)
    rate: Estimate = estimate(rows, _rate, rng)
    return estimated("false alarms per min", rate)


def _rate(sums: Floats) -> Floats:
    return ratio(sums[..., 0], sums[..., 1])


def _counts(members: Sequence[Judged]) -> dict[str, int]:
    """Count of each change; the parts of a cut clip are summed."""
    counts: dict[str, int] = defaultdict(int)
    for case in members:
        change = case.name.removeprefix(f"{case.group}-")
        counts["cut into three" if change.startswith("cut") else change] += len(case.counted)
    return counts
