"""``survey.json``: what became of each row of a manifest, and what the survey's files are called.

A survey's folder tells nothing of names and places: files are named by the first twelve
hexadecimal digits of the clip's SHA-256. The same clips, manifest and parameters give the
same bytes, whatever computed them, in which order, and how often it was stopped.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from usfasc.errors import Code, InputError
from usfasc.io.results import check_schema, read_json
from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER, SCHEMA_VERSION, Engine, Side, Value
from usfasc.survey.manifest import Handedness

RECORD: Final = "survey.json"
OK: Final = "ok"
"""Outcome of a row whose clip was judged, also where it was not assessable."""
NAME_DIGITS: Final = 12

ClipName = Annotated[str, Field(pattern=f"^[0-9a-f]{{{NAME_DIGITS}}}$")]
"""First digits of a clip's SHA-256, which its files are called by."""


class RecordRow(Value):
    """What became of one row of the manifest: one muscle of one clip."""

    row: Annotated[int, Field(ge=1)]
    clip: ClipName | None
    """None where the clip could not be read at all."""
    subject: str
    session: str
    muscle: str
    """By the vocabulary's name where it has one; empty where it was not given."""
    side: Side | None
    handedness: Handedness | None
    region: str
    """Name of the row's region in the clip's result; ``*`` for the whole image."""
    outcome: str
    """``ok``, or the code of what went wrong."""
    sentence: str
    """What went wrong; empty where nothing did."""


class SurveyRecord(Value):
    """A survey: its rows, and what judged them."""

    schema_version: Literal[1] = SCHEMA_VERSION
    disclaimer: str = DISCLAIMER
    engine: Engine
    parameters: dict[str, float | int | bool | str]
    parameters_digest: str
    rows: tuple[RecordRow, ...]


def read_record(folder: Path) -> SurveyRecord:
    """Read a survey's record.

    Parameters
    ----------
    folder
        The survey's folder.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, ``NEWER_SCHEMA``, or ``BAD_RESULT``
        where it is no survey's record.
    """
    data = read_json(folder / RECORD, Code.BAD_RESULT)
    if not isinstance(data, dict):
        raise InputError(Code.BAD_RESULT, "The file is not a survey's record.")
    check_schema(data)
    try:
        return SurveyRecord.model_validate(data)
    except ValidationError:
        raise InputError(Code.BAD_RESULT, "The survey's record is not valid.") from None


def write_record(folder: Path, record: SurveyRecord) -> None:
    """Write a survey's record, the same bytes for the same record.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; an older record then still stands.
    """
    text = json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False)
    write_atomically(folder / RECORD, f"{text}\n".encode())


def result_path(folder: Path, clip: str) -> Path:
    """Where the result of a clip stands; its event table is beside it."""
    return folder / f"{clip}.usfasc.json"


def still_path(folder: Path, clip: str) -> Path:
    """Where the mean picture of a clip stands; none where its B-mode area is not sure."""
    return folder / f"{clip}.still.png"


def event_path(folder: Path, clip: str, event: int) -> Path:
    """Where the loop of one event stands; there is one of the clearest twitches alone."""
    return folder / f"{clip}.event-{event:03d}.webp"
