"""Region files: polygons, the lines between which they lie, or both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from usfasc.errors import Code, InputError
from usfasc.io.results import read_json, read_regions
from usfasc.io.write import write_atomically
from usfasc.model import SCHEMA_VERSION, Line, MuscleName, Reading, Region, Side, Value


class LineFile(Value):
    """Lines from top to bottom, and the muscles below each of them, as far as they are named.

    A line has two points or more, ``[x_px, y_px]`` from left to right; three are enough for
    most. Below a line of kind ``shadow`` lies no muscle.
    """

    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=64)]
    muscles: Annotated[tuple[MuscleName, ...], Field(max_length=64)] = ()
    side: Side | None = None


class OutlineFile(Value):
    """Regions as polygons, and the lines that they come from, guesses among them."""

    schema_version: Literal[1] = SCHEMA_VERSION
    regions: Annotated[tuple[Region, ...], Field(min_length=1, max_length=256)]
    lines: Annotated[tuple[Line, ...], Field(max_length=64)] = ()


def read_outline(path: Path) -> Reading:
    """What a region file says: regions, or lines with their muscles and side.

    Parameters
    ----------
    path
        A JSON array of regions, any result, or an object with ``lines``, with ``regions`` or
        without.

    Returns
    -------
    Reading
        Of a result the regions alone: its lines moved as another clip's tissue did.

    Raises
    ------
    InputError
        As `usfasc.io.results.read_regions`, also for lines that are not valid.
    """
    data = read_json(path, Code.BAD_REGIONS)
    if not isinstance(data, dict) or "lines" not in data or "source" in data:
        return Reading(regions=read_regions(path))
    model = OutlineFile if "regions" in data else LineFile
    try:
        drawn = model.model_validate(data)
    except ValidationError as error:
        why = _why(error, model)
        raise InputError(Code.BAD_REGIONS, f"The file of lines is not valid{why}.") from None
    if isinstance(drawn, OutlineFile):
        return Reading(regions=drawn.regions, lines=drawn.lines)
    return Reading(lines=drawn.lines, layers=drawn.muscles, side=drawn.side)


def _why(error: ValidationError, model: type[Value]) -> str:
    """Where a file of lines goes wrong, without a word of what it says."""
    first = error.errors()[0]
    name, number, *_ = (*first["loc"], None, None)
    if name not in model.model_fields:
        return ""
    which = f" (number {number + 1})" if isinstance(number, int) else ""
    said = f", {first['ctx']['error']}" if first["type"] == "value_error" else ""
    return f": {name}{which}{said}"


def write_outline(path: Path, regions: Sequence[Region], lines: Sequence[Line]) -> None:
    """Write regions and the lines they come from, as `read_outline` reads them.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; an older file then still stands.
    """
    drawn = OutlineFile(regions=tuple(regions), lines=tuple(lines))
    write_atomically(path, f"{drawn.model_dump_json(indent=1)}\n".encode())
