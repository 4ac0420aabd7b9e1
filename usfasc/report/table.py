"""The table of counts on a page: one row a region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from usfasc.model import RegionSummary, Result
from usfasc.report import style
from usfasc.report.letters import cut
from usfasc.report.page import HEIGHT, MARGIN, WIDTH, Page, line_height
from usfasc.report.sentences import count_words, region_words, status_words, told

_SAMPLE: Final = 0.32
_NAME: Final = 1.7
_COLUMNS: Final = (("Count", 0.5), ("Assessable", 0.9), ("Per min", 0.7), ("95 % CI", 1.0))
_GAP: Final = 0.18


def draw_table(page: Page, top: float, result: Result, *, width: float) -> float:
    """Count, time, rate, interval and status of every region; where the table ends.

    Parameters
    ----------
    page
        Where it is drawn, from the left margin.
    top, width
        In inches.
    result
        What was found.
    """
    _cells(page, top, ("Region", *(name for name, _ in _COLUMNS), "Status"), color=style.MUTED)
    top += line_height(style.BODY) + 0.05
    _rule(page, top - 0.03, width)
    regions = told(result)
    looks = {region.name: style.region_look(n) for n, region in enumerate(result.regions)}
    # The last is the whole: it always has a row.
    shown = [*regions[:-1][: style.MOST_REGIONS], regions[-1]]
    for summary in shown:
        look = looks.get(summary.region)
        if look is not None and len(regions) > 1:
            _sample(page, top, look)
        bold = "bold" if summary is regions[-1] else "normal"
        room = width - _left_of_status()
        _cells(page, top, _row(summary, room), weight=bold)
        top += line_height(style.BODY) + 0.03
    if len(shown) < len(regions):
        words = f"and {len(regions) - len(shown)} more regions, in the result's files"
        top = page.paragraph(
            MARGIN + _SAMPLE, top, words, width=width, size=style.SMALL, color=style.MUTED
        )
    return top


def _row(summary: RegionSummary, room: float) -> Sequence[str]:
    rate = interval = "-"
    if summary.rate_per_min is not None:
        rate = f"{summary.rate_per_min:.1f}"
        interval = f"{summary.rate_low:.1f}-{summary.rate_high:.1f}"
    name = cut(region_words(summary.region), _NAME * 72, style.BODY, bold=True)
    status = cut(status_words(summary), room * 72, style.BODY, bold=True)
    return (
        name,
        count_words(summary),
        f"{summary.assessable_s:.1f} s",
        rate,
        interval,
        status,
    )


def _left_of_status() -> float:
    return _SAMPLE + _NAME + sum(width for _, width in _COLUMNS) + _GAP


def _cells(page: Page, top: float, cells: Sequence[str], **look: str) -> None:
    """One row: the name to the left, numbers to the right of their columns, the status last."""
    name, *numbers, status = cells
    left = MARGIN + _SAMPLE
    page.text(left, top, name, **look)
    left += _NAME
    for (_, width), words in zip(_COLUMNS, numbers, strict=True):
        left += width
        page.text(left, top, words, ha="right", **look)
    page.text(left + _GAP, top, status, **look)


def _sample(page: Page, top: float, look: tuple[str, str]) -> None:
    """A piece of the line that the region is drawn with."""
    _line(page, (MARGIN, MARGIN + _SAMPLE - 0.06), top + 0.08, color=look[0], ls=look[1], lw=2.2)


def _rule(page: Page, top: float, width: float) -> None:
    _line(page, (MARGIN, MARGIN + width), top, color=style.MUTED, lw=0.6)


def _line(page: Page, across: tuple[float, float], top: float, **look: Any) -> None:
    from matplotlib.lines import Line2D

    xs, y = [at / WIDTH for at in across], 1 - top / HEIGHT
    page.figure.add_artist(Line2D(xs, [y, y], **look))
