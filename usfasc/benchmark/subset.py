"""The fixed share of the cases that a quick run measures.

Of the phantoms a third, chosen so that they fall on every look-alike, both views and every
site; of each look-alike the hard clip; of each real clip and displacement model two copies;
of the changes that do not matter the larger ones; a third of the phantoms that fire, of every way.
Crowded muscle and real clips are not thinned here: their recipes say how many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from usfasc.benchmark.recipes import Recipe, Section

_COPIES: Final = 2
_SMALLER: Final = (2, 4, 6)
"""47 of 20 to 60 Hz, finer pixels, less gain: others change as much, or the other way."""

_KEEPS: Final[dict[Section, Callable[[int, int], bool]]] = {
    "phantom": lambda number, of: number % 9 in (1, 2, 5),
    "negatives": lambda number, of: number == of - 1,
    "implants": lambda number, of: number < _COPIES,
    "metamorphic": lambda number, of: number not in _SMALLER,
    "firing": lambda number, of: number < -(-of // 3),
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
