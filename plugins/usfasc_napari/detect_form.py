"""The form of a detection: its parameters as `usfasc.params` declares them, and the clip's own."""

from __future__ import annotations

from typing import Any, Final

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QComboBox, QCompleter, QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from usfasc.model import Cine, Reading, Region, Shown, Side
from usfasc.params import Parameters
from usfasc.regions.vocabulary import muscle_name, muscles
from usfasc.survey.manifest import Row

FOUND: Final = "found"
WHOLE: Final = "whole picture"
DRAWN: Final = "as drawn"
_STEPS: Final = 100
_UNKNOWN: Final = "not given"
_MUSCLES: Final = "biceps brachii, brachialis"


class ParameterForm(QWidget):
    """A number for each parameter, with its unit, range and help."""

    def __init__(self) -> None:
        super().__init__()
        form = _form(self)
        self.numbers: dict[str, QDoubleSpinBox] = {}
        for name, field in Parameters.model_json_schema()["properties"].items():
            number = _number(field["minimum"], field["maximum"], field["unit"])
            number.setToolTip(f"{field['description']} Usually {field['default']:g}.")
            self.numbers[name] = number
            form.addRow(_label(name, field["unit"]), number)
        self.reset()

    def reset(self) -> None:
        """Take the usual value of each."""
        for name, value in Parameters().model_dump().items():
            self.numbers[name].setValue(value)

    @property
    def parameters(self) -> Parameters:
        """The parameters as they stand in the form."""
        return Parameters(**{name: number.value() for name, number in self.numbers.items()})


class ReadingForm(QWidget):
    """What a person says of a clip: what its file lacks, and its muscles."""

    def __init__(self) -> None:
        super().__init__()
        self.form = _form(self)
        self.rate = _number(*_bounds("frame_rate_hz"), "Hz", optional=True)
        self.rate.setToolTip("Frames a second; a guessed rate gives a wrong result.")
        self.deep = _number(*_bounds("depth_mm"), "mm", optional=True)
        self.deep.setToolTip("Height of the picture, as the scanner's screen says.")
        self.muscle = QLineEdit()
        self.muscle.setPlaceholderText(_MUSCLES)
        self.muscle.setToolTip(
            "One muscle: the whole picture is that muscle. Several, from the top: they name what"
            " is found."
        )
        self.muscle.setCompleter(_completer())
        self.side = QComboBox()
        self.side.addItem(_UNKNOWN, None)
        for side in Side:
            self.side.addItem(side.value, side)
        self.where = QComboBox()
        self.where.addItems([FOUND, WHOLE, DRAWN])
        self.where.setToolTip("Where the muscles are.")
        for box in (self.side, self.where):
            # Narrower than its longest words, so that a narrow dock cuts nothing off.
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
        self.form.addRow("Frame rate", self.rate)
        self.form.addRow("Depth", self.deep)
        self.form.addRow("Muscle", self.muscle)
        self.form.addRow("Side", self.side)
        self.form.addRow("Muscles are", self.where)

    def show_clip(self, cine: Cine | None, reading: Reading) -> None:
        """Ask for what a clip lacks; begin with what was said of it as it was opened.

        What its header says stands where nothing is said, since it then holds.
        """
        lacks_rate = cine is None or cine.times_s is None or reading.frame_rate_hz is not None
        said = reading.depth_mm or reading.spacing_mm
        lacks_scale = cine is None or cine.spacing_mm is None or said is not None
        self.form.setRowVisible(self.rate, lacks_rate)
        self.form.setRowVisible(self.deep, lacks_scale)
        self.rate.setValue(reading.frame_rate_hz or 0)
        self.deep.setValue(reading.depth_mm or 0)
        header = Shown() if cine is None else cine.header.shown
        self.muscle.setPlaceholderText(_by_header(header.muscle) or _MUSCLES)
        self.side.setItemText(0, _by_header(header.side) or _UNKNOWN)
        self.muscle.setText(", ".join(reading.layers) or reading.muscle or "")
        self.side.setCurrentIndex(self.side.findData(reading.side))
        self.where.setCurrentText(WHOLE if reading.whole else FOUND)

    def reading(self, drawn: tuple[Region, ...] = ()) -> Reading:
        """What was said.

        Parameters
        ----------
        drawn
            The regions on display, for those who want them.
        """
        given: dict[str, Any] = {
            "frame_rate_hz": self.rate.value() or None,
            "depth_mm": self.deep.value() or None,
        }
        if self.where.currentText() == DRAWN and drawn:
            return Reading(**given, regions=drawn)
        names = tuple(muscle_name(part) for part in self.muscle.text().split(",") if part.strip())
        whole = self.where.currentText() == WHOLE
        if len(names) > 1 and not whole:
            return Reading(**given, layers=names, side=self.side.currentData())
        muscle = ", ".join(names) or None
        return Reading(**given, muscle=muscle, side=self.side.currentData(), whole=whole)


def _form(parent: QWidget) -> QFormLayout:
    form = QFormLayout(parent)
    form.setContentsMargins(0, 0, 0, 0)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return form


def _number(low: float, high: float, unit: str, *, optional: bool = False) -> QDoubleSpinBox:
    """A number within its range; an optional one is not given while it stands at 0."""
    number = QDoubleSpinBox()
    number.setDecimals(2)
    number.setRange(0 if optional else low, high)
    number.setSingleStep(max((high - low) / _STEPS, 0.01))
    number.setSuffix("" if unit in ("", "1/s") else f" {unit}")
    number.setKeyboardTracking(False)
    if optional:
        number.setSpecialValueText(_UNKNOWN)
    return number


def _by_header(name: str | None) -> str:
    return f"{name} (header)" if name else ""


def _label(name: str, unit: str) -> str:
    """A parameter's name as a person reads it, without the unit that stands behind its value."""
    words = name.removesuffix(f"_{unit}").replace("_per_s", " per s").replace("_", " ")
    return words[0].upper() + words[1:]


def _bounds(column: str) -> tuple[float, float]:
    """The range that a survey allows for the same thing."""
    number = Row.model_json_schema()["properties"][column]["anyOf"][0]
    return number["minimum"], number["maximum"]


def _completer() -> QCompleter:
    completer = QCompleter(sorted({muscle.name for muscle in muscles()}))
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    return completer
