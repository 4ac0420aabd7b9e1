"""Where the layers' edges lie as the tissue drifts: the same strip found again, moment by moment.

A line is looked for in a band of 3 mm about where it last lay, and by how it looked in the
frame that it was drawn on, so that errors do not add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import median_filter

from usfasc._cv import cv2
from usfasc.model import Bmode, Floats, Frame, Line, LineCourse

_PARTS: Final = 6
"""Of a line, each with a profile of its own: it is seen in some and broken in others."""
_ALONG_MM: Final = 0.5
_STEP_MM: Final = 0.1
_PROFILE_MM: Final = 1.5
"""To either side of a line, what tells it."""
_MOVED_MM: Final = 1.2
"""By which the middle of a line may move between two moments, a second apart."""
_TURNED_MM: Final = 0.3
"""By which its ends may move against its middle meanwhile."""
_ALIKE: Final = 0.5
"""Correlation from which a strip is the line again; a lifted probe or black frame shows none."""
_STILL_MM: Final = 0.2
"""Less movement than this is not told: it is of the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Strip:
    """Where grey levels about a line are read: stored pixels ``(part, place)``, by mm a row."""

    x_px: Floats
    y_px: Floats
    across: Floats
    """``(part, place)``: 0 at the line's left end, 1 at its right one."""
    row_mm: float


def rows_at(line: Line, x_px: Floats, time_s: float | None = None) -> Floats:
    """Rows of a line at some columns; beyond its ends it goes on level.

    Parameters
    ----------
    line
        The line.
    x_px
        Columns, of any shape.
    time_s
        When; as it is drawn where None.
    """
    x, y = np.array(line.points, float).T
    rows = np.interp(x_px, x, y)
    if time_s is not None and line.course is not None:
        course = line.course
        left, right = (
            float(np.interp(time_s, course.time_s, end))
            for end in (course.left_px, course.right_px)
        )
        rows = rows + np.interp(x_px, (x[0], x[-1]), (left, right))
    return np.asarray(rows, np.float64)


def follow(
    lines: Sequence[Line],
    frames: Sequence[Frame],
    times_s: Floats,
    drawn: int,
    picture: Bmode,
    spacing_mm: tuple[float, float],
) -> tuple[Line, ...]:
    """Give each line its course over the clip, where it moves at all.

    Parameters
    ----------
    lines
        Lines of one picture, as they lie in one of the frames.
    frames
        Frames in order of time, about a second apart.
    times_s
        ``(t,)`` times of all frames of the clip.
    drawn
        Number, among ``frames``, of the one that the lines were found in.
    picture
        The picture that they cross.
    spacing_mm
        ``(dy, dx)`` of a pixel.

    Notes
    -----
    Template matching by normalised correlation, over the shift of a line's middle and its
    tilt. A single moment that disagrees with those beside it, as one amid a twitch does,
    is outvoted by a median of three.
    """
    moments_s = np.asarray(times_s)[[frame.index for frame in frames]]
    return tuple(
        _with_course(
            line,
            moments_s,
            _course_mm(line, frames, drawn, picture, spacing_mm),
            spacing_mm[0],
        )
        for line in lines
    )


def _with_course(line: Line, moments_s: Floats, ends_mm: Floats, row_mm: float) -> Line:
    """A line and how far down its ends ``(moment, 2)`` lay; NaN where it was not seen."""
    seen = np.isfinite(ends_mm[:, 0])
    calm = median_filter(ends_mm[seen], (3, 1), mode="nearest")
    if np.abs(calm).max() < _STILL_MM:
        return line
    left, right = (tuple((column / row_mm).round(2).tolist()) for column in calm.T)
    time_s = tuple(moments_s[seen].round(4).tolist())
    course = LineCourse(time_s=time_s, left_px=left, right_px=right)
    return line.model_copy(update={"course": course})


def _course_mm(
    line: Line,
    frames: Sequence[Frame],
    drawn: int,
    picture: Bmode,
    spacing_mm: tuple[float, float],
) -> Floats:
    """How far down the left and right end lay ``(moment, 2)``, NaN where the line was lost."""
    strip = _strip(line, spacing_mm)
    template = _profiles(frames[drawn], picture, strip, np.zeros(2), _PROFILE_MM)
    ends_mm = np.full((len(frames), 2), np.nan)
    ends_mm[drawn] = 0.0
    for way in (range(drawn + 1, len(frames)), range(drawn - 1, -1, -1)):
        last = np.zeros(2)
        for moment in way:
            band = _profiles(
                frames[moment], picture, strip, last, _PROFILE_MM + _MOVED_MM + _TURNED_MM
            )
            moved, alike = _best_move(template, band)
            if alike >= _ALIKE:
                last = ends_mm[moment] = last + moved
    return ends_mm


def _strip(line: Line, spacing_mm: tuple[float, float]) -> _Strip:
    x, y = np.array(line.points, float).T
    places = max(4, round((x[-1] - x[0]) * spacing_mm[1] / _PARTS / _ALONG_MM))
    across = (np.arange(_PARTS * places) + 0.5) / (_PARTS * places)
    x_px = x[0] + across * (x[-1] - x[0])
    shape = (_PARTS, places)
    return _Strip(
        x_px=x_px.reshape(shape),
        y_px=np.interp(x_px, x, y).reshape(shape),
        across=across.reshape(shape),
        row_mm=spacing_mm[0],
    )


def _profiles(
    frame: Frame, picture: Bmode, strip: _Strip, ends_mm: Floats, reach_mm: float
) -> Floats:
    """Mean grey ``(part, offset)`` along each part of a line whose ends have moved so far."""
    steps = round(reach_mm / _STEP_MM)
    offsets_mm = np.arange(-steps, steps + 1) * _STEP_MM
    moved_mm = ends_mm[0] + strip.across * (ends_mm[1] - ends_mm[0])
    down = strip.y_px[..., np.newaxis] + (moved_mm[..., np.newaxis] + offsets_mm) / strip.row_mm
    along = np.broadcast_to(strip.x_px[..., np.newaxis], down.shape)
    maps = [each.reshape(len(down), -1).astype(np.float32) for each in (along, down)]
    grey, shown = (
        cv2.remap(layer, *maps, how, borderMode=cv2.BORDER_CONSTANT).reshape(down.shape)
        for layer, how in (
            (frame.grey, cv2.INTER_LINEAR),
            (picture.mask.astype(np.uint8), cv2.INTER_NEAREST),
        )
    )
    total = (grey * (shown > 0)).sum(axis=1, dtype=float)
    return np.asarray(total / np.maximum(shown.sum(axis=1, dtype=float), 1.0), np.float64)


def _best_move(template: Floats, band: Floats) -> tuple[Floats, float]:
    """How far down the ends ``(2,)`` moved in mm, and how alike the line is there."""
    size = template.shape[1]
    windows = np.lib.stride_tricks.sliding_window_view(band, size, axis=1)
    pattern = template - template.mean(axis=1, keepdims=True)
    match = np.einsum("pdo,po->pd", windows, pattern)
    energy = windows.var(axis=2) * size
    middle, tilt = (round(mm / _STEP_MM) for mm in (_MOVED_MM, _TURNED_MM))
    shift = np.arange(-middle, middle + 1)[:, np.newaxis]
    turn = np.arange(-tilt, tilt + 1)
    place = 2 * (np.arange(_PARTS) + 0.5) / _PARTS - 1
    at = np.rint(shift[..., np.newaxis] + turn[:, np.newaxis] * place).astype(int) + middle + tilt
    parts = np.arange(_PARTS)
    power = float((pattern**2).sum()) * energy[parts, at].sum(axis=2)
    alike = match[parts, at].sum(axis=2) / np.sqrt(np.maximum(power, 1e-6))
    best = np.unravel_index(int(np.argmax(alike)), alike.shape)
    down, leaning = shift[best[0], 0] * _STEP_MM, turn[best[1]] * _STEP_MM
    return np.array([down - leaning, down + leaning]), float(alike[best])
