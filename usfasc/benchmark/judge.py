"""Run the engine, and baselines beside it, over recipes in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from time import perf_counter
from typing import Protocol, TypeVar

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc.benchmark.baselines import Sweep, kept_sweeps, view_of
from usfasc.benchmark.facts import Facts
from usfasc.benchmark.recipes import Recipe, Section
from usfasc.detect.features import Glance
from usfasc.detect.score import Forests
from usfasc.errors import Code, UsfascError
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Box, Cine, Event, Floats, Kind
from usfasc.params import Parameters
from usfasc.pipeline import conclude, read_cine
from usfasc.regions.counting import judged_s
from usfasc.searching import Analysis, survey


class Named(Protocol):
    """Work that progress can be told of."""

    @property
    def name(self) -> str:
        """What to call it."""


T = TypeVar("T")
W = TypeVar("W", bound=Named)

Done = Callable[[int, int, str], None]
"""Called with (cases done, cases in all, name of the last one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the engine and the baselines said of one case."""

    section: Section
    group: str
    name: str
    facts: Facts = field(default_factory=dict)
    """What is known of the case, for breakdowns."""
    truth: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    baselines: Mapping[str, Sweep] = field(default_factory=dict)
    """What other methods found, by their keys."""
    spans: tuple[AssessableSpan, ...] = ()
    """Of the whole image."""
    duration_s: float = 0.0
    spacing_mm: tuple[float, float] = (1.0, 1.0)
    boxes: tuple[Box, ...] = ()
    """Of the B-mode pictures, in stored pixels."""
    key_frames_s: tuple[float, ...] = ()
    seconds: float = 0.0
    error: Code | None = None

    @property
    def counted(self) -> tuple[Event, ...]:
        """The events that count."""
        return tuple(e for e in self.events if e.kind is Kind.FASCICULATION)

    @property
    def assessable_s(self) -> float:
        """Seconds that could be judged."""
        return judged_s(self.spans)


def judge(
    recipe: Recipe,
    parameters: Parameters | None = None,
    baselines: Sequence[str] = (),
    forests: Forests | None = None,
) -> Judged:
    """Make the case ready, read it and analyse it; an error is kept, not raised.

    Parameters
    ----------
    recipe
        The case.
    parameters
        Of the engine; the defaults where None.
    baselines
        Keys of the methods to run beside it.
    forests
        Scores instead of the shipped ones, where given.
    """
    parameters = parameters or Parameters()
    case = recipe.ready()
    blank = Judged(
        section=recipe.section,
        group=recipe.group,
        name=recipe.name,
        facts=recipe.facts,
        truth=case.truth,
    )
    begun = perf_counter()
    try:
        cine = read_cine(case.path, case.reading)
        found = _surveyed(cine, parameters, forests)
        result = conclude(cine, (), parameters, found)
    except UsfascError as error:
        return replace(blank, error=error.code)
    except Exception:  # one broken clip must not cost the other hundred; it is reported
        return replace(blank, error=Code.INTERNAL)
    seconds = perf_counter() - begun
    spacings = [each.judged.analysed_spacing_mm for each in found]
    views = [view_of(cine, *pair) for pair in zip(cine.pictures, spacings, strict=True)]
    return replace(
        blank,
        events=result.events,
        baselines=kept_sweeps(cine, views, baselines),
        spans=tuple(s for s in result.assessable if s.region == WHOLE_IMAGE),
        duration_s=cine.duration_s or 0.0,
        spacing_mm=cine.spacing_mm or spacings[0],
        boxes=tuple(each.box for each in cine.pictures),
        key_frames_s=_key_frames_s(cine),
        seconds=seconds,
    )


def side_by_side(
    work: Callable[[W], T], items: Sequence[W], *, workers: int, done: Done | None = None
) -> list[T]:
    """What ``work`` makes of each item, in worker processes, in the items' order."""
    answers: dict[int, T] = {}
    with _pool(workers) as pool:
        waiting = {pool.submit(work, item): i for i, item in enumerate(items)}
        for future in as_completed(waiting):
            number = waiting[future]
            answers[number] = future.result()
            if done is not None:
                done(len(answers), len(items), items[number].name)
    return [answers[number] for number in range(len(items))]


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes: a forked one would inherit threads and locks of libraries."""
    pool = ProcessPoolExecutor(
        max_workers=workers, mp_context=get_context("spawn"), initializer=_on_one_core
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _on_one_core() -> None:
    """Workers that each spread small sums over all cores wait for one another."""
    threadpool_limits(1)


def _surveyed(cine: Cine, parameters: Parameters, forests: Forests | None) -> tuple[Analysis, ...]:
    """What is found by the shipped scores, or by others from the first glance on."""
    if forests is None:
        return survey(cine, parameters)
    every = survey(cine, parameters.model_copy(update={"look_score": 0.0}))
    return tuple(_rescored(found, forests, parameters.look_score) for found in every)


def _rescored(found: Analysis, forests: Forests, look_score: float) -> Analysis:
    """The movements that pass another glance, by another score."""
    if not found.movements:
        return found
    features = np.stack([item.features.vector() for item in found.movements])
    passed = forests.glance.score(features[:, : len(Glance.names())]) >= look_score
    movements = (
        replace(item, score=float(score))
        for item, score, keep in zip(
            found.movements, forests.look.score(features), passed, strict=True
        )
        if keep
    )
    return replace(found, movements=tuple(movements))


def _key_frames_s(cine: Cine) -> tuple[float, ...]:
    if cine.key_frames is None or cine.times_s is None:
        return ()
    times_s: Floats = cine.times_s[cine.key_frames]
    return tuple(times_s.tolist())
