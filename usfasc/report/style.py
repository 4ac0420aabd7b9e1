"""How every picture looks: one palette, one type, one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from usfasc.model import Kind, ReviewNote
from usfasc.rules.wording import whose_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Look = dict[str, Any]
"""How a thing is drawn, in matplotlib's words."""

# Okabe and Ito (2008), told apart with any colour vision. Yellow is for what lies on an
# ultrasound image, black for what lies on paper: each vanishes on the other.
REGION_COLOURS: Final = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#0072B2")
REGION_LINES: Final = ("-", "--", "-.", ":")
TWITCH: Final = "#F0E442"
OTHER: Final = "#ffffff"
INK: Final = "#1a1a1a"
MUTED: Final = "#5a5a5a"
PALE: Final = "#e3e3e3"
BLANK: Final = "#2b2b2b"
"""Where an image shows nothing because nothing was judged there."""
BANNER: Final = "#B34700"
REVIEWED: Final = "#2F6B4F"
"""Of the banner once a reader has gone through a clip."""

MARKERS: Final = {
    Kind.TRAIN: "s",
    Kind.PULSATION: "^",
    Kind.CONTRACTION: "D",
    Kind.TREMOR: "*",
    Kind.BREATHING: "o",
    Kind.SWALLOWING: "v",
    Kind.PROBE_MOTION: "P",
    Kind.ARTEFACT: "+",
    Kind.UNSURE: "x",
}
"""Of the movements that are not counted; a twitch is a stroke."""

PAGE_INCHES: Final = (297 / 25.4, 210 / 25.4)
"""A4, landscape."""
DOTS_PER_INCH: Final = 200

MOST_REGIONS: Final = 6
"""Regions that a page shows one by one; the rest are in the result's files."""

TINY: Final = 8.0
SMALL: Final = 9.0
BODY: Final = 10.0
LARGE: Final = 14.0

_SETTINGS: Final = {
    "font.family": "DejaVu Sans",
    "font.size": BODY,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.labelsize": SMALL,
    "axes.titlesize": BODY,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "hatch.linewidth": 0.4,
    "text.color": INK,
    # Names of muscles are text, whatever dollar signs are in them.
    "text.parse_math": False,
    # Names within an SVG do not depend on the clock.
    "svg.hashsalt": "usfasc",
    # Letters stay letters in a PDF, and its names do not depend on the clock.
    "pdf.fonttype": 42,
    "figure.facecolor": "white",
    "savefig.dpi": DOTS_PER_INCH,
}


@contextmanager
def page_style() -> Iterator[None]:
    """The style of our pictures, whatever the user's own matplotlib settings are."""
    from matplotlib import style

    with style.context(_SETTINGS, after_reset=True):
        yield


def points_wide(axes: Axes) -> float:
    """Width of a panel in points, the unit of type."""
    figure = axes.get_figure(root=True)
    assert figure is not None, "a panel has its page"
    return float(axes.get_position().width * figure.get_figwidth() * 72)


def region_look(number: int) -> tuple[str, str]:
    """Colour and line style of the region of this number, counted from 0.

    Neighbours differ in both, so that a grey print tells them apart too.
    """
    return REGION_COLOURS[number % len(REGION_COLOURS)], REGION_LINES[number % len(REGION_LINES)]


def banner_of(review: ReviewNote | None) -> tuple[str, str]:
    """Words and colour of the banner: a warning, or who reviewed what is shown, and when."""
    words = whose_words(review).rstrip(".")
    if review is None:
        return words.upper(), BANNER
    return (f"{words}, not finished", BANNER) if review.undecided else (words, REVIEWED)
