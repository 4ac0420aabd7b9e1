"""Who is who: clips grouped to subjects and sessions by numbers that say nothing of them.

Names and patient IDs stay in memory, but for the key: a file of its own, readable by its
owner alone, which is written only where a person asks for it and never among results.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import Field

from usfasc.errors import Code, InputError, UsageError
from usfasc.io.cells import guarded, read_spreadsheet, table_bytes, unguarded
from usfasc.io.header_words import HeaderWords, Identity
from usfasc.io.write import write_atomically
from usfasc.model import Value
from usfasc.survey.manifest import GUESS

_MAX_KEY_BYTES: Final = 64 * 2**20
_NOBODY: Final = frozenset(
    ("0", "1", "anon", "anonymous", "anonymised", "anonymized", "none", "unknown", "test")
)
"""Patient IDs that are put where there is none, or was one."""


class KeyRow(Value):
    """One subject of a survey, and who that is."""

    subject: str
    patient_id: str = Field(repr=False)
    issuer: str = Field(default="", repr=False)
    patient_name: str = Field(default="", repr=False)
    birth_date: str = Field(default="", repr=False)


_COLUMNS: Final = tuple(KeyRow.model_fields)


class Subjects:
    """Numbers subjects in the order in which they are met, those of a key first.

    Parameters
    ----------
    known
        Rows of an earlier key: its subjects keep their numbers.
    """

    def __init__(self, known: Sequence[KeyRow] = ()) -> None:
        self._rows = {_person(row.patient_id, row.issuer): row for row in known}
        self._labels = {person: row.subject for person, row in self._rows.items()}
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._clashing: set[str] = set()

    def give(self, identity: Identity, label: str, *, sure: bool) -> None:
        """Take over what a table calls somebody; where nobody is named, the label is taken.

        Parameters
        ----------
        identity
            Of a clip that the table lists.
        label
            The subject that the table gives it.
        sure
            Whether a person stands by it; else it stays a guess.
        """
        self._taken.add(label)
        if not is_named(identity):
            return
        person = _person(identity.patient_id, identity.issuer)
        first = self._given.setdefault(person, label)
        if not sure or first != label:
            self._clashing.add(first)
        self._labels[person] = first
        self._rows[person] = _key_row(first, identity)

    def meet(self, identity: Identity) -> str:
        """The subject's label; empty where the header names nobody."""
        if not is_named(identity):
            return ""
        person = _person(identity.patient_id, identity.issuer)
        label = self._labels.setdefault(person, f"S{self._next():03d}")
        row = _key_row(label, identity)
        first = self._rows.setdefault(person, row)
        if first.birth_date and row.birth_date and first.birth_date != row.birth_date:
            self._clashing.add(label)
        return label

    def place(self, folder: Path) -> str:
        """The label of whoever's clips lie in a folder, where no header tells."""
        return self._labels.setdefault(("folder", str(folder)), f"S{self._next():03d}")

    @property
    def clashing(self) -> frozenset[str]:
        """Subjects that are doubted: one patient ID with two dates of birth, or two subjects."""
        return frozenset(self._clashing)

    @property
    def key(self) -> tuple[KeyRow, ...]:
        """Who the subjects are, as far as headers say."""
        return tuple(sorted(self._rows.values(), key=lambda row: row.subject))

    def _next(self) -> int:
        taken = {*self._labels.values(), *self._taken}
        number = len(taken) + 1
        while f"S{number:03d}" in taken:
            number += 1
        return number


def is_named(identity: Identity) -> bool:
    """Whether a header says whose clip it is, in more than words for nobody."""
    return identity.patient_id.casefold() not in ("", *_NOBODY)


def _person(patient_id: str, issuer: str) -> tuple[str, str]:
    return patient_id.casefold(), issuer.casefold()


def _key_row(label: str, identity: Identity) -> KeyRow:
    return KeyRow(
        subject=label,
        patient_id=identity.patient_id,
        issuer=identity.issuer,
        patient_name=identity.name,
        birth_date=identity.birth_date,
    )


def number_sessions(
    words: Iterable[HeaderWords], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Sessions of one subject: its studies, numbered in the order of their dates.

    Parameters
    ----------
    words
        Of all clips of the subject.
    known
        Sessions that a table gives some of the studies: they stay, and the others are
        numbered on from there, as guesses where they are no later.

    Returns
    -------
    dict of str
        By the study's UID.
    """
    known = known or {}
    first: dict[str, str] = {}
    for each in words:
        if each.study_uid:
            moment = min(each.study_moment, first.get(each.study_uid, each.study_moment))
            first[each.study_uid] = moment
    by_date = sorted(first, key=lambda uid: (first[uid], uid))
    new = [uid for uid in by_date if uid not in known]
    last = max((first[uid] for uid in known if uid in first), default="")
    counted = [int(label) for label in known.values() if label.isdecimal()]
    sure = len(counted) == len(known)
    start = max([len(known), *counted]) + 1
    return {**known} | {
        uid: f"{number}{'' if sure and first[uid] >= last else GUESS}"
        for number, uid in enumerate(new, start)
    }


def read_key(path: Path) -> tuple[KeyRow, ...]:
    """Read a key.

    Raises
    ------
    InputError
        ``NOT_FOUND``, ``UNREADABLE``, ``TOO_LARGE`` or ``BAD_KEY``.
    """
    header, *lines = read_spreadsheet(path, _MAX_KEY_BYTES, Code.BAD_KEY) or [[]]
    if tuple(header) != _COLUMNS or any(len(line) != len(header) for line in lines if line):
        raise InputError(Code.BAD_KEY, "The file is not the key of a survey.")
    rows = [dict(zip(_COLUMNS, map(unguarded, line), strict=True)) for line in lines if line]
    return tuple(KeyRow(**row) for row in rows)


def write_key(path: Path, rows: Sequence[KeyRow]) -> None:
    """Write a key that its owner alone can read.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; an older one then still stands.
    """
    lines = [[guarded(cell) for cell in row.model_dump().values()] for row in rows]
    write_atomically(path, table_bytes([_COLUMNS, *lines]), private=True)


def check_key_place(path: Path) -> None:
    """Refuse a key in or below a folder of results, which people hand on.

    Raises
    ------
    UsageError
        ``BAD_USAGE``.
    """
    folder = path.resolve().parent
    among_results = any(folder.glob("*.usfasc.json"))
    if among_results or any(
        (above / "survey.json").exists() for above in (folder, *folder.parents)
    ):
        raise UsageError(
            Code.BAD_USAGE, "A key never stands among results; put it where nobody hands it on."
        )
