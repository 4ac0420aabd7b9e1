"""Dock "Timeline": a clip's time in one row a region; a click goes there."""

from __future__ import annotations

from typing import Any, Final

from qtpy.QtCore import QPointF, QRectF, QSize, Qt
from qtpy.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF
from qtpy.QtWidgets import QSizePolicy, QToolTip

from usfasc.report.sentences import kind_words
from usfasc_napari.dockside import DeskWidget
from usfasc_napari.layers import KIND_COLOURS
from usfasc_napari.timeline_lanes import Lane, Mark, kinds_of, lanes_of, nearest, reason_at

CURRENT: Final = "#00E5FF"
"""Of what is under review, as on the picture."""
GROUND: Final = QColor("#18181b")
"""Of the lanes, in every theme: the kinds' colours are for dark tissue."""
_OPEN_ALPHA: Final = 110
"""Of a mark that nobody has decided on yet."""
_HATCH: Final = QColor("#6b6b70")
_CURSOR: Final = QColor("#FFFFFF")
_LANE_PX: Final = 24
_LEAST_LANE_PX: Final = 18
_MOST_LANE_PX: Final = 56
_AXIS_PX: Final = 22
_LEGEND_PX: Final = 26
_GAP_PX: Final = 6
_REACH_PX: Final = 5
_MOST_NAME_PX: Final = 170
_TICKS_S: Final = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600)
_TICK_APART_PX: Final = 48
NOTHING: Final = "The events of a clip stand here once it has a result."


class Timeline(DeskWidget):
    """The dock; its only argument is the viewer."""

    def __init__(self, napari_viewer: Any) -> None:
        super().__init__(napari_viewer)
        self.lanes: tuple[Lane, ...] = ()
        self._drawn: QPixmap | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        for signal in (self.desk.rows_changed, self.desk.clip_changed, self.desk.regions_changed):
            self.follow(signal, self.renew)
        self.follow(self.desk.current_changed, self._redraw)
        self.follow(self.viewer.dims.events.point, self._redraw)
        self.renew()

    def renew(self) -> None:
        """Read the events and regions of the clip in hand again."""
        self.lanes = lanes_of(self.desk)
        self.setMinimumHeight(self._high(_LEAST_LANE_PX))
        self.updateGeometry()
        self._draw_anew()

    def _draw_anew(self) -> None:
        self._drawn = None
        self.update()

    def _redraw(self, _: object = None) -> None:
        self.update()

    def resizeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """All is elsewhere."""
        super().resizeEvent(event)
        self._draw_anew()

    def changeEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Another theme or font."""
        super().changeEvent(event)
        self._draw_anew()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All lanes at their usual height."""
        return QSize(600, self._high(_LANE_PX))

    def _high(self, lane_px: int) -> int:
        return _LEGEND_PX + max(len(self.lanes), 1) * lane_px + _AXIS_PX

    @property
    def duration_s(self) -> float:
        """Length of the clip in hand; its frames where it has no times."""
        clip = self.desk.clip
        if clip is None:
            return 1.0
        return clip.cine.duration_s or float(clip.cine.frames.count)

    def x_of(self, time_s: float) -> float:
        """Where a time is drawn."""
        field = self._field()
        return field.left() + field.width() * time_s / self.duration_s

    def time_at(self, x: float) -> float:
        """The time that is drawn at a place, within the clip."""
        field = self._field()
        share = (x - field.left()) / max(field.width(), 1.0)
        return min(max(share, 0.0), 1.0) * self.duration_s

    def lane_at(self, y: float) -> int:
        """Number of the lane at a height."""
        field = self._field()
        return int((y - field.top()) // (field.height() / max(len(self.lanes), 1)))

    def _field(self) -> QRectF:
        """Where the lanes are drawn, right of their names."""
        metrics = QFontMetrics(self.font())
        widest = max((metrics.horizontalAdvance(lane.name) for lane in self.lanes), default=0)
        left = min(widest, _MOST_NAME_PX) + 2 * _GAP_PX
        height = max(self.height() - _LEGEND_PX - _AXIS_PX, 1)
        height = min(height, max(len(self.lanes), 1) * _MOST_LANE_PX)
        return QRectF(left, _LEGEND_PX, max(self.width() - left - 2 * _GAP_PX, 1), height)

    def _boxes(self) -> list[QRectF]:
        """The field of each lane."""
        field, count = self._field(), len(self.lanes)
        high = field.height() / max(count, 1)
        tops = (field.top() + number * high for number in range(count))
        return [QRectF(field.left(), top, field.width(), high - 2) for top in tops]

    def paintEvent(self, _: Any) -> None:  # noqa: N802 - Qt's name
        """Draw the lanes, and over them the cursor."""
        pen = QPainter(self)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.lanes:
            pen.setPen(self.palette().windowText().color())
            pen.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NOTHING)
            return
        if self._drawn is None or self._drawn.devicePixelRatioF() != self.devicePixelRatioF():
            self._drawn = self._draw_lanes()
        pen.drawPixmap(0, 0, self._drawn)
        self._draw_current(pen)
        self._draw_cursor(pen, self._field())

    def _draw_lanes(self) -> QPixmap:
        """Lanes, marks and axis; kept, since a playing clip moves the cursor alone."""
        drawn = QPixmap(self.size() * self.devicePixelRatioF())
        drawn.setDevicePixelRatio(self.devicePixelRatioF())
        drawn.fill(Qt.GlobalColor.transparent)
        pen = QPainter(drawn)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen.setFont(self.font())
        ink, field = self.palette().windowText().color(), self._field()
        for lane, box in zip(self.lanes, self._boxes(), strict=True):
            self._draw_lane(pen, lane, box, ink)
        self._draw_axis(pen, field, ink)
        self._draw_legend(pen, field, ink)
        pen.end()
        return drawn

    def _draw_lane(self, pen: QPainter, lane: Lane, box: QRectF, ink: QColor) -> None:
        pen.fillRect(box, GROUND)
        for span in lane.unjudged:
            left, right = self.x_of(span.start_s), self.x_of(span.stop_s)
            hatched = QRectF(left, box.top(), max(right - left, 1.0), box.height())
            pen.fillRect(hatched, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
        a_second = box.width() / self.duration_s
        for mark in lane.marks:
            self._draw_mark(pen, mark, _bar_of(mark, box, a_second))
        room = QRectF(_GAP_PX, box.top(), box.left() - 2 * _GAP_PX, box.height())
        words = QFontMetrics(self.font()).elidedText(
            lane.name, Qt.TextElideMode.ElideRight, int(room.width())
        )
        pen.setPen(ink)
        pen.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_current(self, pen: QPainter) -> None:
        """A frame about the event in hand."""
        current = self.desk.current
        if current is None:
            return
        pen.setPen(QPen(QColor(CURRENT), 2))
        for lane, box in zip(self.lanes, self._boxes(), strict=True):
            for mark in lane.marks:
                if mark.key == current.key:
                    bar = _bar_of(mark, box, box.width() / self.duration_s)
                    pen.drawRect(bar.adjusted(-3, -2, 3, 2))

    def _draw_mark(self, pen: QPainter, mark: Mark, bar: QRectF) -> None:
        colour = QColor(mark.colour)
        pen.setPen(QPen(colour, 1))
        if mark.rejected:
            pen.drawRect(bar)
            pen.drawLine(bar.topLeft(), bar.bottomRight())
        elif mark.open:
            pen.fillRect(bar, QColor(colour.red(), colour.green(), colour.blue(), _OPEN_ALPHA))
            pen.drawRect(bar)
        else:
            pen.fillRect(bar, colour)

    def _draw_axis(self, pen: QPainter, field: QRectF, ink: QColor) -> None:
        clip = self.desk.clip
        unit = "s" if clip is not None and clip.cine.times_s is not None else "frame"
        most = max(field.width() / _TICK_APART_PX, 1)
        step = next((s for s in _TICKS_S if self.duration_s / s <= most), self.duration_s)
        pen.setPen(ink)
        for number in range(int(self.duration_s / step) + 1):
            x = self.x_of(number * step)
            pen.drawLine(QPointF(x, field.bottom()), QPointF(x, field.bottom() + 4))
            words = f"{number * step:g} {unit}" if number == 0 else f"{number * step:g}"
            room = QRectF(x - 35, field.bottom() + 4, 70, _AXIS_PX - 4)
            pen.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, words)

    def _draw_legend(self, pen: QPainter, field: QRectF, ink: QColor) -> None:
        metrics = QFontMetrics(self.font())
        entries = [(kind_words(kind), KIND_COLOURS[kind]) for kind in kinds_of(self.desk)]
        if any(lane.unjudged for lane in self.lanes):
            entries.append(("not judged", ""))
        wide = [15 + metrics.horizontalAdvance(words) + 2 * _GAP_PX for words, _ in entries]
        x = max(min(field.left(), self.width() - sum(wide)), _GAP_PX)
        for (words, colour), step in zip(entries, wide, strict=True):
            box = QRectF(x, 5, 10, 10)
            pen.fillRect(box, GROUND)
            hatch = QBrush(_HATCH, Qt.BrushStyle.BDiagPattern)
            pen.fillRect(box, QColor(colour) if colour else hatch)
            pen.setPen(ink)
            pen.drawRect(box)
            pen.drawText(QPointF(x + 15, 15), words)
            x += step

    def _draw_cursor(self, pen: QPainter, field: QRectF) -> None:
        x = self.x_of(self.desk.time_s)
        pen.setPen(QPen(_CURSOR, 1))
        pen.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
        pen.setPen(Qt.PenStyle.NoPen)
        pen.setBrush(self.palette().windowText())
        tip = [QPointF(x, field.top()), QPointF(x - 5, field.top() - 6)]
        pen.drawPolygon(QPolygonF([*tip, QPointF(x + 5, field.top() - 6)]))
        pen.setBrush(Qt.BrushStyle.NoBrush)

    def _mark_at(self, place: QPointF) -> Mark | None:
        reach_s = _REACH_PX * self.duration_s / max(self._field().width(), 1.0)
        return nearest(self.lanes, self.lane_at(place.y()), self.time_at(place.x()), reach_s)

    def mousePressEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Go to the event that was clicked on, else to the time."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.lanes:
            return
        mark = self._mark_at(event.position())
        if mark is None:
            self.desk.show_time(self.time_at(event.position().x()))
            return
        if self.desk.session is not None:
            self.desk.go_to(mark.key)
        self.desk.show_time(mark.event.onset_s)

    def mouseMoveEvent(self, event: Any) -> None:  # noqa: N802 - Qt's name
        """Follow the pointer while a button is down; else say what is below it."""
        if event.buttons() & Qt.MouseButton.LeftButton and self.lanes:
            self.desk.show_time(self.time_at(event.position().x()))
            return
        place = event.position()
        mark = self._mark_at(place)
        lane, time_s = self.lane_at(place.y()), self.time_at(place.x())
        reason = reason_at(self.lanes, lane, time_s)
        words = mark.words if mark is not None else f"Not judged: {reason}" if reason else ""
        QToolTip.showText(event.globalPosition().toPoint(), words, self)


def _bar_of(mark: Mark, lane: QRectF, a_second: float) -> QRectF:
    """From onset to offset: full height where it counts, half as high where it does not."""
    left = lane.left() + mark.event.onset_s * a_second
    right = lane.left() + mark.event.offset_s * a_second
    share = 0.8 if mark.counted else 0.4
    top = lane.top() + lane.height() * (0.9 - share)
    return QRectF(left, top, max(right - left, 3.0), lane.height() * share)
