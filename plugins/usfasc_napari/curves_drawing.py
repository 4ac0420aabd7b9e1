"""How the Movement dock draws: a curve, a strip and their time axis, on any painter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qtpy.QtCore import QPointF, QRectF, Qt
from qtpy.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from usfasc.model import Event
from usfasc_napari.course import Course
from usfasc_napari.movement import Strip
from usfasc_napari.timeline import GROUND

LIGHT: Final = QColor("#FFFFFF")
UNMEASURED: Final = "No movement stands out from the noise here."
MEASURING: Final = "Measuring ..."
_LEAST: Final = {"mm": 0.1, "px": 1.0}
"""Top of the scale at the least: noise is not drawn as large as a twitch."""
_NO_SCALE: Final = {"mm": "", "px": "no scale; "}
FOOT_PX: Final = 24
_FAINT: Final = QColor("#77777C")
_TICK_S: Final = 0.5
PlaceOf = Callable[[float], float]
"""Where a time is drawn, from left to right."""
Shown = tuple[Strip, QImage]
"""A strip, and its pixels as Qt draws them."""


def say(pen: QPainter, box: QRectF, words: str) -> None:
    """Words in place of a curve."""
    pen.fillRect(box, GROUND)
    pen.setPen(LIGHT)
    pen.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def draw_curve(
    pen: QPainter, course: Course, onset_s: float, box: QRectF, x_of: PlaceOf, ink: QColor
) -> None:
    """Displacement over time."""
    pen.fillRect(box, GROUND)
    moved = course.moved.tolist()
    low = min(0.0, *moved)
    high = max(_LEAST[course.unit], *moved) * 1.08
    down_a_unit = box.height() / (high - low)
    path = QPainterPath()
    for number, (time_s, far) in enumerate(zip(course.time_s.tolist(), moved, strict=True)):
        place = QPointF(x_of(onset_s + time_s), box.bottom() - (far - low) * down_a_unit)
        path.lineTo(place) if number else path.moveTo(place)
    zero = box.bottom() + low * down_a_unit
    pen.setPen(QPen(_FAINT, 1))
    pen.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero))
    pen.save()
    pen.setClipRect(box)
    pen.setPen(QPen(LIGHT, 2))
    pen.drawPath(path)
    pen.restore()
    pen.setPen(ink)
    peak = box.bottom() - (course.peak - low) * down_a_unit
    _left_of(pen, box, zero, "0")
    _left_of(pen, box, min(max(peak, box.top() + 6), zero - 14), far_words(course))


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


def head_of(event: Event, course: Course | None) -> str:
    """When it was, and how it moved; what was not the detection's measure is called so."""
    facts = [f"{event.onset_s:.2f} s"]
    if event.peak_displacement_mm is not None:
        facts.append(f"{event.peak_displacement_mm:.2f} mm")
    elif course is not None:
        facts.append(f"{far_words(course)} ({_NO_SCALE[course.unit]}measured here)")
    if event.contraction_s is not None:
        facts.append(f"rises in {event.contraction_s * 1000:.0f} ms")
    return ", ".join(facts)


def far_words(course: Course) -> str:
    """The largest displacement, as far as it can be told."""
    return f"{course.peak:.2f} mm" if course.unit == "mm" else f"{course.peak:.1f} px"


def _left_of(pen: QPainter, box: QRectF, y: float, words: str) -> None:
    """A tick's words, left of a panel."""
    room = QRectF(0, y - 8, box.left() - 5, 16)
    pen.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)
