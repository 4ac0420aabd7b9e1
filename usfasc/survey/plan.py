"""From rows to tasks: each file is looked at once, and each content is judged once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError, UsfascError
from usfasc.io.opening import sniff
from usfasc.params import Parameters
from usfasc.provenance import engine, file_sha256
from usfasc.survey.manifest import Row
from usfasc.survey.outlines import muscles_of, reading_of
from usfasc.survey.tasks import ClipTask

_READERS: Final = 4
"""Files that are read at once to tell their content: more only wait for the same drive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is in a file."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """One row of the manifest, and the task that answers it, or why there is none."""

    number: int
    row: Row
    sha256: str | None = None
    task: ClipTask | None = None
    shared: bool = False
    """Whether the clip's rows are of several muscles."""
    error: UsfascError | None = None


def plan(rows: Sequence[Row], folder: Path, parameters: Parameters) -> tuple[PlannedRow, ...]:
    """The rows in their order, those of one content with one task.

    Parameters
    ----------
    rows
        Of the manifest.
    folder
        The manifest's folder.
    parameters
        Of every clip.
    """
    contents = _look_at(folder / row.clip for row in rows)
    planned: list[PlannedRow] = []
    of_clip: dict[Content, list[PlannedRow]] = defaultdict(list)
    for number, row in enumerate(rows, start=1):
        content = contents[folder / row.clip]
        if isinstance(content, Content):
            of_clip[content].append(PlannedRow(number=number, row=row, sha256=content.sha256))
        else:
            planned.append(PlannedRow(number=number, row=row, error=content))
    make = partial(ClipTask, parameters=parameters, engine=engine())
    for content, members in of_clip.items():
        planned += _answered(content, members, folder, make)
    return tuple(sorted(planned, key=lambda each: each.number))


def tasks_of(planned: Iterable[PlannedRow]) -> tuple[ClipTask, ...]:
    """Different tasks, the largest clip first, so that none is begun when all else is done."""
    tasks = {row.task.sha256: row.task for row in planned if row.task is not None}
    return tuple(sorted(tasks.values(), key=lambda task: (-task.size_bytes, task.sha256)))


def _answered(
    content: Content, members: Sequence[PlannedRow], folder: Path, make: Callable[..., ClipTask]
) -> Iterator[PlannedRow]:
    """Rows of one content with their common task, or why they have none."""
    rows = [member.row for member in members]
    try:
        reading = reading_of(rows, folder)
    except UsfascError as error:
        yield from (replace(member, error=error) for member in members)
        return
    task = make(
        path=(folder / rows[0].clip).absolute(),
        sha256=content.sha256,
        size_bytes=content.size_bytes,
        reading=reading,
    )
    shared = len(muscles_of(rows)) > 1
    yield from (replace(member, task=task, shared=shared) for member in members)


def _look_at(paths: Iterable[Path]) -> dict[Path, Content | UsfascError]:
    """What is in each file, or why it cannot be read."""
    different = tuple(dict.fromkeys(paths))
    with ThreadPoolExecutor(_READERS) as readers:
        return dict(zip(different, readers.map(_content, different), strict=True))


def _content(path: Path) -> Content | UsfascError:
    try:
        sniff(path)  # a pipe or a device is never read to its end
        return Content(sha256=file_sha256(path), size_bytes=path.stat().st_size)
    except UsfascError as error:
        return error
    except OSError:
        return InputError(Code.UNREADABLE, "The file cannot be read.")
