"""How the Movement dock draws: a curve, a strip and their time axis, on any painter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from usfasc.model import Event
from usfasc_napari.strip import Strip
from usfasc_napari.timeline import GROUND

LIGHT: Final = QColor("#FFFFFF")
UNMEASURED: Final = "Displacement was not measured."
FOOT_PX: Final = 24
_FAINT: Final = QColor("#77777C")
_TICK_S: Final = 0.5
PlaceOf = Callable[[float], float]
"""Where a time is drawn, from left to right."""
Shown = tuple[Strip, QImage]
"""A strip, and its pixels as Qt draws them."""


def draw_curve(pen: QPainter, event: Event, box: QRectF, x_of: PlaceOf, ink: QColor) -> None:
    """Displacement over time, by what was measured of an event."""
    pen.fillRect(box, GROUND)
    if event.course is None:
        pen.setPen(LIGHT)
        pen.drawText(box, Qt.AlignmentFlag.AlignCenter, UNMEASURED)
        return
    low = min(0.0, *event.course.moved_mm)
    high = max(0.1, *event.course.moved_mm) * 1.08
    down_a_mm = box.height() / (high - low)
    path = QPainterPath()
    for number, (time_s, moved) in enumerate(
        zip(event.course.time_s, event.course.moved_mm, strict=True)
    ):
        place = QPointF(x_of(event.onset_s + time_s), box.bottom() - (moved - low) * down_a_mm)
        path.lineTo(place) if number else path.moveTo(place)
    zero = box.bottom() + low * down_a_mm
    pen.setPen(QPen(_FAINT, 1))
    pen.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero))
    pen.save()
    pen.setClipRect(box)
    pen.setPen(QPen(LIGHT, 2))
    pen.drawPath(path)
    pen.restore()
    pen.setPen(ink)
    top = f"{max(event.course.moved_mm):.2f}"
    peak = box.bottom() - (max(event.course.moved_mm) - low) * down_a_mm
    _left_of(pen, box, zero, "0")
    _left_of(pen, box, min(max(peak, box.top() + 6), zero - 14), f"{top} mm")


def draw_strip(pen: QPainter, shown: Shown | None, box: QRectF, x_of: PlaceOf, ink: QColor) -> None:
    """The M-mode strip, and how far from the event's centre its ends lie."""
    pen.fillRect(box, GROUND)
    if shown is None:
        return
    strip, image = shown
    left, right = (x_of(float(strip.times_s[end])) for end in (0, -1))
    pen.save()
    pen.setClipRect(box)
    pen.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    pen.drawImage(QRectF(left, box.top(), right - left, box.height()), image)
    pen.restore()
    pen.setPen(ink)
    first, last = float(strip.offset[0]), float(strip.offset[-1])
    middle = box.top() + box.height() * (0 - first) / max(last - first, 1e-9)
    _left_of(pen, box, box.top() + 6, f"{first:.0f} {strip.unit}")
    _left_of(pen, box, box.bottom() - 6, f"{last:.0f}")
    if box.top() + 20 < middle < box.bottom() - 20:
        _left_of(pen, box, middle, "0")


def draw_axis(
    pen: QPainter, span_s: tuple[float, float], box: QRectF, x_of: PlaceOf, ink: QColor
) -> None:
    """The time axis below a panel."""
    pen.setPen(ink)
    start_s, stop_s = span_s
    number = int(start_s / _TICK_S)
    while number * _TICK_S <= stop_s:
        x = x_of(number * _TICK_S)
        if x >= box.left() - 1:
            pen.drawLine(QPointF(x, box.bottom()), QPointF(x, box.bottom() + 4))
            if number % 2 == 0:
                room = QRectF(x - 30, box.bottom() + 4, 60, FOOT_PX - 4)
                whole = f"{number * _TICK_S:g} s"
                pen.drawText(room, Qt.AlignmentFlag.AlignHCenter, whole)
        number += 1


def head_of(event: Event) -> str:
    """When it was, and how it moved."""
    moved = event.peak_displacement_mm
    facts = [f"{event.onset_s:.2f} s"]
    if moved is not None:
        facts.append(f"{moved:.2f} mm")
    if event.contraction_s is not None:
        facts.append(f"rises in {event.contraction_s * 1000:.0f} ms")
    return ", ".join(facts)


def _left_of(pen: QPainter, box: QRectF, y: float, words: str) -> None:
    """A tick's words, left of a panel."""
    room = QRectF(0, y - 8, box.left() - 5, 16)
    pen.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
