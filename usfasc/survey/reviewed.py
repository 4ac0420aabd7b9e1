"""Results of a survey's clips, with a reader's verdicts where they are asked for and exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from usfasc.errors import UsfascError
from usfasc.io.results import read_result
from usfasc.model import Result, ReviewNote
from usfasc.review import CONSENSUS, counted, read_review, review_path, reviewers_of
from usfasc.survey.record import result_path

ANY_READER: Final = "*"
"""Whoever reviewed a clip: the readers' consensus where there is one, else its only reader."""

Read = tuple[Result, tuple[str, ...]]
"""A result, and what a person should know of its review."""


def read_clip(folder: Path, clip: str, reviewer: str | None) -> Read:
    """Read the result of one clip of a survey.

    Parameters
    ----------
    folder
        The survey's folder.
    clip
        What the clip's files are called by.
    reviewer
        Whose verdicts are to be followed, `ANY_READER`, or None for the detector's own.

    Raises
    ------
    InputError
        The result cannot be read.
    """
    path = result_path(folder, clip)
    result = read_result(path)
    if reviewer is None:
        return result, ()
    try:
        return _followed(result, path, reviewer)
    except UsfascError:
        return result, ("The review of a clip cannot be read; its count is automatic.",)


def _followed(result: Result, path: Path, reviewer: str) -> Read:
    if reviewer == ANY_READER:
        names = reviewers_of(path)
        if CONSENSUS not in names and len(names) > 1:
            return result, ("Several readers reviewed a clip, and no consensus stands beside.",)
        reviewer = CONSENSUS if CONSENSUS in names else next(iter(names), "")
    if not reviewer:
        return result, ()
    review = read_review(review_path(path, reviewer), reviewer)
    if not review.acts:
        return result, ()
    followed = counted(result, review)
    return followed, tuple(_notes(followed.review)) if followed.review else ()


def _notes(note: ReviewNote) -> Iterator[str]:
    if note.undecided:
        yield f"Review not finished: {note.undecided} movements without a verdict, not counted."
    if note.unmatched:
        yield f"{note.unmatched} verdicts on an earlier result fit no event any more."
