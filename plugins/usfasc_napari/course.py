"""How far the tissue of one event moves over time: as the detection measured it, else as seen here.

A clip without a scale has no millimetres, and an event that a person added was never
measured. For those it is measured here, by the detection's own steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.detect.course import Reals, lay_warps
from usfasc.detect.displacement import Displacement, find_displacement
from usfasc.model import Box, Cine, Event, Floats, Mask
from usfasc.params import Parameters
from usfasc.report.view import picture_at
from usfasc.viewing import assumed_mm
from usfasc_napari.frames import LazyFrames

_LOOKED_S: Final = (-0.35, 0.9)
"""About the onset, as far as the detection looks."""
_BEFORE_S: Final = (-0.25, -0.01)
_PEAK_WITHIN_S: Final = 0.35
"""After the onset: where the peak of an event is looked for that was never measured."""
_OWN_S: Final = 0.4
_AT_PEAK_S: Final = 0.012
_CROP_MM: Final = 7.5
_NEAR_MM: Final = 5.0
_FINEST_MM: Final = 0.1
_SMALLEST_PX: Final = 40
_PERCENTILE: Final = 99.0
_SURE: Final = 3.0
"""How many times its standard error, and its unrest before the onset, a movement must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Displacement ``(t,)`` in ``unit`` at ``time_s`` since the onset."""

    time_s: Floats
    moved: Floats
    unit: str
    direction_deg: float | None
    """In which it moves: 0 to the right, 90 down."""
    seen_here: bool = False
    """Whether it was measured in the window, and not by the detection."""

    @property
    def peak(self) -> float:
        """The largest displacement while the event may last: not that of another one after it."""
        own = (self.time_s >= 0) & (self.time_s <= _OWN_S)
        return float(self.moved[own].max() if own.any() else self.moved.max())


def told_course(event: Event) -> Course | None:
    """The course that came with an event; None where it has none."""
    if event.course is None:
        return None
    return Course(
        time_s=np.array(event.course.time_s),
        moved=np.array(event.course.moved_mm),
        unit="mm",
        direction_deg=event.direction_deg,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crop:
    """Frames ``(t, y, x)`` about an event, at most as fine as it takes, and where it is."""

    frames: Reals
    since_s: Floats
    near: Mask
    spacing: Floats


def measure_course(cine: Cine, frames: LazyFrames, event: Event) -> Course | None:
    """Measure how far the tissue at an event's place moves.

    Parameters
    ----------
    cine
        The clip with times and its pictures.
    frames
        Its frames.
    event
        Its onset, its place, and its peak where that is known.

    Returns
    -------
    Course or None
        None where no movement stands out from its own error and from what goes on before.

    Notes
    -----
    The field of movement from before the onset to the peak, and the share of it at which
    each frame is, as the detection takes them; drift of the probe is not taken out. The
    engine's search keeps a solver between its calls: call it within `jobs.engine_alone`.
    """
    crop = _crop(cine, frames, event)
    if crop is None:
        return None
    before = crop.frames[_chosen(crop.since_s, _BEFORE_S)].mean(axis=0)
    peak_s = _peak_s(crop, before, event.peak_s - event.onset_s)
    at_peak = crop.frames[_chosen(crop.since_s, (peak_s - _AT_PEAK_S, peak_s + _AT_PEAK_S))]
    moved = find_displacement(before, at_peak.mean(axis=0), crop.spacing)
    active = _active(moved, crop.near)
    if not active.any():
        return None
    top_mm = float(np.percentile(moved.size_mm[active], _PERCENTILE))
    share = lay_warps(crop.frames, before, moved, active, crop.spacing).course()
    rest = share[_chosen(crop.since_s, _BEFORE_S)]
    unrest = float(rest.std()) if len(rest) > 1 else 0.0
    error_mm = float(np.median(moved.error_mm[active]))
    if top_mm < _SURE * max(error_mm, unrest * top_mm):
        return None
    return _course(cine, event, moved.field_mm[active].mean(axis=0), (crop.since_s, share * top_mm))


def _course(cine: Cine, event: Event, field_mm: Floats, course_mm: tuple[Floats, Floats]) -> Course:
    """The course in the clip's own unit."""
    picture = picture_at(cine, event.x_px, event.y_px)
    known = cine.spacing_of(picture)
    mm_per_unit = 1.0 if known else assumed_mm(picture, Parameters().assumed_depth_mm)[0]
    since_s, moved_mm = course_mm
    return Course(
        time_s=since_s,
        moved=moved_mm / mm_per_unit,
        unit="mm" if known else "px",
        direction_deg=float(np.degrees(np.arctan2(field_mm[1], field_mm[0])) % 360),
        seen_here=True,
    )


def _crop(cine: Cine, frames: LazyFrames, event: Event) -> _Crop | None:
    """What is looked at; None where too little of the time or of the picture is there."""
    assert cine.times_s is not None, "an event has times"
    picture = picture_at(cine, event.x_px, event.y_px)
    spacing = cine.spacing_of(picture) or assumed_mm(picture, Parameters().assumed_depth_mm)
    left, top, right, bottom = _box(picture.box, event, spacing)
    since_s = cine.times_s - event.onset_s
    numbers = np.flatnonzero((since_s >= _LOOKED_S[0]) & (since_s <= _LOOKED_S[1]))
    coarse = [max(step, _FINEST_MM) for step in spacing]
    size = (
        round((right - left) * spacing[1] / coarse[1]),
        round((bottom - top) * spacing[0] / coarse[0]),
    )
    if min(size) < _SMALLEST_PX or not (since_s[numbers] < 0).any():
        return None
    seen = [frames.frame(number)[top:bottom, left:right] for number in numbers.tolist()]
    shrunk = [cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in seen]
    rows, columns = np.ogrid[: size[1], : size[0]]
    down_mm = (rows + 0.5) * coarse[0] - (event.y_px - top) * spacing[0]
    across_mm = (columns + 0.5) * coarse[1] - (event.x_px - left) * spacing[1]
    return _Crop(
        frames=np.array(shrunk, np.float32),
        since_s=since_s[numbers],
        near=np.asarray(np.hypot(down_mm, across_mm) <= _NEAR_MM),
        spacing=np.array(coarse),
    )


def _box(picture: Box, event: Event, spacing_mm: tuple[float, float]) -> Box:
    x0, y0, x1, y1 = picture
    down, across = (_CROP_MM / step for step in spacing_mm)
    return (
        max(x0, round(event.x_px - across)),
        max(y0, round(event.y_px - down)),
        min(x1, round(event.x_px + across)),
        min(y1, round(event.y_px + down)),
    )


def _chosen(since_s: Floats, span_s: tuple[float, float]) -> Mask:
    """Frames ``(t,)`` of a span; the nearest one where none lies in it."""
    chosen = (since_s >= span_s[0]) & (since_s <= span_s[1])
    if not chosen.any():
        chosen[np.abs(since_s - np.mean(span_s)).argmin()] = True
    return np.asarray(chosen)


def _peak_s(crop: _Crop, before: Reals, told_s: float) -> float:
    """When it is furthest: as told, else when the picture differs most from before."""
    after = np.flatnonzero((crop.since_s > 0) & (crop.since_s <= _PEAK_WITHIN_S))
    if told_s > 0 or not len(after):
        return told_s
    differs = np.abs(crop.frames[after] - before)[:, crop.near].mean(axis=1)
    return float(crop.since_s[after[differs.argmax()]])


def _active(moved: Displacement, near: Mask) -> Mask:
    """What moves half as far as the peak near the place, joined to it."""
    size = moved.size_mm
    labels, _ = ndimage.label(size > np.percentile(size[near], _PERCENTILE) / 2)
    inside = np.bincount(labels[near], minlength=2)
    inside[0] = 0
    return np.asarray((labels == inside.argmax()) & (labels > 0) & near)
