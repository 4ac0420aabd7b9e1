"""One reader's review of one clip, as its file holds it: names of files, and reading them.

The first line says which schema, reader and clip it is of; then every line is an act. A line
that a crash cut short is set aside, and counted, but never taken out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field
from pydantic_core import from_json

from usfasc.errors import Code, InputError, UsageError
from usfasc.io.bounded import read_bounded
from usfasc.io.discover import RESULT_SUFFIX
from usfasc.model import DISCLAIMER, Value
from usfasc.review.acts import REVIEW_SCHEMA, REVIEWER_PATTERN, Act, Decision, Mode

MAX_BYTES: Final = 32 * 2**20
MAX_LINE: Final = 2**20
_NO_REVIEW: Final = "The file is not a usfasc review."


class Head(Value):
    """What a review is of. Fields that a newer usfasc adds are kept as they are."""

    model_config = ConfigDict(extra="allow")

    schema_version: Annotated[int, Field(ge=1)]
    reviewer: Annotated[str, Field(pattern=f"^{REVIEWER_PATTERN}$")]
    clip_sha256: str
    disclaimer: str = DISCLAIMER


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A reader's review of a clip, as its file holds it."""

    reviewer: str
    clip_sha256: str | None = None
    """None where nothing was done yet."""
    acts: tuple[Act, ...] = ()
    schema_version: int = REVIEW_SCHEMA
    set_aside: int = 0
    """Lines that cannot be read: cut short by a crash, or a newer usfasc's."""
    sha256: str = ""
    """Digest of the file; empty where there is none."""

    @property
    def said(self) -> tuple[Act, ...]:
        """The acts but those that tell no more than that the reader looked."""
        return tuple(act for act in self.acts if act.decision is not Decision.LOOKED)


def check_reviewer(name: str) -> None:
    """Refuse a name that a reader cannot have.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: it has other letters than a-z, 0-9 and -, or none, or more than 32.
    """
    if not re.fullmatch(REVIEWER_PATTERN, name):
        raise UsageError(
            Code.BAD_USAGE, "A reviewer's name has 1 to 32 letters from a-z, 0-9 and the hyphen."
        )


def review_path(result_path: Path, reviewer: str) -> Path:
    """Where a reader's review of a result stands: beside it.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: the name of a reader has other letters than a-z, 0-9 and -.
    InputError
        ``BAD_RESULT``: the result is not called ``<clip>.usfasc.json``.
    """
    check_reviewer(reviewer)
    return result_path.with_name(f"{_stem(result_path)}.review.{reviewer}.jsonl")


def reviewers_of(result_path: Path) -> tuple[str, ...]:
    """Names of those who reviewed a result, in alphabetical order.

    Raises
    ------
    InputError
        ``BAD_RESULT``: the result is not called ``<clip>.usfasc.json``.
    """
    name = re.compile(rf"{re.escape(_stem(result_path))}\.review\.({REVIEWER_PATTERN})\.jsonl")
    try:
        found = [name.fullmatch(path.name) for path in result_path.parent.iterdir()]
    except OSError:
        return ()
    return tuple(sorted(match[1] for match in found if match))


def read_review(path: Path, reviewer: str) -> Review:
    """Read a review, an empty one where there is no file yet.

    Parameters
    ----------
    path
        The file, as `review_path` names it.
    reviewer
        Whose it is.

    Raises
    ------
    InputError
        ``UNREADABLE``, ``TOO_LARGE``, or ``BAD_REVIEW`` where it is no review, or another
        reader's.
    """
    try:
        data = read_bounded(path, MAX_BYTES)
    except InputError as error:
        if error.code is Code.NOT_FOUND:
            return Review(reviewer=reviewer)
        raise
    return parse_review(data, reviewer)


def parse_review(data: bytes, reviewer: str) -> Review:
    """Read the bytes of a review; see `read_review`.

    Raises
    ------
    InputError
        ``BAD_REVIEW``.
    """
    heads: list[Head] = []
    acts: list[Act] = []
    lines = [line for line in data.split(b"\n") if line.strip()]
    for row in map(_parsed, lines):
        if isinstance(row, Head):
            heads.append(row)
        elif row is not None:
            acts.append(row)
        if acts and not heads:
            raise InputError(Code.BAD_REVIEW, _NO_REVIEW)
    # All there is may be a first line that a crash cut short.
    if not heads and (len(lines) > 1 or data.endswith(b"\n")):
        raise InputError(Code.BAD_REVIEW, _NO_REVIEW)
    _check_owner(heads, reviewer)
    return Review(
        reviewer=reviewer,
        clip_sha256=heads[0].clip_sha256 if heads else None,
        acts=tuple(acts),
        schema_version=max((head.schema_version for head in heads), default=REVIEW_SCHEMA),
        set_aside=len(lines) - len(heads) - len(acts),
        sha256=sha256(data).hexdigest(),
    )


def check_clip(review: Review, clip_sha256: str) -> None:
    """Refuse a review of other content than a result's.

    Raises
    ------
    InputError
        ``BAD_REVIEW``.
    """
    if review.clip_sha256 not in (None, clip_sha256):
        raise InputError(
            Code.BAD_REVIEW, "The review beside this result is of another clip's content."
        )


def annotated(review: Review) -> bool:
    """Whether a reader was shown nothing but the clip and what it added itself."""
    return bool(review.said) and all(act.mode is Mode.ANNOTATE for act in review.said)


def next_number(review: Review) -> int:
    """Number of the act that comes next."""
    return 1 + max((act.act for act in review.acts), default=0)


def _stem(result_path: Path) -> str:
    if not result_path.name.endswith(RESULT_SUFFIX) or result_path.name == RESULT_SUFFIX:
        raise InputError(Code.BAD_RESULT, "A result is called <clip>.usfasc.json.")
    return result_path.name.removesuffix(RESULT_SUFFIX)


def _parsed(line: bytes) -> Head | Act | None:
    if len(line) > MAX_LINE:
        return None
    try:
        data: Any = from_json(line, allow_inf_nan=False)
        model = Head if "schema_version" in data else Act
        return model.model_validate(data)
    except (ValueError, TypeError):
        return None


def _check_owner(heads: list[Head], reviewer: str) -> None:
    if any(head.reviewer != reviewer for head in heads):
        raise InputError(Code.BAD_REVIEW, "The review is another reader's than its file name says.")
    if len({head.clip_sha256 for head in heads}) > 1:
        raise InputError(Code.BAD_REVIEW, _NO_REVIEW)
