"""Questions to the person at the window, where a file leaves something open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qtpy.QtWidgets import QApplication, QFileDialog, QInputDialog, QWidget


class AskUser:
    """Asks in dialogs over the window in front."""

    def row(self, labels: Sequence[str]) -> int | None:
        """Which of a survey's rows is meant, counted from 1."""
        label, answered = QInputDialog.getItem(
            _front(), "Open a survey", "Row of the survey:", list(labels), 0, editable=False
        )
        return labels.index(label) + 1 if answered else None

    def clip(self, name: str) -> Path | None:
        """Where the clip of a result lies."""
        chosen, _ = QFileDialog.getOpenFileName(_front(), f"Where is the clip of {name}?")
        return Path(chosen) if chosen else None


def user_at_window() -> AskUser | None:
    """Somebody to ask; None where there is no window."""
    return AskUser() if _front() is not None else None


def _front() -> QWidget | None:
    return QApplication.activeWindow() if QApplication.instance() is not None else None
