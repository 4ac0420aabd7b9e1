"""``usfasc survey run``: count in every clip of a survey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options
from usfasc.errors import Code, UsageError

if TYPE_CHECKING:
    from usfasc.survey.pace import Progress
    from usfasc.survey.run import Crew, Ran, Told


def run(
    manifest: Annotated[
        Path, typer.Argument(metavar="SURVEY.CSV", help="The survey's table.", show_default=False)
    ],
    out: options.Out = options.RESULTS,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            metavar="N",
            min=1,
            max=256,
            help="Clips side by side.  [default: one a core, as far as memory goes]",
            show_default=False,
        ),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="tcp://HOST:PORT",
            help="Hand the clips to the workers of this Dask scheduler.",
            show_default=False,
        ),
    ] = None,
    settings: options.Settings = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a row and line, for machines.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Count in every clip of a survey, on all cores.

    Stop it at any time, and run the same again to go on: what is finished is
    never done twice, unless the clip, its regions or a parameter changed. A clip
    that fails is a row with a code, and the others go on.

    Files are called by the digest of the clip, never by its name: for each clip
    its result, its event table, a still, and up to three short loops; survey.json
    says what became of each row. The clips' own folders are never written to.

    Several machines: start `dask scheduler` on one of them, and on each, where
    usfasc is installed, `dask worker tcp://HOST:8786 --nthreads 1`. All need the
    same usfasc, and see the clips at the same path, as on a shared drive; results
    come back to this machine. Whoever reaches a Dask scheduler can run programs
    on its workers: use it inside a network that you trust.

    Examples:

      usfasc survey run survey.csv --out survey
      usfasc survey run survey.csv --out survey --workers 4 --set count_score=0.8
      usfasc survey run survey.csv --out survey --dask tcp://10.0.0.5:8786
    """
    from usfasc.cli.parameters import parse_parameters
    from usfasc.survey.run import run_survey

    if workers is not None and dask is not None:
        raise UsageError(Code.BAD_USAGE, "--workers is of this machine; with --dask leave it out.")
    parameters = parse_parameters(settings or ())
    with _crew(workers, dask) as crew, _progress(quiet=quiet) as told:
        ran = run_survey(manifest, out, parameters, crew, told)
    _show(ran, out, as_json=as_json, quiet=quiet)
    if ran.failed:
        raise typer.Exit(1)


@contextmanager
def _crew(workers: int | None, dask: str | None) -> Iterator[Crew]:
    from usfasc.report.kept_pictures import kept_pictures
    from usfasc.survey.cluster import joined
    from usfasc.survey.pool import Processes, usable_cores
    from usfasc.survey.tasks import work_on

    work = partial(work_on, draw=kept_pictures)
    if dask is None:
        yield Processes(work, workers or usable_cores())
        return
    with joined(dask, work) as cluster:
        yield cluster


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Told]:
    """A bar by the bytes of the clips that are done, with the time that is left."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    from usfasc.cli.show import make_console

    console = make_console(err=True)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    shown = console.is_terminal and not quiet
    with Bars(*columns, console=console, transient=True, disable=not shown) as bars:
        bar = bars.add_task("looking at the clips", total=None)

        def told(progress: Progress, remaining_s: float | None) -> None:
            bars.update(
                bar,
                completed=progress.done_bytes,
                total=progress.total_bytes,
                description=_progress_words(progress, remaining_s),
            )

        yield told


def _progress_words(progress: Progress, remaining_s: float | None) -> str:
    words = [f"{progress.done} of {progress.clips} clips"]
    if progress.failed:
        words.append(f"{progress.failed} failed")
    if remaining_s is not None:
        words.append(f"{_time_words(remaining_s)} left")
    return ", ".join(words)


def _time_words(seconds: float) -> str:
    """About how long, in the unit that a person would use."""
    if seconds < 90:
        return f"about {max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    return f"about {seconds / 3600:.1f} h"


def _show(ran: Ran, out: Path, *, as_json: bool, quiet: bool) -> None:
    from usfasc.cli.show import make_console, plain
    from usfasc.model import DISCLAIMER

    results, errors = make_console(), make_console(err=True)
    if as_json:
        for row in ran.record.rows:
            results.print(json.dumps(row.model_dump(mode="json") | {"disclaimer": DISCLAIMER}))
    for row in ran.failed:
        errors.print(f"{row.outcome}: {row.sentence.rstrip('.')} (row {row.row}).")
    if as_json or quiet:
        return
    results.print(_summary(ran))
    if ran.unlisted:
        results.print(f"{ran.unlisted} clips of earlier runs are not listed; their files stay.")
    results.print(f"Written: {plain(str(out))}", style="dim")
    results.print(f"To read it: usfasc survey report {plain(str(out))}", style="dim")
    results.print(DISCLAIMER)


def _summary(ran: Ran) -> str:
    rows, failed = len(ran.record.rows), len(ran.failed)
    judged = f"{ran.judged} judged now" + (f", {ran.kept} before" if ran.kept else "")
    return f"{rows} rows: {rows - failed} answered, {failed} failed. Clips: {judged}."
