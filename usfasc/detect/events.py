"""A movement as a row of the result: in seconds, pixels and millimetres of the stored frame."""

from __future__ import annotations

import numpy as np

from usfasc.detect.group import Movement
from usfasc.model import Event, Floats, Kind
from usfasc.motion.grid import Grid


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
    look, fit, base_s = item.look, item.look.fit, item.candidate.onset_s
    y_px, x_px = grid.to_pixels(item.y_mm, item.x_mm)
    onset_s, peak_s, offset_s = item.onset_s, base_s + fit.peak_s, base_s + fit.offset_s
    flow = item.candidate.flow_strength**2
    return Event(
        event=1,
        kind=Kind.UNSURE,
        onset_s=round(max(onset_s, 0.0), 4),
        peak_s=round(max(peak_s, 0.0), 4),
        offset_s=round(min(offset_s, float(times_s[-1])), 4),
        start_frame=_frame(times_s, onset_s),
        peak_frame=_frame(times_s, peak_s),
        stop_frame=_frame(times_s, offset_s) + 1,
        x_px=round(x_px, 2),
        y_px=round(y_px, 2),
        box_px=_box_px(item, grid),
        direction_deg=round(float(np.degrees(np.arctan2(*look.direction[::-1]))) % 360, 1),
        score=round(item.score, 4),
        flow_share=round(min(1.0, flow / (item.candidate.strength**2 + 1e-9)), 3),
        **_in_mm(item, (y_px, x_px), spacing_mm),
    )


def _in_mm(
    item: Movement, place_px: tuple[float, float], spacing_mm: tuple[float, float] | None
) -> dict[str, float]:
    """What needs a scale; nothing where the clip has none."""
    if spacing_mm is None:
        return {}
    return {
        "x_mm": round(place_px[1] * spacing_mm[1], 3),
        "y_mm": round(place_px[0] * spacing_mm[0], 3),
        "area_mm2": round(item.look.area_mm2, 1),
        "peak_displacement_mm": round(item.look.displacement_mm, 4),
        "peak_velocity_mm_s": round(_velocity(item), 3),
    }


def _velocity(item: Movement) -> float:
    fit = item.look.fit
    return item.look.displacement_mm * fit.rise_per_s / max(fit.size, 1e-3)


def _frame(times_s: Floats, time_s: float) -> int:
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
