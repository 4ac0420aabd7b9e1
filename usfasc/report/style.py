"""How every picture looks: one palette, one type size scale, one page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# Okabe and Ito (2008), told apart with any colour vision; without the yellow and the black, of
# which one vanishes on paper and the other on an ultrasound image.
REGION_COLOURS: Final = ("#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#D55E00", "#0072B2")
REGION_LINES: Final = ("-", "--", ":")
INK: Final = "#1a1a1a"
MUTED: Final = "#6b6b6b"
PALE: Final = "#e3e3e3"
BLANK: Final = "#2b2b2b"
"""Where an image shows nothing because nothing was judged there."""
BANNER: Final = "#D55E00"

PAGE_INCHES: Final = (11.69, 8.27)
DOTS_PER_INCH: Final = 150

SMALL: Final = 10.0
BODY: Final = 11.0
LARGE: Final = 14.0

_SETTINGS: Final = {
    "font.family": "DejaVu Sans",
    "font.size": BODY,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.titlesize": BODY,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    # Names of muscles are text, whatever dollar signs are in them.
    "text.parse_math": False,
    "figure.facecolor": "white",
    "savefig.dpi": DOTS_PER_INCH,
}


@contextmanager
def page_style() -> Iterator[None]:
    """The style of our pictures, whatever the user's own matplotlib settings are."""
    from matplotlib import style

    with style.context(_SETTINGS, after_reset=True):
        yield


def region_look(number: int) -> tuple[str, str]:
    """Colour and line style of the region of this number, counted from 0."""
    colours = len(REGION_COLOURS)
    return REGION_COLOURS[number % colours], REGION_LINES[number // colours % len(REGION_LINES)]
