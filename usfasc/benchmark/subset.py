"""The fixed share of the cases that a quick run measures.

Of the phantoms two in five, which falls on every mixture of look-alikes, both views and every
site; of each look-alike the hard clip; of each real clip and displacement model two copies.
Crowded muscle, real clips and changes are not thinned here: their recipes say how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from usfasc.benchmark.recipes import Recipe, Section

_COPIES: Final = 2

_KEEPS: Final[dict[Section, Callable[[int, int], bool]]] = {
    "phantom": lambda number, of: number % 5 in (0, 2),
    "negatives": lambda number, of: number == of - 1,
    "implants": lambda number, of: number < _COPIES,
}
"""Whether a case of this number among so many alike is kept, by section."""


def thinned(recipes: Sequence[Recipe]) -> list[Recipe]:
    """The cases of a quick run, in their order."""
    alike: dict[tuple[object, ...], list[Recipe]] = defaultdict(list)
    for recipe in recipes:
        alike[_sort_of(recipe)].append(recipe)
    kept = {
        (recipe.section, recipe.name)
        for members in alike.values()
        for number, recipe in enumerate(members)
        if _KEEPS.get(recipe.section, _every)(number, len(members))
    }
    return [recipe for recipe in recipes if (recipe.section, recipe.name) in kept]


def _sort_of(recipe: Recipe) -> tuple[object, ...]:
    """What cases are alike by; copies without implants stand apart from those with."""
    plain = recipe.name.endswith("-plain")
    return recipe.section, recipe.group, recipe.facts.get("model"), plain


def _every(number: int, of: int) -> bool:
    return True
