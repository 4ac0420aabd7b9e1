"""The list in the Regions dock: picture by picture its lines, what lies below them, outlines."""

from __future__ import annotations

from functools import partial
from typing import Final

from qtpy.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from usfasc.regions import picture_of
from usfasc.regions.drift import owner_of
from usfasc.report.sentences import line_words
from usfasc_napari import regions_edits as edits
from usfasc_napari.regions_drawing import Drawing
from usfasc_napari.regions_rows import CountLabel, LineRow, NameFields, stacked
from usfasc_napari.regions_sketch import (
    Name,
    Sketch,
    band_names,
    bounding,
    boxes_of,
    line_origin,
)

_EMPTY: Final = "No line with muscle below it, and no outline: the whole picture is one region."
_LOOK: Final = "Yellow in the picture; lines are numbered from top to bottom"


class RegionList(QWidget):
    """Rows of everything that is drawn; made anew with each change."""

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self._drawing = drawing
        self._rows: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(2)
        self._column.addStretch(1)

    def refresh(self) -> None:
        """Show the sketch as it now is."""
        self._clear()
        sketch = self._drawing.sketch
        if sketch is None:
            return
        for number in range(len(self._drawing.sheets)):
            self._add_picture(sketch, number)

    def _clear(self) -> None:
        for widget in self._rows:
            self._column.removeWidget(widget)
            focus = QApplication.focusWidget()
            if focus is not None and widget.isAncestorOf(focus):
                # What is typed there was told already; else its end would tell it again.
                focus.blockSignals(True)
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        self._rows = []

    def _put(self, widget: QWidget) -> None:
        self._column.insertWidget(len(self._rows), widget)
        self._rows.append(widget)

    def _add_picture(self, sketch: Sketch, number: int) -> None:
        sheets = self._drawing.sheets
        boxes = boxes_of(sheets)
        if sheets[number].place:
            self._put(QLabel(f"<b>{sheets[number].place.capitalize()}</b>"))
        names = band_names(sketch, sheets)
        for line, index in enumerate(bounding(sketch, number, sheets), 1):
            told = line_origin(sketch.strokes[index].line, sheets[number])
            self._add_line(sketch, index, f"Line {line}, {told}", names.get(index))
        for index, region in enumerate(sketch.polygons):
            if picture_of(region, boxes) == number:
                self._add_outline(sketch, index)
        here = [each for each in self._drawing.regions if picture_of(each, boxes) == number]
        if here[0].origin == "whole":
            self._add_whole(sketch, number, here[0].name)
        guesses = [
            index
            for index, stroke in enumerate(sketch.strokes)
            if not stroke.line.proposed and owner_of(stroke.line, boxes) == number
        ]
        for guess, index in enumerate(guesses, 1):
            self._add_guess(sketch, index, f"Guess {guess}")

    def _add_line(self, sketch: Sketch, index: int, title: str, region: str | None) -> None:
        drawing, stroke = self._drawing, sketch.strokes[index]
        row = LineRow(title, _LOOK)
        is_muscle = stroke.line.kind != "shadow"
        row.offer_muscle(
            is_muscle,
            lambda on: drawing.edit(edits.set_muscle_below(sketch, index, is_muscle=on)),
        )
        row.offer("✕", "Delete this line", lambda: drawing.edit(edits.remove(sketch, index)))
        self._put(row)
        if region is not None:
            fields = NameFields(stroke.name, region, partial(self._name_below, index))
            self._put(stacked(fields, CountLabel(drawing.count_of(region))))

    def _add_guess(self, sketch: Sketch, index: int, title: str) -> None:
        drawing, line = self._drawing, sketch.strokes[index].line
        told = f"White and dashed in the picture: {line_words(line)}"
        row = LineRow(f"{title}, confidence {line.confidence:.2f}", told)
        row.offer(
            "Use",
            "Let this line part muscles",
            lambda: drawing.edit(edits.take_up(sketch, index)),
        )
        row.offer("✕", "Delete this guess", lambda: drawing.edit(edits.remove(sketch, index)))
        self._put(row)

    def _add_outline(self, sketch: Sketch, index: int) -> None:
        drawing, region = self._drawing, sketch.polygons[index]
        row = LineRow("Outline", region.name)
        row.offer(
            "✕",
            "Delete this outline",
            lambda: drawing.edit(edits.remove_outline(sketch, index)),
        )
        self._put(row)
        name = Name(muscle=region.muscle, side=region.side)
        fields = NameFields(name, region.name, partial(self._name_outline, index))
        self._put(stacked(fields, CountLabel(drawing.count_of(region.name))))

    def _add_whole(self, sketch: Sketch, number: int, region: str) -> None:
        self._put(LineRow("Whole picture", _EMPTY))
        fields = NameFields(sketch.wholes[number], region, partial(self._name_whole, number))
        self._put(stacked(fields, CountLabel(self._drawing.count_of(region))))

    def _name_below(self, index: int, name: Name) -> None:
        drawing = self._drawing
        if drawing.sketch is not None:
            drawing.edit(edits.name_below(drawing.sketch, index, name, drawing.sheets))

    def _name_outline(self, index: int, name: Name) -> None:
        if self._drawing.sketch is not None:
            self._drawing.edit(edits.name_outline(self._drawing.sketch, index, name))

    def _name_whole(self, number: int, name: Name) -> None:
        if self._drawing.sketch is not None:
            self._drawing.edit(edits.name_whole(self._drawing.sketch, number, name))
