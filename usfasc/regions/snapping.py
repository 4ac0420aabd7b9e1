"""A line that a person drew roughly, laid on the fascia that runs beside it.

What says "fascia" is what tells it where layers are found by themselves: the answers of
long oriented filters on a grid of 0.2 mm. They are told once for a picture; a drag then
costs a way through a narrow band, straightened along what was drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Bmode, Box, Floats, Frame, Grey, Mask, Point
from usfasc.tissue.paths import Rows, best_paths, bounded, gains_of
from usfasc.tissue.sampling import Image
from usfasc.tissue.standing import answers_along
from usfasc.tissue.streaks import (
    COLUMN_MM,
    STEP_MM,
    Streaks,
    even_out,
    find_streaks,
    on_grid,
)

REACH_MM: Final = 3.0
"""How far from what was drawn a line may be laid."""
_LEAST_SIDE_MM: Final = 12.0
"""Of a picture in which the filters tell anything."""
_PULL: Final = 0.3
"""Price of a millimetre squared away from what was drawn, in usual answers a column."""
_HELD: Final = 1e3
"""Answer that no way passes by: a line goes through the points that hold it."""
_CLEAR: Final = (2.0, 4.5)
"""Mean answer below which a person is believed, and above which the picture is."""
_BRIGHT: Final = 8.0
"""Brightest answers of a usual column of a band, at most."""
_CALM: Final = 9
"""Columns over which answers are averaged, so that a small gap of a line is bridged."""
_FAN_MM: Final = 1.0
_FAN_SLOPE: Final = 0.3
_FAN_REACH_MM: Final = 9.0
"""A line stays in the fan that opens to both sides of the only point that is known of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridges:
    """What one picture says of lines through it, told once.

    ``streaks`` is None where the picture is too small to tell anything: lines then lie
    where they are drawn.
    """

    streaks: Streaks | None
    box: Box
    spacing_mm: tuple[float, float]


def mean_picture(frames: Sequence[Frame]) -> Grey:
    """Mean of some frames of a clip ``(height, width)``: speckle fades, layers stay."""
    total = np.zeros(frames[0].grey.shape, np.float32)
    for frame in frames:
        total += frame.grey
    return np.asarray(np.rint(total / len(frames)), np.uint8)


def find_ridges(grey: Grey, picture: Bmode, spacing_mm: tuple[float, float]) -> Ridges:
    """Look for ridges all over a picture; about 0.1 s for 40 x 40 mm.

    Parameters
    ----------
    grey
        ``(height, width)`` grey levels of the stored frame, or their mean over a clip.
    picture
        The B-mode picture to look in.
    spacing_mm
        ``(dy, dx)`` of a pixel; an assumed one does, where none is known.
    """
    x0, y0, x1, y1 = picture.box
    inside = np.s_[y0:y1, x0:x1]
    shrunk, shown = on_grid(grey[inside], picture.mask[inside], spacing_mm)
    large = min(shrunk.shape) * STEP_MM >= _LEAST_SIDE_MM and shown.any()
    streaks = find_streaks(even_out(shrunk, shown), shown) if large else None
    return Ridges(streaks=streaks, box=picture.box, spacing_mm=spacing_mm)


def snap(
    points: Sequence[Point], ridges: Ridges, within: tuple[float, float] = (-np.inf, np.inf)
) -> tuple[Point, ...]:
    """Lay a line on what runs beside it, from side to side of its picture.

    Parameters
    ----------
    points
        ``(x_px, y_px)`` from left to right, at least one; straight between, level beyond.
    ridges
        Of the picture that the line crosses.
    within
        Columns, in pixels, between which it is laid; outside it stays as it is.

    Returns
    -------
    tuple of tuple
        A point every 1.6 mm; where the picture shows no line within 3 mm, as it was drawn.

    Notes
    -----
    Dynamic programming in the band about the line, as `usfasc.tissue.paths` does it all
    over a picture; then back towards what was drawn, the more so the less is seen.
    """
    streaks = ridges.streaks
    if streaks is None:
        return _to_sides(points, ridges.box)
    x_px = _columns_px(ridges, streaks)
    price = np.repeat(_PULL * _away_mm(REACH_MM)[:, np.newaxis] ** 2, len(x_px), axis=1)
    free = (x_px > within[0]) & (x_px < within[1])
    return _in_pixels(x_px, _laid(_rows_of(points, x_px, ridges), streaks, price, free), ridges)


def draw_through(point: Point, ridges: Ridges) -> tuple[Point, ...]:
    """Draw the line that runs through one point, from side to side of its picture.

    Parameters
    ----------
    point
        ``(x_px, y_px)``.
    ridges
        Of the picture that the point lies in.

    Returns
    -------
    tuple of tuple
        As `snap` gives it; level where the picture shows no line.
    """
    streaks = ridges.streaks
    if streaks is None:
        return _to_sides([point], ridges.box)
    x_px = _columns_px(ridges, streaks)
    beside_mm = np.abs(x_px - point[0]) * ridges.spacing_mm[1]
    away_mm = _away_mm(_FAN_REACH_MM)[:, np.newaxis]
    price = np.where(away_mm <= _FAN_MM + _FAN_SLOPE * beside_mm, 0.0, _HELD)
    free = np.ones(len(x_px), bool)
    return _in_pixels(x_px, _laid(_rows_of([point], x_px, ridges), streaks, price, free), ridges)


def _laid(drawn: Floats, streaks: Streaks, price: Floats, free: Mask) -> Floats:
    """Rows of a line ``(column,)``: along the best way where one is seen, else as drawn."""
    if len(drawn) < 2 or not free.any():
        return drawn
    level = np.rint(drawn).astype(int)
    (way,) = best_paths(_gains(level, streaks, price, free), 1)
    rows = level + way - len(price) // 2
    seen = np.where(free, _seen(answers_along(streaks, rows)), 0.0)
    return np.asarray(drawn + seen * (rows - drawn), np.float64)


def _gains(level: Rows, streaks: Streaks, price: Floats, free: Mask) -> Image:
    """Answers less their price in the band about a line, as if that were straight and level."""
    slopes, rows, columns = streaks.answers.shape
    middle = len(price) // 2
    row = level + np.arange(-middle, middle + 1)[:, np.newaxis]
    at = np.clip(row, 0, rows - 1)
    tilt = np.diff(level, prepend=2 * level[0] - level[1])
    slope = np.clip(np.arange(slopes)[:, np.newaxis] + tilt, 0, slopes - 1)
    answers = streaks.answers[slope[:, np.newaxis], at, np.arange(columns)]
    # A bright line is as bright beside its crest, as far as answers count: it is dimmed.
    brightest = float(np.median(answers.max(axis=(0, 1))))
    answers = bounded(answers * min(1.0, _BRIGHT / max(brightest, 1e-6))) - price
    inside = streaks.inside[at, np.arange(columns)] & (row == at)
    answers[:, middle, ~free], inside[middle, ~free] = _HELD, True
    return gains_of(bounded(answers.astype(np.float32)), inside)


def _seen(answers: Floats) -> Floats:
    """How far the picture is believed, 0 to 1, by what it answers round about each column."""
    around = np.pad(np.nan_to_num(answers), _CALM // 2, "edge")
    calm = np.convolve(around, np.full(_CALM, 1 / _CALM), "valid")
    return np.asarray(np.interp(calm, _CLEAR, (0.0, 1.0)), np.float64)


def _away_mm(reach_mm: float) -> Floats:
    """Distances of the rows of a band from its middle."""
    reach = round(reach_mm / STEP_MM)
    return np.asarray(np.abs(np.arange(-reach, reach + 1)) * STEP_MM, np.float64)


def _columns_px(ridges: Ridges, streaks: Streaks) -> Floats:
    """Columns of the stored frame at which answers are told."""
    x_mm = streaks.first_mm + COLUMN_MM * np.arange(streaks.inside.shape[1])
    return np.asarray(ridges.box[0] + x_mm / ridges.spacing_mm[1] - 0.5, np.float64)


def _rows_of(points: Sequence[Point], x_px: Floats, ridges: Ridges) -> Floats:
    """Rows of the grid at which a line crosses some columns."""
    y_px = np.interp(x_px, *np.array(points, float).T)
    y_mm = (y_px + 0.5 - ridges.box[1]) * ridges.spacing_mm[0]
    return np.asarray(y_mm / STEP_MM - 0.5, np.float64)


def _in_pixels(x_px: Floats, rows: Floats, ridges: Ridges) -> tuple[Point, ...]:
    y_px = ridges.box[1] + (rows + 0.5) * STEP_MM / ridges.spacing_mm[0] - 0.5
    return _to_sides(tuple(zip(x_px.tolist(), y_px.tolist(), strict=True)), ridges.box)


def _to_sides(points: Sequence[Point], box: Box) -> tuple[Point, ...]:
    """A line that goes on level to both sides of the picture, within its height."""
    x0, y0, x1, y1 = (edge - 0.5 for edge in box)
    within = [(x, y) for x, y in points if x0 < x < x1]
    whole = [(x0, points[0][1]), *within, (x1, points[-1][1])]
    return tuple((round(x, 2), round(min(max(y, y0), y1), 2)) for x, y in whole)
