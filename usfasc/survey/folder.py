"""A survey's folder: one run at a time in it, what is finished, and whole files only.

Of each finished clip a receipt says which task made its files and what their digests are;
it is written last. So a run that was stopped anywhere is taken up where it stood: what has
a receipt that holds is done, and all else is done anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from usfasc.errors import Code, InputError, UsageError
from usfasc.io.bounded import read_bounded
from usfasc.io.results import append_run
from usfasc.io.write import alone, write_atomically
from usfasc.model import Value
from usfasc.provenance import file_sha256
from usfasc.survey.outlines import NamedRegion
from usfasc.survey.record import OK, still_path
from usfasc.survey.tasks import ClipOutput, ClipTask

RUNS: Final = "run.jsonl"
_RECEIPTS: Final = "finished"
_MAX_RECEIPT_BYTES: Final = 2**20
_PART: Final = re.compile(r"\.[0-9a-f]{32}\.part")


class Receipt(Value):
    """What stands of one finished clip."""

    task: str
    """Digest of the task that made it."""
    files: dict[str, str]
    """SHA-256 of each file, by its name."""
    regions: tuple[NamedRegion, ...]


class SurveyFolder:
    """The folder of one survey, held by one run: see `opened`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def receipt(self, task: ClipTask) -> Receipt | None:
        """The receipt of a task that is finished, with all its files as they were written."""
        try:
            text = read_bounded(self._receipt_path(task.clip), _MAX_RECEIPT_BYTES)
            receipt = Receipt.model_validate_json(text)
        except (InputError, ValidationError):
            return None
        whole = all(self._holds(name, digest) for name, digest in receipt.files.items())
        return receipt if whole and receipt.task == task.digest else None

    def keep(self, task: ClipTask, output: ClipOutput) -> None:
        """Write what came of a task, its receipt last, and a line of how long it took.

        Raises
        ------
        OutputError
            ``NOT_WRITABLE``: the clip then counts as not finished.
        """
        if output.outcome == OK:
            self._write(task, output)
        code = None if output.outcome == OK else Code(output.outcome)
        append_run(
            self.path, task.clip, started=output.started, duration_s=output.duration_s, code=code
        )

    def beside(self, tasks: Iterable[ClipTask]) -> int:
        """How many finished clips stand here that none of these tasks is of."""
        clips = {task.clip for task in tasks}
        receipts = (self.path / _RECEIPTS).glob("*.json")
        return sum(receipt.stem not in clips for receipt in receipts)

    def _write(self, task: ClipTask, output: ClipOutput) -> None:
        for name, data in output.files.items():
            write_atomically(self.path / name, data)
        for old in set(self._pictures(task.clip)) - {self.path / name for name in output.files}:
            old.unlink(missing_ok=True)
        receipt = Receipt(
            task=task.digest,
            files={name: sha256(data).hexdigest() for name, data in output.files.items()},
            regions=output.regions,
        )
        text = f"{receipt.model_dump_json(indent=1)}\n"
        write_atomically(self._receipt_path(task.clip), text.encode())

    def _pictures(self, clip: str) -> Iterator[Path]:
        yield still_path(self.path, clip)
        yield from self.path.glob(f"{clip}.event-*.webp")

    def _holds(self, name: str, digest: str) -> bool:
        """Whether a file is as it was written."""
        try:
            return file_sha256(self.path / name) == digest
        except InputError:
            return False

    def _receipt_path(self, clip: str) -> Path:
        return self.path / _RECEIPTS / f"{clip}.json"


@contextmanager
def opened(path: Path, clips: Sequence[Path]) -> Iterator[SurveyFolder]:
    """Make a survey's folder where it is missing, and hold it: one run at a time.

    Parameters
    ----------
    path
        The folder.
    clips
        Files that are read: nothing is ever written into their folders.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: the folder is that of a clip, or lies in it.
    OutputError
        ``IN_USE``: another run is at work in it; ``NOT_WRITABLE``.
    """
    _check_apart(path, clips)
    # The system lets go of the journal when its holder dies, however it does.
    with alone(path / RUNS, wait=False):
        _sweep(path)
        yield SurveyFolder(path)


def _check_apart(path: Path, clips: Sequence[Path]) -> None:
    target = path.resolve()
    holders = {target, *target.parents}
    if any(clip.resolve().parent in holders for clip in clips if clip.is_file()):
        raise UsageError(
            Code.BAD_USAGE, "Results never go into a folder of clips; choose another --out."
        )


def _sweep(path: Path) -> None:
    """Remove what a killed run left half-written."""
    for folder in (path, path / _RECEIPTS):
        for part in folder.glob(".*.part"):
            if _PART.fullmatch(part.name):
                with suppress(OSError):
                    part.unlink()
