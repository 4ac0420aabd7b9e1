"""Rows of the Regions dock: a line, an outline or a whole picture, each with its muscle's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from usfasc.model import Side
from usfasc.regions import muscle_name
from usfasc.regions.vocabulary import muscles
from usfasc_napari.regions_sketch import Name

Act = Callable[[], object]
_MOST_LETTERS: Final = 100


class NameFields(QWidget):
    """A muscle, with completion from the vocabulary, and its side.

    Parameters
    ----------
    name
        What is known.
    hint
        What the region is called as long as no muscle is.
    take
        Called with a new name, once it is entered.
    """

    def __init__(self, name: Name, hint: str, take: Callable[[Name], object]) -> None:
        super().__init__()
        self._name, self._take = name, take
        self.muscle = QLineEdit(name.muscle or "")
        self.muscle.setPlaceholderText(hint)
        self.muscle.setMaxLength(_MOST_LETTERS)
        self.muscle.setToolTip("Muscle: a name, or an abbreviation such as BB, TA or FDI")
        self.muscle.setCompleter(_completer(self))
        self.side = QComboBox()
        self.side.addItem("side", None)
        for side in Side:
            self.side.addItem(side.value, side.value)
        self.side.setCurrentIndex(self.side.findData(name.side and name.side.value))
        self.side.setToolTip("Body side")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.muscle, 1)
        row.addWidget(self.side)
        self.muscle.editingFinished.connect(self._tell)
        self.side.activated.connect(self._tell)

    def _tell(self) -> None:
        text = self.muscle.text().strip()
        side = self.side.currentData()
        name = Name(muscle=muscle_name(text) if text else None, side=Side(side) if side else None)
        if name != self._name:
            self._name = name
            self._take(name)


def _completer(parent: QWidget) -> QCompleter:
    words = sorted({word for muscle in muscles() for word in (muscle.name, *muscle.synonyms)})
    completer = QCompleter(words, parent)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    return completer


class LineRow(QWidget):
    """A line: below it a muscle, or none; or a guess that can be taken up.

    Parameters
    ----------
    title
        What it is called.
    help_text
        What is known of it.
    """

    def __init__(self, title: str, help_text: str) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setToolTip(help_text)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 4, 0, 0)
        self._row.addWidget(self.title, 1)

    def offer_muscle(self, is_muscle: bool, take: Callable[[bool], object]) -> QCheckBox:
        """A box that says whether there is muscle below."""
        box = QCheckBox("muscle below")
        box.setChecked(is_muscle)
        box.setToolTip("Off where there is bone, its shadow, or fat below this line")
        box.clicked.connect(take)
        self._row.addWidget(box)
        return box

    def offer(self, text: str, help_text: str, act: Act) -> QToolButton:
        """A small button."""
        button = QToolButton()
        button.setText(text)
        button.setToolTip(help_text)
        button.clicked.connect(lambda _=False: act())
        self._row.addWidget(button)
        return button


class CountLabel(QLabel):
    """What is counted in a region; as long as that is not known, nothing."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setVisible(bool(text))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setWordWrap(True)


def stacked(*rows: QWidget) -> QWidget:
    """Rows below each other, set in from the left."""
    box = QWidget()
    grid = QGridLayout(box)
    grid.setContentsMargins(12, 0, 0, 2)
    grid.setVerticalSpacing(2)
    for number, row in enumerate(rows):
        grid.addWidget(row, number, 0)
    return box
