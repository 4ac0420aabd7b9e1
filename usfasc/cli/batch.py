"""Many clips, one after the other: each read, judged and written, none stopping the rest."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from usfasc.errors import Code, OutputError, UsageError, UsfascError, internal_failure
from usfasc.io.discover import FoundClip
from usfasc.io.results import append_run, write_result
from usfasc.model import Cine, Reading, Result
from usfasc.params import Parameters
from usfasc.report.pictures import Progress, Wanted, write_pictures

if TYPE_CHECKING:
    from usfasc.searching import Analysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be done with every clip."""

    reading: Reading
    parameters: Parameters
    out: Path
    wanted: Wanted
    features: bool = False
    """Whether the table of candidates is written too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one clip: a result and its files, or an error.

    Both, where a result was written and a picture of it could not be.
    """

    clip: FoundClip
    result: Result | None = None
    files: tuple[Path, ...] = ()
    error: UsfascError | None = None
    notes: tuple[str, ...] = ()


def check_outputs(clips: Sequence[FoundClip], out: Path) -> None:
    """Refuse, before work starts, outputs that would collide or lie with the clips.

    Raises
    ------
    UsageError
        ``SAME_OUTPUT`` for two clips of one output, ``BAD_USAGE`` for an output in
        a clip's own folder.
    OutputError
        ``NOT_WRITABLE``.
    """
    targets = [os.path.normcase(clip.relative_folder / clip.stem) for clip in clips]
    if len(set(targets)) < len(targets):
        raise UsageError(
            Code.SAME_OUTPUT,
            "Two of the clips would write the same result; run them with different --out folders.",
        )
    for clip in clips:
        if (out / clip.relative_folder).resolve() == clip.path.resolve().parent:
            raise UsageError(
                Code.BAD_USAGE, "Results never go into the folder of a clip; choose another --out."
            )
    make_out(out)


def make_out(out: Path) -> None:
    """Make the folder of ``--out``, before hours of work are done for nothing.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise OutputError(Code.NOT_WRITABLE, "The folder of --out cannot be made.") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise OutputError(Code.NOT_WRITABLE, "Nothing may be written to the folder of --out.")


def work_on(clip: FoundClip, request: Request, progress: Progress | None) -> Outcome:
    """Detect in one clip and write what was found; whatever fails is told, not raised.

    Parameters
    ----------
    clip
        The clip and the name of its outputs.
    request
        What to do.
    progress
        Called with frames done and frames in all.
    """
    folder = request.out / clip.relative_folder
    started, clock_s = datetime.now(UTC), time.monotonic()
    outcome = _outcome(clip, request, folder, progress)
    code = outcome.error.code if outcome.error else None
    duration_s = time.monotonic() - clock_s
    try:
        append_run(
            folder,
            clip.stem,
            started=started,
            duration_s=duration_s,
            code=code,
            notes=outcome.notes,
        )
    except OutputError as error:
        return replace(outcome, error=outcome.error or error)
    return outcome


def _outcome(clip: FoundClip, request: Request, folder: Path, progress: Progress | None) -> Outcome:
    """Detect and draw; a picture that fails does not lose the result."""
    outcome = Outcome(clip=clip)
    try:
        cine, result, found = _detect(clip, request, progress)
        outcome = replace(outcome, result=result, files=write_result(result, folder, clip.stem))
        if request.features:
            from usfasc.report.candidates import write_candidates_csv

            path = folder / f"{clip.stem}.candidates.csv"
            write_candidates_csv(path, found, cine, result)
            outcome = replace(outcome, files=(*outcome.files, path))
        for path in write_pictures(request.wanted, cine, result, (folder, clip.stem), progress):
            outcome = replace(outcome, files=(*outcome.files, path))
    except UsfascError as error:
        if outcome.result is not None and error.code is Code.BMODE_UNSURE:
            return replace(outcome, notes=(str(error),))
        return replace(outcome, error=error)
    except Exception as error:
        return replace(outcome, error=internal_failure(error))
    return outcome


def _detect(
    clip: FoundClip, request: Request, progress: Progress | None
) -> tuple[Cine, Result, tuple[Analysis, ...]]:
    from usfasc.derive import derive
    from usfasc.pipeline import read_cine

    cine = read_cine(clip.path, request.reading)
    return cine, *derive(cine, request.reading, request.parameters, progress)
