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
from usfasc.report.sentences import (
    UNREVIEWED,
    WHOLE_IMAGE_WORDS,
    findings,
    not_counted,
    unjudged_reasons,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_REGIONS = 4
"""Regions whose sentences stand in the header; the rest are in the result."""
_WIDEST_IMAGE = 0.5


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
    figure = Figure(figsize=style.PAGE_INCHES)
    top = _header(figure, result) - 0.05
    raster = min(0.04 + 0.036 * len(raster_rows(result)), 0.25)
    bottom = 0.135 + raster + 0.105
    width = _image_width(cine, bmode, top - bottom)
    strip = 0.065 + width + 0.075
    draw_image(figure.add_axes((0.065, bottom, width, top - bottom)), footage, cine, bmode, result)
    draw_strip(figure.add_axes((strip, bottom, 0.97 - strip, top - bottom)), footage)
    draw_raster(figure.add_axes((0.24, 0.135, 0.73, raster)), result, cine.duration_s or 0.0)
    _foot(figure, bmode, result)
    return figure


def _image_width(cine: Cine, bmode: Bmode, height: float) -> float:
    """Share of the page's width that the image fills at this share of its height."""
    dy, dx = cine.spacing_mm or (1.0, 1.0)
    x0, y0, x1, y1 = bmode.box
    page_width, page_height = style.PAGE_INCHES
    width = height * page_height / page_width * (x1 - x0) * dx / ((y1 - y0) * dy)
    return min(width, _WIDEST_IMAGE)


def _header(figure: Figure, result: Result) -> float:
    """Findings and banner; the height at which they end."""
    one_region = len(result.regions) == 1 and result.regions[0].origin == "whole"
    # The banner says for all of them that they are automatic.
    words = {name: text.removesuffix(UNREVIEWED) for name, text in findings(result).items()}
    main = words.pop(WHOLE_IMAGE)
    name = result.regions[0].name if one_region else WHOLE_IMAGE_WORDS
    title = f"{name[0].upper()}{name[1:]}: {main}"
    _banner(figure)
    top = _lines(figure, 0.97, wrap(title, 78)[:2], size=style.LARGE, weight="bold")
    if one_region:
        return top
    lines = [f"{name}: {text}" for name, text in words.items()]
    if len(lines) > _MOST_REGIONS:
        lines[_MOST_REGIONS - 1 :] = [f"and {len(lines) - _MOST_REGIONS + 1} more regions"]
    return _lines(
        figure, top, [part for line in lines for part in wrap(line, 140)], size=style.SMALL
    )


def _lines(
    figure: Figure, top: float, lines: list[str], *, size: float, weight: str = "normal"
) -> float:
    """Write lines below each other; the height at which they end."""
    step = 1.6 * size / 72 / style.PAGE_INCHES[1]
    for number, line in enumerate(lines):
        figure.text(0.03, top - number * step, line, size=size, weight=weight, va="top")
    return top - len(lines) * step


def _banner(figure: Figure) -> None:
    figure.text(
        0.97,
        0.97,
        UNREVIEWED.rstrip(".").upper(),
        size=style.SMALL,
        weight="bold",
        va="top",
        ha="right",
        color="white",
        bbox={"fc": style.BANNER, "ec": "none", "pad": 5},
    )


def _foot(figure: Figure, bmode: Bmode, result: Result) -> None:
    for number, line in enumerate(wrap(" ".join(_notes(bmode, result)), 150)[:2]):
        figure.text(0.03, 0.064 - 0.022 * number, line, size=style.SMALL, color=style.MUTED)
    made = f"clip {result.source.sha256[:12]}, usfasc {result.engine.version}"
    figure.text(0.03, 0.012, DISCLAIMER, size=style.SMALL, weight="bold")
    figure.text(0.97, 0.012, made, size=style.SMALL, color=style.MUTED, ha="right")


def _notes(bmode: Bmode, result: Result) -> list[str]:
    """What was not judged, not counted, or not known."""
    notes = [not_counted(result), *result.warnings]
    x0, y0, x1, y1 = bmode.box
    if not bmode.mask[y0:y1, x0:x1].all():
        notes.insert(0, "Flat grey in the image: not judged.")
    reasons = unjudged_reasons(spans_of(WHOLE_IMAGE, result.assessable))
    if reasons:
        words = ", ".join(f"{reason} {seconds:.1f} s" for reason, seconds in reasons)
        notes.insert(0, f"Not judged: {words}.")
    return [note for note in notes if note]
