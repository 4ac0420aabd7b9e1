"""The help of a review: its keys, what counts as one, and what the marks mean."""

from __future__ import annotations

from html import escape

from qtpy.QtCore import Qt
from qtpy.QtGui import QMouseEvent
from qtpy.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from usfasc.model import DISCLAIMER
from usfasc.report.sentences import kind_words
from usfasc_napari.keys import COUNTING_UNIT, KIND_LETTERS, Binding, groups

_WIDTH_PX = 620
_MARGIN_PX = 24


def help_html() -> str:
    """The keys, group by group in two columns, and the rules of counting."""
    blocks = [_block(group, members) for group, members in groups()]
    # By turns: what is judged and corrected on the left, where one goes and plays on the right.
    columns = "".join(f"<td>{''.join(part)}</td>" for part in (blocks[::2], blocks[1::2]))
    letters = " · ".join(
        f"<b>{letter}</b> {kind_words(kind)}" for kind, letter in KIND_LETTERS.items()
    )
    return (
        f"<table cellspacing='0' cellpadding='6'><tr>{columns}</tr></table>"
        f"<p>Kinds, after <b>R</b>: {letters}.</p>"
        f"<p><b>What counts.</b> {escape(COUNTING_UNIT)}</p>"
        "<p>Arrows show how the tissue moves from the onset to the peak. Every act is saved"
        " as you do it. Ctrl+Z and Ctrl+Shift+Z also undo and redo; the left and right arrow"
        " keys also go from frame to frame.</p>"
        f"<p><small>{escape(DISCLAIMER)}</small></p>"
    )


def _block(group: str, members: tuple[Binding, ...]) -> str:
    rows = "".join(
        f"<tr><td><b>{escape(each.keys[0])}</b>&nbsp;&nbsp;</td>"
        f"<td>{escape(each.name)}: {escape(each.help[0].lower() + each.help[1:])}</td></tr>"
        for each in members
    )
    return f"<p><b>{group}</b></p><table cellspacing='0'>{rows}</table>"


class HelpOverlay(QFrame):
    """The help, over the whole window; a click or the same key takes it away.

    Parameters
    ----------
    window
        What it lies over.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("usfasc_help")
        # napari's theme paints the ground; the line parts it from the docks below.
        self.setStyleSheet("#usfasc_help { border: 2px solid palette(highlight); }")
        label = QLabel(help_html())
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.addWidget(label)
        self._place(window)

    def _place(self, window: QWidget) -> None:
        """In the middle, as wide as its letters want."""
        letters_wide = self.fontMetrics().averageCharWidth() * 110
        width = min(max(_WIDTH_PX, letters_wide), window.width() - 2 * _MARGIN_PX)
        height = min(self.heightForWidth(width), window.height() - 2 * _MARGIN_PX)
        self.resize(width, height)
        self.move((window.width() - width) // 2, (window.height() - height) // 2)

    def mousePressEvent(self, _: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go away."""
        self.hide()
