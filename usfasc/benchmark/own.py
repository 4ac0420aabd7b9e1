"""A user's own clips, each with its truth beside it, as cases of the benchmark."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from usfasc.benchmark.facts import Facts
from usfasc.benchmark.recipes import Case, Recipe, Section
from usfasc.errors import Code, InputError
from usfasc.io.discover import find_clips
from usfasc.io.event_table import read_events_csv
from usfasc.model import Event, Reading
from usfasc.provenance import file_sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecipe:
    """A clip of the user's, and the truth that a person wrote of it."""

    name: str
    path: Path
    reading: Reading
    truth: tuple[Event, ...]
    section: Section = "own"
    group: str = "own"
    facts: Facts = field(default_factory=lambda: {"family": "own"})

    def ready(self) -> Case:
        """The file itself."""
        return Case(path=self.path, reading=self.reading, truth=self.truth)


def own_recipes(folder: Path, reading: Reading) -> list[Recipe]:
    """Clips of a folder, at any depth, that have ``<stem>.truth.csv`` beside them.

    They are named by the first 12 digits of their SHA-256: a file name may be a
    patient's.

    Parameters
    ----------
    folder
        Where to look; clips without a truth are passed over.
    reading
        What their files do not say, the same for all.

    Raises
    ------
    InputError
        ``NOT_FOUND``: no such folder, or no clip in it has a truth. ``BAD_EVENTS``: a
        truth cannot be read.
    """
    if not folder.is_dir():
        raise InputError(Code.NOT_FOUND, "The folder of cases does not exist.")
    beside = {
        found.path: found.path.parent / f"{found.stem}.truth.csv"
        for found in find_clips([folder]).clips
    }
    pairs = [(clip, truth) for clip, truth in beside.items() if truth.is_file()]
    if not pairs:
        raise InputError(Code.NOT_FOUND, "No clip in the folder has its .truth.csv beside it.")
    return [
        OwnRecipe(
            name=file_sha256(clip)[:12],
            path=clip,
            reading=reading,
            truth=_truth(table, f"{number} of {len(pairs)}"),
        )
        for number, (clip, table) in enumerate(pairs, start=1)
    ]


def _truth(table: Path, which: str) -> tuple[Event, ...]:
    try:
        return read_events_csv(table)
    except InputError as error:
        said = f"Truth {which}, in the order of the file names: {error.sentence}"
        raise InputError(error.code, said) from None
