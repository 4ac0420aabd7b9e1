"""What the terminal shows of a clip: a table, sentences, and what was not counted.

Names come from files and users: control characters in them never reach the terminal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from usfasc.cli.batch import Outcome
from usfasc.errors import UsfascError
from usfasc.io.results import as_written
from usfasc.model import DISCLAIMER, WHOLE_IMAGE, RegionSummary, Result, Shown, Status
from usfasc.regions.counting import counted_in
from usfasc.report.pictures import Progress as ProgressCallback
from usfasc.report.sentences import (
    count_words,
    findings,
    miss_words,
    not_counted,
    outline_words,
    places_words,
    region_words,
    shown_words,
    told,
)

_PATIENCE_S = 2.0
_MOST_TIMES = 12
_STYLES = {
    Status.PRESENT: "bold yellow",
    Status.ABSENT: "green",
    Status.SHORT: "cyan",
    Status.NOT_ASSESSABLE: "dim",
}


def make_console(*, err: bool = False) -> Console:
    """A console that takes texts as they are: no markup, no guesses at highlighting."""
    return Console(stderr=err, markup=False, highlight=False, emoji=False, soft_wrap=True)


class Terminal:
    """Where outcomes are shown: results on stdout, progress and errors on stderr."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self._as_json = as_json
        self._quiet = quiet
        self._results = make_console()
        self._errors = make_console(err=True)

    def progress(self, label: str) -> AbstractContextManager[ProgressCallback]:
        """A progress bar on a terminal, nothing elsewhere."""
        shown = self._errors.is_terminal and not self._quiet
        return clip_progress(self._errors, label, shown=shown)

    def show(self, outcome: Outcome) -> None:
        """Show what became of one clip."""
        if self._as_json:
            self._results.print(json_line(outcome))
        if outcome.result is not None and not (self._as_json or self._quiet):
            show_result(self._results, outcome, outcome.result)
        if outcome.error is not None:
            self._errors.print(failure_line(outcome))

    def close(self, *, clips: int, failed: int, passed_over: int) -> None:
        """Say how many files there were, and what the results are not for."""
        if not clips and not self._quiet:
            self._errors.print("No clip was found.")
        if passed_over and not self._quiet:
            words = (
                "file that is no clip was" if passed_over == 1 else "files that are no clips were"
            )
            self._errors.print(f"{passed_over} {words} passed over.")
        if clips > 1 and not self._quiet:
            self._errors.print(f"{clips} clips: {clips - failed} done, {failed} failed.")
        if failed < clips and not (self._as_json or self._quiet):
            self._results.print(DISCLAIMER)


def plain(text: str) -> str:
    """A text without control characters and terminal escapes."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def show_result(console: Console, outcome: Outcome, result: Result) -> None:
    """Print one clip: table of regions, findings, times, warnings, files."""
    console.print(plain(outcome.clip.name), style="bold")
    console.print(_table(result))
    for region, sentence in _worth_saying(result).items():
        console.print(plain(f"{region}: {sentence}"))
    said = (
        places_words(result),
        not_counted(result),
        miss_words(result),
        outline_words(result.regions),
        _named_by(result.shown),
    )
    for line in (_times(result), *said):
        if line:
            console.print(plain(line))
    for warning in (*result.warnings, *outcome.notes):
        console.print(f"Note: {plain(warning)}", style="yellow")
    if outcome.files:
        console.print(f"Written: {', '.join(_file_words(outcome.files))}", style="dim")
    console.print()


def _named_by(shown: Shown | None) -> str:
    """Muscle and side where the user did not say them; what was said needs no echo."""
    if shown is None or {shown.muscle_origin, shown.side_origin} <= {"user", None}:
        return ""
    return f"The clip shows: {shown_words(shown)}."


def _file_words(files: Sequence[Path]) -> Iterator[str]:
    """Files by name, but animations, of which there may be a hundred, by number."""
    loops = [path for path in files if path.suffix == ".webp"]
    yield from (plain(str(path)) for path in files if path not in loops)
    if loops:
        more = f" to {plain(loops[-1].name)}" if len(loops) > 1 else ""
        yield f"{plain(str(loops[0]))}{more}"


def failure_line(outcome: Outcome) -> str:
    """``CODE: sentence (clip).`` for stderr."""
    assert outcome.error is not None
    return error_line(outcome.error, outcome.clip.name)


def error_line(error: UsfascError, of: str) -> str:
    """``CODE: sentence (what it is of).`` for stderr."""
    return f"{error.code}: {error.sentence.rstrip('.')} ({plain(of)})."


def json_line(outcome: Outcome) -> str:
    """One JSON object of one clip, its error included."""
    line: dict[str, object] = {"clip": outcome.clip.name}
    if outcome.error is not None:
        line |= {"code": str(outcome.error.code), "error": outcome.error.sentence}
    if outcome.result is not None:
        # The same figures as in the file, to the digit.
        summaries = as_written(outcome.result).model_dump(mode="json")["summaries"]
        line |= {
            "sha256": outcome.result.source.sha256,
            "summaries": summaries,
            "findings": findings(outcome.result),
            "warnings": [*outcome.result.warnings, *outcome.notes],
            "files": [str(path) for path in outcome.files],
        }
        if outcome.result.shown is not None:
            line["shown"] = outcome.result.shown.model_dump(mode="json")
        if outcome.result.review is not None:
            line["review"] = outcome.result.review.model_dump(mode="json")
    return json.dumps(line | {"disclaimer": DISCLAIMER})


@contextmanager
def clip_progress(console: Console, label: str, *, shown: bool) -> Iterator[ProgressCallback]:
    """A progress bar that appears only once the work has taken two seconds.

    Yields
    ------
    callable
        To be called with frames done and frames in all.
    """
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
    task = bar.add_task(plain(label), total=None)
    begun_s = monotonic()

    def report(done: int, total: int) -> None:
        if not shown or monotonic() - begun_s < _PATIENCE_S:
            return
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield report
    finally:
        # Stopping a bar that never appeared prints an empty line.
        if bar.live.is_started:
            bar.stop()


def _table(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("Region", overflow="fold")
    for heading in ("Count", "Assessable", "Per min", "95 % CI"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for summary in told(result):
        words = summary.status.value.replace("_", " ")
        table.add_row(
            plain(region_words(summary.region)),
            *_numbers(summary),
            words,
            style=_STYLES[summary.status],
        )
    return table


def _numbers(summary: RegionSummary) -> tuple[str, str, str, str]:
    count, time = count_words(summary), f"{summary.assessable_s:.1f} s"
    if summary.rate_per_min is None:
        return count, time, "-", "-"
    interval = f"{summary.rate_low:.1f}-{summary.rate_high:.1f}"
    return count, time, f"{summary.rate_per_min:.1f}", interval


def _worth_saying(result: Result) -> dict[str, str]:
    sentences = findings(result)
    return {region_words(s.region): sentences[s.region] for s in told(result)}


def _times(result: Result) -> str:
    onsets = [f"{event.onset_s:.2f}" for event in counted_in(WHOLE_IMAGE, result.events)]
    if not onsets:
        return ""
    more = f" and {len(onsets) - _MOST_TIMES} more" if len(onsets) > _MOST_TIMES else ""
    return f"Twitches at {', '.join(onsets[:_MOST_TIMES])}{more} s."
