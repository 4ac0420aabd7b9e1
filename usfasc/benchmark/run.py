"""The whole benchmark: recipes, judgement, tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np

from usfasc.benchmark.aspects import (
    firing_chapter,
    graft_chapter,
    kinds_chapter,
    kinematics_chapter,
    outline_chapter,
    quiet_chapter,
)
from usfasc.benchmark.beds import data_folder
from usfasc.benchmark.crowding import crowded_chapter
from usfasc.benchmark.describing import describing_table
from usfasc.benchmark.figures import Chapter, Figure, Table
from usfasc.benchmark.finders import as_listed
from usfasc.benchmark.implanted import implant_chapter
from usfasc.benchmark.judge import Done, Judged, judge, side_by_side
from usfasc.benchmark.left_out import judge_left_out, left_out_chapter
from usfasc.benchmark.lookalikes import metamorphic_chapter, negative_chapter
from usfasc.benchmark.orders import GRAFTS, LEFT_OUT, OUTLINES, SPEED, SURVEY, Order, recipes_of
from usfasc.benchmark.real import real_tables
from usfasc.benchmark.recipes import Recipe
from usfasc.benchmark.rows import rows_table
from usfasc.benchmark.scale import LENGTH_S, scale_table
from usfasc.benchmark.sections import own_chapter, phantom_chapter
from usfasc.benchmark.speed import speed_table
from usfasc.benchmark.tally import twitches_of
from usfasc.match import match_events
from usfasc.model import DISCLAIMER
from usfasc.provenance import engine, parameters_digest

_COMPARED: Final = frozenset({"phantom", "crowded", "implants", "own"})
"""Where other methods stand beside the engine: where there is a truth to find."""
_BOOTSTRAP_SEED = 20
_PICTURES, _QUICK_PICTURES = 360, 16
"""Whose muscles are outlined."""

Tell = Callable[[Sequence[Judged], np.random.Generator], Chapter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it."""

    order: Order
    chapters: tuple[Chapter, ...]
    cases: tuple[Judged, ...]

    @property
    def headline(self) -> Table:
        """The table that stands first: a row for each kind of case."""
        rows = (replace(f, under=c.title) for c in self.chapters for f in c.summary)
        return Table(title="in short", figures=tuple(rows), layout="wide")

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, the headline first where there is one."""
        first = (self.headline,) if self.headline.figures else ()
        return (*first, *(table for chapter in self.chapters for table in chapter.tables))

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {
            "disclaimer": DISCLAIMER,
            "engine": engine().model_dump(),
            "parameters_digest": parameters_digest(self.order.parameters),
            "split": self.order.split,
            "quick": self.order.quick,
            "baselines": list(self.order.baselines),
            "headline": _table_json(self.headline),
            "chapters": [_chapter_json(chapter) for chapter in self.chapters],
            "clips": clip_rows(self.shown),
        }

    @property
    def shown(self) -> tuple[Judged, ...]:
        """Cases that may be looked at one by one: development seeds, and the user's own."""
        return tuple(c for c in self.cases if self.order.split == "dev" or c.section == "own")


def run(order: Order, done: Done | None = None) -> Report:
    """Run the sections asked for.

    Raises
    ------
    InputError
        A section needs the real clips, and their folder is not known; or the user's own
        cases cannot be used.
    """
    work = partial(_judge, order=order)
    cases = side_by_side(work, recipes_of(order), workers=order.workers, done=done)
    if LEFT_OUT in order.only:
        data = data_folder(order.data)
        cases += judge_left_out(data, order.split, order.parameters, order.workers, done)
    chapters = [_failures(cases)] if any(case.error for case in cases) else []
    for sections, tell in _tellers(order):
        members = [case for case in cases if case.section in sections]
        if members:
            chapters.append(tell(members, np.random.default_rng(_BOOTSTRAP_SEED)))
    pictures = _QUICK_PICTURES if order.quick else _PICTURES
    if OUTLINES in order.only:
        chapters.append(outline_chapter(order.split, pictures, order.workers))
    if GRAFTS in order.only:
        data = data_folder(order.data)
        chapters.append(graft_chapter(order.split, data, pictures, order.workers))
    if SPEED in order.only:
        # Alone, when the workers are done: they would slow it.
        chapters.append(_speed((60.0,) if order.quick else (60.0, 600.0)))
    if SURVEY in order.only:
        chapters.append(_survey(*((20, 1, 500) if order.quick else (200, 3, 10_000))))
    return Report(order=order, chapters=tuple(chapters), cases=tuple(cases))


def clip_rows(cases: Sequence[Judged]) -> list[dict[str, str | float | int]]:
    """One row a clip: true, counted, right, seconds, assessable seconds, error."""
    return [
        {
            "clip": case.name,
            "true": len(twitches_of(case.truth)),
            "counted": len(case.counted),
            "right": len(match_events(case.truth, case.counted, spacing_mm=case.spacing_mm).pairs),
            "listed": len(as_listed(case).events),
            "lasts_s": round(case.duration_s, 1),
            "judged_s": round(case.assessable_s, 1),
            "took_s": round(case.seconds, 1),
            "error": str(case.error or ""),
        }
        for case in cases
    ]


def _judge(recipe: Recipe, order: Order) -> Judged:
    beside = order.baselines if recipe.section in _COMPARED else ()
    return judge(recipe, order.parameters, beside)


def _failures(cases: Sequence[Judged]) -> Chapter:
    """Clips that gave an error: none of them should, and none may go unseen."""
    codes = Counter(f"{case.section}: {case.error}" for case in cases if case.error)
    figures = tuple(Figure(name=name, value=n, at_most=0) for name, n in codes.items())
    return Chapter(
        title="failures",
        about="Clips that gave an error instead of a result; they count as missed.",
        tables=(Table(title="clips that failed", figures=figures),),
    )


def _real(cases: Sequence[Judged]) -> Chapter:
    about = "Real clips as they are, with the movements that the notes on them name."
    return Chapter(
        title="real clips",
        about=about,
        tables=tuple(real_tables([as_listed(case) for case in cases])),
    )


def _speed(lengths_s: tuple[float, ...]) -> Chapter:
    about = "One clip, one core, a process of its own; processor time."
    return Chapter(title="speed", about=about, tables=(speed_table(lengths_s), describing_table()))


def _survey(clips: int, times: int, rows: int) -> Chapter:
    about = (
        f"A survey of {clips} synthetic clips of {LENGTH_S:g} s, as the command runs it: on one "
        f"core with one process, on two with two; median of {times}. Then one of {rows} rows: "
        "its check, its report and its tables, on two cores."
    )
    tables = (scale_table(clips, times), rows_table(rows))
    return Chapter(title="survey", about=about, tables=tables)


def _chapter_json(chapter: Chapter) -> dict[str, Any]:
    return {
        "title": chapter.title,
        "about": chapter.about,
        "tables": [_table_json(table) for table in chapter.tables],
        "operating_curves": [asdict(curve) for curve in chapter.curves],
        "reliability": [asdict(each) for each in chapter.reliabilities],
    }


def _table_json(table: Table) -> dict[str, Any]:
    figures = [asdict(figure) | {"met": figure.met} for figure in table.figures]
    return {"title": table.title, "figures": figures}


def _tellers(order: Order) -> tuple[tuple[tuple[str, ...], Tell], ...]:
    """What is said, in this order, and of the cases of which sections."""
    return (
        (("phantom",), phantom_chapter),
        (("crowded",), crowded_chapter),
        (("implants",), implant_chapter),
        ((LEFT_OUT,), left_out_chapter),
        (("own",), own_chapter),
        (("real",), lambda cases, _: _real(cases)),
        (("negatives",), negative_chapter),
        (("negatives", "real"), lambda cases, _: quiet_chapter(cases)),
        (("phantom", "negatives", "implants"), lambda cases, _: kinds_chapter(cases)),
        (("phantom", "implants"), lambda cases, _: kinematics_chapter(cases)),
        (("firing",), lambda cases, _: firing_chapter(cases, order.split)),
        (("metamorphic",), lambda cases, _: metamorphic_chapter(cases)),
    )
