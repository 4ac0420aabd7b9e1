"""A reader says that the clip, a region or a stretch of time cannot be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from qtpy.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from usfasc.model import WHOLE_IMAGE
from usfasc.report.sentences import region_words

REASONS: Final = (
    "probe moved",
    "lost contact",
    "voluntary contraction",
    "picture too dark",
    "settings changed",
)
Record = Callable[[str, float | None, float | None, str], None]
"""Region, start, stop (None: to the end of the clip) and reason."""


class SpanDialog(QDialog):
    """Asks where, from when to when, and why; the clip stays free to be moved meanwhile.

    Parameters
    ----------
    regions
        Names of the clip's regions.
    duration_s
        Of the clip.
    now_s
        Tells the time on display.
    record
        What to do with the answer.
    """

    def __init__(
        self,
        parent: QWidget,
        regions: Sequence[str],
        duration_s: float,
        now_s: Callable[[], float],
        record: Record,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Not assessable")
        self._record, self._duration_s = record, duration_s
        self.where = QComboBox()
        for region in (WHOLE_IMAGE, *(name for name in regions if name != WHOLE_IMAGE)):
            self.where.addItem(region_words(region), region)
        self.start, self.stop = _time_box(duration_s), _time_box(duration_s)
        self.stop.setValue(duration_s)
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.addItems(REASONS)
        self._lay_out(now_s)

    def _lay_out(self, now_s: Callable[[], float]) -> None:
        form = QFormLayout()
        form.addRow("Where", self.where)
        form.addRow("From", _with_now(self.start, now_s))
        form.addRow("To", _with_now(self.stop, now_s))
        form.addRow("Why", self.reason)
        buttons = QDialogButtonBox()
        take_out = buttons.addButton("Take out", QDialogButtonBox.ButtonRole.AcceptRole)
        take_out.setToolTip("This time is taken out of what was judged, with the events in it.")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel("What cannot be judged?"))
        column.addLayout(form)
        column.addWidget(buttons)

    def accept(self) -> None:
        """Record the answer."""
        start_s, stop_s = self.start.value(), self.stop.value()
        self._record(
            self.where.currentData(),
            start_s if start_s > 0 else None,
            stop_s if stop_s < self._duration_s else None,
            self.reason.currentText().strip(),
        )
        super().accept()


def _time_box(duration_s: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setSuffix(" s")
    # Never below the clip's end, which may have more digits than are shown.
    box.setRange(0, round(duration_s + 0.005, 2))
    box.setSingleStep(0.1)
    return box


def _with_now(box: QDoubleSpinBox, now_s: Callable[[], float]) -> QWidget:
    """A time, and a button that takes the one on display."""
    button = QPushButton("Now")
    button.setToolTip("The time on display")
    button.setAutoDefault(False)
    button.clicked.connect(lambda: box.setValue(now_s()))
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(box, 1)
    row.addWidget(button)
    return whole
