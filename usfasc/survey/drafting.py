"""A manifest made of a folder of clips, for a person to check: whose, of which muscle, when.

Nothing of a patient goes into it but what the file's own path says, which is the column
``clip``: subjects and sessions are numbers, muscles and sides words of the vocabulary.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from usfasc.errors import UsfascError
from usfasc.io.discover import FoundClip, find_clips
from usfasc.io.header_words import HeaderWords, read_header_words
from usfasc.survey.guess import guess_muscle
from usfasc.survey.identity import KeyRow, Subjects, number_sessions
from usfasc.survey.manifest import GUESS, is_guess

Progress = Callable[[int, int], None]
Who = tuple[str, str]
"""Cells ``subject`` and ``session``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A manifest to be checked, and who its subjects are."""

    rows: tuple[dict[str, str], ...]
    key: tuple[KeyRow, ...]
    passed_over: int
    """Files that are no clips."""
    unnamable: int
    """Clips whose path cannot stand in a table: control characters, or blanks at its ends."""

    @property
    def guessed(self) -> int:
        """Rows with a cell that wants a person's eye."""
        return sum(any(map(is_guess, row.values())) for row in self.rows)

    @property
    def without_muscle(self) -> int:
        """Rows in which nothing names a muscle."""
        return sum(not row["muscle"] for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """One clip while its row is made."""

    found: FoundClip
    words: HeaderWords
    subject: str
    """Empty where its header names nobody."""


def draft_manifest(
    folder: Path,
    manifest_folder: Path,
    known: Sequence[KeyRow] = (),
    progress: Progress | None = None,
) -> Draft:
    """Read headers and names of all clips of a folder, and make a row of each.

    Parameters
    ----------
    folder
        Searched to any depth; stills, reports and other files are passed over.
    manifest_folder
        Where the manifest will stand; clips are told relative to it.
    known
        Of an earlier key: its subjects keep their numbers.
    progress
        Called with files looked at and files in all.
    """
    found = find_clips([folder], progress)
    subjects = Subjects(known)
    clips = [_clip(clip, subjects) for clip in found.clips]
    sessions = _sessions(clips)
    near = _subjects_of_folders(clips)
    rows = [
        _row(clip, _labels(clip, sessions, near, subjects), manifest_folder)
        for clip in sorted(clips, key=_in_order)
    ]
    rows.sort(key=lambda row: (row["subject"], row["session"]))
    named = tuple(row for row in rows if _is_namable(row["clip"]))
    return Draft(
        rows=named,
        key=subjects.key,
        passed_over=found.passed_over,
        unnamable=len(rows) - len(named),
    )


def _clip(found: FoundClip, subjects: Subjects) -> _Clip:
    try:
        words = read_header_words(found.path)
    except UsfascError:
        # A damaged header names nobody; that it is damaged is for the check to tell.
        words = HeaderWords()
    return _Clip(found=found, words=words, subject=subjects.meet(words.identity))


def _in_order(clip: _Clip) -> tuple[tuple[float, ...], Path]:
    """As the clips were taken, as far as their headers say; then by path."""
    return clip.words.order, clip.found.path


def _sessions(clips: Iterable[_Clip]) -> dict[tuple[str, str], str]:
    """Numbers of the sessions, by subject and study."""
    of_subject: defaultdict[str, list[HeaderWords]] = defaultdict(list)
    for clip in clips:
        of_subject[clip.subject].append(clip.words)
    return {
        (subject, study): number
        for subject, words in of_subject.items()
        for study, number in number_sessions(words).items()
    }


def _subjects_of_folders(clips: Iterable[_Clip]) -> dict[Path, set[tuple[str, str]]]:
    """Subjects and studies of the clips of each folder whose headers say so."""
    folders: defaultdict[Path, set[tuple[str, str]]] = defaultdict(set)
    for clip in clips:
        if clip.subject:
            folders[clip.found.relative_folder].add((clip.subject, clip.words.study_uid))
    return dict(folders)


def _labels(
    clip: _Clip,
    sessions: dict[tuple[str, str], str],
    near: dict[Path, set[tuple[str, str]]],
    subjects: Subjects,
) -> Who:
    """Subject and session: by the header; else guessed by the clips beside it, or by folder."""
    study = clip.words.study_uid
    if clip.subject:
        doubt = GUESS if clip.subject in subjects.clashing else ""
        return f"{clip.subject}{doubt}", sessions.get((clip.subject, study), "")
    beside = near.get(clip.found.relative_folder, set())
    if len({subject for subject, _ in beside}) == 1:
        (subject, session), *more = beside
        number = "" if more else sessions.get((subject, session), "")
        return f"{subject}{GUESS}", f"{number}{GUESS}" if number else ""
    top = clip.found.relative_folder.parts[:1]
    return f"{subjects.place(Path(*top))}{GUESS}", ""


def _row(clip: _Clip, who: Who, manifest_folder: Path) -> dict[str, str]:
    folders = tuple(reversed(clip.found.relative_folder.parts))
    muscle, side = guess_muscle(clip.words, clip.found.stem, folders)
    path = os.path.relpath(clip.found.path.absolute(), manifest_folder.absolute())
    return {
        "clip": Path(path).as_posix(),
        "subject": who[0],
        "session": who[1],
        "muscle": muscle,
        "side": side,
    }


def _is_namable(path: str) -> bool:
    return path.isprintable() and path == path.strip()
