"""A review that is open for writing: append-only, every act synced at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from usfasc.errors import Code, InputError
from usfasc.io.bounded import read_bounded
from usfasc.io.write import alone, append_line
from usfasc.review.acts import REVIEW_SCHEMA, Act, act_fields
from usfasc.review.kept import (
    MAX_BYTES,
    MAX_LINE,
    Head,
    Review,
    check_clip,
    parse_review,
    read_review,
)


class Journal:
    """A review that is open for writing.

    Several windows of one reader may hold the same one: each act is appended below all
    that the others wrote meanwhile, so that all are kept.
    """

    def __init__(self, path: Path, reviewer: str, clip_sha256: str) -> None:
        self._path = path
        self._clip_sha256 = clip_sha256
        self.review = read_review(path, reviewer)
        check_clip(self.review, clip_sha256)

    def append(self, *makers: Callable[[Review], Act]) -> None:
        """Append acts, each made for the review as it then stands, in one write.

        Raises
        ------
        InputError
            ``NEWER_SCHEMA``: a newer usfasc wrote to it; or it cannot be read any more.
        OutputError
            ``NOT_WRITABLE``; the review stands as it was.
        """
        reviewer = self.review.reviewer
        with alone(self._path):
            now = self._now()
            _check_writable(now)
            lines = [] if now.clip_sha256 else [self._head(reviewer)]
            for make in makers:
                act = make(now)
                lines.append(_line(act))
                now = Review(reviewer=reviewer, acts=(*now.acts, act))
            append_line(self._path, "\n".join(lines))
            self.review = read_review(self._path, reviewer)

    def _now(self) -> Review:
        """The review with what other windows wrote; read again only where they did."""
        data = read_bounded(self._path, MAX_BYTES)
        if sha256(data).hexdigest() == self.review.sha256:
            return self.review
        return parse_review(data, self.review.reviewer)

    def _head(self, reviewer: str) -> str:
        head = Head(schema_version=REVIEW_SCHEMA, reviewer=reviewer, clip_sha256=self._clip_sha256)
        return head.model_dump_json()


def _line(act: Act) -> str:
    line = json.dumps(act_fields(act), allow_nan=False)
    if len(line) > MAX_LINE:
        raise InputError(Code.TOO_LARGE, "The act takes more than 1 MiB; draw fewer points.")
    return line


def _check_writable(review: Review) -> None:
    if review.schema_version > REVIEW_SCHEMA:
        raise InputError(
            Code.NEWER_SCHEMA,
            f"A newer usfasc wrote to this review (schema version {review.schema_version});"
            f" this one can read it, and writes version {REVIEW_SCHEMA}.",
        )
