"""What readers made of clips, read from their reviews and paired for comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from usfasc.agreement import Agreement, ClipPair, compare
from usfasc.errors import Code, UsageError
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two readers, or a reader and the detector, over the clips that both read."""

    first: str
    second: str
    agreement: Agreement

    def as_json(self) -> dict[str, Any]:
        """For machines: who, and every figure."""
        return {
            "first": self.first,
            "second": self.second,
            **self.agreement.model_dump(mode="json"),
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


def read_all(found: Sequence[FoundClip], names: Sequence[str]) -> tuple[Read, ...]:
    """Every clip that one of the readers reviewed, counted by each of them.

    Raises
    ------
    InputError
        A result or a review cannot be used.
    """
    return tuple(
        _read(clip, mine)
        for clip in found
        if (mine := [name for name in names if name in reviewers_of(clip.path)])
    )


def _read(clip: FoundClip, names: Sequence[str]) -> Read:
    detected = read_result(clip.path)
    reviews = {name: read_review(review_path(clip.path, name), name) for name in names}
    begun = {name: review for name, review in reviews.items() if review.acts}
    return Read(
        clip=(clip.relative_folder / clip.stem).as_posix(),
        detected=detected,
        reviews=begun,
        counted={name: counted(detected, review) for name, review in begun.items()},
    )


def compare_readers(read: Sequence[Read], first: str, second: str | None) -> Compared | None:
    """Compare two readers, or one with the detector (None); None where no clip has both."""
    pairs = [
        ClipPair(clip=each.clip, first=each.counted[first], second=other)
        for each in read
        if first in each.counted and (other := _other(each, first, second)) is not None
    ]
    if not pairs:
        return None
    return Compared(first=first, second=second or DETECTOR, agreement=compare(pairs))


def _other(each: Read, first: str, second: str | None) -> Result | None:
    if second is not None:
        return each.counted.get(second)
    mine = each.counted[first]
    if mine.regions == each.detected.regions:
        return each.detected
    # In the reader's regions, so that counts are of the same muscles.
    return recount(each.detected, regions=mine.regions, lines=mine.lines)
