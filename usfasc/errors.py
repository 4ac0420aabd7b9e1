"""What can go wrong, each with a stable code.

A message is one sentence in our own words: it names the thing, the value, the
unit and the range, and never quotes a header value, since those carry names.
"""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Final

DEBUG_VARIABLE: Final = "USFASC_DEBUG"


class Code(StrEnum):
    """Stable codes of every error; scripts may rely on them."""

    NOT_FOUND = "NOT_FOUND"
    UNREADABLE = "UNREADABLE"
    NOT_A_CINE = "NOT_A_CINE"
    TRUNCATED = "TRUNCATED"
    NO_PIXELS = "NO_PIXELS"
    NO_FRAMES = "NO_FRAMES"
    STILL_IMAGE = "STILL_IMAGE"
    UNSUPPORTED_SYNTAX = "UNSUPPORTED_SYNTAX"
    UNSUPPORTED_PIXELS = "UNSUPPORTED_PIXELS"
    CORRUPT = "CORRUPT"
    TOO_LARGE = "TOO_LARGE"
    NO_FRAME_RATE = "NO_FRAME_RATE"
    BAD_FRAME_RATE = "BAD_FRAME_RATE"
    BAD_SCALE = "BAD_SCALE"
    BMODE_UNSURE = "BMODE_UNSURE"
    BAD_BMODE = "BAD_BMODE"
    BAD_REGIONS = "BAD_REGIONS"
    BAD_RESULT = "BAD_RESULT"
    BAD_EVENTS = "BAD_EVENTS"
    BAD_REVIEW = "BAD_REVIEW"
    BAD_MANIFEST = "BAD_MANIFEST"
    BAD_KEY = "BAD_KEY"
    NEWER_SCHEMA = "NEWER_SCHEMA"
    BAD_PARAMETER = "BAD_PARAMETER"
    BAD_USAGE = "BAD_USAGE"
    SAME_OUTPUT = "SAME_OUTPUT"
    NOT_WRITABLE = "NOT_WRITABLE"
    MISSING_EXTRA = "MISSING_EXTRA"
    CONTRADICTION = "CONTRADICTION"
    LISTED_TWICE = "LISTED_TWICE"
    NO_REGION = "NO_REGION"
    PENDING = "PENDING"
    CLIP_CHANGED = "CLIP_CHANGED"
    WORKER_DIED = "WORKER_DIED"
    OTHER_ENGINE = "OTHER_ENGINE"
    DAMAGED = "DAMAGED"
    DIFFERS = "DIFFERS"
    NO_CLUSTER = "NO_CLUSTER"
    NO_SCREEN = "NO_SCREEN"
    WINDOW_DIED = "WINDOW_DIED"
    IN_USE = "IN_USE"
    INTERNAL = "INTERNAL"


class UsfascError(Exception):
    """Base of all errors that usfasc raises on purpose.

    Parameters
    ----------
    code
        Stable code, printed before the sentence.
    sentence
        One sentence a user understands, free of patient data.
    """

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[UsfascError], tuple[Code, str]]:
        """Keep code and sentence when a worker process hands the error back."""
        return type(self), (self.code, self.sentence)


class InputError(UsfascError):
    """A clip, region file or result cannot be used."""


class UsageError(UsfascError):
    """The request itself is wrong (exit code 2)."""


class OutputError(UsfascError):
    """A result cannot be written."""


def internal_failure(error: Exception) -> UsfascError:
    """Turn an unexpected error into our own words, or raise it for someone who debugs.

    That it happened is said, and no more: a traceback may quote the clip's header, and so
    a name; it is shown only to someone who asks for it.
    """
    if os.environ.get(DEBUG_VARIABLE) == "1":
        raise error
    return UsfascError(
        Code.INTERNAL,
        f"Something unexpected went wrong inside usfasc; {DEBUG_VARIABLE}=1 shows where"
        " (the traceback may quote the clip's header).",
    )
