"""The overview page of one result: how many, where, when, how sure, and of what clip.

It shows the B-mode area only: what a scanner prints around it may be a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from usfasc.model import WHOLE_IMAGE, Cine, Result
from usfasc.regions import picture_names
from usfasc.regions.counting import spans_of
from usfasc.report import style
from usfasc.report.clip_lines import file_words, scale_words, time_words
from usfasc.report.page import CONTENT, MARGIN, WIDTH, Page
from usfasc.report.sentences import (
    finding,
    grade_words,
    miss_words,
    not_counted,
    outline_words,
    places_words,
    region_words,
    told,
    vessel_words,
)
from usfasc.report.view import View, view_of
from usfasc.rules.wording import unjudged_reasons, whose_words

if TYPE_CHECKING:
    from usfasc.report.footage import Footage

_ROW_INCHES: Final = 0.27
_LOWEST_ROW: Final = 0.19
_RASTER_INCHES: Final = 1.5
_BELOW_RASTER: Final = 0.48
"""Room for the time axis."""
_MOST_NOTES: Final = 5
"""Lines of notes, before they are cut."""
_TITLE_INCHES: Final = 0.3
_AXIS_INCHES: Final = 0.5
"""Room for an axis: its numbers and its name."""
_WIDEST_IMAGE: Final = 0.6
_FACTS_WIDTH: Final = 3.85


def write_overview(path: Path, cine: Cine, result: Result) -> None:
    """Draw one result on a page and write it; the same result gives the same bytes.

    Parameters
    ----------
    path
        ``<stem>.overview.png``, or ``.pdf``, where the page of firing sites follows it.
    cine
        The clip; a few seconds of it are decoded.
    result
        What was found in it.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    from usfasc.report.firing import draw_firing

    view = view_of(cine)
    with style.page_style():
        page = draw_overview(cine, view, result)
        follows = path.suffix.lower() == ".pdf"
        page.write(path, *([draw_firing(cine, view, result)] if follows else ()))


def draw_overview(cine: Cine, view: View, result: Result) -> Page:
    """The page: finding, table and facts of the clip, image and M-mode strip, raster, foot."""
    from usfasc.report.footage import collect
    from usfasc.report.table import draw_table
    from usfasc.report.when import LABEL_INCHES, draw_raster, raster_rows

    page = Page()
    top = page.title(_title(result), result.review) + 0.08
    table = draw_table(page, top, result, width=CONTENT - _FACTS_WIDTH - 0.25)
    facts = page.facts(WIDTH - MARGIN - _FACTS_WIDTH, top, _facts(cine, result), width=_FACTS_WIDTH)
    rows = max(len(raster_rows(result)), 1)
    height = rows * max(min(_ROW_INCHES, _RASTER_INCHES / rows), _LOWEST_ROW)
    raster = page.foot(_notes(view, result), most=_MOST_NOTES) - _BELOW_RASTER - height
    panels = max(table, facts) + _TITLE_INCHES
    bottom = raster - _TITLE_INCHES - _AXIS_INCHES
    _panels(page, (panels, bottom), collect(cine, view, result), (cine, view, result))
    left = MARGIN + LABEL_INCHES
    axes = page.axes(left, raster, WIDTH - MARGIN - left, height)
    draw_raster(axes, result, cine.duration_s or 0.0)
    return page


def _panels(
    page: Page, span: tuple[float, float], footage: Footage, shown: tuple[Cine, View, Result]
) -> None:
    """Image and M-mode strip side by side between two heights."""
    from usfasc.report.where import draw_image, draw_strip

    cine, view, result = shown
    top, bottom = span
    height = bottom - top
    left = MARGIN + 0.42
    x0, y0, x1, y1 = view.box
    width = height * (x1 - x0) / ((y1 - y0) * view.aspect)
    width = min(width, _WIDEST_IMAGE * CONTENT)
    draw_image(page.axes(left, top, width, height), footage, cine, view, result)
    strip = left + width + 0.85
    draw_strip(page.axes(strip, top, WIDTH - MARGIN - strip, height), footage)


def _title(result: Result) -> str:
    """The finding of the one region, or of the whole image."""
    main = told(result)[-1]
    name = region_words(main.region)
    # The banner says whose it is.
    words = finding(main, result).removesuffix(whose_words(result.review)).strip()
    return f"{name[0].upper()}{name[1:]}: {words}"


def _facts(cine: Cine, result: Result) -> list[tuple[str, str]]:
    digest = result.parameters_digest.removeprefix("sha256:")[:12]
    return [
        ("Clip", file_words(cine)),
        ("Time", time_words(cine)),
        *_scales(cine),
        ("File", f"SHA-256 {result.source.sha256[:16]}"),
        ("Engine", f"usfasc {result.engine.version}, parameters {digest}"),
    ]


def _scales(cine: Cine) -> Iterator[tuple[str, str]]:
    names = picture_names([picture.box for picture in cine.pictures])
    for picture, name in zip(cine.pictures, names, strict=True):
        words = scale_words(cine, picture)
        yield "Scale", f"{name}: {words}" if name else words


def _main_notes(result: Result) -> Iterator[str]:
    """What more is said of the one region, or of the whole image."""
    main = told(result)[-1]
    if main.grade is not None:
        yield f"usfasc grade {grade_words(main)}; the cut-offs are ours."
    yield miss_words(result)
    if main.density_per_mm2_min:
        yield (
            f"Density {main.density_per_mm2_min:.2g} twitches per mm² per min,"
            f" over {main.area_mm2:.0f} mm² of tissue."
        )


def _notes(view: View, result: Result) -> str:
    """What was not judged, not counted, or not known."""
    # Where there are more notes than room, the last ones are cut: never a warning.
    notes = [
        not_counted(result),
        *result.warnings,
        *_main_notes(result),
        places_words(result),
        outline_words(result.regions),
        vessel_words(result.vessels),
    ]
    if not view.mask.all():
        notes.insert(0, "Flat grey in the image: not judged.")
    reasons = unjudged_reasons(spans_of(WHOLE_IMAGE, result.assessable))
    if reasons:
        words = ", ".join(f"{reason} ({seconds:.1f} s)" for reason, seconds in reasons)
        notes.insert(0, f"Not judged: {words}.")
    return " ".join(note for note in notes if note)
