"""The keys of a review, bound in one window: they work over the clip and in every dock.

napari 0.9 binds no keys that a manifest names. A text field with the focus keeps its keys,
since Qt asks it first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from qtpy.QtCore import Qt
from qtpy.QtGui import (  # type: ignore[attr-defined] # qtpy's types leave QShortcut out
    QKeySequence,
    QShortcut,
)
from qtpy.QtWidgets import QDockWidget, QMenu, QWidget

from usfasc.model import Kind
from usfasc.report.sentences import kind_words
from usfasc_napari.keys import BINDINGS, KIND_LETTERS, Command

_REPEATED: Final = {Command.BACK, Command.FORWARD, Command.NEXT, Command.PREVIOUS}
"""As long as they are held down; a verdict is never given twice."""


class Shortcuts:
    """Binds every key to its command.

    Parameters
    ----------
    window
        In which they hold, its docks and floating docks included.
    run
        Runs a command.
    """

    def __init__(self, window: QWidget, run: Callable[[Command], None]) -> None:
        self.window = window
        self._all: list[QShortcut] = []
        for binding in BINDINGS:
            for key in binding.keys:
                shortcut = QShortcut(QKeySequence(key), window)
                shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
                shortcut.setAutoRepeat(binding.command in _REPEATED)
                shortcut.activated.connect(partial(run, binding.command))
                self._all.append(shortcut)

    def remove(self) -> None:
        """Give the keys back."""
        for shortcut in self._all:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._all.clear()


def window_of(widget: QWidget) -> QWidget:
    """The main window that a widget's dock belongs to, also while the dock floats."""
    window = widget.window()
    owner = window.parentWidget() if isinstance(window, QDockWidget) else None
    return window if owner is None else owner.window()


def kind_menu(parent: QWidget, choose: Callable[[Kind], None]) -> QMenu:
    """A menu of the kinds, each by its letter."""
    menu = QMenu(parent)
    for kind, letter in KIND_LETTERS.items():
        place = kind_words(kind).index(letter)
        words = kind_words(kind)
        action = menu.addAction(f"{words[:place]}&{words[place:]}")
        action.triggered.connect(partial(choose, kind))
    return menu
