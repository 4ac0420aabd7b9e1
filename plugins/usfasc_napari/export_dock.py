"""Dock "Export": what was found and decided, as files for others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from qtpy.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from usfasc.model import DISCLAIMER
from usfasc.report.pictures import Wanted
from usfasc_napari.dockside import (
    DeskWidget,
    WatchedQueue,
    breakable,
    button,
    in_rows,
    scrolled,
    wrapped,
)
from usfasc_napari.export_work import Export
from usfasc_napari.finding import RESULT_SUFFIX, results_folder
from usfasc_napari.jobs import Job, State

FOLDER: Final = "export"
"""Within the results folder: an export never takes the place of a result's own files."""
_CHOICES: Final = {
    "table": ("Events (CSV)", "One row an event, with the verdicts"),
    "regions": ("Regions", "A file that usfasc detect --regions takes"),
    "page": ("Overview (PNG)", "One page: how many, where, when, how sure"),
    "pdf": ("Overview (PDF)", "The same, to print"),
    "video": ("Whole clip (MP4)", "Every event outlined while it lasts"),
    "animations": ("Every event (WebP)", "A short loop of each"),
    "event_videos": ("Every event (MP4)", "A short film of each, for slides"),
    ".webp": ("Event in hand (WebP)", "A short loop of it"),
    ".mp4": ("Event in hand (MP4)", "A short film of it, for slides"),
}
_PICTURES: Final = ("page", "pdf", "video", "animations", "event_videos")
_OF_ONE: Final = (".webp", ".mp4")
"""Suffixes of what shows the event in hand."""
_MOST_NAMES: Final = 8
_SPEEDS: Final = {"real speed": 1.0, "half speed": 0.5, "quarter speed": 0.25}
NO_RESULT: Final = "There is nothing to export: the clip in hand has no result yet."
HIDDEN: Final = "Export is off while the detector's findings are hidden from you."


class ExportDock(DeskWidget):
    """The dock; its only argument is the viewer."""

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__(napari_viewer)
        self.queue = WatchedQueue()
        self._build()
        for signal in (self.desk.clip_changed, self.desk.rows_changed, self.desk.current_changed):
            self.follow(signal, self.renew)
        self.follow(self.queue.changed, self._tell)
        self.renew()
        self._tell()

    def _build(self) -> None:
        self.choices = {name: QCheckBox(words) for name, (words, _) in _CHOICES.items()}
        for name, choice in self.choices.items():
            choice.setToolTip(_CHOICES[name][1])
        self.choices["table"].setChecked(True)
        self.choices["page"].setChecked(True)
        self.speed = QComboBox()
        self.speed.addItems(list(_SPEEDS))
        form = QFormLayout()
        form.addRow("MP4 at", self.speed)
        self.folder = QLineEdit(str(results_folder.path / FOLDER))
        self.export = button("Export", "Write the chosen files", self.write)
        self.stop = button("Cancel", "End the export; whole files stay", self._stop)
        self.bar = QProgressBar()
        self.bar.setFormat("%p %")
        self.status = wrapped()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addLayout(in_rows(list(self.choices.values()), 1))
        column.addLayout(form)
        column.addWidget(QLabel("Folder"))
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(button("...", "Choose the folder", self._ask_folder))
        column.addLayout(row)
        column.addLayout(in_rows([self.export, self.stop]))
        column.addWidget(self.bar)
        column.addWidget(self.status)
        column.addStretch(1)
        column.addWidget(wrapped(DISCLAIMER))
        scrolled(self, inside)

    def let_go(self) -> None:
        """Hear of nothing any more, and write nothing more."""
        super().let_go()
        self.queue.close()

    def renew(self) -> None:
        """Another clip, result or event is in hand."""
        possible = self.desk.result is not None and not self.desk.hides
        self.export.setEnabled(possible and not self.queue.busy)
        for suffix in _OF_ONE:
            self.choices[suffix].setEnabled(self.desk.current is not None)
        if not self.queue.busy and not possible:
            self.status.setText(HIDDEN if self.desk.hides else NO_RESULT)
        elif self.status.text() in (HIDDEN, NO_RESULT):
            self.status.setText("")

    def write(self) -> None:
        """Write what is chosen."""
        clip, result = self.desk.clip, self.desk.result
        if clip is None or result is None or self.desk.hides:
            return
        folder = Path(self.folder.text()).expanduser().absolute()
        if clip.path is not None and folder == clip.path.resolve().parent:
            self.status.setText("Nothing is written into the folder of a clip; choose another.")
            return
        chosen = {name for name, choice in self.choices.items() if choice.isChecked()}
        suffixes = tuple(each for each in _OF_ONE if each in chosen)
        current = self.desk.current if suffixes else None
        if not chosen - set(_OF_ONE) and current is None:
            self.status.setText("Choose what to write.")
            return
        pictures = {name: True for name in _PICTURES if name in chosen}
        export = Export(
            clip=clip,
            result=result,
            folder=folder,
            name=self._name(),
            table="table" in chosen,
            regions="regions" in chosen,
            wanted=Wanted(**pictures, speed=_SPEEDS[self.speed.currentText()]),
            event=None if current is None else current.event,
            suffixes=suffixes,
        )
        self.queue.clear()
        self.queue.add(Job(name=export.name, work=export.run))

    def _name(self) -> str:
        """The result's name, and the reader's where it was reviewed."""
        path, session = self.desk.result_path, self.desk.session
        assert path is not None, "there is a result"
        stem = path.name.removesuffix(RESULT_SUFFIX)
        return stem if session is None else f"{stem}.{session.reviewer}"

    def _tell(self) -> None:
        """Show how far the export is, and where it went."""
        job = self.queue.jobs[-1] if self.queue.jobs else None
        running = job is not None and not job.over
        self.bar.setVisible(running)
        self.stop.setEnabled(running)
        if job is not None:
            self.bar.setMaximum(job.total)
            self.bar.setValue(job.done)
            self.status.setText(breakable(_words(job)))
        self.renew()

    def _stop(self) -> None:
        for job in self.queue.jobs:
            self.queue.stop(job)

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Folder of the export", self.folder.text())
        if chosen:
            self.folder.setText(chosen)


def _words(job: Job) -> str:
    match job.state:
        case State.DONE:
            return _written_words(job.value)
        case State.FAILED:
            return job.sentence
        case State.STOPPED:
            return "Stopped; what was whole by then is kept."
        case _:
            return "Writing ..."


def _written_words(files: Sequence[Path]) -> str:
    if not files:
        return "There was nothing of that kind to write."
    shown = [path.name for path in files[:_MOST_NAMES]]
    more = [f"and {len(files) - len(shown)} more"] if len(files) > len(shown) else []
    return "\n".join([f"Written to {files[0].parent}:", *shown, *more])
