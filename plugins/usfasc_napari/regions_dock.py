"""Dock "Regions": the muscles of the clip in hand, by lines that snap to fasciae.

Two lines that are a little off take two drags; one that is missing takes a click on
"Add line" and one on the fascia. Whatever is changed is counted and saved at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from qtpy.QtCore import Qt, QTimer
from qtpy.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QLabel,
    QScrollArea,
    QVBoxLayout,
)

from usfasc.errors import UsfascError
from usfasc.io.line_file import read_outline, write_outline
from usfasc.model import DISCLAIMER
from usfasc_napari.dockside import DeskWidget, WatchedQueue, button, in_rows, wrapped
from usfasc_napari.jobs import Job, Progress
from usfasc_napari.layers import OpenClip
from usfasc_napari.regions_drawing import Drawing
from usfasc_napari.regions_list import RegionList
from usfasc_napari.regions_sheets import Found, find_lines, lay_sheets
from usfasc_napari.review_words import turn_words
from usfasc_napari.sight import Sight

_LOOK_MS: Final = 50
_FILES: Final = "Muscle regions (*.regions.json *.json)"
_HELP: Final = (
    "Drag a handle: its line snaps to the fascia beside it (Alt: it does not). "
    "A click with Add line draws a line, or gives one another handle; Delete takes a handle away."
)
NO_CLIP: Final = "Open a clip first."
PREPARING: Final = "Looking at the picture ..."
FINDING: Final = "Looking for lines ..."
NO_COUNT: Final = "Counts follow once the clip has been analysed."


class RegionsDock(DeskWidget):
    """The dock; its only argument is the viewer."""

    def __init__(self, napari_viewer: Any) -> None:
        # napari hands its viewer to an argument of this name.
        super().__init__(napari_viewer)
        self.drawing = Drawing(self.viewer, self.desk, partial(QTimer.singleShot, 0))
        self.jobs = WatchedQueue()
        self._layer: Any = None
        self._build()
        self.sight = Sight(self)
        self.follow(self.sight.changed, self._look_at)
        self.follow(self.drawing.changed, self._refresh)
        self.follow(self.drawing.adding, self._set_adding)
        self.follow(self.drawing.notice, self._tell)
        self.follow(self.jobs.changed, self._look)
        self.follow(self.desk.clip_changed, self._take_clip)
        self._take_clip()

    def _look_at(self, is_seen: bool) -> None:
        """In sight the clip is made ready to be drawn on; out of it no line is in the way."""
        if is_seen:
            self.drawing.resume()
            self._take_clip()
        else:
            self.drawing.rest()

    def let_go(self) -> None:
        """Nothing of the dock stays in the viewer, but the regions."""
        super().let_go()
        self.jobs.close()
        self.drawing.close()

    def _build(self) -> None:
        self.status = wrapped()
        self.find_button = button(
            "Find lines", "Look for fasciae, as the detection does", self._find
        )
        self.add_button = button("Add line", "Then click on a fascia", self._add)
        self.add_button.setCheckable(True)
        self.outline_button = button(
            "Draw outline",
            "Click corner by corner; Escape or a double click ends it",
            self._outline,
        )
        self.whole_button = button(
            "Whole area", "The whole picture is one region", self._take_whole
        )
        self.snap = QCheckBox("Lines snap to fasciae")
        self.snap.setChecked(True)
        self.snap.toggled.connect(self._set_snapping)
        self.list = RegionList(self.drawing)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.list)
        self.total = wrapped()
        self.undo_button = button("Undo", "Take back the last act", self.drawing.undo)
        self.redo_button = button("Redo", "Do it again", self.drawing.redo)
        self.save_button = button(
            "Save ...", "A file that usfasc detect --regions takes", self._save
        )
        self.load_button = button("Load ...", "Regions of a file or of any result", self._load)
        column = QVBoxLayout(self)
        column.addLayout(
            in_rows([self.find_button, self.add_button, self.outline_button, self.whole_button])
        )
        column.addWidget(self.snap)
        column.addWidget(self.status)
        column.addWidget(scroll, 1)
        column.addWidget(self.total)
        column.addLayout(
            in_rows([self.undo_button, self.redo_button, self.save_button, self.load_button])
        )
        column.addWidget(_small(_HELP))
        column.addWidget(_small(DISCLAIMER))

    def _take_clip(self) -> None:
        """Another clip is in hand: make its pictures ready; the same one has another result."""
        layer, clip = self.desk.layer, self.desk.clip
        if layer is not self._layer:
            self._layer = None
            self.drawing.put_away()
        if clip is None:
            self._tell(NO_CLIP)
        elif layer is self._layer:
            self.drawing.reload()
        elif self.sight.is_seen:
            self._layer = layer
            self._prepare(clip)

    def _prepare(self, clip: OpenClip) -> None:
        work = partial(lay_sheets, clip.cine, clip.reading, self.desk.result)
        self._start(PREPARING, work, partial(self._prepared, self._layer))

    def _prepared(self, layer: Any, sheets: Any) -> None:
        if layer is self._layer:
            self._tell("")
            self.drawing.prepare(sheets)

    def _start(
        self, text: str, work: Callable[[Progress], Any], sequel: Callable[[Any], None]
    ) -> None:
        self.jobs.clear()
        self._tell(text)
        self.jobs.add(Job(name=text, work=work, sequel=sequel))

    def _look(self) -> None:
        """What the thread has come to."""
        failed = [job.sentence for job in self.jobs.jobs if job.sentence]
        if failed:
            self._tell(failed[-1])
        self._refresh()

    def _find(self) -> None:
        clip, layer = self.desk.clip, self._layer
        if clip is not None and self.drawing.sheets:
            work = partial(find_lines, clip.cine, clip.reading, self.drawing.sheets)
            self._start(FINDING, work, partial(self._found, layer))

    def _found(self, layer: Any, found: Found) -> None:
        if layer is self._layer:
            self._tell(" ".join(found.hints))
            self.drawing.take(found.regions, found.lines)

    def _add(self) -> None:
        self.drawing.draw_lines(self.add_button.isChecked())

    def _set_adding(self, on: bool) -> None:
        self.add_button.setChecked(on)

    def _outline(self) -> None:
        self.add_button.setChecked(False)
        self.drawing.draw_outlines()

    def _take_whole(self) -> None:
        self.drawing.take_whole()

    def _set_snapping(self, on: bool) -> None:
        self.drawing.snapping = on

    def _save(self) -> None:
        name = "" if self._layer is None else f"{self._layer.name}.regions.json"
        path, _ = QFileDialog.getSaveFileName(self, "Save muscle regions", name, _FILES)
        if path:
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        """Write regions, and the lines they come from, as ``detect --regions`` reads them."""
        try:
            write_outline(path, self.drawing.regions, self.drawing.lines)
        except UsfascError as error:
            self._tell(error.sentence)
        else:
            self._tell("Saved.")

    def _load(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Load muscle regions", "", _FILES)
        if path:
            self.load_from(Path(path))

    def load_from(self, path: Path) -> None:
        """Take regions and lines of a file."""
        try:
            reading = read_outline(path)
        except UsfascError as error:
            self._tell(error.sentence)
            return
        if self.drawing.take_file(reading):
            self._tell("Loaded.")

    def _tell(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.status.setVisible(bool(sentence))

    def _refresh(self) -> None:
        """Show what is drawn, counted, and can be done."""
        ready = bool(self.drawing.sheets) and not self.jobs.busy
        for each in (
            self.find_button,
            self.add_button,
            self.outline_button,
            self.whole_button,
            self.save_button,
            self.load_button,
        ):
            each.setEnabled(ready)
        self.undo_button.setEnabled(ready and self.drawing.can_undo)
        self.redo_button.setEnabled(ready and self.drawing.can_redo)
        self._tell_turns()
        self.list.refresh()
        whole = self.drawing.count_of()
        uncounted = NO_COUNT if ready and not self.desk.hides else ""
        self.total.setText(f"Whole image: {whole}" if whole else uncounted)

    def _tell_turns(self) -> None:
        """Say what an undo and a redo would be of: of a review it may be a verdict."""
        session, rows = self.desk.session, self.desk.rows
        if session is not None:
            self.undo_button.setToolTip(turn_words("Undo", session.to_undo, rows))
            self.redo_button.setToolTip(turn_words("Redo", session.to_redo, rows))


def _small(text: str) -> QLabel:
    label = wrapped(text)
    font = label.font()
    font.setPointSizeF(max(7.0, 0.85 * font.pointSizeF()))
    label.setFont(font)
    return label
