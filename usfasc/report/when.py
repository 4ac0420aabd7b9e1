"""When: events over time, one row a region, and what could not be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Event, Kind, Result
from usfasc.regions.counting import counted_in, spans_of
from usfasc.report import style
from usfasc.report.letters import cut, width_of
from usfasc.report.sentences import kind_words

OUTSIDE: Final = "outside regions"
"""Name of the row of twitches that lie in no region."""
OTHER: Final = "not counted"
"""Name of the row of movements of other kinds."""
LABEL_INCHES: Final = 2.15
"""Room that the names of the rows take on their left."""

_NUMBERED_APART = 1.25
"""Least distance of two numbers, as a multiple of their width."""

Row = tuple[str, tuple[AssessableSpan, ...]]


def draw_raster(axes: Axes, result: Result, duration_s: float, *, numbered: bool = True) -> None:
    """Events over time, one row a region; grey where nothing could be judged, and why."""
    rows = raster_rows(result)
    axes.set(xlim=(0, duration_s), ylim=(max(len(rows), 1) - 0.5, -0.5), xlabel="Time (s)")
    names = [name for name, _ in rows]
    looks = {r.name: style.region_look(n)[0] for n, r in enumerate(result.regions)}
    for number, (name, spans) in enumerate(rows):
        for span in spans:
            if span.reason is not None:
                grey_out(axes, span, number, "" if name == OTHER else span.reason)
        if name != OTHER:
            events = _events_of(name, result)
            _strokes(axes, events, number, looks.get(name, style.INK), numbered=numbered)
    others = [e for e in result.events if e.kind is not Kind.FASCICULATION]
    if others:
        _marks(axes, others, names.index(OTHER))
    labels = [
        f"{cut(name, _label_points(), style.SMALL)}: {_count(name, result)}" for name in names
    ]
    axes.set_yticks(range(len(rows)), labels)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    _explain(axes, others, grey=any(span.reason for _, spans in rows for span in spans))


def raster_rows(result: Result) -> list[Row]:
    """Names of the raster's rows, each with the spans that are greyed in it."""
    shown = result.regions[: style.MOST_REGIONS]
    rows: list[Row] = [(r.name, spans_of(r.name, result.assessable)) for r in shown]
    whole = spans_of(WHOLE_IMAGE, result.assessable)
    if _events_of(OUTSIDE, result):
        rows.append((OUTSIDE, whole))
    if any(event.kind is not Kind.FASCICULATION for event in result.events):
        rows.append((OTHER, whole))
    return rows


def _events_of(name: str, result: Result) -> Sequence[Event]:
    """Counted twitches of a row."""
    return counted_in("" if name == OUTSIDE else name, result.events)


def _count(name: str, result: Result) -> int:
    if name == OTHER:
        return sum(event.kind is not Kind.FASCICULATION for event in result.events)
    return len(_events_of(name, result))


def _label_points() -> float:
    return LABEL_INCHES * 72 - width_of(": 000", style.SMALL)


def grey_out(
    axes: Axes, span: AssessableSpan, row: float, words: str, height: float = 0.88
) -> None:
    """A stretch of one row, or of several about it, in which nothing could be judged."""
    width_s = span.stop_s - span.start_s
    look: style.Look = {"fc": style.PALE, "ec": "#bcbcbc", "hatch": "////", "lw": 0}
    axes.add_patch(Rectangle((span.start_s, row - height / 2), width_s, height, **look))
    if width_of(words, style.TINY) * 1.1 <= width_s * _points_a_s(axes):
        middle_s = (span.start_s + span.stop_s) / 2
        box = {"fc": "white", "ec": "none", "pad": 1}
        axes.text(middle_s, row, words, ha="center", va="center", size=style.TINY, bbox=box)


def _strokes(axes: Axes, events: Sequence[Event], row: int, colour: str, *, numbered: bool) -> None:
    """One stroke a twitch, with its number where the next one leaves room for it."""
    low, high = (row + 0.42, row - 0.02) if numbered else (row + 0.4, row - 0.4)
    axes.vlines([e.onset_s for e in events], low, high, color=colour, lw=2.2)
    taken_s = float("-inf")
    for event in sorted(events, key=lambda e: e.onset_s) if numbered else ():
        half_s = width_of(str(event.event), style.TINY) * _NUMBERED_APART / 2 / _points_a_s(axes)
        if event.onset_s - half_s >= taken_s:
            words = str(event.event)
            axes.text(event.onset_s, row - 0.06, words, ha="center", va="bottom", size=style.TINY)
            taken_s = event.onset_s + half_s


def _marks(axes: Axes, events: Sequence[Event], row: int) -> None:
    for event in events:
        look: style.Look = {"color": style.MUTED, "ms": 5.5, "mfc": "none"}
        axes.plot(event.onset_s, row, style.MARKERS[event.kind], **look)
        if event.kind is Kind.TRAIN:
            axes.hlines(row, event.onset_s, event.offset_s, color=style.MUTED, lw=2)


def _points_a_s(axes: Axes) -> float:
    start_s, stop_s = axes.get_xlim()
    return style.points_wide(axes) / (stop_s - start_s)


def _explain(axes: Axes, others: Sequence[Event], *, grey: bool) -> None:
    """What each mark stands for, above the rows."""
    stroke = Line2D([], [], color=style.INK, marker="|", ms=9, mew=2.2, ls="none")
    marks: list[tuple[Line2D | Patch, str]] = [(stroke, "twitch, at its onset")]
    for kind in sorted({event.kind for event in others}):
        look: style.Look = {"color": style.MUTED, "ms": 5.5, "mfc": "none", "ls": "none"}
        marks.append((Line2D([], [], marker=style.MARKERS[kind], **look), kind_words(kind)))
    if grey:
        patch = Patch(fc=style.PALE, ec="#bcbcbc", hatch="////", lw=0)
        marks.append((patch, "not judged"))
    axes.set_title("When")
    axes.legend(
        *zip(*marks, strict=True),
        loc="lower right",
        bbox_to_anchor=(1, 0.99),
        ncols=len(marks),
        frameon=False,
        fontsize=style.TINY,
        borderaxespad=0.1,
        handletextpad=0.3,
        columnspacing=1.2,
    )
