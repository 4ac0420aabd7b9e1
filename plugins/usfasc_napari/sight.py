"""Whether a dock can be seen: not closed, and not behind another one.

Behind a tab Qt hides nothing: it lays the dock beyond the window's edge, and its widget goes
on believing that it is seen.
"""

from __future__ import annotations

from psygnal import Signal
from qtpy.QtCore import QEvent, QObject
from qtpy.QtWidgets import QDockWidget, QWidget


class Sight(QObject):
    """Watches one widget of a dock.

    Parameters
    ----------
    widget
        What the dock holds.

    Attributes
    ----------
    changed
        It came into sight, or went out of it.
    """

    changed = Signal(bool)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._dock: QDockWidget | None = None
        self.is_seen = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look again when the widget is shown or hidden; every event goes on to it."""
        if watched is self._widget and event.type() == QEvent.Type.Show:
            self._follow_dock()
            self._tell(not self._is_behind())
        elif watched is self._widget and event.type() == QEvent.Type.Hide:
            self._tell(False)
        return False

    def _follow_dock(self) -> None:
        parent = self._widget.parentWidget()
        if isinstance(parent, QDockWidget) and parent is not self._dock:
            self._dock = parent
            parent.visibilityChanged.connect(self._take)

    def _take(self, visible: bool) -> None:
        self._tell(visible and self._widget.isVisible())

    def _is_behind(self) -> bool:
        if self._dock is None or self._dock.isFloating():
            return False
        place = self._dock.geometry()
        return place.right() < 0 or place.bottom() < 0

    def _tell(self, is_seen: bool) -> None:
        if is_seen != self.is_seen:
            self.is_seen = is_seen
            self.changed.emit(is_seen)
