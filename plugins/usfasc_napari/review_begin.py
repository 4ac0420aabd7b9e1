"""Before a review: who reads, and what the reader may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qtpy.QtCore import QRegularExpression
from qtpy.QtGui import QRegularExpressionValidator
from qtpy.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from usfasc.review import Mode
from usfasc.review.acts import REVIEWER_PATTERN

MODES: Final = {
    Mode.GUIDED: (
        "Guided",
        "You see what was detected: kinds, scores and counts.",
    ),
    Mode.BLINDED: (
        "Blinded",
        "You see the movements in a random order, without kinds, scores and counts.",
    ),
    Mode.ANNOTATE: (
        "From nothing",
        "You see the clip alone, and mark every fasciculation yourself.",
    ),
}


class BeginPage(QWidget):
    """Asks for a reader's name and for the mode, and begins.

    Parameters
    ----------
    begin
        What to do then, with the name and the mode.
    """

    def __init__(self, begin: Callable[[str, Mode], None]) -> None:
        super().__init__()
        self._begin = begin
        self.name = QLineEdit()
        self.name.setPlaceholderText("a-z, 0-9 and hyphens")
        pattern = QRegularExpression(f"^{REVIEWER_PATTERN}$")
        self.name.setValidator(QRegularExpressionValidator(pattern, self.name))
        self.mode = QComboBox()
        for mode, (words, _) in MODES.items():
            self.mode.addItem(words, mode)
        self.explained = _text("")
        self.button = QPushButton("Begin review")
        self._lay_out()
        self.name.textChanged.connect(self._check)
        self.name.returnPressed.connect(self._accept)
        self.mode.currentIndexChanged.connect(self._check)
        self.button.clicked.connect(self._accept)
        self._check()

    def offer(self, name: str, mode: Mode) -> None:
        """Fill in what is known."""
        self.name.setText(name)
        self.mode.setCurrentIndex(list(MODES).index(mode))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow("Your name", self.name)
        form.addRow("Mode", self.mode)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(_text("Who reads? Your verdicts are kept under this name."))
        column.addLayout(form)
        column.addWidget(self.explained)
        column.addWidget(self.button)
        column.addStretch(1)

    def _chosen(self) -> Mode:
        return list(MODES)[self.mode.currentIndex()]

    def _check(self) -> None:
        self.explained.setText(MODES[self._chosen()][1])
        self.button.setEnabled(self.name.hasAcceptableInput())

    def _accept(self) -> None:
        if self.name.hasAcceptableInput():
            self._begin(self.name.text(), self._chosen())


def _text(words: str) -> QLabel:
    label = QLabel(words)
    label.setWordWrap(True)
    return label
