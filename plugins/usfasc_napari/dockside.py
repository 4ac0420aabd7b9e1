"""What every dock beside the Review dock shares: it follows the desk until it is closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from usfasc_napari.desk import desk_of
from usfasc_napari.jobs import JobQueue

_LOOK_MS: Final = 60


class DeskWidget(QWidget):
    """A widget of one viewer; what it follows is let go when it is closed or deleted.

    Parameters
    ----------
    viewer
        The napari viewer.
    """

    def __init__(self, viewer: Any) -> None:
        super().__init__()
        self.viewer = getattr(viewer, "__wrapped__", viewer)
        self.desk = desk_of(viewer)
        self._followed: list[tuple[Any, Callable[..., None]]] = []

    def follow(self, signal: Any, slot: Callable[..., None]) -> None:
        """Call ``slot``, one of this widget's methods, at every signal."""
        signal.connect(slot)
        self._followed.append((signal, slot))

    def closeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Closed: nothing more is heard here."""
        self.let_go()
        super().closeEvent(event)

    def let_go(self) -> None:
        """Hear of nothing any more."""
        followed, self._followed = self._followed, []
        for signal, slot in followed:
            signal.disconnect(slot)


class WatchedQueue(JobQueue):
    """Jobs that are looked at by the clock of the window, as long as there are any."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer()
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.changed.connect(self._tick)

    def _tick(self) -> None:
        if self.busy and not self._timer.isActive():
            self._timer.start()
        elif not self.busy:
            self._timer.stop()


def button(words: str, tip: str, slot: Callable[[], Any]) -> QPushButton:
    """A push button."""
    made = QPushButton(words)
    made.setToolTip(tip)

    def pressed(_: bool = False) -> None:
        slot()

    made.clicked.connect(pressed)
    return made


def in_rows(widgets: Sequence[QWidget], columns: int = 2) -> QGridLayout:
    """Widgets of one width, side by side."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    for place, widget in enumerate(widgets):
        grid.addWidget(widget, place // columns, place % columns)
    return grid


def wrapped(words: str = "") -> QLabel:
    """Words over as many lines as they need."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def breakable(words: str) -> str:
    """Words that may be broken within a file's name too."""
    return re.sub(r"([._/-])", "\\1\u200b", words)


def scrolled(dock: QWidget, inside: QWidget) -> None:
    """Let a dock be lower than what it holds."""
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(inside)
    bar_px = scroll.verticalScrollBar().sizeHint().width()
    scroll.setMinimumWidth(inside.minimumSizeHint().width() + bar_px)
    column = QVBoxLayout(dock)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(scroll)
