"""Dock "Movement": displacement over time of the event in hand, and the M-mode strip through it."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen
from qtpy.QtWidgets import QSizePolicy

from usfasc.errors import UsfascError
from usfasc.model import Event
from usfasc_napari.course import Course, told_course
from usfasc_napari.curves_drawing import (
    FOOT_PX,
    LIGHT,
    MEASURING,
    UNMEASURED,
    draw_axis,
    draw_curve,
    draw_strip,
    head_of,
    say,
)
from usfasc_napari.dockside import DeskWidget, WatchedQueue
from usfasc_napari.jobs import Job
from usfasc_napari.movement import Movement, MovementMaker, span_of
from usfasc_napari.timeline import CURRENT

TIMES: Final = ("onset_s", "peak_s", "offset_s")
_LEFT_PX: Final = 66
_RIGHT_PX: Final = 12
_HEAD_PX: Final = 24
_GAP_PX: Final = 22
_CURVE_SHARE: Final = 0.45
_REACH_PX: Final = 6
_WORDS: Final = {"onset_s": "onset", "peak_s": "peak", "offset_s": "offset"}
NOTHING: Final = "The event under review is drawn here."


class Curves(DeskWidget):
    """The dock; its only argument is the viewer.

    The three times are lines that can be dragged; what was dragged is kept by the review.
    """

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__(napari_viewer)
        self.movement: Movement | None = None
        self.queue = WatchedQueue()
        self._maker: MovementMaker | None = None
        self._image: QImage | None = None
        self._of: tuple[object, ...] | None = None
        self._held: str | None = None
        self._held_s = 0.0
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(240, 170))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (self.desk.rows_changed, self.desk.current_changed, self.desk.clip_changed):
            self.follow(signal, self.renew)
        self.follow(self.viewer.dims.events.point, self._redraw)
        self.renew()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Wide enough for three seconds."""
        return QSize(360, 320)

    def let_go(self) -> None:
        """Hear of nothing any more, and draw no strip to its end."""
        super().let_go()
        self.queue.close()

    @property
    def event_in_hand(self) -> Event | None:
        """The event under review."""
        row = self.desk.current
        return None if row is None else row.event

    def renew(self) -> None:
        """Draw another event; what is seen of it follows once its frames are decoded."""
        event, clip = self.event_in_hand, self.desk.clip
        of = None if event is None or clip is None else _place_of(event, clip.cine.source.sha256)
        if of != self._of:
            self._of, self.movement, self._image = of, None, None
            self._ask(event)
        self.update()

    def _ask(self, event: Event | None) -> None:
        for job in self.queue.jobs:
            self.queue.stop(job)
        self.queue.clear()
        clip, layer = self.desk.clip, self.desk.layer
        if event is None or clip is None or layer is None or clip.cine.times_s is None:
            return
        if self._maker is None or self._maker.clip is not clip:
            self._maker = MovementMaker(clip, layer.data)
        work = partial(self._maker.movement, event)
        self.queue.add(Job(name="movement", work=work, sequel=partial(self._take, self._of)))

    def _take(self, of: object, movement: Movement) -> None:
        if of != self._of:
            return
        self.movement = movement
        if movement.strip is not None:
            pixels = movement.strip.pixels
            high, wide = pixels.shape
            grey = QImage.Format.Format_Grayscale8
            # A copy: Qt would else look at numpy's memory after it is gone.
            self._image = QImage(pixels.data, wide, high, wide, grey).copy()
        self.update()

    @property
    def course(self) -> Course | None:
        """How far the event under review moves, as far as that is known by now."""
        if self.movement is not None:
            return self.movement.course
        return None if self.event_in_hand is None else told_course(self.event_in_hand)

    def _redraw(self, _: object = None) -> None:
        self.update()

    def span_s(self) -> tuple[float, float]:
        """Start and stop of the time axis."""
        event, clip = self.event_in_hand, self.desk.clip
        if event is None or clip is None or clip.cine.times_s is None:
            return 0.0, 1.0
        return span_of(event, clip.cine.times_s)

    def x_of(self, time_s: float) -> float:
        """Where a time is drawn."""
        start_s, stop_s = self.span_s()
        wide = max(self.width() - _LEFT_PX - _RIGHT_PX, 1)
        return _LEFT_PX + wide * (time_s - start_s) / (stop_s - start_s)

    def time_at(self, x: float) -> float:
        """The time that is drawn at a place."""
        start_s, stop_s = self.span_s()
        wide = max(self.width() - _LEFT_PX - _RIGHT_PX, 1)
        return start_s + (stop_s - start_s) * min(max((x - _LEFT_PX) / wide, 0.0), 1.0)

    def _panels(self) -> tuple[QRectF, QRectF]:
        """Where the curve and the strip are drawn."""
        wide = max(self.width() - _LEFT_PX - _RIGHT_PX, 1)
        room = max(self.height() - _HEAD_PX - _GAP_PX - FOOT_PX, 2)
        above = room * _CURVE_SHARE
        strip_top = _HEAD_PX + above + _GAP_PX
        return (
            QRectF(_LEFT_PX, _HEAD_PX, wide, above),
            QRectF(_LEFT_PX, strip_top, wide, room - above),
        )

    def paintEvent(self, _: Any) -> None:  # noqa: N802 - Qt's name
        """Draw the curve, the strip, the three times and the cursor."""
        pen = QPainter(self)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.palette().windowText().color()
        pen.setPen(ink)
        event = self.event_in_hand
        if event is None:
            pen.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NOTHING)
            return
        above, below = self._panels()
        room_px = self.width() - 2 * _RIGHT_PX
        elide = QFontMetrics(self.font()).elidedText
        head = elide(head_of(event, self.course), Qt.TextElideMode.ElideRight, room_px)
        pen.drawText(QPointF(_RIGHT_PX, 15), head)
        if self.course is None:
            say(pen, above, MEASURING if self.queue.busy else UNMEASURED)
        else:
            draw_curve(pen, self.course, event.onset_s, above, self.x_of, ink)
        strip = None if self.movement is None else self.movement.strip
        shown = None if strip is None or self._image is None else (strip, self._image)
        draw_strip(pen, shown, below, self.x_of, ink)
        draw_axis(pen, self.span_s(), below, self.x_of, ink)
        self._draw_times(pen, event, above, below)
        x = self.x_of(self.desk.time_s)
        if above.left() <= x <= above.right():
            pen.setPen(QPen(LIGHT, 1))
            for box in (above, below):
                pen.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _draw_times(self, pen: QPainter, event: Event, above: QRectF, below: QRectF) -> None:
        for name in TIMES:
            x = self.x_of(self._time_of(event, name))
            style = Qt.PenStyle.SolidLine if name == "peak_s" else Qt.PenStyle.DashLine
            pen.setPen(QPen(QColor(CURRENT), 3 if name == self._held else 1.5, style))
            for box in (above, below):
                pen.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))

    def _time_of(self, event: Event, name: str) -> float:
        return self._held_s if name == self._held else float(getattr(event, name))

    def _line_at(self, x: float) -> str | None:
        """The time whose line lies at a place."""
        event = self.event_in_hand
        if event is None:
            return None
        away = {name: abs(self.x_of(getattr(event, name)) - x) for name in TIMES}
        name = min(TIMES, key=lambda each: away[each])
        return name if away[name] <= _REACH_PX else None

    def mousePressEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Take hold of a time, or go to the moment that was clicked on."""
        if event.button() is not Qt.MouseButton.LeftButton or self.event_in_hand is None:
            return
        x = event.position().x()
        self._held = self._line_at(x) if self.desk.session is not None else None
        self._held_s = self.time_at(x)
        self.desk.show_time(self._held_s)

    def mouseMoveEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Drag a time; the picture shows the moment that it is dragged to."""
        x = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton and self.event_in_hand is not None:
            self._held_s = self.time_at(x)
            self.desk.show_time(self._held_s)
            return
        name = self._line_at(x)
        shape = Qt.CursorShape.ArrowCursor if name is None else Qt.CursorShape.SizeHorCursor
        self.setCursor(shape)
        self.setToolTip("" if name is None else f"Drag to move the {_WORDS[name]}.")

    def mouseReleaseEvent(self, _: Any) -> None:  # noqa: N802 - Qt's name
        """Keep the time that was dragged: that of the frame on display."""
        name, self._held = self._held, None
        row, session = self.desk.current, self.desk.session
        if name is None or row is None or session is None:
            return
        time_s = self.desk.time_s
        if time_s != getattr(row.event, name):
            try:
                session.move(row.key, **{name: time_s})
            except UsfascError as error:
                self.desk.notice.emit(error.sentence)
            self.desk.tell_rows()
        self.update()


def _place_of(event: Event, sha256: str) -> tuple[object, ...]:
    """What is shown of an event depends on this, and so does not change with a verdict."""
    times = () if event.course is not None else (event.onset_s,)
    return sha256, event.x_px, event.y_px, event.direction_deg, event.peak_s, *times
