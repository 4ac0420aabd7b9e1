"""A printed page: A4 landscape, laid out in inches from its top left."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER
from usfasc.report import style
from usfasc.report.letters import broken, cut, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from usfasc.model import ReviewNote

MARGIN: Final = 0.45
WIDTH, HEIGHT = style.PAGE_INCHES
CONTENT: Final = WIDTH - 2 * MARGIN
FOOT: Final = HEIGHT - 0.38
"""Where the foot begins."""

_NOTES_END: Final = FOOT + 0.08
_LINE: Final = 1.34
_POINTS: Final = 72
_BELOW_BANNER: Final = 0.76
# Without the clock and the library's name, the same page gives the same bytes.
_UNSIGNED: Final = {"Creator": None, "Producer": None, "CreationDate": None}


class Page:
    """A figure of one page; distances are in inches, sizes of type in points."""

    def __init__(self) -> None:
        from matplotlib.figure import Figure

        self.figure: Figure = Figure(figsize=style.PAGE_INCHES)

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """A panel."""
        bottom = HEIGHT - top - height
        return self.figure.add_axes((left / WIDTH, bottom / HEIGHT, width / WIDTH, height / HEIGHT))

    def text(self, left: float, top: float, words: str, **look: Any) -> None:
        """One line of text, its upper edge at ``top``."""
        self.figure.text(
            left / WIDTH, 1 - top / HEIGHT, words, **{"size": style.BODY, "va": "top", **look}
        )

    def paragraph(
        self, left: float, top: float, words: str, *, width: float, most: int = 2, **look: Any
    ) -> float:
        """Text broken to a width, at most so many lines; where it ends."""
        size = look.setdefault("size", style.BODY)
        bold = look.get("weight") == "bold"
        lines = broken(words, width * _POINTS, size, bold=bold)
        if len(lines) > most:
            rest = " ".join(lines[most - 1 :])
            lines = [*lines[: most - 1], cut(rest, width * _POINTS, size, bold=bold)]
        for line in lines:
            self.text(left, top, line, **look)
            top += line_height(size)
        return top

    def title(self, words: str, review: ReviewNote | None = None) -> float:
        """The main finding, beside the banner that says who reviewed it, if anyone; its end."""
        banner, colour = style.banner_of(review)
        room = width_of(banner, style.BODY, bold=True) / _POINTS + 0.4
        box = {"fc": colour, "ec": "none", "pad": 5}
        look: style.Look = {"weight": "bold", "color": "white", "bbox": box, "ha": "right"}
        self.text(WIDTH - MARGIN - 0.05, MARGIN, banner, **look)
        width = CONTENT - room
        look = {"size": style.LARGE, "weight": "bold", "most": 3}
        return max(self.paragraph(MARGIN, 0.34, words, width=width, **look), _BELOW_BANNER)

    def facts(
        self, left: float, top: float, rows: Sequence[tuple[str, str]], *, width: float
    ) -> float:
        """Names with what they are, one below the other; where they end."""
        named = 0.12 + max(width_of(name, style.SMALL) for name, _ in rows) / _POINTS
        for name, words in rows:
            self.text(left, top, name, size=style.SMALL, color=style.MUTED)
            top = self.paragraph(
                left + named, top, words, width=width - named, most=3, size=style.SMALL
            )
        return top

    def foot(self, notes: str, *, most: int = 2) -> float:
        """Notes of at most so many lines, and what the page is not for; where the notes begin."""
        look: style.Look = {"size": style.SMALL, "color": style.MUTED}
        lines = min(len(broken(notes, CONTENT * _POINTS, style.SMALL)), most)
        # Room for two lines is always kept, so that pages look alike.
        top = _NOTES_END - max(lines, 2) * line_height(style.SMALL)
        self.paragraph(MARGIN, top, notes, width=CONTENT, most=most, **look)
        self.text(MARGIN, FOOT + 0.1, DISCLAIMER, size=style.SMALL, weight="bold")
        return top

    def write(self, path: Path, *more: Page) -> None:
        """Write the page as its suffix says, PNG or PDF; the same page gives the same bytes.

        Parameters
        ----------
        path
            Where.
        more
            Pages that follow it in a PDF.

        Raises
        ------
        OutputError
            ``NOT_WRITABLE``.
        """
        data = io.BytesIO()
        with warnings.catch_warnings():
            # A letter that the font lacks is drawn as a box, which is enough.
            warnings.filterwarnings("ignore", message="Glyph .* missing")
            if path.suffix.lower() == ".pdf":
                self._print(data, *more)
            else:
                self.figure.savefig(data, format="png", metadata={"Software": None})
        write_atomically(path, data.getvalue())

    def _print(self, data: io.BytesIO, *more: Page) -> None:
        from matplotlib.backends.backend_pdf import PdfPages

        with PdfPages(data, metadata=_UNSIGNED) as pdf:
            for page in (self, *more):
                pdf.savefig(page.figure)


def line_height(size: float) -> float:
    """Height of a line of type, in inches."""
    return _LINE * size / _POINTS
