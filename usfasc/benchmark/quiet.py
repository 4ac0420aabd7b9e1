"""Whether quiet time is judged and loud time is not: assessability against the truth.

Of phantoms the displacement that moved the tissue says which is which (`stirring`), of
real clips the notes on them: rest, and what comes after it. The first and last moments
of a clip, in which no twitch would be whole, are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from usfasc.benchmark.beds import BEDS, FROZEN_FILE, RealClip
from usfasc.benchmark.cases import negative_recipes
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.stirring import TICK_S, Stir, stir
from usfasc.detect.assess import END_S, START_S
from usfasc.model import Floats, Mask
from usfasc.phantom import NamedScene

_LEAST_JUDGED: Final = 0.9
_NAMED_WITHIN_S: Final = 1.0
_LEAST_S: Final = 0.1
"""Of so little time no share is said."""
_FROZEN: Final = FROZEN_FILE.partition("_")[0]
REAL: Final = "real clips"


def quiet_table(cases: Sequence[Judged]) -> Table:
    """Share of quiet time that was judged, and of loud time that was not, by look-alike.

    Parameters
    ----------
    cases
        Of the sections ``negatives`` and ``real``; others, and those that failed, are
        passed over.
    """
    looks: dict[tuple[str, str], list[tuple[Judged, Stir]]] = defaultdict(list)
    for case in cases:
        truth = None if case.error else _truth(case)
        if truth is not None:
            family, _, look = case.group.partition(": ")
            row = (family, look) if look else (REAL, case.name)
            looks[row].append((case, truth))
    figures = [
        figure
        for (under, of), members in sorted(looks.items())
        for figure in _cells(members, of, under)
    ]
    return Table(
        title="assessable: quiet time judged, loud time lost", figures=tuple(figures), layout="wide"
    )


def _truth(case: Judged) -> Stir | None:
    if case.section == "negatives":
        scene = _scenes().get(case.name)
        return None if scene is None else stir(scene.scene, scene.seed)
    if case.section != "real":
        return None
    if case.name == _FROZEN:
        every = np.ones(round(case.duration_s / TICK_S), np.bool_)
        return Stir(loud=every, quiet=~every)
    return next((_of_real(case, clip) for clip in BEDS if clip.name == case.name), None)


@cache
def _scenes() -> dict[str, NamedScene]:
    """The scenes of the negatives by the names of their cases."""
    recipes = (*negative_recipes("dev"), *negative_recipes("test"))
    scenes = ((recipe.name, getattr(recipe, "scene", None)) for recipe in recipes)
    return {name: scene for name, scene in scenes if isinstance(scene, NamedScene)}


def _of_real(case: Judged, clip: RealClip) -> Stir:
    """Rest but for the movements that the notes name is quiet; what follows rest is loud."""
    times_s = (np.arange(round(case.duration_s / TICK_S)) + 0.5) * TICK_S
    start_s, stop_s = clip.quiet_s
    quiet = (times_s >= start_s) & (times_s < stop_s)
    for move_s in clip.moves_s:
        quiet &= np.abs(times_s - move_s) > _NAMED_WITHIN_S
    return Stir(loud=times_s >= stop_s, quiet=quiet)


def _cells(members: Sequence[tuple[Judged, Stir]], of: str, under: str) -> Iterator[Figure]:
    quiet = quiet_judged = loud = loud_lost = 0
    for case, truth in members:
        times_s = np.arange(len(truth.quiet), dtype=np.float64) * TICK_S + TICK_S / 2
        judged = _judged(case, times_s)
        owed = truth.quiet & (times_s > START_S) & (times_s < case.duration_s - END_S)
        quiet += int(owed.sum())
        quiet_judged += int((owed & judged).sum())
        loud += int(truth.loud.sum())
        loud_lost += int((truth.loud & ~judged).sum())
    yield Figure(
        name="quiet time judged",
        value=quiet_judged / quiet if quiet * TICK_S >= _LEAST_S else None,
        at_least=_LEAST_JUDGED,
        note=f"of {quiet * TICK_S:.0f} s",
        of=of,
        under=under,
    )
    yield Figure(
        name="loud time lost",
        value=loud_lost / loud if loud * TICK_S >= _LEAST_S else None,
        note=f"of {loud * TICK_S:.1f} s",
        of=of,
        under=under,
    )


def _judged(case: Judged, times_s: Floats) -> Mask:
    judged = np.zeros(len(times_s), np.bool_)
    for span in case.spans:
        if span.reason is None:
            judged |= (times_s >= span.start_s) & (times_s < span.stop_s)
    return judged
