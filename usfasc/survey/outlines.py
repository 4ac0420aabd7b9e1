"""Rows of one clip: what they say of it together, and which region of its result each is of.

A clip is analysed once, however many muscles it shows, so all that its rows say of it must
fit into one reading: what they contradict each other in is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NoReturn, TypeVar

from usfasc.errors import Code, InputError
from usfasc.io.line_file import read_outline
from usfasc.model import WHOLE_IMAGE, Reading, Side, Value
from usfasc.regions.vocabulary import muscle_name
from usfasc.survey.manifest import Row

_OF_THE_CLIP: Final = {
    "subject": "subjects",
    "session": "sessions",
    "depth_mm": "depths",
    "frame_rate_hz": "frame rates",
}
"""Columns that say something of the clip, and so the same in each of its rows."""


T = TypeVar("T")


class NamedRegion(Value):
    """A region of a result, without its outline."""

    name: str
    muscle: str | None
    side: str | None


def reading_of(rows: Sequence[Row], folder: Path) -> Reading:
    """What the rows of one clip say of it together.

    The header has no say: it was asked as the table was made, and regions are called as the
    table calls them.

    Parameters
    ----------
    rows
        All rows of one clip, in the order of the manifest.
    folder
        The manifest's folder, which region files are relative to.

    Raises
    ------
    InputError
        ``CONTRADICTION``: they do not fit together; ``BAD_REGIONS`` and what
        `usfasc.io.line_file.read_outline` raises: a region file cannot be used.
    """
    for column, words in _OF_THE_CLIP.items():
        if len({getattr(row, column) for row in rows}) > 1:
            _refuse(f"Rows of this one clip give it different {words}.")
    ways = {row.choice.how for row in rows}
    if len(ways) > 1:
        _refuse("Rows of this one clip give different kinds of regions: found, whole, or drawn.")
    make = _WAYS[ways.pop()]
    told = make(rows, folder)
    first = rows[0]
    return replace(told, depth_mm=first.depth_mm, frame_rate_hz=first.frame_rate_hz, header=False)


def muscles_of(rows: Sequence[Row]) -> list[tuple[str, Side | None]]:
    """Muscles of the rows of one clip and their sides, in their order, each once."""
    return _different((muscle_name(row.muscle), row.side) for row in rows)


def region_of(row: Row, regions: Sequence[NamedRegion], shared: bool) -> str:
    """Name of the region in a clip's result that a row is of; ``*`` for the whole image.

    Parameters
    ----------
    row
        One row of the clip.
    regions
        Those of the result.
    shared
        Whether the clip's rows are of several muscles.

    Raises
    ------
    InputError
        ``NO_REGION``: the result does not have it.
    """
    choice = row.choice
    if choice.name is not None:
        same = [region.name for region in regions if region.name == choice.name]
        return _only(same, "The clip's result has no region of this name.")
    muscle = muscle_name(row.muscle)
    named = [r.name for r in regions if muscle and muscle_name(r.muscle or "") == muscle]
    if choice.how == "file":
        single = [region.name for region in regions if len(regions) == 1]
        return _only(named or single, "Which of the drawn regions this is must be said: FILE#NAME.")
    if shared:
        return _only(named, "The muscles of this clip could not be told apart; draw them.")
    # Of one muscle in two pictures, side by side, either may show a twitch.
    return named[0] if len(named) == 1 else WHOLE_IMAGE


def _found(rows: Sequence[Row], folder: Path) -> Reading:
    """Layers that find themselves; with one muscle the whole image is that muscle."""
    muscles = muscles_of(rows)
    if len(muscles) == 1:
        muscle, side = muscles[0]
        return Reading(muscle=muscle or None, side=side)
    if not all(muscle for muscle, _ in muscles):
        _refuse("Of several muscles of one clip, each wants a name.")
    if len({side for _, side in muscles}) > 1:
        _refuse("Muscles of both sides in one clip want a drawn region each: FILE#NAME.")
    return Reading(layers=tuple(muscle for muscle, _ in muscles), side=muscles[0][1])


def _whole(rows: Sequence[Row], folder: Path) -> Reading:
    (muscle, side), *more = muscles_of(rows)
    if more:
        _refuse("The whole image of this one clip is given to several muscles.")
    return Reading(whole=True, muscle=muscle or None, side=side)


def _drawn(rows: Sequence[Row], folder: Path) -> Reading:
    """Regions of all files that the rows name, or the lines of one."""
    files = _different(row.choice.file for row in rows if row.choice.file)
    outlines = [read_outline(folder / file) for file in files]
    if not outlines:
        return Reading()
    if any(outline.lines for outline in outlines):
        if len(outlines) > 1:
            _refuse("Lines stand in one file for all muscles of a clip.")
        return _layered(outlines[0], rows)
    regions = _different(region for outline in outlines for region in outline.regions)
    if len({region.name for region in regions}) < len(regions):
        raise InputError(Code.BAD_REGIONS, "Two region files of this clip give one name twice.")
    return Reading(regions=tuple(regions))


def _layered(drawn: Reading, rows: Sequence[Row]) -> Reading:
    """Lines, with the rows' muscles below them where the file names none."""
    muscles = _different(muscle_name(row.muscle) for row in rows)
    if drawn.layers or any(row.choice.name for row in rows) or not all(muscles):
        return drawn
    return replace(drawn, layers=tuple(muscles), side=drawn.side or rows[0].side)


def _different(items: Iterable[T]) -> list[T]:
    """Items in their order, each once."""
    found: list[T] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def _only(names: Sequence[str], otherwise: str) -> str:
    if len(names) != 1:
        raise InputError(Code.NO_REGION, otherwise)
    return names[0]


def _refuse(sentence: str) -> NoReturn:
    raise InputError(Code.CONTRADICTION, sentence)


_WAYS: Final[dict[str, Callable[[Sequence[Row], Path], Reading]]] = {
    "auto": _found,
    "whole": _whole,
    "file": _drawn,
}
