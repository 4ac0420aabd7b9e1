"""Who finds: the engine at a threshold of its score, or another method at one of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from usfasc.benchmark.baselines import Method
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.tally import RATED, Tally
from usfasc.match import COUNTED
from usfasc.model import Event
from usfasc.params import Parameters

COUNT_SCORE: Final = Parameters().count_score
LIST_SCORE: Final = Parameters().list_score
_OWN_SHARE: Final = 0.5
"""A movement of the clip itself may score just over a threshold in one copy, just under in
another: it is forgiven from half the threshold on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """What one method at one threshold says of a case."""

    found: Callable[[Judged], Sequence[Event]]
    own: Callable[[Judged], Sequence[Event]]
    """Asked of a copy without implants: what may not be held against the method."""
    placed: bool = True


TalliesBy = Callable[[Finder], list[Tally]]
"""A finder's tallies of the cases of a chapter, in their order."""


def listed_from(case: Judged, score: float) -> tuple[Event, ...]:
    """The engine's events from a score on, of any kind, and those that bear none."""
    return tuple(e for e in case.events if e.score is None or e.score >= score)


def as_listed(case: Judged) -> Judged:
    """The case as a user would see it, without what is fainter than what is listed."""
    return replace(case, events=listed_from(case, LIST_SCORE))


def engine() -> Finder:
    """The engine as it counts."""
    return Finder(found=lambda case: case.counted, own=lambda case: listed_from(case, LIST_SCORE))


def engine_at(threshold: float) -> Finder:
    """The engine as if it counted from this score on."""

    def found(case: Judged) -> list[Event]:
        rated = [e for e in listed_from(case, threshold) if e.kind in RATED]
        # What scores enough and is unsure all the same was set aside for another reason.
        return [e for e in rated if e.kind in COUNTED or (e.score or 0.0) < COUNT_SCORE]

    own = min(LIST_SCORE, _OWN_SHARE * threshold)
    return Finder(found=found, own=lambda case: listed_from(case, own))


def method_at(method: Method, threshold: float) -> Finder:
    """Another method at one of its thresholds; it finds nothing where the case failed."""

    def found(case: Judged) -> tuple[Event, ...]:
        sweep = case.baselines.get(method.key)
        return sweep.by_threshold[threshold] if sweep is not None else ()

    return Finder(found=found, own=found, placed=method.placed)
