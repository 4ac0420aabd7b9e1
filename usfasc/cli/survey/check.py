"""``usfasc survey check``: what is wrong with a survey's table, row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options

if TYPE_CHECKING:
    from usfasc.survey.check import Checked, Finding


def check(
    manifest: Annotated[
        Path, typer.Argument(metavar="SURVEY.CSV", help="The survey's table.", show_default=False)
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a row, column and line, for machines.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Tell what is wrong with a survey's table, row by row.

    Rows count from 1 below the header. An error is what a run would fail at; a
    warning is what you should know. With errors the exit code is 1.

    Headers of DICOM clips are read, frames are not; of videos only the beginning.
    """
    from usfasc.cli.show import clip_progress, make_console
    from usfasc.survey.check import check_manifest

    console = make_console(err=True)
    shown = console.is_terminal and not (quiet or as_json)
    with clip_progress(console, "looking at the clips", shown=shown) as progress:
        checked = check_manifest(manifest, progress)
    if as_json:
        for finding in checked.findings:
            make_console().print(json.dumps(finding.model_dump()))
    else:
        _show(checked, manifest, quiet=quiet)
    if checked.errors:
        raise typer.Exit(1)


def _show(checked: Checked, manifest: Path, *, quiet: bool) -> None:
    from usfasc.cli.show import make_console, plain

    console = make_console()
    for level in ("error", "warning"):
        if quiet and level == "warning":
            continue
        for line in _lines(each for each in checked.findings if each.level == level):
            console.print(f"{level}: {plain(line)}", style="red" if level == "error" else "yellow")
    warnings = len(checked.findings) - checked.errors
    if not quiet:
        console.print(f"Rows: {checked.rows}. Errors: {checked.errors}. Warnings: {warnings}.")
        if not checked.errors:
            console.print(f"Next: usfasc survey run {plain(str(manifest))} --out survey")


def _lines(findings: Iterable[Finding]) -> Iterable[str]:
    """One line for each thing that is wrong, with all rows that it is of."""
    rows: dict[tuple[str, str], list[int]] = {}
    for finding in findings:
        rows.setdefault((finding.column, finding.sentence), []).append(finding.row)
    for (column, sentence), numbers in rows.items():
        where = f"{row_words(numbers)}, {column}" if numbers != [0] else f"column {column}"
        yield f"{where}: {sentence}."


def row_words(numbers: list[int]) -> str:
    """Numbers of rows, those that follow each other as a range: "rows 1-3, 7"."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][-1] + 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    told = ", ".join("-".join(map(str, each)) for each in ranges)
    return f"{'row' if len(numbers) == 1 else 'rows'} {told}"
