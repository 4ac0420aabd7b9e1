"""A result derived again: the clip judged anew as it was, and a reader's acts applied anew."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from usfasc.derive import derive
from usfasc.errors import Code, InputError
from usfasc.io.bounded import read_bounded
from usfasc.io.discover import RESULT_SUFFIX
from usfasc.io.results import as_written
from usfasc.model import Reading, Result
from usfasc.params import Parameters
from usfasc.pipeline import analyse, read_cine
from usfasc.review import Review, counted, parse_review, review_path
from usfasc.searching import Progress

_MAX_REVIEW_BYTES: Final = 32 * 2**20


def parameters_of(result: Result) -> Parameters:
    """The parameters that a result was made with.

    Raises
    ------
    InputError
        ``BAD_PARAMETER``: this usfasc does not take them all.
    """
    try:
        return Parameters.model_validate(result.parameters)
    except ValidationError:
        raise InputError(
            Code.BAD_PARAMETER, "This usfasc does not take all parameters of the result."
        ) from None


def derived_again(result: Result, clip: Path, progress: Progress | None = None) -> Result:
    """What this usfasc finds in a clip, with a result's parameters and what its user said.

    Parameters
    ----------
    result
        As it was written. One that does not keep what the user said is derived in the
        regions that somebody drew; else as if nothing had been said but the muscle.
    clip
        The clip.
    progress
        Called with (frames done, frames in all).

    Raises
    ------
    InputError
        The clip cannot be used, or the parameters not be taken.
    """
    parameters = parameters_of(result)
    given = result.given
    if given is None and {region.origin for region in result.regions} <= {"drawn"}:
        cine = read_cine(clip)
        return as_written(analyse(cine, result.regions, parameters, progress))
    reading = given or _presumed(result)
    fresh, _ = derive(read_cine(clip, reading), reading, parameters, progress)
    return as_written(fresh)


def _presumed(result: Result) -> Reading:
    """What the user of an older usfasc may have said, by the regions that came of it."""
    first = result.regions[0]
    return Reading(muscle=first.muscle if first.origin == "whole" else None, side=first.side)


def reviewed_again(result: Result, fresh: Result, path: Path, reviews: Path | None) -> Result:
    """The fresh result with the acts that a reviewed one followed.

    Parameters
    ----------
    result
        The reviewed result.
    fresh
        As `derived_again` gives it.
    path
        Of the reviewed result.
    reviews
        A folder with the reviews, at any depth; None: they are beside the result.

    Raises
    ------
    InputError
        ``NOT_FOUND``: the review is not there, or has other acts now.
    """
    note = result.review
    assert note is not None, "a reviewed result says by whom"
    # Acts name a result by its digest, which holds what made it: so it is the one they are on,
    # if it came out the same.
    same = {"engine": result.engine, "given": result.given}
    review = _review(path, note.reviewer, note.review_sha256, reviews)
    return as_written(counted(fresh.model_copy(update=same), review))


def _review(path: Path, reviewer: str, digest: str, folder: Path | None) -> Review:
    """A reader's review as it was when its digest was taken; acts have been added since."""
    for file in _files(path, reviewer, folder):
        for part in _beginnings(read_bounded(file, _MAX_REVIEW_BYTES)):
            if sha256(part).hexdigest() == digest:
                return parse_review(part, reviewer)
    raise InputError(
        Code.NOT_FOUND,
        "The review that the result follows is not there, or its lines were changed; --reviews"
        " names the folder where it is.",
    )


def _files(path: Path, reviewer: str, folder: Path | None) -> Iterator[Path]:
    stem = path.name.removesuffix(RESULT_SUFFIX)
    beside = review_path(path.with_name(f"{stem}{RESULT_SUFFIX}"), reviewer)
    if folder is None:
        yield from (each for each in (beside,) if each.is_file())
    else:
        yield from sorted(each for each in folder.rglob("*.jsonl") if each.name == beside.name)


def _beginnings(data: bytes) -> Iterator[bytes]:
    """The whole file, and what it was after each line before the last."""
    yield data
    end = data.rfind(b"\n", 0, max(0, len(data) - 1))
    while end >= 0:
        yield data[: end + 1]
        end = data.rfind(b"\n", 0, end)
