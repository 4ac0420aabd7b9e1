"""Dock "Detect": count in the clip in hand, in a part of it, or in many clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)
from superqt import QCollapsible

from usfasc.errors import UsfascError
from usfasc.io.discover import clip_stem, find_clips
from usfasc.io.results import read_result
from usfasc.model import DISCLAIMER, WHOLE_IMAGE, Reading, Region
from usfasc_napari.desk import Desk
from usfasc_napari.detect_form import ParameterForm, ReadingForm
from usfasc_napari.detect_part import PartRow
from usfasc_napari.detect_work import Detection
from usfasc_napari.dockside import DeskWidget, WatchedQueue, button, in_rows, scrolled, wrapped
from usfasc_napari.finding import results_folder
from usfasc_napari.jobs import Job, Progress, State, engine_alone
from usfasc_napari.layers import OpenClip
from usfasc_napari.laying import get_ready, lay_result

_CLIPS: Final = "Clips (*.dcm *.mp4 *.avi *.mov *.wmv *.m4v *.mkv);;All files (*)"
_LIST_PX: Final = 96
NO_CLIP: Final = "Open a clip first."
_QUEUES: Final[WeakKeyDictionary[Any, WatchedQueue]] = WeakKeyDictionary()


def queue_of(viewer: Any) -> WatchedQueue:
    """The detections of a viewer: they go on while its dock is closed."""
    if viewer not in _QUEUES:
        _QUEUES[viewer] = WatchedQueue()
    return _QUEUES[viewer]


class DetectDock(DeskWidget):
    """The dock; its only argument is the viewer."""

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__(napari_viewer)
        self.queue = queue_of(self.viewer)
        self._clip: object = None
        self._build()
        self.follow(self.desk.clip_changed, self.renew)
        self.follow(self.queue.changed, self._list)
        self.renew()
        self._list()

    def _build(self) -> None:
        self.title = wrapped()
        self.reading = ReadingForm()
        self.parameters = ParameterForm()
        folded = QCollapsible("Parameters")
        folded.addWidget(self.parameters)
        folded.addWidget(button("Usual values", "Reset the parameters", self.parameters.reset))
        self.part = PartRow(self.desk)
        self.folder = QLineEdit(str(results_folder.path))
        self.folder.setToolTip("Results go here, never into the folder of a clip.")
        self.folder.editingFinished.connect(self._take_folder)
        self.detect = button("Detect", "Count in the clip in hand", self.detect_clip)
        self.more = button("Add clips ...", "Count in other clips too", self._ask_clips)
        self.stop = button("Cancel", "End what is selected, or else everything", self.stop_jobs)
        self.clear = button("Clear list", "Forget what is over", self.queue.clear)
        self.bar = QProgressBar()
        self.bar.setFormat("%p %")
        self.list = QListWidget()
        self.list.setMinimumHeight(_LIST_PX)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.status = wrapped()
        inside = QWidget()
        column = QVBoxLayout(inside)
        for widget in (self.title, self.reading, self.part, folded):
            column.addWidget(widget)
        column.addWidget(QLabel("Results folder"))
        column.addLayout(self._folder_row())
        column.addLayout(in_rows([self.detect, self.more, self.stop, self.clear]))
        column.addWidget(self.bar)
        column.addWidget(self.list, 1)
        column.addWidget(self.status)
        column.addWidget(wrapped(DISCLAIMER))
        scrolled(self, inside)

    def _folder_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self.folder, 1)
        row.addWidget(button("...", "Choose the folder", self._ask_folder))
        return row

    def renew(self) -> None:
        """Another clip is in hand, or it has another result."""
        clip, layer = self.desk.clip, self.desk.layer
        self.detect.setEnabled(clip is not None)
        self.title.setText(NO_CLIP if layer is None else f"Clip: {layer.name}")
        if clip is self._clip:
            return
        self._clip = clip
        self.reading.show_clip(
            None if clip is None else clip.cine, Reading() if clip is None else clip.reading
        )
        self.part.show_clip()
        self.status.setText("")

    def detect_clip(self) -> None:
        """Put the clip in hand at the end of the list."""
        clip, layer = self.desk.clip, self.desk.layer
        if clip is None or layer is None:
            return
        name = layer.name if clip.path is None else clip_stem(clip.path)
        detection = Detection(
            name=name,
            path=clip.path,
            cine=clip.cine if clip.path is None else None,
            reading=self._reading_of(clip),
            parameters=self.parameters.parameters,
            part_s=self.part.part_s,
            folder=results_folder.path,
        )
        self._add(detection)

    def _reading_of(self, clip: OpenClip) -> Reading:
        """What the form says of the clip in hand, and what was said of it and is not asked for."""
        asked, said = self.reading.reading(self._drawn()), clip.reading
        spacing_mm = None if asked.depth_mm else said.spacing_mm
        return replace(asked, spacing_mm=spacing_mm, bmode=said.bmode)

    def add_clips(self, paths: Sequence[Path]) -> None:
        """Put the clips of files, folders or patterns at the end of the list."""
        try:
            found = find_clips(paths)
        except UsfascError as error:
            self.status.setText(error.sentence)
            return
        for clip in found.clips:
            detection = Detection(
                name=clip.stem,
                path=clip.path,
                reading=self.reading.reading(),
                parameters=self.parameters.parameters,
                folder=results_folder.path / clip.relative_folder,
            )
            self._add(detection)

    def _add(self, detection: Detection) -> None:
        """Queue a detection, unless its files would be another clip's."""
        try:
            results_folder.check(detection.path)
            detection.check()
        except UsfascError as error:
            self.status.setText(error.sentence)
            return
        if any(not job.over and job.name == detection.words for job in self.queue.jobs):
            self.status.setText(f"{detection.words} is in the list already.")
            return
        self.status.setText("")
        sequel = partial(_finish, self.viewer, self.desk)
        self.queue.add(Job(name=detection.words, work=partial(_detect, detection), sequel=sequel))

    def stop_jobs(self) -> None:
        """End the selected jobs; without any selected, all."""
        chosen = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        for job in chosen or list(self.queue.jobs):
            if not job.over:
                self.queue.stop(job)

    def _list(self) -> None:
        """Show every job and how far it is."""
        selected = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        self.list.clear()
        for job in self.queue.jobs:
            item = QListWidgetItem(f"{job.name}: {job_words(job, hides=self.desk.hides)}")
            item.setData(Qt.ItemDataRole.UserRole, job)
            item.setToolTip(item.text())
            self.list.addItem(item)
            item.setSelected(job in selected)
        running = [job for job in self.queue.jobs if not job.over]
        self.stop.setEnabled(bool(running))
        self.clear.setEnabled(any(job.over for job in self.queue.jobs))
        self.bar.setVisible(bool(running))
        self.bar.setMaximum(max((job.total for job in running[:1]), default=0))
        self.bar.setValue(max((job.done for job in running[:1]), default=0))

    def _drawn(self) -> tuple[Region, ...]:
        result = self.desk.result
        return () if result is None else result.regions

    def _take_folder(self) -> None:
        results_folder.chosen = Path(self.folder.text()).expanduser().absolute()

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Results folder", self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self._take_folder()

    def _ask_clips(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, "Clips to count in", "", _CLIPS)
        if chosen:
            self.add_clips([Path(path) for path in chosen])


def job_words(job: Job, *, hides: bool) -> str:
    """How far a detection is, or what came of it; no count for whom it is hidden from."""
    match job.state:
        case State.RUNNING if job.total:
            return f"{100 * job.done // job.total} %"
        case State.FAILED:
            return job.sentence or State.FAILED.value
        case State.DONE if not hides:
            return _count_words(job.value)
        case _:
            return job.state.value


def _count_words(path: Path) -> str:
    try:
        result = read_result(path)
    except UsfascError:
        return State.DONE.value
    (whole,) = (summary for summary in result.summaries if summary.region == WHOLE_IMAGE)
    plural = "" if whole.count == 1 else "es"
    return f"{whole.count} twitch{plural} in {whole.assessable_s:.1f} s"


def _detect(detection: Detection, progress: Progress) -> Path:
    get_ready()
    with engine_alone(progress):
        return detection.run(progress)


def _finish(viewer: Any, desk: Desk, path: Path) -> None:
    try:
        lay_result(viewer, desk, path)
    except UsfascError as error:
        desk.notice.emit(error.sentence)
