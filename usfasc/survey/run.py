"""A survey's run: what is not finished is judged, and what became of each row is recorded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol

from usfasc.errors import Code, UsfascError
from usfasc.params import Parameters
from usfasc.survey.answers import Answer, record_of
from usfasc.survey.folder import SurveyFolder, opened
from usfasc.survey.manifest import read_manifest
from usfasc.survey.pace import Progress
from usfasc.survey.plan import plan, tasks_of
from usfasc.survey.record import OK, RecordRow, SurveyRecord, write_record
from usfasc.survey.tasks import ClipOutput, ClipTask, Done

Told = Callable[[Progress, float | None], None]
"""Called with where the run stands, and the seconds that are left where they can be told."""


class Crew(Protocol):
    """Who works on the clips: processes of this machine, or others."""

    size: int
    """How many clips are worked on side by side."""

    def outputs(self, tasks: Iterable[ClipTask]) -> Generator[Done, None, None]:
        """What comes of each task, as it comes; None where what worked on it died each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run did."""

    record: SurveyRecord
    judged: int
    """Clips that this run judged."""
    kept: int
    """Clips that an earlier one had finished."""
    unlisted: int
    """Clips of earlier runs that the manifest does not list any more; their files stay."""

    @property
    def failed(self) -> tuple[RecordRow, ...]:
        """Rows without an answer."""
        return tuple(row for row in self.record.rows if row.outcome != OK)


def run_survey(manifest: Path, out: Path, parameters: Parameters, crew: Crew, told: Told) -> Ran:
    """Judge the clips of a manifest that are not finished yet, and record every row.

    What is finished is never done twice; what fails is a row with a code, and is tried again
    by the next run. Stopped anywhere and run again, the files are the same to the byte.

    Parameters
    ----------
    manifest
        ``survey.csv``.
    out
        The survey's folder.
    parameters
        Of every clip.
    crew
        Who works on the clips.
    told
        Called whenever a clip is done.

    Raises
    ------
    InputError
        The manifest cannot be used, or the crew is lost.
    UsageError
        ``BAD_USAGE``: the folder lies in that of a clip.
    OutputError
        ``IN_USE`` or ``NOT_WRITABLE``; what is finished stays finished.
    """
    rows = read_manifest(manifest)
    with opened(out, [manifest.parent / row.clip for row in rows]) as folder:
        planned = plan(rows, manifest.parent, parameters)
        tasks = tasks_of(planned)
        answers = _finished(tasks, folder)
        todo = [task for task in tasks if task.sha256 not in answers]
        # Before the work, too: a run that is killed leaves a record that is true.
        write_record(out, record_of(planned, answers, parameters))
        run = _Run(folder=folder, crew=crew, told=told, answers=answers)
        try:
            run.judge(todo)
        finally:
            # Stopped, it may have finished a clip and not yet have heard of it.
            answers |= _finished([task for task in todo if task.sha256 not in answers], folder)
            record = record_of(planned, answers, parameters)
            write_record(out, record)
        unlisted = folder.beside(tasks)
    return Ran(record=record, judged=len(todo), kept=len(tasks) - len(todo), unlisted=unlisted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """One run, whose ``answers`` grow."""

    folder: SurveyFolder
    crew: Crew
    told: Told
    answers: dict[str, Answer]

    def judge(self, todo: Sequence[ClipTask]) -> None:
        """Hand out the tasks, and keep what comes of each at once."""
        progress = Progress(
            clips=len(todo),
            kept=len(self.answers),
            total_bytes=sum(task.size_bytes for task in todo),
        )
        begun_s = monotonic()
        self.told(progress, None)
        with closing(self.crew.outputs(todo)) as outputs:
            for task, output in outputs:
                done = output or _died()
                self.folder.keep(task, done)
                self.answers[task.sha256] = _answer(done)
                failed = done.outcome != OK
                progress = progress.after(task.size_bytes, done.duration_s, failed=failed)
                workers = min(self.crew.size, len(todo))
                self.told(progress, progress.remaining_s(monotonic() - begun_s, workers))


def _finished(tasks: Iterable[ClipTask], folder: SurveyFolder) -> dict[str, Answer]:
    receipts = {task.sha256: folder.receipt(task) for task in tasks}
    return {sha256: found.regions for sha256, found in receipts.items() if found is not None}


def _answer(output: ClipOutput) -> Answer:
    if output.outcome == OK:
        return output.regions
    return UsfascError(Code(output.outcome), output.sentence)


def _died() -> ClipOutput:
    return ClipOutput(
        outcome=str(Code.WORKER_DIED),
        sentence="What worked on this clip died, also when tried again; memory may be short.",
        started=datetime.now(UTC),
        duration_s=0.0,
    )
