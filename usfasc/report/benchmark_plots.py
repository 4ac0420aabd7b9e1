"""Plots of the benchmark page, each as the bytes of an SVG image."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from usfasc.benchmark.calibration import Reliability
from usfasc.benchmark.figures import Row, Table
from usfasc.benchmark.operating import OperatingCurve
from usfasc.report import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_OURS: Final = "#0072B2"
_OTHERS: Final = ("#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", style.MUTED)
_SHAPES: Final = ("s", "^", "D", "v", "P", "X")
_MARK_WORDS: Final = {"counts": "default: counts", "screens": "default: lists for review"}
_MARK_SHAPES: Final = {"counts": "o", "screens": "D"}
_WIDTH: Final = 9.6
_ACROSS: Final = 3
_LINEAR_TO: Final = 0.1
"""False alarms a minute up to which the axis is linear, so that 0 is on it."""


def operating_plot(curves: Sequence[OperatingCurve]) -> bytes:
    """Recall, and F1, against false alarms a minute; ours in bold, its thresholds marked."""
    from matplotlib.figure import Figure

    with style.page_style():
        figure = Figure(figsize=(_WIDTH, 4.1), layout="constrained")
        for panel, name in zip(figure.subplots(1, 2), ("recall", "f1"), strict=True):
            for number, curve in enumerate(curves):
                _curve(panel, curve, name, number - 1)
            panel.set_xscale("symlog", linthresh=_LINEAR_TO, linscale=0.5)
            panel.set_xlim(left=0)
            panel.set_xticks([0, 0.1, 1, 10, 100], ["0", "0.1", "1", "10", "100"])
            panel.set_xlabel("false alarms a minute")
            panel.set_ylabel({"f1": "F1"}.get(name, name))
            _unit_axis(panel, "y")
        _legend_below(figure)
        return _svg(figure)


def reliability_plot(reliabilities: Sequence[Reliability]) -> bytes:
    """Share of true movements against their score; on the diagonal the score is right."""
    from matplotlib.figure import Figure

    with style.page_style():
        figure = Figure(figsize=(_WIDTH, 4.1), layout="constrained")
        panel, sizes = figure.subplots(1, 2, width_ratios=(1.2, 1))
        panel.plot((0, 1), (0, 1), color=style.MUTED, ls=":", lw=1)
        for number, each in enumerate(reliabilities):
            look = _look(number - 1)
            scores = [b.score for b in each.bins]
            panel.plot(scores, [b.share_true for b in each.bins], label=each.name, **look)
        panel.set_xlabel("mean score of the bin")
        panel.set_ylabel("share that is true")
        _unit_axis(panel, "x")
        _unit_axis(panel, "y")
        panel.legend(frameon=False, fontsize=style.SMALL, loc="upper left")
        _errors(sizes, reliabilities)
        return _svg(figure)


def breakdown_plot(table: Table) -> bytes:
    """A panel for each heading: recall with its interval, row by row."""
    from matplotlib.figure import Figure

    groups = [(name, list(rows)) for name, rows in groupby(table.rows, lambda row: row.under)]
    down = -(-len(groups) // _ACROSS)
    tallest = max(len(rows) for _, rows in groups)
    with style.page_style():
        size = (_WIDTH, down * (0.7 + 0.27 * tallest))
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(down, _ACROSS, squeeze=False).ravel()
        for panel, (heading, rows) in zip(panels, groups, strict=False):
            _recalls(panel, heading, rows, table.columns)
            panel.set_ylim(tallest - 0.4, -0.6)
        for panel in panels[len(groups) :]:
            panel.axis("off")
        _legend_below(figure, panels[0])
        return _svg(figure)


def _curve(panel: Axes, curve: OperatingCurve, name: str, number: int) -> None:
    rates = [point.false_alarms_per_min for point in curve.points]
    values = [getattr(point, name) for point in curve.points]
    panel.plot(rates, values, label=curve.name, **_look(number))
    for point in curve.points:
        if point.mark:
            panel.plot(
                [point.false_alarms_per_min],
                [getattr(point, name)],
                marker=_MARK_SHAPES[point.mark],
                label=f"{_MARK_WORDS[point.mark]}, score {point.threshold:g}",
                ls="none",
                ms=9,
                mfc="white",
                mec=_OURS,
                mew=2,
                zorder=5,
            )


def _look(number: int) -> style.Look:
    """Of the line of this number; -1 is ours, or all."""
    if number < 0:
        return {"color": _OURS, "lw": 2.4, "marker": "o", "ms": 4, "zorder": 4}
    colour, shape = _OTHERS[number % len(_OTHERS)], _SHAPES[number % len(_SHAPES)]
    return {"color": colour, "lw": 1.1, "marker": shape, "ms": 4}


def _errors(panel: Axes, reliabilities: Sequence[Reliability]) -> None:
    """Expected calibration error of each set, with its interval."""
    for number, each in enumerate(reliabilities):
        value, low, high = each.error
        look = _look(number - 1)
        if low is not None and high is not None:
            panel.plot((low, high), (number, number), color=look["color"], lw=1.5)
        if value is not None:
            panel.plot([value], [number], color=look["color"], marker=look["marker"], ms=6)
    names = [f"{each.name} ({each.movements})" for each in reliabilities]
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(len(names) - 0.5, -0.5)
    panel.set_xlim(left=0)
    panel.locator_params(axis="x", nbins=5)
    panel.set_xlabel("expected calibration error (movements)")
    panel.grid(axis="x", color=style.PALE)


def _recalls(panel: Axes, heading: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    for side, column in enumerate(columns):
        first = side == 0
        look: style.Look = {
            "color": _OURS if first else style.MUTED,
            "marker": "o",
            "mfc": _OURS if first else "white",
        }
        label: str | None = column
        for place, row in enumerate(rows):
            cell, at = row.cells[column], place + (-0.14 if first else 0.14)
            if cell.low is not None and cell.high is not None:
                panel.plot((cell.low, cell.high), (at, at), color=look["color"], lw=1.3)
            if cell.value is not None:
                panel.plot([cell.value], [at], ls="none", ms=5, label=label, **look)
                label = None
    panel.set_yticks(range(len(rows)), [row.of for row in rows])
    panel.tick_params(axis="y", length=0)
    panel.set_title(heading)
    _unit_axis(panel, "x")


def _unit_axis(panel: Axes, axis: Literal["x", "y"]) -> None:
    """From 0 to 1, with room for marks at the ends."""
    ticks = np.linspace(0, 1, 6 if axis == "y" else 5)
    getattr(panel, f"set_{axis}lim")(-0.03, 1.03)
    getattr(panel, f"set_{axis}ticks")(ticks)
    panel.grid(axis=axis, color=style.PALE)
    panel.set_axisbelow(True)


def _legend_below(figure: Figure, panel: Axes | None = None) -> None:
    handles, labels = (panel or figure.axes[0]).get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", ncols=4, frameon=False, fontsize=style.SMALL
    )


def _svg(figure: Figure) -> bytes:
    """The same figure gives the same bytes."""
    data = io.BytesIO()
    figure.savefig(data, format="svg", metadata={"Date": None, "Creator": None})
    return data.getvalue()
