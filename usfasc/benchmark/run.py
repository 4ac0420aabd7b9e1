"""The whole benchmark: recipes, judgement, tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from usfasc.benchmark.baselines import DIFFERENCING
from usfasc.benchmark.beds import data_folder
from usfasc.benchmark.cases import (
    SECTIONS,
    Recipe,
    Split,
    implant_recipes,
    metamorphic_recipes,
    negative_recipes,
    phantom_recipes,
    real_recipes,
)
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.judge import Done, Judged, judge_all
from usfasc.benchmark.own import own_recipes
from usfasc.benchmark.real import real_tables
from usfasc.benchmark.sections import (
    implant_tables,
    metamorphic_tables,
    negative_tables,
    own_tables,
    phantom_tables,
)
from usfasc.benchmark.speed import speed_table
from usfasc.match import match_events
from usfasc.model import DISCLAIMER, Reading
from usfasc.params import Parameters
from usfasc.provenance import engine, parameters_digest

SPEED: Final = "speed"
ALL: Final = (*SECTIONS, SPEED)
_NEED_DATA: Final = frozenset({"real", "implants"})
_BOOTSTRAP_SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run."""

    split: Split = "test"
    quick: bool = True
    only: Collection[str] = ALL
    data: Path | None = None
    workers: int = 2
    parameters: Parameters = field(default_factory=Parameters)
    baselines: Sequence[str] = (DIFFERENCING.key,)
    """Keys of the methods that stand beside the engine."""
    cases: Path | None = None
    """Folder of the user's own clips, each with its truth beside it."""
    reading: Reading = field(default_factory=Reading)
    """What the files of the user's own clips do not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of it."""

    order: Order
    tables: tuple[Table, ...]
    cases: tuple[Judged, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {
            "disclaimer": DISCLAIMER,
            "engine": engine().model_dump(),
            "parameters_digest": parameters_digest(self.order.parameters),
            "split": self.order.split,
            "quick": self.order.quick,
            "baselines": list(self.order.baselines),
            "tables": [_table_json(table) for table in self.tables],
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
    recipes = _recipes(order)
    cases = judge_all(
        recipes,
        workers=order.workers,
        parameters=order.parameters,
        baselines=order.baselines,
        done=done,
    )
    tables = [_failures(cases)] if any(case.error for case in cases) else []
    for section, tabulate in _TABLES.items():
        members = [case for case in cases if case.section == section]
        if members:
            tables += tabulate(members, np.random.default_rng(_BOOTSTRAP_SEED))
    if SPEED in order.only:
        # Alone, when the workers are done: they would slow it.
        tables.append(speed_table((60.0,) if order.quick else (60.0, 600.0)))
    return Report(order=order, tables=tuple(tables), cases=tuple(cases))


def clip_rows(cases: Sequence[Judged]) -> list[dict[str, str | float | int]]:
    """One row a clip: true, counted, right, seconds, assessable seconds, error."""
    return [
        {
            "clip": case.name,
            "true": len(case.truth),
            "counted": len(case.counted),
            "right": len(match_events(case.truth, case.counted, spacing_mm=case.spacing_mm).pairs),
            "listed": len(case.events),
            "lasts_s": round(case.duration_s, 1),
            "judged_s": round(case.assessable_s, 1),
            "took_s": round(case.seconds, 1),
            "error": str(case.error or ""),
        }
        for case in cases
    ]


def _recipes(order: Order) -> list[Recipe]:
    data = data_folder(order.data) if _NEED_DATA & set(order.only) else Path()
    times = 1 if order.quick else 3
    made: dict[str, Callable[[], list[Recipe]]] = {
        "phantom": lambda: phantom_recipes(order.split),
        "negatives": lambda: negative_recipes(order.split),
        "metamorphic": lambda: metamorphic_recipes(order.split, 2 * times),
        "real": lambda: real_recipes(data),
        "implants": lambda: implant_recipes(order.split, data, times),
    }
    recipes = [recipe for each in SECTIONS if each in order.only for recipe in made[each]()]
    return recipes + (own_recipes(order.cases, order.reading) if order.cases else [])


def _failures(cases: Sequence[Judged]) -> Table:
    """Clips that gave an error: none of them should, and none may go unseen."""
    codes = Counter(f"{case.section}: {case.error}" for case in cases if case.error)
    figures = tuple(Figure(name=name, value=n, at_most=0) for name, n in codes.items())
    return Table(title="clips that failed", figures=figures)


def _table_json(table: Table) -> dict[str, Any]:
    figures = [asdict(figure) | {"met": figure.met} for figure in table.figures]
    return {"title": table.title, "figures": figures}


_TABLES: Final[dict[str, Callable[[Sequence[Judged], np.random.Generator], list[Table]]]] = {
    "phantom": phantom_tables,
    "implants": implant_tables,
    "real": lambda cases, _: real_tables(cases),
    "negatives": lambda cases, _: negative_tables(cases),
    "metamorphic": lambda cases, _: metamorphic_tables(cases),
    "own": own_tables,
}
