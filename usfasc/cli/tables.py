"""Tables of figures, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.box import SIMPLE
from rich.table import Table as RichTable
from rich.text import Text

from usfasc.benchmark.figures import Figure, Table

_STYLES = {True: "green", False: "red", None: ""}
_ROOMY, _NARROW = 19, 8
"""Letters of a value with its interval, and without."""


def rich_table(table: Table) -> RichTable:
    """A table as it is laid out."""
    return _wide(table) if table.layout == "wide" else _long(table)


def rich_rows(title: str, rows: Sequence[dict[str, Any]]) -> RichTable:
    """Rows of plain values under the names of the first one."""
    shown = _blank(title)
    for heading in rows[0] if rows else ():
        shown.add_column(heading, no_wrap=True, min_width=len(heading))
    for row in rows:
        shown.add_row(*(str(cell) for cell in row.values()))
    return shown


def _long(table: Table) -> RichTable:
    """A figure a row."""
    shown = _blank(table.title)
    shown.add_column("figure", no_wrap=True)
    for heading, width in (("value", 6), ("95 %", 11), ("to reach", 8)):
        shown.add_column(heading, justify="right", no_wrap=True, min_width=width)
    shown.add_column("", overflow="fold")
    for figure in table.figures:
        words = (figure.name, number(figure.value), interval(figure), bar(figure), figure.note)
        shown.add_row(*words, style=_STYLES[figure.met])
    return shown


def _wide(table: Table) -> RichTable:
    """A column for each name, with intervals where there is room."""
    columns = table.columns
    roomy = _roomy(columns)
    shown = _blank(table.title)
    shown.add_column("", no_wrap=True)
    for name in columns:
        shown.add_column(name, justify="right", min_width=_ROOMY if name in roomy else _NARROW)
    for heading, rows in groupby(table.rows, key=lambda row: row.under):
        if heading:
            shown.add_row(heading, style="italic")
        for row in rows:
            cells = (_cell(row.cells.get(name), name in roomy) for name in columns)
            shown.add_row("  " * bool(heading) + row.of, *cells)
    return shown


def _roomy(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that show intervals: all of three, the ends of five, none of more."""
    if len(columns) <= 3:
        return tuple(columns)
    return (columns[0], columns[-1]) if len(columns) <= 5 else ()


def _cell(figure: Figure | None, roomy: bool) -> Text:
    """A value, with its interval where there is room."""
    if figure is None:
        return Text("")
    said = f" ({interval(figure)})" if roomy and interval(figure) else ""
    return Text(number(figure.value) + said, style=_STYLES[figure.met])


def number(value: float | None) -> str:
    """A value to three figures after the point; counts as they are."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}".rstrip("0").rstrip(".")


def interval(figure: Figure) -> str:
    """The 95 % interval, where there is one."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.2f} - {figure.high:.2f}"


def bar(figure: Figure) -> str:
    """What was to be reached."""
    if figure.at_least is not None:
        return f">= {figure.at_least:g}"
    return f"<= {figure.at_most:g}" if figure.at_most is not None else ""


def _blank(title: str) -> RichTable:
    return RichTable(
        title=title, title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False
    )
