"""Which part of the clip in hand a detection is of."""

from __future__ import annotations

from functools import partial

from qtpy.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QHBoxLayout, QWidget

from usfasc_napari.desk import Desk
from usfasc_napari.dockside import button


class PartRow(QWidget):
    """Which part of the clip is to be analysed: all of it, or what lies between two times."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.chosen = QCheckBox("Only a part")
        self.chosen.setToolTip("Its result is kept beside that of the whole clip.")
        self.start, self.stop = QDoubleSpinBox(), QDoubleSpinBox()
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(self.chosen)
        for number, words in ((self.start, "from"), (self.stop, "to")):
            number.setSuffix(" s")
            number.setEnabled(False)
            row = QHBoxLayout()
            row.addWidget(number, 1)
            take = partial(self._take_time, number)
            row.addWidget(button("now", "Take the moment on display", take))
            form.addRow(words, row)
        self.chosen.toggled.connect(self.start.setEnabled)
        self.chosen.toggled.connect(self.stop.setEnabled)

    def show_clip(self) -> None:
        """Begin with the whole of the clip in hand."""
        clip = self._desk.clip
        duration_s = 0.0 if clip is None else clip.cine.duration_s or 0.0
        self.setEnabled(duration_s > 0)
        self.chosen.setChecked(False)
        for number, value in ((self.start, 0.0), (self.stop, duration_s)):
            number.setMaximum(duration_s)
            number.setValue(value)

    @property
    def part_s(self) -> tuple[float, float] | None:
        """Start and stop; None: the whole clip."""
        return (self.start.value(), self.stop.value()) if self.chosen.isChecked() else None

    def _take_time(self, number: QDoubleSpinBox) -> None:
        self.chosen.setChecked(True)
        number.setValue(self._desk.time_s)
