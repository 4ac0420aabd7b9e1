"""The reviews of several readers of one clip, laid together: what they share, what they do not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from usfasc.io.results import result_digest
from usfasc.match import match_events, spacing_of
from usfasc.model import Kind, Result
from usfasc.review.acts import Act, Key
from usfasc.review.kept import Review
from usfasc.review.standing import Judged, Standing, stand
from usfasc.review.unseen import begins_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One event that some reader counts."""

    judged: Judged
    """As the first of them left it."""
    readers: tuple[str, ...]
    """Those who count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What several readers say of one clip."""

    readers: tuple[str, ...]
    counted: tuple[Shared, ...]
    """Every event that anyone counts, in order of onset."""
    rejected: tuple[Key, ...]
    """Detected events that all readers decided on, and none counts."""
    outline: Act | None
    """Regions that all readers drew alike; None where they are the detector's, or differ."""
    not_assessable: tuple[tuple[str, Act], ...]
    """Time that any reader called not assessable, with who it was."""

    @property
    def disagreements(self) -> tuple[Shared, ...]:
        """Events that some readers count and some do not, in time that all of them judged."""
        unseen = [act for _, act in self.not_assessable]
        return tuple(
            each
            for each in self.counted
            if len(each.readers) < len(self.readers) and not begins_in(each.judged.event, unseen)
        )


def merge(result: Result, reviews: Sequence[Review]) -> Merged:
    """Lay the reviews of several readers together.

    A detected event is one and the same for all; events that readers added are paired by
    the one matcher, also with detected ones that another reader counts.

    Parameters
    ----------
    result
        The result as it was detected.
    reviews
        The readers' reviews, in the order in which they shall be named.
    """
    digest = result_digest(result)
    standings = [(each.reviewer, stand(result, digest, each)) for each in reviews]
    shared: list[Shared] = []
    for reviewer, standing in standings:
        own = [each for each in standing.judged if each.counted]
        shared = list(_joined(shared, own, reviewer, spacing_of(result)))
    return Merged(
        readers=tuple(reviewer for reviewer, _ in standings),
        counted=tuple(sorted(shared, key=lambda each: each.judged.event.onset_s)),
        rejected=_rejected(result, [standing for _, standing in standings]),
        outline=_outline([standing for _, standing in standings]),
        not_assessable=tuple(
            (reviewer, act) for reviewer, standing in standings for act in standing.not_assessable
        ),
    )


def _joined(
    shared: Sequence[Shared],
    counted: Sequence[Judged],
    reviewer: str,
    spacing_mm: tuple[float, float],
) -> Iterator[Shared]:
    """What is shared so far, with what one more reader counts."""
    pairs = _pairs(shared, counted, spacing_mm)
    for position, each in enumerate(shared):
        also = (reviewer,) if position in pairs else ()
        yield Shared(judged=each.judged, readers=(*each.readers, *also))
    taken = set(pairs.values())
    for position, judged in enumerate(counted):
        if position not in taken:
            yield Shared(judged=judged, readers=(reviewer,))


def _pairs(
    shared: Sequence[Shared], counted: Sequence[Judged], spacing_mm: tuple[float, float]
) -> dict[int, int]:
    """Positions in ``counted`` of what is the same as in ``shared``, by positions there."""
    numbers = {each.key: position for position, each in enumerate(counted) if each.key > 0}
    pairs = {
        position: numbers[each.judged.key]
        for position, each in enumerate(shared)
        if each.judged.key in numbers
    }
    left = [i for i in range(len(shared)) if i not in pairs]
    free = sorted(set(range(len(counted))).difference(pairs.values()))
    matching = match_events(
        [shared[i].judged.event.model_copy(update={"event": i + 1}) for i in left],
        [counted[j].event.model_copy(update={"event": j + 1}) for j in free],
        spacing_mm=spacing_mm,
        kinds={Kind.FASCICULATION},
    )
    return pairs | {mine.event - 1: theirs.event - 1 for mine, theirs in matching.pairs}


def _rejected(result: Result, standings: Sequence[Standing]) -> tuple[Key, ...]:
    by_key = [{each.key: each for each in standing.judged} for standing in standings]
    return tuple(
        event.event
        for event in result.events
        if all(
            known[event.event].verdict is not None and not known[event.event].counted
            for known in by_key
        )
    )


def _outline(standings: Sequence[Standing]) -> Act | None:
    outlines = [standing.outline for standing in standings]
    drawn = [(act.regions, act.lines) for act in outlines if act is not None]
    alike = len(drawn) == len(outlines) and all(each == drawn[0] for each in drawn)
    return outlines[0] if alike and outlines else None
