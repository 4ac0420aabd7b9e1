"""What the Review dock shows while a clip is reviewed: the list, the event in hand, buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from usfasc.model import DISCLAIMER
from usfasc.review import Mode
from usfasc_napari.desk import Desk
from usfasc_napari.keys import Command, binding
from usfasc_napari.review_begin import MODES
from usfasc_napari.review_course import ReviewCourse
from usfasc_napari.review_list import filters_of
from usfasc_napari.review_playback import Playback
from usfasc_napari.review_table import EventTable
from usfasc_napari.review_words import progress_words, turn_words, unmatched_words

if TYPE_CHECKING:
    from usfasc.review import Row, Session

_ROWS: Final = (
    (Command.ACCEPT, Command.REJECT, Command.UNSURE, Command.CHANGE_KIND),
    (Command.PREVIOUS, Command.NEXT, Command.NEXT_UNDECIDED),
    (Command.ADD, Command.DELETE, Command.UNDO, Command.REDO),
    (Command.ONSET, Command.PEAK, Command.OFFSET),
    (Command.LOOP, Command.SPEED, Command.PLAY, Command.HELP),
)
_OF_AN_EVENT: Final = (
    *(Command.ACCEPT, Command.REJECT, Command.UNSURE, Command.CHANGE_KIND),
    *(Command.ONSET, Command.PEAK, Command.OFFSET),
)
_SPAN: Final = 12
"""Columns of the grid of buttons: rows of three and of four fill it alike."""


class ReviewPanel(QWidget):
    """The widgets of a review; what they do is the dock's.

    Parameters
    ----------
    course
        Whose list is shown.
    run
        Runs a command.
    """

    def __init__(self, course: ReviewCourse, run: Callable[[Command], None]) -> None:
        super().__init__()
        self.reader = label()
        self.leave = QPushButton("Change …")
        self.leave.setToolTip("Another reader, or another mode")
        self.clips = QComboBox()
        self.progress = label(wraps=True)
        self.only = QComboBox()
        self.only.setToolTip("Which events the list shows")
        self.doubtful = QCheckBox("Most doubtful first")
        self.doubtful.setToolTip("The nearest to the score from which events are counted")
        self.table = EventTable(course)
        self.table.setObjectName("events")
        self.unmatched = label(wraps=True)
        self.in_hand = label(wraps=True)
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note to this event")
        self.buttons = {command: _command_button(command, run) for row in _ROWS for command in row}
        self.none_seen = QPushButton("Reviewed, none seen")
        self.none_seen.setToolTip("You looked through the whole clip and saw no fasciculation")
        self.not_assessable = QPushButton("Not assessable …")
        self.not_assessable.setToolTip("The clip, a region or some of its time cannot be judged")
        self.goes_on = QCheckBox("A verdict leads to the next event")
        self.notice = label(wraps=True)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(_row(self.reader, self.leave))
        column.addWidget(self.clips)
        column.addWidget(self.progress)
        column.addLayout(_row(self.only, self.doubtful))
        column.addWidget(self.table, 1)
        for widget in (self.unmatched, self.in_hand, self.note):
            column.addWidget(widget)
        column.addLayout(_grid([[self.buttons[command] for command in row] for row in _ROWS]))
        column.addLayout(_row(self.none_seen, self.not_assessable))
        column.addWidget(self.goes_on)
        column.addWidget(self.notice)
        column.addWidget(small(DISCLAIMER))

    def show_reader(self, desk: Desk) -> None:
        """Who reads, how, and which clip of how many."""
        self.reader.setText(f"{desk.reviewer or ''}, {MODES[desk.mode][0].lower()}")
        self.clips.setVisible(len(desk.layers) > 1)
        self.clips.clear()
        self.clips.addItems([layer.name for layer in desk.layers])
        if desk.layer is not None:
            self.clips.setCurrentIndex(desk.layers.index(desk.layer))
        self.doubtful.setVisible(desk.mode is Mode.GUIDED)

    def show_rows(self, session: Session, rows: Sequence[Row]) -> None:
        """How far the review is, and what can be undone."""
        self.progress.setText(progress_words(session, rows))
        unmatched = unmatched_words(session)
        self.unmatched.setText(unmatched)
        self.unmatched.setVisible(bool(unmatched))
        for command, act in ((Command.UNDO, session.to_undo), (Command.REDO, session.to_redo)):
            self.buttons[command].setEnabled(act is not None)
            words = turn_words(binding(command).name, act, rows)
            self.buttons[command].setToolTip(f"{words} ({binding(command).shown_keys})")
        self.notice.clear()

    def show_list(self, course: ReviewCourse) -> None:
        """The list, its filter and its order."""
        filters = filters_of(course.desk.rows, course.desk.mode)
        if [self.only.itemData(place) for place in range(self.only.count())] != list(filters):
            self.only.clear()
            for each in filters:
                self.only.addItem(f"Show {each.replace('_', ' ')}", each)
        self.only.setCurrentIndex(filters.index(course.shown) if course.shown in filters else 0)
        blocked = self.doubtful.blockSignals(True)
        self.doubtful.setChecked(course.doubtful_first)
        self.doubtful.blockSignals(blocked)
        self.table.show_list()

    def show_event(self, words: str, current: Row | None) -> None:
        """The event in hand, and what is said of it."""
        self.in_hand.setText(words)
        self.note.setEnabled(current is not None)
        if not self.note.hasFocus():
            self.note.setText("" if current is None else current.note)
        for command in _OF_AN_EVENT:
            self.buttons[command].setEnabled(current is not None)
        self.buttons[Command.DELETE].setEnabled(current is not None and current.own)

    def show_playing(self, playback: Playback) -> None:
        """What plays, and how fast."""
        self.buttons[Command.LOOP].setChecked(playback.loops)
        self.buttons[Command.PLAY].setChecked(playback.plays_clip)
        key = binding(Command.SPEED).keys[0]
        self.buttons[Command.SPEED].setText(f"{playback.speed:g} x  {key}")


def label(*, wraps: bool = False) -> QLabel:
    """A label for plain text, whatever is in it."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    return made


def small(text: str) -> QLabel:
    """A line in small letters."""
    made = label(wraps=True)
    made.setText(text)
    font = made.font()
    font.setPointSizeF(max(7.0, font.pointSizeF() * 0.85))
    made.setFont(font)
    return made


def _command_button(command: Command, run: Callable[[Command], None]) -> QPushButton:
    """A button that says its key, and leaves the focus where it is: keys go on working."""
    bound = binding(command)
    button = QPushButton(f"{bound.name}  {bound.keys[0]}")
    button.setToolTip(bound.tooltip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.clicked.connect(partial(run, command))
    return button


def _row(first: QWidget, second: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(first, 1)
    row.addWidget(second)
    return row


def _grid(rows: Sequence[Sequence[QWidget]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(3)
    for down, row in enumerate(rows):
        span = _SPAN // len(row)
        for across, widget in enumerate(row):
            grid.addWidget(widget, down, across * span, 1, span)
    return grid
