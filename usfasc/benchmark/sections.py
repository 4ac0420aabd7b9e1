"""What is said of each made set: phantoms, implants, look-alikes, changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from usfasc.benchmark.baselines import Method
from usfasc.benchmark.beds import BEDS, RealClip
from usfasc.benchmark.comparison import compared, found_by
from usfasc.benchmark.figures import (
    Bars,
    Figure,
    Table,
    assessable_share,
    estimated,
    per_min,
    scored,
)
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.tally import Tally, f1, recall, tally
from usfasc.model import Event

_WITHIN_ONE: Final = 1
_NAMED_WITHIN_S = 0.5


def phantom_tables(cases: Sequence[Judged], rng: np.random.Generator) -> list[Table]:
    """The scored set, whole and by family, for the engine; whole, for other methods."""
    families = _by_group(cases)
    tables = [_engine_table(f"phantom: {len(cases)} clips", cases, rng)]
    if len(families) > 1:
        tables += [
            _engine_table(f"phantom, family {name}: {len(members)} clips", members, rng)
            for name, members in families.items()
        ]
    return [*tables, *_beside("phantom", cases, rng)]


def _engine_table(title: str, cases: Sequence[Judged], rng: np.random.Generator) -> Table:
    bars = Bars(f1=0.88, false_alarms=0.5, bands=(0.95, 0.85, 0.65), place_mm=2.0, onset_s=0.04)
    return Table(title=title, figures=scored(_counted_tallies(cases), bars, rng))


def _counted_tallies(cases: Sequence[Judged]) -> list[Tally]:
    return [tally(c, c.counted, minutes=c.duration_s / 60) for c in cases]


def _beside(title: str, cases: Sequence[Judged], rng: np.random.Generator) -> list[Table]:
    """Other methods on whole clips with truth."""

    def tallies_at(method: Method, limit: float) -> list[Tally]:
        return [
            tally(c, found_by(c, method, limit), minutes=c.duration_s / 60, placed=method.placed)
            for c in cases
        ]

    return compared(title, cases, _counted_tallies(cases), tallies_at, rng)


def own_tables(cases: Sequence[Judged], rng: np.random.Generator) -> list[Table]:
    """The user's own clips with the truth that stands beside them."""
    rows = scored(_counted_tallies(cases), Bars(), rng)
    title = f"your cases: {len(cases)} clips, {assessable_share(cases)}"
    return [Table(title=title, figures=rows), *_beside("your cases", cases, rng)]


def implant_tables(cases: Sequence[Judged], rng: np.random.Generator) -> list[Table]:
    """Implants in real clips, pooled, and each real clip without them.

    Movements that the notes name are not among those counted without implants.
    """
    plain = {c.group: c for c in cases if c.name == f"{c.group}-plain"}
    planted = [c for c in cases if c.name != f"{c.group}-plain"]
    ours = [_implant_tally(c, c.counted, plain[c.group].events) for c in planted]

    def tallies_at(method: Method, limit: float) -> list[Tally]:
        return [
            _implant_tally(
                c,
                found_by(c, method, limit),
                found_by(plain[c.group], method, limit),
                placed=method.placed,
            )
            for c in planted
        ]

    tables = [
        Table(
            title=f"implants: {len(planted)} copies of {len(plain)} real clips",
            figures=scored(ours, Bars(), rng),
        ),
        *compared("implants", planted, ours, tallies_at, rng),
    ]
    rows = []
    for name, case in plain.items():
        own = [t for t, c in zip(ours, planted, strict=True) if c.group == name]
        rows += _per_clip(name, case, own, rng)
    return [*tables, Table(title="implants: by real clip", figures=tuple(rows))]


def negative_tables(cases: Sequence[Judged]) -> list[Table]:
    """False alarms and assessable share of each look-alike, of each family, and of all."""
    families: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        families[case.group.partition(":")[0]].append(case)
    rows = [
        replace(_counted(name, members), note=assessable_share(members))
        for name, members in _by_group(cases).items()
    ]
    rows += [_counted(f"{name}: all", members) for name, members in families.items()]
    rows.append(_counted("all", cases))
    return [Table(title=f"negatives: {len(cases)} phantoms without a twitch", figures=tuple(rows))]


def _counted(name: str, cases: Sequence[Judged]) -> Figure:
    rate = per_min(sum(len(c.counted) for c in cases), sum(c.duration_s for c in cases))
    return Figure(name=f"{name}: counted/min", value=rate)


def _by_group(cases: Sequence[Judged]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for case in cases:
        groups[case.group].append(case)
    return groups


def metamorphic_tables(cases: Sequence[Judged]) -> list[Table]:
    """How far a count moves when nothing that matters is changed."""
    groups = _by_group(cases)
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
    return [Table(title=title, figures=figures)]


def _implant_tally(
    case: Judged, found: Sequence[Event], own: Sequence[Event], *, placed: bool = True
) -> Tally:
    """Only the quiet stretch is judged; what the plain copy shows too is forgiven."""
    start_s, stop_s = _real_clip(case).quiet_s
    inside = [e for e in found if start_s <= e.onset_s < stop_s]
    return tally(case, inside, forgiven=own, minutes=(stop_s - start_s) / 60, placed=placed)


def _real_clip(case: Judged) -> RealClip:
    return next(clip for clip in BEDS if clip.name == case.group)


def _is_named(event: Event, clip: RealClip) -> bool:
    """Whether it is a movement that the notes on the clip name."""
    return any(abs(event.peak_s - time_s) <= _NAMED_WITHIN_S for time_s in clip.moves_s)


def _per_clip(
    name: str, plain: Judged, tallies: Sequence[Tally], rng: np.random.Generator
) -> list[Figure]:
    start_s, stop_s = _real_clip(plain).quiet_s
    counted = [
        e
        for e in plain.counted
        if start_s <= e.onset_s < stop_s and not _is_named(e, _real_clip(plain))
    ]
    rate = per_min(len(counted), stop_s - start_s)
    return [
        estimated(f"{name}: F1", tallies, f1, rng),
        estimated(f"{name}: recall", tallies, recall, rng),
        Figure(name=f"{name}: counted/min without implants", value=rate),
    ]


def _counts(members: Sequence[Judged]) -> dict[str, int]:
    """Count of each change; the parts of a cut clip are summed."""
    counts: dict[str, int] = defaultdict(int)
    for case in members:
        change = case.name.removeprefix(f"{case.group}-")
        counts["cut into three" if change.startswith("cut") else change] += len(case.counted)
    return counts
