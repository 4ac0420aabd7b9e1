"""The Review dock: from event to event with one hand on the keyboard, saved as it is done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from qtpy.QtCore import QSettings, Qt, QTimer
from qtpy.QtWidgets import QLabel, QPushButton, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from usfasc.model import DISCLAIMER
from usfasc.review import Decision, Mode
from usfasc_napari.desk import desk_of
from usfasc_napari.dockside import WatchedQueue
from usfasc_napari.keys import Command
from usfasc_napari.review_begin import BeginPage
from usfasc_napari.review_course import ReviewCourse
from usfasc_napari.review_help import HelpOverlay
from usfasc_napari.review_keys import Shortcuts, kind_menu, window_of
from usfasc_napari.review_marks import ReviewMarks
from usfasc_napari.review_panel import ReviewPanel, small
from usfasc_napari.review_playback import Playback
from usfasc_napari.review_span import SpanDialog
from usfasc_napari.review_words import arrow_words, event_words
from usfasc_napari.sight import Sight

_AFTER_MS: Final = 250
"""Rings and arrows wait for the next event's first picture, on a slow computer too."""
_READER: Final = "reader"
_GOES_ON: Final = "goes_on"


class ReviewDock(QWidget):
    """The dock. Out of sight it hears nothing, and its keys are napari's own again.

    Parameters
    ----------
    napari_viewer
        The viewer, or napari's proxy of it.
    """

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__()
        self._viewer = getattr(napari_viewer, "__wrapped__", napari_viewer)
        self.desk = desk_of(self._viewer)
        self.course = ReviewCourse(self.desk)
        self._searches = WatchedQueue()
        self.marks = ReviewMarks(self.desk, self._viewer.layers, self._searches)
        self.playback = Playback(self.desk, self)
        self._shortcuts: Shortcuts | None = None
        self._help: HelpOverlay | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._catch_up)
        self._commands = self._table_of_commands()
        self._build()
        self._hears = (
            (self.desk.clip_changed, self._take_clip),
            (self.desk.current_changed, self._take_event),
            (self.desk.rows_changed, self._take_rows),
            (self.desk.notice, self._tell),
            (self.course.listed_changed, self._take_list),
            (self.playback.changed, self._show_playing),
            (self.marks.arrows_changed, self._show_event),
        )
        self._sight = Sight(self)
        self._sight.changed.connect(self._look)

    def _build(self) -> None:
        self.begin = BeginPage(self.read_as)
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detect = QPushButton("Open the Detect dock")
        self.detect.clicked.connect(partial(self._open_dock, "Detect"))
        self.panel = ReviewPanel(self.course, self.run)
        self._stack = QStackedLayout()
        for page in (self.begin, _page(self.nothing, self.detect), self.panel):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        column.addLayout(self._stack)
        self._connect_panel()

    def _connect_panel(self) -> None:
        panel, settings = self.panel, _settings()
        goes_on = settings.value(_GOES_ON, True, type=bool)
        self.course.goes_on = bool(goes_on)
        panel.goes_on.setChecked(self.course.goes_on)
        panel.goes_on.toggled.connect(self._set_goes_on)
        panel.leave.clicked.connect(self._leave)
        panel.clips.activated.connect(lambda place: self.desk.take_up(self.desk.layers[place]))
        panel.only.activated.connect(lambda _: self.course.show(panel.only.currentData()))
        panel.doubtful.toggled.connect(lambda on: self.course.put_doubtful_first(first=on))
        panel.note.editingFinished.connect(lambda: self.course.note(panel.note.text()))
        panel.none_seen.clicked.connect(self.course.none_seen)
        panel.not_assessable.clicked.connect(self._ask_span)
        self._show_playing()

    # In sight and out of it.

    def _look(self, is_seen: bool) -> None:
        if is_seen:
            self._wake()
        else:
            self._rest()

    def _wake(self) -> None:
        """Hear of changes, bind the keys, and show what is there by now."""
        self._shortcuts = Shortcuts(window_of(self), self.run)
        for signal, slot in self._hears:
            signal.connect(slot)
        self.course.begin()
        self.desk.look(at_it=True)
        self._take_clip()

    def _rest(self) -> None:
        """Closed, or behind another dock: nothing plays, and no key is taken."""
        if self._shortcuts is not None:
            self._shortcuts.remove()
            self._shortcuts = None
        for signal, slot in self._hears:
            signal.disconnect(slot)
        self._later.stop()
        self.playback.stop()
        self.marks.stop()
        self.desk.look(at_it=False)
        if self._help is not None:
            self._help.hide()

    # What changed.

    def _take_clip(self) -> None:
        desk, session = self.desk, self.desk.session
        self.playback.stop()
        self.panel.notice.clear()
        if session is not None:
            self._stack.setCurrentWidget(self.panel)
        elif desk.clip is None:
            self._say_nothing("Open a clip to review it: File > Open, or drop it here.", False)
        elif desk.result_path is None:
            self._say_nothing("This clip has no result yet. Detect first, then review.", True)
        else:
            known = desk.reviewer or str(_settings().value(_READER, ""))
            self.begin.offer(known, desk.mode)
            self._stack.setCurrentWidget(self.begin)
        self.marks.show_clip()
        self.marks.show_events()
        self.panel.show_reader(desk)
        self._take_rows()
        self._take_list()
        self._take_event()

    def _take_rows(self) -> None:
        if self.desk.session is not None:
            self.panel.show_rows(self.desk.session, self.desk.rows)
            self._show_event()
            self.playback.follow_event()
            self._later.start()

    def _take_list(self) -> None:
        self.panel.show_list(self.course)

    def _take_event(self) -> None:
        self.panel.table.show_current()
        self.marks.show_current()
        self._show_event()
        self.playback.play_event()
        self._later.start()

    def _catch_up(self) -> None:
        """What may be a moment late: rings of all events, arrows of this one."""
        self.marks.show_events()
        self.marks.show_arrows()

    # What is shown.

    def _say_nothing(self, words: str, detectable: bool) -> None:
        self.nothing.setText(words)
        self.detect.setVisible(detectable)
        self._stack.setCurrentIndex(1)

    def _show_event(self) -> None:
        current, marks = self.desk.current, self.marks
        words = arrow_words(marks.arrows) if marks.searched else ""
        self.panel.show_event(event_words(current, self.desk.mode, words), current)

    def _show_playing(self) -> None:
        self.panel.show_playing(self.playback)

    def _tell(self, sentence: str) -> None:
        self.panel.notice.setText(sentence)
        self.nothing.setText(sentence)

    # Who reads.

    def read_as(self, reviewer: str, mode: Mode) -> None:
        """Begin or go on with the review of this reader."""
        _settings().setValue(_READER, reviewer)
        self.desk.read_as(reviewer, mode)
        self.setFocus()

    def _leave(self) -> None:
        self.playback.stop()
        self.begin.offer(self.desk.reviewer or "", self.desk.mode)
        self._stack.setCurrentWidget(self.begin)

    def _set_goes_on(self, on: bool) -> None:
        self.course.goes_on = on
        _settings().setValue(_GOES_ON, on)

    # Commands.

    def run(self, command: Command) -> None:
        """Do what a key or a button says; nothing before a review has begun."""
        if command is Command.HELP or self._stack.currentWidget() is self.panel:
            self._commands[command]()

    def _table_of_commands(self) -> dict[Command, Callable[[], object]]:
        course = self.course
        return {
            Command.NEXT: partial(course.step, 1),
            Command.PREVIOUS: partial(course.step, -1),
            Command.NEXT_UNDECIDED: course.next_undecided,
            Command.ACCEPT: partial(course.judge, Decision.ACCEPT),
            Command.REJECT: partial(course.judge, Decision.REJECT),
            Command.UNSURE: partial(course.judge, Decision.UNSURE),
            Command.CHANGE_KIND: self._ask_kind,
            Command.ADD: self._add,
            Command.DELETE: course.delete,
            Command.ONSET: partial(course.set_time, "onset"),
            Command.PEAK: partial(course.set_time, "peak"),
            Command.OFFSET: partial(course.set_time, "offset"),
            Command.UNDO: course.undo,
            Command.REDO: course.redo,
            Command.LOOP: self.playback.switch_loop,
            Command.SPEED: self.playback.change_speed,
            Command.PLAY: self.playback.switch_clip,
            Command.BACK: partial(self.playback.step, -1),
            Command.FORWARD: partial(self.playback.step, 1),
            Command.ARROWS: self.marks.switch_arrows,
            Command.HELP: self._switch_help,
        }

    def _ask_kind(self) -> None:
        if self.desk.current is None:
            return
        button = self.panel.buttons[Command.CHANGE_KIND]
        menu = kind_menu(self, self.course.change_kind)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _add(self) -> None:
        place = self._pointed_px()
        if place is None:
            self._tell("Point at the twitch with the mouse, then press A.")
        else:
            self.playback.stop()
            self.course.add(*place)

    def _pointed_px(self) -> tuple[float, float] | None:
        """Row and column of the clip in hand under the mouse pointer; None beside it."""
        layer, position = self.desk.layer, self._viewer.cursor.position
        if layer is None or len(position) < 3:
            return None
        y, x = (float(each) for each in layer.world_to_data(position)[-2:])
        height, width = layer.data.shape[1:]
        inside = -0.5 <= y < height - 0.5 and -0.5 <= x < width - 0.5
        return (y, x) if inside else None

    def _ask_span(self) -> None:
        clip, session = self.desk.clip, self.desk.session
        if clip is None or session is None:
            return
        regions = [region.name for region in session.reviewed.regions]
        duration_s = clip.cine.duration_s or 0.0
        dialog = SpanDialog(
            self, regions, duration_s, lambda: self.desk.time_s, self.course.not_assessable
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()

    # Other windows.

    def _switch_help(self) -> None:
        if self._help is not None and self._help.isVisible():
            self._help.hide()
            return
        if self._help is not None:
            self._help.deleteLater()
        self._help = HelpOverlay(window_of(self))
        self._help.show()
        self._help.raise_()

    def _open_dock(self, name: str) -> None:
        self._viewer.window.add_plugin_dock_widget("usfasc", name)


def _settings() -> QSettings:
    """What is remembered between sessions: the reader's own name and habits, no clip's."""
    return QSettings("usfasc", "usfasc")


def _page(*widgets: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    column.addWidget(small(DISCLAIMER))
    return page
