"""Run the engine, and the baseline beside it, over recipes in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing import get_context
from time import perf_counter
from typing import TypeVar

from usfasc.benchmark.baselines import frame_differencing
from usfasc.benchmark.cases import Recipe, Section
from usfasc.errors import Code, UsfascError
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Cine, Event, Floats, Kind
from usfasc.params import Parameters
from usfasc.pipeline import analyse, read_cine

T = TypeVar("T")

Done = Callable[[int, int, str], None]
"""Called with (cases done, cases in all, name of the last one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the engine and the baseline said of one case."""

    section: Section
    group: str
    name: str
    truth: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    differencing: Mapping[float, tuple[Event, ...]] = field(default_factory=dict)
    """What frame differencing found, by threshold."""
    spans: tuple[AssessableSpan, ...] = ()
    """Of the whole image."""
    duration_s: float = 0.0
    spacing_mm: tuple[float, float] = (1.0, 1.0)
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
        return sum(s.stop_s - s.start_s for s in self.spans if s.reason is None)


def judge(recipe: Recipe, parameters: Parameters | None = None) -> Judged:
    """Make the case ready, read it and analyse it; an error is kept, not raised."""
    case = recipe.ready()
    blank = Judged(section=recipe.section, group=recipe.group, name=recipe.name, truth=case.truth)
    begun = perf_counter()
    try:
        cine = read_cine(case.path, case.reading)
        result = analyse(cine, (), parameters)
    except UsfascError as error:
        return replace(blank, error=error.code)
    except Exception:  # one broken clip must not cost the other hundred; it is reported
        return replace(blank, error=Code.INTERNAL)
    seconds = perf_counter() - begun
    spacing_mm = cine.spacing_mm or _assumed_spacing(cine)
    return replace(
        blank,
        events=result.events,
        differencing=frame_differencing(cine, spacing_mm),
        spans=tuple(s for s in result.assessable if s.region == WHOLE_IMAGE),
        duration_s=cine.duration_s or 0.0,
        spacing_mm=spacing_mm,
        key_frames_s=_key_frames_s(cine),
        seconds=seconds,
    )


def judge_all(
    recipes: Sequence[Recipe],
    *,
    workers: int,
    parameters: Parameters | None = None,
    done: Done | None = None,
) -> list[Judged]:
    """Judge recipes side by side; the order of the answers is that of the recipes."""
    return side_by_side(partial(judge, parameters=parameters), recipes, workers=workers, done=done)


def side_by_side(
    work: Callable[[Recipe], T],
    recipes: Sequence[Recipe],
    *,
    workers: int,
    done: Done | None = None,
) -> list[T]:
    """What ``work`` makes of each recipe, in worker processes, in the recipes' order."""
    answers: dict[int, T] = {}
    with _pool(workers) as pool:
        waiting = {pool.submit(work, recipe): i for i, recipe in enumerate(recipes)}
        for future in as_completed(waiting):
            number = waiting[future]
            answers[number] = future.result()
            if done is not None:
                done(len(answers), len(recipes), recipes[number].name)
    return [answers[number] for number in range(len(recipes))]


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes: a forked one would inherit threads and locks of libraries."""
    pool = ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn"))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _assumed_spacing(cine: Cine) -> tuple[float, float]:
    assert cine.bmode is not None
    step_mm = Parameters().assumed_depth_mm / (cine.bmode.box[3] - cine.bmode.box[1])
    return step_mm, step_mm


def _key_frames_s(cine: Cine) -> tuple[float, ...]:
    if cine.key_frames is None or cine.times_s is None:
        return ()
    times_s: Floats = cine.times_s[cine.key_frames]
    return tuple(times_s.tolist())
