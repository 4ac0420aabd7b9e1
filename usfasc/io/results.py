"""Results in and out: `<stem>.usfasc.json`, its event table, region files, `run.jsonl`.

Two runs of one engine on one clip give the same bytes: the order of keys is the
model's, numbers are rounded by their unit, and what differs between runs (clock,
duration, machine) stands in `run.jsonl` alone.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from usfasc.errors import Code, InputError
from usfasc.io.bounded import read_bounded
from usfasc.io.event_table import read_events_csv, round_value, write_events_csv
from usfasc.io.seal import SEAL, sealed
from usfasc.io.write import append_line, write_atomically
from usfasc.model import SCHEMA_VERSION, Region, Result
from usfasc.provenance import engine

__all__ = [
    "append_run",
    "as_written",
    "read_events_csv",
    "read_regions",
    "read_result",
    "result_digest",
    "result_paths",
    "write_events_csv",
    "write_regions",
    "write_result",
]

MAX_RESULT_BYTES: Final = 256 * 2**20
_MAX_REGIONS = 256
_REGIONS = TypeAdapter(tuple[Region, ...])


def result_paths(folder: Path, stem: str) -> tuple[Path, Path]:
    """Where a clip's result and event table stand."""
    return folder / f"{stem}.usfasc.json", folder / f"{stem}.events.csv"


def write_result(result: Result, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write a result and its event table.

    Parameters
    ----------
    result
        What `usfasc.pipeline.analyse` said of a clip.
    folder
        Where both files go; made where it is missing.
    stem
        The clip's name less a known suffix.

    Returns
    -------
    tuple of Path
        The JSON file and the CSV file.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; nothing is left half-written.
    """
    json_path, csv_path = result_paths(folder, stem)
    # The result last: where it stands, its table stands too.
    write_events_csv(csv_path, result.events)
    write_atomically(json_path, result_bytes(result))
    return json_path, csv_path


def result_bytes(result: Result) -> bytes:
    """The one JSON form of a result: fixed order, fixed rounding, UTF-8, LF, sealed."""
    return sealed(_body(result))


def as_written(result: Result) -> Result:
    """A result as it is read back from its file: its numbers rounded."""
    return Result.model_validate_json(_body(result))


def _body(result: Result) -> bytes:
    """A result's file without the seal."""
    data = result.model_dump(mode="json")
    for name in ("regions", "events", "assessable", "summaries", "sites", "coincidences", "lines"):
        data[name] = [_rounded(row) for row in data[name]]
    text = json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def result_digest(result: Result) -> str:
    """SHA-256 of what a result says, hexadecimal.

    Fields that hold their default are left out, so that a result keeps its digest when a
    newer usfasc knows more fields.
    """
    said = as_written(result).model_dump(mode="json", exclude_defaults=True)
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read_result(path: Path) -> Result:
    """Read a result.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, ``BAD_RESULT``, or
        ``NEWER_SCHEMA`` where a newer usfasc wrote it.
    """
    data = read_json(path, Code.BAD_RESULT)
    if not isinstance(data, dict):
        raise InputError(Code.BAD_RESULT, "The file is not a usfasc result.")
    check_schema(data)
    # Of the file's bytes, not of what it says: `usfasc.verification` looks at it.
    data.pop(SEAL, None)
    try:
        return Result.model_validate(data)
    except ValidationError as error:
        raise InputError(
            Code.BAD_RESULT, f"The result is not valid{_place(error, Result)}."
        ) from None


def read_regions(path: Path) -> tuple[Region, ...]:
    """Read muscle regions from a JSON array of them, or from any result.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, ``NEWER_SCHEMA`` or
        ``BAD_REGIONS``. Whether they fit a clip is `usfasc.regions`' question.
    """
    data = read_json(path, Code.BAD_REGIONS)
    if isinstance(data, dict):
        check_schema(data)
        data = data.get("regions")
    if not isinstance(data, list) or not 0 < len(data) <= _MAX_REGIONS:
        raise InputError(
            Code.BAD_REGIONS,
            f"A region file is a JSON array of 1 to {_MAX_REGIONS} regions, or a usfasc result.",
        )
    try:
        return _REGIONS.validate_python(data)
    except ValidationError as error:
        number, *rest = error.errors()[0]["loc"]
        name = f": {rest[0]}" if rest and rest[0] in Region.model_fields else ""
        raise InputError(
            Code.BAD_REGIONS, f"Region {int(number) + 1} of the file is not valid{name}."
        ) from None


def write_regions(path: Path, regions: Sequence[Region]) -> None:
    """Write muscle regions as the JSON array that `read_regions` reads.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; an older file then still stands.
    """
    rows = [region.model_dump(mode="json") for region in regions]
    write_atomically(path, f"{json.dumps(rows, indent=1, ensure_ascii=False)}\n".encode())


def append_run(
    folder: Path,
    stem: str,
    *,
    started: datetime,
    duration_s: float,
    code: Code | None = None,
    notes: Sequence[str] = (),
) -> None:
    """Add one line to ``run.jsonl``: what differs between runs that give the same result.

    Parameters
    ----------
    folder
        The results' folder.
    stem
        The clip's name, as its result is called.
    started
        When the work on the clip began, with a time zone.
    duration_s
        How long it took.
    code
        Why it failed; None where it did not.
    notes
        Why something that was asked for was not made though the clip did not fail.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    made_by = engine()
    line = {
        "started_utc": started.astimezone(UTC).isoformat(timespec="seconds"),
        "duration_s": round(duration_s, 3),
        # A name that is no UTF-8 must not keep the line from being written.
        "clip": stem.encode(errors="replace").decode(),
        "outcome": "ok" if code is None else str(code),
        "notes": list(notes),
        "usfasc": made_by.version,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": made_by.libraries,
    }
    append_line(folder / "run.jsonl", json.dumps(line, ensure_ascii=False))


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _round_any(name, value) for name, value in row.items()}


def _round_any(name: str, value: Any) -> Any:
    if isinstance(value, float):
        return round_value(name, value)
    if isinstance(value, dict):
        return _rounded(value)
    if name in ("polygon", "points"):
        return [[round_value("x_px", x), round_value("y_px", y)] for x, y in value]
    return value


def read_json(path: Path, code: Code) -> Any:
    """Content of a JSON file of bounded size.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE``, or the given code where it is no JSON.
    """
    try:
        return from_json(read_bounded(path, MAX_RESULT_BYTES), allow_inf_nan=False)
    except ValueError:
        raise InputError(code, "The file is not valid JSON.") from None


def check_schema(data: Mapping[str, Any]) -> None:
    """Refuse what a newer usfasc wrote, or what does not say its version.

    Raises
    ------
    InputError
        ``BAD_RESULT`` or ``NEWER_SCHEMA``.
    """
    version = data.get("schema_version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise InputError(Code.BAD_RESULT, "The file does not say which schema version it has.")
    if version > SCHEMA_VERSION:
        raise InputError(
            Code.NEWER_SCHEMA,
            f"A newer usfasc wrote this result (schema version {version}); this one reads up to"
            f" {SCHEMA_VERSION}.",
        )


def _place(error: ValidationError, model: type[Result]) -> str:
    # Only names that are ours: an unknown key of the file might be anybody's.
    names = [str(part) for part in error.errors()[0]["loc"][:1] if part in model.model_fields]
    return f": {names[0]}" if names else ""
