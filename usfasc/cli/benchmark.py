"""``usfasc benchmark``: the figures, and what was to be reached."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from usfasc.cli import benchmark_options as its
from usfasc.cli import options, texts
from usfasc.errors import Code, UsageError

if TYPE_CHECKING:
    from usfasc.benchmark.judge import Done
    from usfasc.benchmark.run import Report


def benchmark(
    quick: its.Quick = True,
    split: its.Split = its.SplitName.TEST,
    only: its.Only = None,
    data: its.Data = None,
    baselines: its.Baselines = None,
    cases: its.OwnCases = None,
    frame_rate: options.FrameRate = None,
    spacing: options.Spacing = None,
    depth: options.Depth = None,
    bmode: options.BmodeBox = None,
    workers: its.Workers = 2,
    train_file: its.TrainFile = None,
    train_outlines_file: its.TrainOutlinesFile = None,
    json_file: its.JsonFile = None,
    html_file: its.HtmlFile = None,
) -> None:
    """Measure the detector on phantoms, implants and real clips.

    The first run makes its cases (several minutes); they are kept in the user's
    cache folder, or in that named by USFASC_CACHE. Figures are quoted on test seeds.

    Examples:

      usfasc benchmark --quick --data clips/
      usfasc benchmark --only phantom --split dev
      usfasc benchmark --full --data clips/ --html figures.html
      usfasc benchmark --cases my-clips/ --depth-mm 40 --baselines all
    """
    from usfasc.benchmark.orders import Order
    from usfasc.benchmark.run import run

    if train_file is not None:
        _train(train_file, data, workers)
        return
    if train_outlines_file is not None:
        _train_outlines(train_outlines_file, workers)
        return
    order = Order(
        split=split.value,
        quick=quick,
        only=_sections(only, cases, quick),
        data=data,
        workers=workers,
        baselines=_methods(baselines, quick),
        cases=cases,
        reading=texts.parse_clip(frame_rate, spacing, depth, bmode),
    )
    with _progress() as done:
        report = run(order, done)
    _show(report)
    if json_file is not None:
        _write(json_file, report)
    if html_file is not None:
        from usfasc.report.benchmark_page import write_benchmark_page

        write_benchmark_page(html_file, report)


def _show(report: Report) -> None:
    from usfasc.benchmark.run import clip_rows
    from usfasc.cli.show import make_console
    from usfasc.cli.tables import rich_rows, rich_table
    from usfasc.model import DISCLAIMER

    console = make_console()
    tables = [rich_table(table) for table in report.tables]
    if report.shown:
        tables.append(rich_rows("clips, one by one", clip_rows(report.shown)))
    for table in tables:
        console.print(table, soft_wrap=False)
    console.print(DISCLAIMER)


def _train(file: Path, data: Path | None, workers: int) -> None:
    from usfasc.benchmark.beds import data_folder
    from usfasc.benchmark.fitting import train, write_forests
    from usfasc.benchmark.judge import side_by_side
    from usfasc.benchmark.kept_rows import kept_rows
    from usfasc.benchmark.training import training_recipes

    recipes = training_recipes(data_folder(data))
    with _progress() as done:
        rows = side_by_side(kept_rows, recipes, workers=workers, done=done)
    write_forests(train(rows), file)


def _train_outlines(file: Path, workers: int) -> None:
    from usfasc.benchmark.outline_fitting import train_judges, write_judges

    with _progress() as done:
        judges = train_judges(workers=workers, done=done)
    write_judges(judges, file)


def _sections(only: str | None, cases: Path | None, quick: bool) -> tuple[str, ...]:
    from usfasc.benchmark.orders import QUICK, SECTIONS

    if only is not None:
        return _words("--only", only, SECTIONS)
    if cases is not None:
        return ()
    return QUICK if quick else SECTIONS


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


def _write(path: Path, report: Report) -> None:
    import json

    from usfasc.io.write import write_atomically

    write_atomically(path, json.dumps(report.as_json(), indent=1, sort_keys=True).encode() + b"\n")
