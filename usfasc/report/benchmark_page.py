"""The benchmark as one page: tables, curves, and what each kind of case is.

The page holds its pictures, runs no script and loads nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from usfasc.benchmark.figures import Chapter, Figure, Table
from usfasc.benchmark.run import Report, clip_rows
from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER
from usfasc.provenance import engine, parameters_digest
from usfasc.report.benchmark_plots import breakdown_plot, operating_plot, reliability_plot
from usfasc.report.html import Filters, data_address, environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture with its words."""

    svg: bytes
    caption: str

    @property
    def source(self) -> str:
        """The picture as an address that holds it."""
        return data_address(self.svg, "image/svg+xml")


def write_benchmark_page(path: Path, report: Report) -> None:
    """Write the page.

    Parameters
    ----------
    path
        An HTML file.
    report
        What the benchmark found.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    write_atomically(path, benchmark_page(report).encode())


def benchmark_page(report: Report) -> str:
    """The page's HTML."""
    template = environment(_FILTERS).get_template("benchmark.html.j2")
    return template.render(
        rows_by_heading=_rows_by_heading,
        report=report,
        chapters=[(chapter, list(_plots(chapter))) for chapter in report.chapters],
        clips=clip_rows(report.shown),
        engine=engine(),
        digest=parameters_digest(report.order.parameters),
        disclaimer=DISCLAIMER,
    )


def _plots(chapter: Chapter) -> Iterator[Plot]:
    if chapter.curves:
        yield Plot(
            svg=operating_plot(chapter.curves),
            caption="Operating curves: recall and F1 against false alarms a minute as each "
            "method's threshold moves. Marked are the thresholds that usfasc comes with.",
        )
    if any(each.movements for each in chapter.reliabilities):
        yield Plot(
            svg=reliability_plot(chapter.reliabilities),
            caption="Reliability of the score: of the listed movements in ten bins of equally "
            "many, the share that is true against the mean score. On the dotted line the score "
            "is a probability. Right: expected calibration error with its 95 % interval.",
        )
    for table in chapter.tables:
        if table.drawn and table.figures:
            yield Plot(
                svg=breakdown_plot(table),
                caption="Recall by what a twitch is and what shows it. Filled: twitches with no "
                "other within 0.5 s and 8 mm; open: all. Lines: 95 % intervals over clips.",
            )


def _rows_by_heading(table: Table) -> list[tuple[str, list[Any]]]:
    return [(name, list(rows)) for name, rows in groupby(table.rows, lambda row: row.under)]


def _words(text: str) -> str:
    """Words with the signs that a page can show."""
    return text.replace(">=", "≥").replace("<=", "≤")


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, int):
        return str(value)
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{figure.low:.2f} to {figure.high:.2f}"


def _bar(figure: Figure) -> str:
    if figure.at_least is not None:
        return f"≥ {figure.at_least:g}"
    return f"≤ {figure.at_most:g}" if figure.at_most is not None else ""


def _sign(figure: Figure) -> str:
    """Whether the bar is reached, for readers who tell no green from red."""
    return {True: "✓", False: "✗", None: ""}[figure.met]


_FILTERS: Final[Filters] = {
    "number": _number,
    "interval": _interval,
    "bar": _bar,
    "sign": _sign,
    "words": _words,
}
