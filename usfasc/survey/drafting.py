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
from usfasc.survey.listed import Listed
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
    listed: int = 0
    """Clips that the table lists already."""

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

    @property
    def study(self) -> tuple[str, str]:
        """Subject and study."""
        return self.subject, self.words.study_uid

    @property
    def top(self) -> Path:
        """The uppermost folder that it lies in, of those within the folder that was given."""
        parent = self.found.path.parent.absolute()
        above = len(self.found.relative_folder.parts) - 1
        return parent.parents[above - 1] if above > 0 else parent


def draft_manifest(
    folders: Sequence[Path],
    manifest_folder: Path,
    known: Sequence[KeyRow] = (),
    listed: Listed | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Read headers and names of all clips of some folders, and make a row of each.

    Parameters
    ----------
    folders
        Searched to any depth; stills, reports and other files are passed over.
    manifest_folder
        Where the manifest will stand; clips are told relative to it.
    known
        Of an earlier key: its subjects keep their numbers.
    listed
        What a manifest says already: its clips get no second row, and its subjects and
        sessions are continued.
    progress
        Called with files looked at and files in all.
    """
    listed = listed or Listed()
    found = find_clips(folders, progress)
    new = [clip for clip in found.clips if not listed.holds(clip.path)]
    subjects = Subjects(known)
    for each in (clip for clip in listed.clips if clip.subject):
        subjects.give(each.words.identity, _plain(each.subject), sure=not is_guess(each.subject))
    clips = [_clip(clip, subjects) for clip in new]
    sessions = _sessions(clips, listed, subjects)
    near = _near(clips, sessions, listed)
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
        listed=len(found.clips) - len(new),
    )


def _plain(cell: str) -> str:
    return cell.removesuffix(GUESS)


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


def _sessions(
    clips: Iterable[_Clip], listed: Listed, subjects: Subjects
) -> dict[tuple[str, str], str]:
    """Numbers of the sessions, by subject and study; those that are listed stay."""
    words: defaultdict[str, list[HeaderWords]] = defaultdict(list)
    known: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for each in listed.clips:
        subject = subjects.meet(each.words.identity) if each.subject else ""
        if subject and each.words.study_uid:
            words[subject].append(each.words)
            known[subject].setdefault(each.words.study_uid, each.session)
    for clip in clips:
        words[clip.subject].append(clip.words)
    return {
        (subject, study): number
        for subject, own in words.items()
        for study, number in number_sessions(own, known[subject]).items()
    }


def _near(
    clips: Iterable[_Clip], sessions: dict[tuple[str, str], str], listed: Listed
) -> dict[Path, set[Who]]:
    """Subjects and sessions of the clips of each folder, as far as headers or a table say."""
    folders: defaultdict[Path, set[Who]] = defaultdict(set)
    for clip in clips:
        if clip.subject:
            who = clip.subject, sessions.get(clip.study, "")
            folders[clip.found.path.parent.resolve()].add(who)
    for each in listed.clips:
        if each.subject:
            folders[each.path.parent].add((_plain(each.subject), _plain(each.session)))
    return dict(folders)


def _labels(
    clip: _Clip,
    sessions: dict[tuple[str, str], str],
    near: dict[Path, set[Who]],
    subjects: Subjects,
) -> Who:
    """Subject and session: by the header; else guessed by the clips beside it, or by folder."""
    if clip.subject:
        doubt = GUESS if clip.subject in subjects.clashing else ""
        return f"{clip.subject}{doubt}", sessions.get(clip.study, "")
    beside = near.get(clip.found.path.parent.resolve(), set())
    if len({subject for subject, _ in beside}) == 1:
        (subject, session), *more = beside
        number = "" if more else _plain(session)
        return f"{subject}{GUESS}", f"{number}{GUESS}" if number else ""
    return f"{subjects.place(clip.top)}{GUESS}", ""


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
