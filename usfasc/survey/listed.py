"""A table that people edited, and the clips of a later visit, which join it below their rows.

What was typed is never touched: not a cell, not a column of one's own, not the order. What
the table says of its clips holds for new ones of the same patients, studies and folders.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError, UsageError, UsfascError
from usfasc.io.bounded import read_bounded
from usfasc.io.cells import extended, guarded
from usfasc.io.header_words import HeaderWords, read_header_words
from usfasc.io.write import write_atomically
from usfasc.provenance import file_sha256
from usfasc.survey.clip_check import look_at
from usfasc.survey.manifest import MAX_BYTES, Cells, read_sheet

_FILLED: Final = ("clip", "subject", "session", "muscle", "side")
"""Columns that a draft has something to say in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedClip:
    """One clip of the table; where rows of it differ, as its first row says."""

    path: Path
    """Without links and ``..``."""
    words: HeaderWords
    subject: str
    """Guesses with their mark, as is `session`."""
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The clips of a table that are where it says."""

    clips: tuple[ListedClip, ...] = ()
    missing: int = 0
    """How many are not."""
    _alike: dict[str, list[Path]] = field(default_factory=dict, repr=False)

    def holds(self, path: Path) -> bool:
        """Whether the table lists a file, or one of the same content under another name."""
        # What only seems to be the same is read to its end, so that no clip is left out.
        alike = self._alike.get(look_at(path).content, ())
        return path.resolve() in alike or any(_is_same(path, other) for other in alike)


def read_listed(path: Path) -> Listed:
    """Read what a table says of its clips, and their headers.

    Parameters
    ----------
    path
        The table.

    Raises
    ------
    InputError
        As `usfasc.survey.manifest.read_sheet`.
    UsageError
        ``NOT_FOUND``: there are clips in the table, and none of them is where it says.
    """
    first: dict[Path, Cells] = {}
    for cells in read_sheet(path).rows:
        first.setdefault((path.parent / cells["clip"]).resolve(), cells)
    clips = [_listed(clip, cells) for clip, cells in first.items() if clip.is_file()]
    if first and not clips:
        raise UsageError(
            Code.NOT_FOUND,
            "No clip is where the table says: was one of them moved? Nothing was added.",
        )
    alike: defaultdict[str, list[Path]] = defaultdict(list)
    for clip in clips:
        alike[look_at(clip.path).content].append(clip.path)
    return Listed(clips=tuple(clips), missing=len(first) - len(clips), _alike=dict(alike))


def add_rows(path: Path, rows: Sequence[Cells]) -> None:
    """Write rows below those of a table; what stands in it stays as it was typed.

    Raises
    ------
    InputError
        As `usfasc.survey.manifest.read_sheet`; ``BAD_MANIFEST``: the table has no column for
        something that is to be added.
    OutputError
        ``NOT_WRITABLE``; the table stands as it was.
    """
    header = read_sheet(path).header
    for column in _FILLED:
        if column not in header and any(row.get(column) for row in rows):
            raise InputError(Code.BAD_MANIFEST, f"The table has no column {column}; put it back.")
    lines = [[guarded(row.get(column, "")) for column in header] for row in rows]
    data = read_bounded(path, MAX_BYTES)
    write_atomically(path, extended(data, lines, Code.BAD_MANIFEST))


def _listed(path: Path, cells: Cells) -> ListedClip:
    try:
        words = read_header_words(path)
    except UsfascError:
        words = HeaderWords()
    return ListedClip(path=path, words=words, subject=cells["subject"], session=cells["session"])


def _is_same(path: Path, other: Path) -> bool:
    try:
        return file_sha256(path) == file_sha256(other)
    except InputError:
        return False
