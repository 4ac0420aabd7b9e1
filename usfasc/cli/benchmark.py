"""``usfasc benchmark``: the figures, and what was to be reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options
from usfasc.errors import Code, UsageError

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from usfasc.benchmark.figures import Figure, Table
    from usfasc.benchmark.judge import Done
    from usfasc.benchmark.run import Report


class SplitName(StrEnum):
    """Which seeds: ``dev`` may be looked at clip by clip, ``test`` never."""

    DEV = "dev"
    TEST = "test"


def benchmark(
    quick: Annotated[
        bool, typer.Option("--quick/--full", help="Fewer implants, no 10 min clip.")
    ] = True,
    split: Annotated[
        SplitName, typer.Option("--split", help="dev: for development, with a row a clip.")
    ] = SplitName.TEST,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="SECTION,...",
            help="phantom, negatives, metamorphic, real, implants, speed.",
            show_default=False,
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            metavar="FOLDER",
            help="Folder of the real clips (also: USFASC_SHARED_DATA).",
            show_default=False,
        ),
    ] = None,
    baselines: Annotated[
        str | None,
        typer.Option(
            "--baselines",
            metavar="METHOD,...",
            help="Methods beside ours: differencing, gmm, gmm-shipped, klt, blocks, farneback, "
            "all or none.  [default: differencing in --quick, all in --full]",
            show_default=False,
        ),
    ] = None,
    cases: Annotated[
        Path | None,
        typer.Option(
            "--cases",
            metavar="FOLDER",
            help="Your own clips with <clip>.truth.csv beside them; without --only, these alone.",
            show_default=False,
        ),
    ] = None,
    frame_rate: options.FrameRate = None,
    spacing: options.Spacing = None,
    depth: options.Depth = None,
    bmode: options.BmodeBox = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, max=64, help="Processes side by side.")
    ] = 2,
    train_file: Annotated[
        Path | None,
        typer.Option(
            "--train",
            metavar="FILE",
            help="Train the score on development seeds and write its table; measures nothing.",
            show_default=False,
        ),
    ] = None,
    json_file: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="Write all figures.", show_default=False),
    ] = None,
) -> None:
    """Measure the detector on phantoms, implants and real clips.

    The first run makes its cases (several minutes); they are kept in the user's
    cache folder, or in that named by USFASC_CACHE. Figures are quoted on test seeds.

    Examples:

      usfasc benchmark --quick --data clips/
      usfasc benchmark --only phantom --split dev
      usfasc benchmark --cases my-clips/ --depth-mm 40 --baselines all
    """
    from usfasc.benchmark.run import Order, run
    from usfasc.cli.show import make_console
    from usfasc.model import Reading

    if train_file is not None:
        _train(train_file, data, workers)
        return
    order = Order(
        split=split.value,
        quick=quick,
        only=_sections(only, cases),
        data=data,
        workers=workers,
        baselines=_methods(baselines, quick),
        cases=cases,
        reading=Reading(
            frame_rate_hz=frame_rate,
            spacing_mm=options.parse_spacing(spacing),
            depth_mm=depth,
            bmode=options.parse_box(bmode),
        ),
    )
    with _progress() as done:
        report = run(order, done)
    console = make_console()
    for table in report.tables:
        console.print(_rich(table), soft_wrap=False)
    if report.shown:
        console.print(_rich_clips(report), soft_wrap=False)
    if json_file is not None:
        _write(json_file, report)


def _train(file: Path, data: Path | None, workers: int) -> None:
    from usfasc.benchmark.beds import data_folder
    from usfasc.benchmark.fitting import train, write_table
    from usfasc.benchmark.judge import side_by_side
    from usfasc.benchmark.training import gather, training_recipes

    recipes = training_recipes(data_folder(data))
    with _progress() as done:
        rows = side_by_side(gather, recipes, workers=workers, done=done)
    write_table(train(rows), file)


def _sections(only: str | None, cases: Path | None) -> tuple[str, ...]:
    from usfasc.benchmark.run import ALL

    if only is None:
        return ALL if cases is None else ()
    return _words("--only", only, ALL)


def _methods(asked: str | None, quick: bool) -> tuple[str, ...]:
    from usfasc.benchmark.baselines import DIFFERENCING, METHODS

    named = {"all": tuple(METHODS), "none": ()}
    if asked is None:
        return (DIFFERENCING.key,) if quick else named["all"]
    return named[asked] if asked in named else _words("--baselines", asked, tuple(METHODS))


def _words(option: str, text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(","))
    if not set(words) <= set(known):
        raise UsageError(Code.BAD_USAGE, f"{option} takes {', '.join(known)}.")
    return words


@contextmanager
def _progress() -> Iterator[Done]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from usfasc.cli.show import make_console

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    console = make_console(err=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("cases", total=None)
        yield lambda number, of, name: bar.update(
            task, completed=number, total=of, description=name
        )


def _rich(table: Table) -> RichTable:
    from rich.box import SIMPLE
    from rich.table import Table as RichTable

    shown = RichTable(
        title=table.title, title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False
    )
    shown.add_column("figure", no_wrap=True)
    for heading in ("value", "95 %", "to reach"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("", no_wrap=True)
    for figure in table.figures:
        shown.add_row(
            figure.name,
            _number(figure.value),
            _interval(figure),
            _bar(figure),
            figure.note,
            style={True: "green", False: "red", None: ""}[figure.met],
        )
    return shown


def _rich_clips(report: Report) -> RichTable:
    from rich.box import SIMPLE
    from rich.table import Table as RichTable

    from usfasc.benchmark.run import clip_rows

    rows = clip_rows(report.shown)
    shown = RichTable(title="clips, one by one", title_justify="left", box=SIMPLE, pad_edge=False)
    for heading in rows[0] if rows else ():
        shown.add_column(heading, no_wrap=True, min_width=len(heading))
    for row in rows:
        shown.add_row(*(str(cell) for cell in row.values()))
    return shown


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.2f} - {figure.high:.2f}"


def _bar(figure: Figure) -> str:
    if figure.at_least is not None:
        return f">= {figure.at_least:g}"
    return f"<= {figure.at_most:g}" if figure.at_most is not None else ""


def _write(path: Path, report: Report) -> None:
    import json

    from usfasc.io.write import write_atomically

    write_atomically(path, json.dumps(report.as_json(), indent=1, sort_keys=True).encode() + b"\n")
