"""When each site fires: one row a site with its rhythm in words, trains as bars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from usfasc.model import WHOLE_IMAGE, Event, Kind, Result, Site
from usfasc.regions.counting import counted_in, spans_of
from usfasc.report import style
from usfasc.report.letters import cut
from usfasc.report.when import grey_out

MOST_ROWS: Final = 8
LABEL_INCHES: Final = 2.3
"""Room for the names of the rows on their left."""
RHYTHM_INCHES: Final = 3.2
"""Room for the rhythms on their right."""


class Row(NamedTuple):
    """One row: what fired, and the region whose time is greyed in it where it was not judged."""

    name: str
    rhythm: str
    events: tuple[Event, ...]
    region: str


def firing_rows(result: Result) -> list[Row]:
    """The rows: the busiest sites, then what fired but once, then each region.

    Where nothing fired one empty row is left: it shows what time was judged.
    """
    rows = [_site_row(site, result) for site in result.sites[:MOST_ROWS]]
    rest = [site.site for site in result.sites[MOST_ROWS:]]
    if rest:
        more = tuple(event for event in result.events if event.site in rest)
        rows.append(Row(f"{len(rest)} more sites: {len(more)}", "", more, WHOLE_IMAGE))
    single = [e for e in result.events if e.kind is Kind.FASCICULATION and e.site is None]
    if single:
        rows.append(Row(f"once in a place: {len(single)}", "", tuple(single), WHOLE_IMAGE))
    rows += _region_rows(result)
    return rows or [Row("all: 0", "", (), WHOLE_IMAGE)]


def _site_row(site: Site, result: Result) -> Row:
    events = tuple(event for event in result.events if event.site == site.site)
    trains = [event for event in events if event.kind is Kind.TRAIN]
    # Trains first: what comes last may be cut off.
    words = [_train_words(trains)] if trains else []
    words += [site.rhythm.label] if len(events) > len(trains) else []
    words += [_doublets(site.rhythm.doublets)] if site.rhythm.doublets else []
    where = f" ({site.region})" if site.region and len(result.regions) > 1 else ""
    name = f"{site.site}{where}: {len(events) - len(trains)}"
    return Row(name, "; ".join(words), events, site.region or WHOLE_IMAGE)


def _region_rows(result: Result) -> Iterator[Row]:
    """One row a region of several; the whole image, where there are none."""
    for summary in result.summaries:
        if summary.rhythm is not None and (
            summary.region == WHOLE_IMAGE or len(result.regions) > 1
        ):
            name = "all" if summary.region == WHOLE_IMAGE else summary.region
            events = counted_in(summary.region, result.events)
            yield Row(f"{name}: {len(events)}", summary.rhythm.label, events, summary.region)


def _doublets(count: int) -> str:
    return f"{count} doublet{'' if count == 1 else 's'}"


def _train_words(trains: Sequence[Event]) -> str:
    rates = [event.train_hz for event in trains if event.train_hz is not None]
    number = f"{len(trains)} train{'' if len(trains) == 1 else 's'}"
    if not rates:
        return number
    low, high = f"{min(rates):.1f}", f"{max(rates):.1f}"
    return f"{number} of {low if low == high else f'{low}-{high}'} Hz"


def draw_firing_rows(axes: Axes, result: Result, duration_s: float) -> None:
    """Strokes for twitches, bars for trains; grey where nothing could be judged."""
    rows = firing_rows(result)
    axes.set(xlim=(0, duration_s), ylim=(max(len(rows), 1) - 0.5, -0.5), xlabel="Time (s)")
    for number, row in enumerate(rows):
        for span in spans_of(row.region, result.assessable):
            if span.reason is not None:
                grey_out(axes, span, number, "", height=1)
        _strokes(axes, [e for e in row.events if e.kind is Kind.FASCICULATION], number)
        for event in row.events:
            if event.kind is Kind.TRAIN:
                _bar(axes, event, number)
        words = cut(row.rhythm, RHYTHM_INCHES * 72 - 8, style.SMALL)
        at_row = axes.get_yaxis_transform()
        axes.text(1.01, number, words, transform=at_row, va="center", size=style.SMALL)
    points = LABEL_INCHES * 72 - 10
    axes.set_yticks(range(len(rows)), [cut(row.name, points, style.SMALL) for row in rows])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title("When each site fires: strokes are twitches, bars are trains")


def _strokes(axes: Axes, events: Sequence[Event], row: int) -> None:
    onsets_s = [event.onset_s for event in events]
    axes.vlines(onsets_s, row + 0.36, row - 0.36, color=style.INK, lw=1.6)


def _bar(axes: Axes, event: Event, row: int) -> None:
    width_s = event.offset_s - event.onset_s
    axes.add_patch(Rectangle((event.onset_s, row - 0.22), width_s, 0.44, fc=style.BANNER, lw=0))
