"""A movement as a row of the result: in seconds, pixels and millimetres of the stored frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from usfasc.detect.group import Movement
from usfasc.detect.kinematics import Kinematics
from usfasc.model import Event, Floats, Kind, TwitchCourse
from usfasc.motion.grid import Grid

KINEMATICS: Final = (
    "contraction_s",
    "relaxation_s",
    "total_s",
    "contraction_error_s",
    "relaxation_error_s",
    "total_error_s",
    "peak_displacement_error_mm",
    "peak_velocity_error_mm_s",
    "directional_anisotropy",
    "directional_anisotropy_error",
    "onset_spread_s",
    "onset_spread_error_s",
    "course",
)
"""Fields of an event that tell of one twitch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """Onset, peak and offset of a movement in the clip, as the table rounds them."""

    onset_s: float
    peak_s: float
    offset_s: float


def movement_event(
    item: Movement, grid: Grid, times_s: Floats, spacing_mm: tuple[float, float] | None
) -> Event:
    """One movement as an event of kind unsure, numbered 1: times, place, size.

    Parameters
    ----------
    item
        The movement.
    grid
        The fine grid of the picture that it was found in.
    times_s
        ``(t,)`` frame times of the clip.
    spacing_mm
        Pixel size ``(dy, dx)``; where it is None, what is in mm stays empty.
    """
    y_px, x_px = grid.to_pixels(item.y_mm, item.x_mm)
    span = _span(item, float(times_s[-1]))
    flow = item.candidate.flow_strength**2
    return Event(
        event=1,
        kind=Kind.UNSURE,
        onset_s=span.onset_s,
        peak_s=span.peak_s,
        offset_s=span.offset_s,
        start_frame=frame_at(times_s, span.onset_s),
        peak_frame=frame_at(times_s, span.peak_s),
        stop_frame=frame_at(times_s, span.offset_s) + 1,
        x_px=round(x_px, 2),
        y_px=round(y_px, 2),
        box_px=_box_px(item, grid),
        score=round(item.score, 4),
        flow_share=round(min(1.0, flow / (item.candidate.strength**2 + 1e-9)), 3),
        **_in_time(item.kinematics, span),
        **_in_mm(item, (y_px, x_px), spacing_mm),
    )


def _span(item: Movement, last_s: float) -> _Span:
    """When it moves: by its landmarks where they are known, else by the fitted twitch."""
    base_s, known = item.candidate.onset_s, item.kinematics
    onset_s, peak_s, offset_s = item.onset_s, item.peak_s, base_s + item.look.fit.offset_s
    if known is not None:
        onset_s, peak_s = base_s + known.onset_s, base_s + known.peak_s
        offset_s = offset_s if known.offset_s is None else base_s + known.offset_s
    return _Span(
        onset_s=round(max(onset_s, 0.0), 4),
        peak_s=round(max(peak_s, 0.0), 4),
        offset_s=round(min(max(offset_s, peak_s), last_s), 4),
    )


def _in_time(known: Kinematics | None, span: _Span) -> dict[str, Any]:
    """What needs no scale; nothing where the movement was not measured."""
    if known is None:
        return {}
    comes_back = known.offset_s is not None
    return {
        "direction_deg": round(known.extent.direction_deg, 1) % 360,
        "direction_error_deg": round(known.extent.direction_error_deg, 1),
        "contraction_s": round(span.peak_s - span.onset_s, 4),
        "relaxation_s": round(span.offset_s - span.peak_s, 4) if comes_back else None,
        "total_s": round(span.offset_s - span.onset_s, 4) if comes_back else None,
        "contraction_error_s": round(known.contraction_error_s, 4),
        "relaxation_error_s": _rounded(known.relaxation_error_s),
        "total_error_s": _rounded(known.total_error_s),
        "directional_anisotropy": round(known.anisotropy, 3),
        "directional_anisotropy_error": round(known.anisotropy_error, 3),
        "onset_spread_s": _rounded(known.onset_spread_s),
        "onset_spread_error_s": _rounded(known.onset_spread_error_s),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _in_mm(
    item: Movement, place_px: tuple[float, float], spacing_mm: tuple[float, float] | None
) -> dict[str, Any]:
    """What needs a scale; nothing where the clip has none."""
    if spacing_mm is None:
        return {}
    place = {
        "x_mm": round(place_px[1] * spacing_mm[1], 3),
        "y_mm": round(place_px[0] * spacing_mm[0], 3),
    }
    known = item.kinematics
    if known is None:
        return place
    return place | {
        "area_mm2": round(known.extent.area_mm2, 1),
        "area_error_mm2": round(known.extent.area_error_mm2, 1),
        "peak_displacement_mm": round(known.displacement_mm, 4),
        "peak_displacement_error_mm": round(known.displacement_error_mm, 4),
        "peak_velocity_mm_s": round(known.velocity_mm_s, 3),
        "peak_velocity_error_mm_s": round(known.velocity_error_mm_s, 3),
        "course": _course(known),
    }


def _course(known: Kinematics) -> TwitchCourse:
    return TwitchCourse(
        time_s=tuple(np.round(known.shown_s, 3).tolist()),
        moved_mm=tuple((np.round(known.shown_mm, 4) + 0.0).tolist()),
    )


def frame_at(times_s: Floats, time_s: float) -> int:
    """Number of the first frame at a time or after it; the last one beyond them."""
    return int(np.clip(np.searchsorted(times_s, time_s), 0, len(times_s) - 1))


def _box_px(item: Movement, grid: Grid) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = item.look.box_mm
    top, left = grid.to_pixels(y0, x0)
    bottom, right = grid.to_pixels(y1, x1)
    return (
        int(np.floor(left)),
        int(np.floor(top)),
        int(np.ceil(right)) + 1,
        int(np.ceil(bottom)) + 1,
    )
