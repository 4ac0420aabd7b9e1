"""What to run: the parts of the benchmark, and the recipes of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from usfasc.benchmark.baselines import DIFFERENCING
from usfasc.benchmark.beds import data_folder, known_folder
from usfasc.benchmark.cases import (
    crowded_recipes,
    implant_recipes,
    metamorphic_recipes,
    negative_recipes,
    other_implant_recipes,
    phantom_recipes,
    real_recipes,
)
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.operating import LOWEST_SCORE
from usfasc.benchmark.own import own_recipes
from usfasc.benchmark.recipes import Recipe
from usfasc.benchmark.subset import thinned
from usfasc.model import Reading
from usfasc.params import Parameters
from usfasc.phantom.sets import Split

LEFT_OUT, OUTLINES, GRAFTS, SPEED, SURVEY = "left-out", "outlines", "grafts", "speed", "survey"
SECTIONS: Final = (
    *("phantom", "crowded", "negatives", "metamorphic", "real", "implants"),
    *("firing", OUTLINES, GRAFTS, LEFT_OUT, SPEED, SURVEY),
)
QUICK: Final = tuple(section for section in SECTIONS if section != LEFT_OUT)
"""Without what trains first."""
_NEED_DATA: Final = frozenset({"crowded", "real", "implants", GRAFTS, LEFT_OUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to run."""

    split: Split = "test"
    quick: bool = True
    only: Collection[str] = QUICK
    data: Path | None = None
    workers: int = 2
    parameters: Parameters = field(default_factory=lambda: Parameters(list_score=LOWEST_SCORE))
    """Faint movements are listed too, for the operating curve; what counts stays the same."""
    baselines: Sequence[str] = (DIFFERENCING.key,)
    """Keys of the methods that stand beside the engine."""
    cases: Path | None = None
    """Folder of the user's own clips, each with its truth beside it."""
    reading: Reading = field(default_factory=Reading)
    """What the files of the user's own clips do not say."""


def recipes_of(order: Order) -> list[Recipe]:
    """The cases of the sections asked for, and the user's own.

    Raises
    ------
    InputError
        A section needs the real clips, and their folder is not known; or the user's own
        cases cannot be used.
    """
    data = data_folder(order.data) if _NEED_DATA & set(order.only) else Path()
    times = 1 if order.quick else 3
    made: dict[str, Callable[[], list[Recipe]]] = {
        "phantom": lambda: phantom_recipes(order.split),
        "crowded": lambda: crowded_recipes(order.split, data, times),
        "negatives": lambda: negative_recipes(order.split),
        "metamorphic": lambda: metamorphic_recipes(order.split, times),
        "firing": lambda: firing_recipes(order.split, known_folder(order.data), times),
        "real": lambda: real_recipes(data),
        "implants": lambda: [
            *implant_recipes(order.split, data, times),
            *other_implant_recipes(order.split, data, times),
        ],
    }
    every = [recipe for each, make in made.items() if each in order.only for recipe in make()]
    own = own_recipes(order.cases, order.reading) if order.cases else []
    return [*(thinned(every) if order.quick else every), *own]
