"""What is said of clips with truth: phantoms, crowded muscle, a user's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from usfasc.benchmark.breakdowns import recall_table
from usfasc.benchmark.calibration import Reliability, reliability
from usfasc.benchmark.comparison import comparison_table, method_curves
from usfasc.benchmark.figures import EVERY, Bars, Chapter, Figure, Table, estimated, said_of
from usfasc.benchmark.finders import LIST_SCORE, Finder, TalliesBy, engine, engine_at
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.operating import engine_curve
from usfasc.benchmark.scoring import scored
from usfasc.benchmark.tally import Tally, tally

SUMMARY = (
    "F1",
    "false alarms per min",
    "recall, isolated >= 0.2 mm",
    "recall, isolated 0.1-0.2 mm",
    "recall, isolated 0.05-0.1 mm",
    "place error, mm",
    "onset error, s",
    "ECE",
)
"""Figures that are told of each group of cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Clips with truth, how a finder's events are tallied in them, and what to reach."""

    title: str
    about: str
    members: Sequence[Judged]
    tallies_by: TalliesBy
    bars: Bars = field(default_factory=Bars)


def phantom_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """The scored set of both families."""
    bars = Bars(
        at_least={"F1": 0.95, "recall, isolated >= 0.1 mm": 0.97},
        at_most={
            "false alarms per min": 0.2,
            "ECE": 0.05,
            "peak displacement, error": 0.2,
        },
    )
    about = (
        "Synthetic muscle with twitches of known truth, look-alikes mixed in. The two families "
        "have their own physics: points lays echoes on the grid of a linear probe over a limb; "
        "beams shoots lines, also in sectors, over limb, tongue, back and belly."
    )
    return chapter_of(_whole("phantoms", about, cases, bars), rng)


def own_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """The user's own clips with the truth that stands beside them."""
    about = "Your own clips, beside what a person wrote of each."
    return chapter_of(_whole("your cases", about, cases, Bars()), rng)


def chapter_of(cases: Cases, rng: np.random.Generator) -> Chapter:
    """All that is said of clips with truth.

    Parameters
    ----------
    cases
        The clips.
    rng
        Draws the clips of the intervals.
    """
    ours, listed = cases.tallies_by(engine()), cases.tallies_by(engine_at(LIST_SCORE))
    others = method_curves(cases.members, cases.tallies_by)
    reliabilities = tuple(_reliabilities(listed, rng))
    figures = (*scored(ours, cases.bars, rng), cases.bars.on(_calibration(reliabilities[0])))
    size = f"{cases.title}: {len(cases.members)} clips, {sum(len(t.truth) for t in ours)} twitches"
    tables = [
        Table(title=size, figures=figures),
        recall_table(f"{cases.title}: recall by what a twitch is and what shows it", ours, rng),
    ]
    if others:
        title = f"{cases.title}: each method at its own best threshold"
        tables.append(comparison_table(title, cases.members, cases.tallies_by, others, rng))
    return Chapter(
        title=cases.title,
        about=cases.about,
        summary=tuple(_summary(ours, figures, reliabilities, rng)),
        tables=tuple(tables),
        curves=(engine_curve(cases.tallies_by), *others),
        reliabilities=reliabilities,
    )


def _whole(title: str, about: str, cases: Sequence[Judged], bars: Bars) -> Cases:
    """Cases that are judged from end to end."""

    def tallies_by(finder: Finder) -> list[Tally]:
        return [tally(case, finder.found(case), placed=finder.placed) for case in cases]

    return Cases(title=title, about=about, members=cases, tallies_by=tallies_by, bars=bars)


def _reliabilities(listed: Sequence[Tally], rng: np.random.Generator) -> Iterator[Reliability]:
    """Of all clips, and of each group where there are several."""
    yield reliability(EVERY, listed, rng)
    groups = by_group(listed)
    if len(groups) > 1:
        for name, members in groups.items():
            yield reliability(name, members, rng)


def _calibration(each: Reliability) -> Figure:
    return estimated("ECE", each.error, f"{each.movements} listed movements")


def _summary(
    ours: Sequence[Tally],
    figures: Sequence[Figure],
    reliabilities: Sequence[Reliability],
    rng: np.random.Generator,
) -> Iterator[Figure]:
    """A row of all clips, and of each group where there are several."""
    yield from said_of(EVERY, [f for f in figures if f.name in SUMMARY])
    groups = by_group(ours)
    for each in reliabilities[1:]:
        row = (*scored(groups[each.name], Bars(), rng), _calibration(each))
        yield from said_of(each.name, [f for f in row if f.name in SUMMARY])


def by_group(tallies: Sequence[Tally]) -> dict[str, list[Tally]]:
    """Tallies of the cases that are pooled."""
    groups: dict[str, list[Tally]] = defaultdict(list)
    for each in tallies:
        groups[each.case.group].append(each)
    return groups
