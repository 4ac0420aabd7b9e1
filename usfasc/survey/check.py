"""What is wrong with a manifest, row by row and column by column.

An error is what a run would fail at, a warning what a person should know. Headers are
read, frames are not: what only decoding shows, a run tells.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final, Literal

from usfasc.errors import Code, UsfascError
from usfasc.model import Value
from usfasc.regions.vocabulary import find_muscle, muscle_name, muscles
from usfasc.survey.clip_check import ClipLook, look_at
from usfasc.survey.manifest import GUESS, Row, Sheet, is_guess, read_sheet, typed
from usfasc.survey.outlines import reading_of

Progress = Callable[[int, int], None]
_ALIKE: Final = 0.72
_REFORMED: Final = re.compile(
    r"\d{1,2}(\. |[-. /])[^\W\d]{3,4}\.?([-. /]\d{2,4})?|[^\W\d]{3}[- ]\d{2}|\d[.,]\d*E\+\d+"
)
"""As 02-Jan, 2. Jan, 1-Mär-26, Jan-02 or 1,23E+11."""


class Finding(Value):
    """One thing to know of one cell; row 0 is the header."""

    row: int
    column: str
    level: Literal["error", "warning"]
    sentence: str


class Checked(Value):
    """A manifest that was looked at."""

    rows: int
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings a run would fail at."""
        return sum(finding.level == "error" for finding in self.findings)


def check_manifest(path: Path, progress: Progress | None = None) -> Checked:
    """Look at every row of a manifest, and at the header of every clip.

    Parameters
    ----------
    path
        The manifest.
    progress
        Called with clips looked at and clips in all.

    Raises
    ------
    InputError
        As `usfasc.survey.manifest.read_sheet`.
    """
    sheet = read_sheet(path)
    found = [*_of_header(sheet)]
    rows: dict[int, Row] = {}
    for number, cells in enumerate(sheet.rows, start=1):
        row, faults = typed(cells)
        found += [_error(number, fault.column, fault.sentence) for fault in faults]
        found += [*_guesses(number, cells), *_reformed(number, cells)]
        if row is not None:
            rows[number] = row
    found += _of_words(rows, sheet)
    found += _of_clips(rows, path.parent, progress)
    found += _of_regions(rows, path.parent)
    found += _of_subjects(rows)
    ordered = sorted(found, key=lambda each: (each.row, each.column, each.level, each.sentence))
    return Checked(rows=len(sheet.rows), findings=tuple(ordered))


def _error(row: int, column: str, sentence: str) -> Finding:
    return Finding(row=row, column=column, level="error", sentence=sentence)


def _warning(row: int, column: str, sentence: str) -> Finding:
    return Finding(row=row, column=column, level="warning", sentence=sentence)


def _of_header(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.rows:
        yield _error(0, "clip", "there are no rows")
    for column in sheet.missing_columns:
        yield _warning(0, column, "there is no such column; it counts as empty")
    for place in sheet.unknown_columns:
        yield _warning(0, f"number {place}", "a column of this name is not used")


def _guesses(number: int, cells: dict[str, str]) -> Iterator[Finding]:
    for column, text in cells.items():
        if column in ("subject", "session", "muscle", "side", "handedness") and is_guess(text):
            yield _warning(
                number,
                column,
                f"a guess, which counts as not given: check it, take off the {GUESS}",
            )


def _reformed(number: int, cells: dict[str, str]) -> Iterator[Finding]:
    """Names that a spreadsheet took for a date or a large number, and wrote anew."""
    for column in ("subject", "session"):
        if _REFORMED.fullmatch(cells[column]):
            yield _warning(
                number,
                column,
                "looks as if a spreadsheet had made a date or a number of a name, as of 1-2 or"
                " 1E5: give the column the format text, and type it again",
            )


def _of_words(rows: dict[int, Row], sheet: Sheet) -> Iterator[Finding]:
    """Muscles that are not known, and what is missing though nobody guessed at it."""
    for number, row in rows.items():
        cells = sheet.rows[number - 1]
        known = find_muscle(row.muscle)
        if not cells["muscle"]:
            yield _warning(number, "muscle", "muscle not given; it is added up with nothing")
        elif row.muscle and known is None:
            yield _warning(number, "muscle", f"not in the list of muscles{_nearest(row.muscle)}")
        elif known is not None and known.paired and not cells["side"]:
            yield _warning(number, "side", "side not given, of a muscle with a left and a right")
        if not cells["subject"]:
            yield _warning(number, "subject", "subject not given; it is added up with nothing")


@cache
def _nearest(text: str) -> str:
    words = {word.casefold(): muscle.name for muscle in muscles() for word in muscle.words}
    close = get_close_matches(text.casefold(), words, n=1, cutoff=_ALIKE)
    return f"; is it {words[close[0]]}?" if close else ""


def _of_clips(rows: dict[int, Row], folder: Path, progress: Progress | None) -> Iterator[Finding]:
    """What is wrong with the files; files of one content are told of."""
    by_path: defaultdict[Path, list[int]] = defaultdict(list)
    for number, row in rows.items():
        by_path[folder / row.clip].append(number)
    alike: defaultdict[str, list[int]] = defaultdict(list)
    for done, (path, numbers) in enumerate(by_path.items(), start=1):
        if progress:
            progress(done, len(by_path))
        look = look_at(path)
        for number in numbers:
            yield from _of_clip(number, rows[number], look)
        if look.content:
            alike[look.content].append(numbers[0])
    for first, *others in alike.values():
        for number in others:
            sentence = f"seems to be the same clip as row {first}; one content is judged once"
            yield _warning(number, "clip", sentence)


def _of_clip(number: int, row: Row, look: ClipLook) -> Iterator[Finding]:
    if look.error:
        yield _error(number, "clip", look.error)
        return
    if not look.has_times and row.frame_rate_hz is None:
        yield _error(number, "frame_rate_hz", "the clip has no frame rate; give it")
    if not look.has_scale and row.depth_mm is None:
        yield _warning(
            number, "depth_mm", "the clip has no scale; give the depth, else one is assumed"
        )


def _of_regions(rows: dict[int, Row], folder: Path) -> Iterator[Finding]:
    """Region files that cannot be used, and rows of one clip that contradict each other."""
    of_clip: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in rows.items():
        of_clip[row.clip].append(number)
    for numbers in of_clip.values():
        own = [rows[number] for number in numbers]
        yield from _repeated(numbers, own)
        try:
            reading_of(own, folder)
        except UsfascError as error:
            column = "clip" if error.code is Code.CONTRADICTION else "regions"
            for number in numbers:
                yield _error(number, column, error.sentence.rstrip("."))


def _repeated(numbers: Sequence[int], rows: Sequence[Row]) -> Iterator[Finding]:
    first: dict[tuple[str, str, str | None], int] = {}
    for number, row in zip(numbers, rows, strict=True):
        what = muscle_name(row.muscle), row.regions, row.side
        if what in first:
            yield _warning(
                number, "clip", f"the same clip and region as row {first[what]}; it counts once"
            )
        first.setdefault(what, number)


def _of_subjects(rows: dict[int, Row]) -> Iterator[Finding]:
    """Subjects who write with different hands in different rows."""
    hands: dict[str, tuple[int, str]] = {}
    for number, row in rows.items():
        if not row.subject or row.handedness is None:
            continue
        first, hand = hands.setdefault(row.subject, (number, row.handedness))
        if hand != row.handedness:
            yield _error(number, "handedness", f"differs from row {first} of the same subject")
