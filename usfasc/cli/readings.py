"""What readers made of clips, read from their reviews and paired for comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from usfasc.agreement import (
    Agreement,
    ClipPair,
    Estimate,
    UnitCounts,
    compare,
    icc,
    in_common_time,
    units_of,
)
from usfasc.errors import Code, UsageError, UsfascError
from usfasc.io.discover import FoundClip
from usfasc.io.results import read_result
from usfasc.model import Result
from usfasc.recount import recount
from usfasc.review import (
    Review,
    check_reviewer,
    counted,
    read_review,
    readers_of,
    review_path,
    reviewers_of,
)

DETECTOR = "detector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One clip as it was detected, and as each of its readers left it."""

    clip: str
    detected: Result
    reviews: Mapping[str, Review]
    counted: Mapping[str, Result]

    def finished(self, name: str) -> bool:
        """Whether a reader gave a verdict on all that the detector counts."""
        return self.waiting(name) == 0

    def waiting(self, name: str) -> int:
        """Movements that the detector counts, and a reader has not decided on."""
        note = self.counted[name].review
        return note.undecided_counted if note else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A clip, or one reader's review of it, that cannot be used."""

    of: str
    error: UsfascError


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two readers, or a reader and the detector, over the clips that both read."""

    first: str
    second: str
    agreement: Agreement
    unfinished: tuple[str, ...]
    """Clips that both read, but one of them not to the end: they are left out."""

    def as_json(self) -> dict[str, Any]:
        """For machines: who, and every figure."""
        return {
            "first": self.first,
            "second": self.second,
            "unfinished": self.unfinished,
            **self.agreement.model_dump(mode="json"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Three readers or more, over the clips that all of them read."""

    readers: tuple[str, ...]
    clips: int
    units: tuple[UnitCounts, ...]
    icc: Estimate

    def as_json(self) -> dict[str, Any]:
        """For machines: who, and every count."""
        return {
            "readers": self.readers,
            "clips": self.clips,
            "units": [unit.model_dump(mode="json") for unit in self.units],
            "icc": self.icc.model_dump(mode="json"),
        }


def names_of(found: Sequence[FoundClip], readers: str | None) -> tuple[str, ...]:
    """The readers to compare: those asked for, or all who reviewed any of the clips.

    Raises
    ------
    UsageError
        ``BAD_USAGE`` for a name that no reader has, ``NOT_FOUND`` where nobody reviewed.
    """
    if readers is not None:
        asked = tuple(dict.fromkeys(name.strip() for name in readers.split(",")))
        for name in asked:
            check_reviewer(name)
            if not any(name in reviewers_of(clip.path) for clip in found):
                raise UsageError(Code.NOT_FOUND, f"{name} reviewed none of these results.")
        return asked
    names = tuple(sorted({name for clip in found for name in readers_of(clip.path)}))
    if not names:
        raise UsageError(Code.NOT_FOUND, "Nobody reviewed any of these results.")
    return names


def read_all(
    found: Sequence[FoundClip], names: Sequence[str]
) -> tuple[tuple[Read, ...], tuple[Failure, ...]]:
    """Every clip that one of the readers reviewed, counted by each of them; and what fails."""
    read: list[Read] = []
    failed: list[Failure] = []
    for clip in found:
        mine = [name for name in names if name in reviewers_of(clip.path)]
        if mine:
            try:
                read.append(_read(clip, mine, failed))
            except UsfascError as error:
                failed.append(Failure(of=clip.name, error=error))
    return tuple(read), tuple(failed)


def _read(clip: FoundClip, names: Sequence[str], failed: list[Failure]) -> Read:
    """One clip; a review that cannot be used does not lose the others."""
    detected = read_result(clip.path)
    reviews: dict[str, Review] = {}
    results: dict[str, Result] = {}
    for name in names:
        try:
            review = read_review(review_path(clip.path, name), name)
            if review.acts:
                reviews[name], results[name] = review, counted(detected, review)
        except UsfascError as error:
            failed.append(Failure(of=f"{clip.name}, {name}", error=error))
    return Read(clip=clip.name, detected=detected, reviews=reviews, counted=results)


def compare_readers(read: Sequence[Read], first: str, second: str | None) -> Compared:
    """Compare two readers, or one with the detector (None), over the clips that both read."""
    names = [name for name in (first, second) if name is not None]
    both = [each for each in read if all(name in each.counted for name in names)]
    done = [each for each in both if all(map(each.finished, names))]
    pairs = [
        ClipPair(clip=each.clip, first=each.counted[first], second=_other(each, first, second))
        for each in done
    ]
    return Compared(
        first=first,
        second=second or DETECTOR,
        agreement=compare(pairs),
        unfinished=tuple(each.clip for each in both if each not in done),
    )


def compare_all(read: Sequence[Read], names: Sequence[str]) -> Together | None:
    """Three readers or more at once; None of fewer."""
    if len(names) < 3:
        return None
    all_read = [
        each for each in read if all(name in each.counted and each.finished(name) for name in names)
    ]
    units = tuple(
        unit
        for each in all_read
        for unit in units_of(each.clip, in_common_time([each.counted[name] for name in names]))
    )
    counts = np.array([unit.counts for unit in units], float).reshape(-1, len(names))
    return Together(readers=tuple(names), clips=len(all_read), units=units, icc=icc(counts))


def _other(each: Read, first: str, second: str | None) -> Result:
    if second is not None:
        return each.counted[second]
    mine = each.counted[first]
    if mine.regions == each.detected.regions:
        return each.detected
    # In the reader's regions, so that counts are of the same muscles.
    return recount(each.detected, regions=mine.regions, lines=mine.lines)
