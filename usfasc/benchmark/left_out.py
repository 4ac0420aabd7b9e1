"""Each real clip judged by a score whose training never saw it.

The shipped score learns from implants in every real clip there is. What it does on a clip
of another day is told by training it anew without one clip, and judging that clip's
implants, clip by clip.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.benchmark.beds import REAL_CLIPS
from usfasc.benchmark.cases import implant_recipes
from usfasc.benchmark.figures import Chapter
from usfasc.benchmark.fitting import Rows, train
from usfasc.benchmark.implanted import implants_told
from usfasc.benchmark.judge import Done, Judged, judge, side_by_side
from usfasc.benchmark.kept_rows import kept_rows
from usfasc.benchmark.recipes import Recipe
from usfasc.benchmark.training import training_recipes
from usfasc.params import Parameters
from usfasc.phantom.sets import Split

_ABOUT: Final = (
    "The implants again, each real clip judged by a score that was trained without it: on "
    "the phantoms and on the other real clips alone."
)


def judge_left_out(
    data: Path, split: Split, parameters: Parameters, workers: int, done: Done | None = None
) -> list[Judged]:
    """Judge the implants of each real clip by a score trained without that clip.

    Parameters
    ----------
    data
        Folder of the real clips.
    split
        Seeds of the implants that are judged; training takes those of ``dev``.
    parameters
        Of the engine.
    workers
        Processes side by side.
    done
        Called as the work goes on.

    Raises
    ------
    UsageError
        What training needs is not installed.
    """
    learned = training_recipes(data)
    rows = side_by_side(kept_rows, learned, workers=workers, done=done)
    judged = []
    for clip in REAL_CLIPS:
        forests = train(list(_without(clip.name, learned, rows)))
        recipes = [each for each in implant_recipes(split, data) if each.group == clip.name]
        work = partial(judge, parameters=parameters, forests=forests)
        judged += side_by_side(work, recipes, workers=workers, done=done)
    return [replace(case, section="left-out") for case in judged]


def left_out_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """What is said of them."""
    return implants_told("real clips left out of training", _ABOUT, cases, rng)


def _without(clip: str, recipes: Sequence[Recipe], rows: Sequence[Rows]) -> Iterator[Rows]:
    """Rows of all recipes that show another picture than this clip's."""
    for recipe, row in zip(recipes, rows, strict=True):
        if recipe.facts.get("scene") != clip:
            yield row
