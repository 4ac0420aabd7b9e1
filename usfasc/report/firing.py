"""The page of how a muscle fires: where most, at which sites, how regularly.

It follows the overview, and like it shows the B-mode area only.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from usfasc.model import WHOLE_IMAGE, Cine, Kind, Result, Status
from usfasc.regions.counting import counted_in, spans_of
from usfasc.report import style
from usfasc.report.page import CONTENT, FOOT, MARGIN, WIDTH, Page
from usfasc.report.sentences import told
from usfasc.report.view import View, view_of
from usfasc.rules.wording import finding_sentence

if TYPE_CHECKING:
    from usfasc.report.firing_footage import FiringFootage

_TOP: Final = 1.3
_ROW_INCHES: Final = 0.25
_BELOW_ROWS: Final = 0.74
_MOST_ROWS_INCHES: Final = 2.4
_WIDEST_MAP: Final = 0.44
_STRIP_GAP: Final = 0.42
_COLOUR_BAR: Final = 0.12
_COURSE_INCHES: Final = 1.35
_COURSE_GAP: Final = 0.45


def write_firing(path: Path, cine: Cine, result: Result) -> None:
    """Draw the page of firing sites and write it; the same result gives the same bytes.

    Parameters
    ----------
    path
        ``<stem>.firing.png``.
    cine
        The clip; some ten seconds of it are decoded.
    result
        What was found in it.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    view = view_of(cine)
    with style.page_style():
        draw_firing(cine, view, result).write(path)


def draw_firing(cine: Cine, view: View, result: Result) -> Page:
    """The page: what the sites say, density map, strips of the busiest sites, rows of all."""
    from usfasc.report.firing_footage import collect_firing
    from usfasc.report.firing_rows import (
        LABEL_INCHES,
        RHYTHM_INCHES,
        draw_firing_rows,
        firing_rows,
    )

    page = Page()
    top = max(page.title(firing_words(result), result.review) + 0.5, _TOP)
    rows = len(firing_rows(result))
    height = min(max(rows, 1) * _ROW_INCHES, _MOST_ROWS_INCHES)
    foot = FOOT - _BELOW_ROWS - height
    span = (top, foot - 0.85)
    footage = collect_firing(cine, view, result)
    strips = _draw_map(page, span, footage, (cine, view, result))
    _draw_strips(page, span, strips, footage, result)
    left = MARGIN + LABEL_INCHES
    axes = page.axes(left, foot, WIDTH - MARGIN - RHYTHM_INCHES - left, height)
    draw_firing_rows(axes, result, cine.duration_s or 0.0)
    page.foot(_notes(result))
    return page


def firing_words(result: Result) -> str:
    """What the sites of the whole image say, in one or two sentences."""
    counted = counted_in(WHOLE_IMAGE, result.events)
    trains = sum(event.kind is Kind.TRAIN for event in result.events)
    if not counted and not trains:
        whole = told(result)[-1]
        if whole.status is Status.NOT_ASSESSABLE:
            return finding_sentence(whole, spans_of(whole.region, result.assessable))
        return "No twitch was counted and no train seen."
    of_sites = [event.site for event in counted if event.site is not None]
    parts = []
    if counted and not of_sites:
        twitches = f"{len(counted)} twitch{'' if len(counted) == 1 else 'es'}"
        parts.append(f"{twitches} counted; no place twitched more than once.")
    elif counted:
        number = len(set(of_sites))
        sites = f"{number} site{' that recurs' if number == 1 else 's that recur'}"
        parts.append(f"{len(of_sites)} of {len(counted)} twitches come from {sites}.")
    if trains:
        parts.append(f"{trains} train{'' if trains == 1 else 's'}, not counted as fasciculations.")
    return " ".join(parts)


def _draw_map(
    page: Page,
    span: tuple[float, float],
    footage: FiringFootage,
    shown: tuple[Cine, View, Result],
) -> float:
    """The density on the mean picture with its colour bar; where the strips may begin."""
    from usfasc.report.density import densities, draw_density, mark_sites
    from usfasc.report.where import draw_line, draw_regions, rule, show_frame

    cine, view, result = shown
    left, height = MARGIN + 0.42, span[1] - span[0]
    x0, y0, x1, y1 = view.box
    width = min(height * (x1 - x0) / ((y1 - y0) * view.aspect), _WIDEST_MAP * CONTENT)
    drawn = width * (y1 - y0) * view.aspect / (x1 - x0)
    axes = page.axes(left, span[0], width, drawn)
    show_frame(axes, footage.mean, view)
    draw_regions(axes, result.regions)
    maps, known = densities(result)
    if maps:
        bar = page.figure.colorbar(
            draw_density(axes, maps, view, known=known),
            cax=page.axes(left + width + 0.1, span[0], _COLOUR_BAR, drawn),
        )
        bar.set_label("per mm² per min" if known else "relative to the most", size=style.TINY)
        bar.ax.tick_params(labelsize=style.TINY, length=2)
        bar.outline.set_visible(False)
    mark_sites(axes, result.sites, result.events)
    rule(axes, cine, view)
    for line in footage.lines:
        draw_line(axes, line)
    axes.set_title("Density of twitches, on the mean picture" if maps else "Mean picture")
    return left + width + 1.35


def _draw_strips(
    page: Page, span: tuple[float, float], left: float, footage: FiringFootage, result: Result
) -> None:
    """The busiest sites one below the other: M-mode strip, and mean course where known."""
    from usfasc.report.firing_strips import draw_mean_course, draw_site_strip

    if not footage.sites:
        _draw_single(page, span, left, result)
        return
    count = len(footage.sites)
    height = (span[1] - span[0] + _STRIP_GAP) / count - _STRIP_GAP
    courses = any(event.course is not None for event in result.events)
    told = [number for number, site in enumerate(footage.sites) if site.course is not None]
    width = WIDTH - MARGIN - left - (_COURSE_INCHES + _COURSE_GAP if courses else 0.0)
    for number, site in enumerate(footage.sites):
        top, last = span[0] + number * (height + _STRIP_GAP), number == count - 1
        own = [event for event in result.events if event.site == site.site]
        draw_site_strip(page.axes(left, top, width, height), footage, number, own, last=last)
        if courses:
            beside = page.axes(left + width + _COURSE_GAP, top, _COURSE_INCHES, height)
            draw_mean_course(beside, site, own, last=number == max(told, default=-1))


def _draw_single(page: Page, span: tuple[float, float], left: float, result: Result) -> None:
    """Of twitches whose places fired but once the course of each, where a scale tells it."""
    from usfasc.report.firing_strips import draw_courses

    counted = counted_in(WHOLE_IMAGE, result.events)
    if any(event.course is not None for event in counted):
        width, height = WIDTH - MARGIN - left, span[1] - span[0]
        draw_courses(page.axes(left, span[0], width, height), counted)
    elif counted:
        page.text(left, span[0], "How far each twitch moved is not known.", color=style.MUTED)


def _notes(result: Result) -> str:
    """How to read the page, and what regions do at one moment."""
    from usfasc.describe.rhythm import DOUBLET_S, FEWEST_INTERVALS, TOGETHER_S

    notes = [
        "Dot: a twitch. A site is a place that recurs with one movement. Regular: as even as"
        f" random firing is less than once in 100; told from {FEWEST_INTERVALS} intervals on."
        f" An interval that holds unjudged time is left out. Doublet: within {DOUBLET_S:g} s."
    ]
    notes += [
        f"{one} and {other} twitch within {TOGETHER_S:g} s of each other {_times(each.pairs)}"
        f" ({each.expected:.1f} expected by chance)."
        for each in result.coincidences
        for one, other in [each.regions]
        if each.pairs
    ]
    return " ".join(notes)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
