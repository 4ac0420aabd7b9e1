"""The overview picture of one result: where, when, how strong, and how sure.

It shows the B-mode area only: what a scanner prints around it may be a name.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from usfasc.errors import Code, InputError
from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER, WHOLE_IMAGE, Bmode, Cine, Result
from usfasc.regions.counting import spans_of
from usfasc.report import style
from usfasc.report.sentences import findings, not_counted, unjudged_reasons

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_REGIONS = 3
"""Regions whose sentences stand in the header; the rest are in the result."""
_LINE_LETTERS = 112


def picture_refusal(cine: Cine) -> str | None:
    """Why no picture may be made of a clip; None where one may."""
    if cine.bmode is not None and cine.bmode.sure:
        return None
    return (
        "No picture: it is not sure where the B-mode area ends, and what lies outside it may"
        " be a name. Give it with --bmode x0,y0,x1,y1."
    )


def write_overview(path: Path, cine: Cine, result: Result) -> None:
    """Draw one result and write it as PNG; the same result gives the same bytes.

    Parameters
    ----------
    path
        ``<stem>.overview.png``.
    cine
        The clip; its frames are streamed once.
    result
        What was found in it.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    refusal = picture_refusal(cine)
    if refusal is not None or cine.bmode is None:
        raise InputError(Code.BMODE_UNSURE, refusal or "No B-mode area.")
    picture = io.BytesIO()
    with style.page_style(), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box, which is enough.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        draw_overview(cine, cine.bmode, result).savefig(
            picture, format="png", metadata={"Software": None}
        )
    write_atomically(path, picture.getvalue())


def draw_overview(cine: Cine, bmode: Bmode, result: Result) -> Figure:
    """The figure: header, image, M-mode strip, raster, foot."""
    from matplotlib.figure import Figure

    from usfasc.report.footage import collect
    from usfasc.report.panels import draw_image, draw_raster, draw_strip, raster_rows

    footage = collect(cine, bmode, result)
    raster = min(0.09 + 0.035 * len(raster_rows(result)), 0.26)
    figure = Figure(figsize=style.PAGE_INCHES)
    _header(figure, result)
    middle = 0.12 + raster + 0.075
    draw_image(figure.add_axes((0.03, middle, 0.5, 0.8 - middle)), footage, cine, bmode, result)
    draw_strip(figure.add_axes((0.6, middle, 0.37, 0.8 - middle)), footage)
    draw_raster(figure.add_axes((0.22, 0.12, 0.75, raster)), result, cine.duration_s or 0.0)
    _foot(figure, result)
    return figure


def _header(figure: Figure, result: Result) -> None:
    words = findings(result)
    main = words.pop(WHOLE_IMAGE)
    one_region = len(result.regions) == 1 and result.regions[0].origin == "whole"
    title = f"{result.regions[0].name}: {main}" if one_region else f"Whole image: {main}"
    lines = [] if one_region else [f"{name}: {sentence}" for name, sentence in words.items()]
    y = 0.965
    for line in wrap(title, 92)[:2]:
        figure.text(0.03, y, line, size=style.LARGE, weight="bold", va="top")
        y -= 0.03
    for line in lines[:_MOST_REGIONS]:
        figure.text(0.03, y, wrap(line, _LINE_LETTERS)[0], va="top")
        y -= 0.026


def _foot(figure: Figure, result: Result) -> None:
    reasons = unjudged_reasons(spans_of(WHOLE_IMAGE, result.assessable))
    unjudged = ", ".join(f"{reason} {seconds:.1f} s" for reason, seconds in reasons)
    notes = " ".join(part for part in (not_counted(result), *result.warnings) if part)
    if unjudged:
        notes = f"Not judged: {unjudged}. {notes}"
    for number, line in enumerate(wrap(notes, 150)[:2]):
        figure.text(0.03, 0.058 - 0.02 * number, line, size=style.SMALL, color=style.MUTED)
    made = f"clip {result.source.sha256[:12]}, usfasc {result.engine.version}"
    figure.text(0.03, 0.012, DISCLAIMER, size=style.SMALL, weight="bold")
    figure.text(0.97, 0.012, made, size=style.SMALL, color=style.MUTED, ha="right")
