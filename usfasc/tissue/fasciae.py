"""The layers of a picture: skin, fasciae and the surface of a bone, as lines across it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from usfasc.model import Bmode, Box, Floats, Frame, Grey, Line
from usfasc.tissue.edges import Edge, chance_near, floor_chance, likely_edges, on_crest, skin_edge
from usfasc.tissue.following import follow, rows_at
from usfasc.tissue.ground import EVERY, Ground, lay_ground
from usfasc.tissue.paths import Rows
from usfasc.tissue.standing import answers_along
from usfasc.tissue.streaks import COLUMN_MM, STEP_MM, on_grid

_Likely = tuple[Edge, float]
"""An edge and its chance."""
_Place = tuple[Box, tuple[float, float]]
"""A picture's box, and ``(dy, dx)`` of its pixels in mm."""

PROPOSED: Final = 0.75
"""Confidence from which a line is proposed: one of 17 hard pictures shows a false one."""
_GUESSED: Final = 0.2
"""From here on a line is in doubt, and a picture with such a line stays whole."""
_SUREST: Final = 0.999
"""A line that was found is never as sure as one that a person drew."""
_SKIN_MM: Final = 3.0
_SHALLOW_MM: Final = 8.0
_APART_MM: Final = (2.5, 5.0)
"""Least distance of two lines near the skin, and deeper: an aponeurosis has two edges."""
_CLOSEST_MM: Final = 0.8
_SPARED: Final = 5
"""One moment in so many may show a line less clearly than is said; more may not: a fascia
does not come and go, as a streak upon a threshold does."""
_COMPARED: Final = 8
"""Moments of which the most typical is drawn on."""
_LEAST_SIDE_MM: Final = 12.0
"""Of a picture in which layers can be told."""
_DARK: Final = 0.3
"""Of the brightest band's median grey, what a band of shadow, air or fluid has at most; dim
muscle had 0.6 and more, the dark below a bone and the lumen of an artery 0.22 and less."""
_FLOOR: Final = 0.8
"""Chance from which no tissue is taken to lie below a line, though it be bright there."""


def steady_fasciae(
    frames: Sequence[Frame], times_s: Floats, picture: Bmode, spacing_mm: tuple[float, float]
) -> tuple[Line, ...]:
    """Find the layers that one picture of a clip shows at most of its moments.

    They are drawn as they lie in the frame that is most like the others, and followed over
    the clip; the confidence of each is what it reaches at four of five moments.

    Parameters
    ----------
    frames
        Frames about a second apart, as `moments` gives them; at least one.
    times_s
        ``(t,)`` times of all frames of the clip.
    picture
        One of its pictures.
    spacing_mm
        ``(dy, dx)`` of a pixel.

    Returns
    -------
    tuple of Line
        From top to bottom, proposed ones and guesses.
    """
    drawn, others = _choose(frames, picture)
    lines = find_fasciae(frames[drawn].grey, picture, spacing_mm)
    lines = follow(lines, frames, times_s, drawn, picture, spacing_mm)
    seen = [[line.confidence] for line in lines]
    for other in others:
        open_ones = [n for n, each in enumerate(seen) if not _is_settled(each, len(others) + 1)]
        if not open_ones:
            break
        ground = picture_ground(frames[other].grey, picture, spacing_mm)
        time_s = float(times_s[frames[other].index])
        for n in open_ones:
            seen[n].append(_chance_at(lines[n], time_s, ground, (picture.box, spacing_mm)))
    told = map(_with_confidence, lines, seen)
    return tuple(line for line in told if line.confidence >= _GUESSED)


def _choose(frames: Sequence[Frame], picture: Bmode) -> tuple[int, list[int]]:
    """Number of the frame that differs least from others, and of those to compare it with."""
    x0, y0, x1, y1 = picture.box
    spread = np.unique(np.linspace(0, len(frames) - 1, _COMPARED).astype(int))
    cut = np.stack([frames[n].grey[y0:y1:2, x0:x1:2] for n in spread]).astype(np.int16)
    typical = int(np.argmin([np.abs(cut - one).mean() for one in cut]))
    return int(spread[typical]), np.delete(spread, typical)[::2].tolist()


def _is_settled(seen: Sequence[float], most: int) -> bool:
    """Whether further moments, up to so many, cannot change whether a line is proposed."""
    proposing = sum(confidence >= PROPOSED for confidence in seen)
    spared = most // _SPARED
    return proposing >= most - spared or len(seen) - proposing > spared


def _chance_at(line: Line, time_s: float, ground: Ground | None, place: _Place) -> float:
    """Chance of a line at another moment, laid anew on what is seen there."""
    if ground is None:
        return 0.0
    box, (dy, dx) = place
    x_mm = ground.streaks.first_mm + COLUMN_MM * np.arange(ground.streaks.inside.shape[1])
    y_px = rows_at(line, np.asarray(box[0] + x_mm / dx - 0.5, np.float64), time_s)
    rows = np.rint((y_px + 0.5 - box[1]) * dy / STEP_MM - 0.5)
    skin = skin_edge(ground)[1] if line.kind == "skin" else 0.0
    return _rounded(skin if skin >= PROPOSED else chance_near(ground, rows.astype(np.intp)))


def _rounded(chance: float) -> float:
    """A confidence as it is told."""
    return min(round(chance, 3), _SUREST)


def _with_confidence(line: Line, seen: Sequence[float]) -> Line:
    """A line with what it reaches at all but the spared moments."""
    confidence = sorted(seen)[len(seen) // _SPARED]
    return line.model_copy(update={"confidence": confidence, "proposed": confidence >= PROPOSED})


def find_fasciae(frame: Grey, picture: Bmode, spacing_mm: tuple[float, float]) -> tuple[Line, ...]:
    """Find the layers of one frame.

    Parameters
    ----------
    frame
        ``(height, width)`` grey levels of the stored frame.
    picture
        The B-mode picture to look in.
    spacing_mm
        ``(dy, dx)`` of a pixel.

    Returns
    -------
    tuple of Line
        From top to bottom, those that are proposed and those that are guesses.

    Notes
    -----
    Edges of layers (`usfasc.tissue.edges`), the likeliest first, each away from the others.
    """
    ground = picture_ground(frame, picture, spacing_mm)
    if ground is None:
        return ()
    edges = _apart(_likely(ground))
    return tuple(
        _line(edge, chance, kind, ground, (picture.box, spacing_mm))
        for (edge, chance), kind in zip(edges, _kinds(edges, ground), strict=True)
    )


def picture_ground(frame: Grey, picture: Bmode, spacing_mm: tuple[float, float]) -> Ground | None:
    """A picture as its layers are looked for; None where it is too small to tell any."""
    x0, y0, x1, y1 = picture.box
    inside = np.s_[y0:y1, x0:x1]
    grey, shown = on_grid(frame[inside], picture.mask[inside], spacing_mm)
    if min(grey.shape) * STEP_MM < _LEAST_SIDE_MM or not shown.any():
        return None
    return lay_ground(grey, shown)


def _likely(ground: Ground) -> list[_Likely]:
    """Edges that may be layers', likeliest first, last the skin: a shallow fascia tells more."""
    edges = sorted(likely_edges(ground), key=lambda each: -each[1])
    return [each for each in (*edges, skin_edge(ground)) if each[1] >= _GUESSED]


def _apart(likely: Sequence[_Likely]) -> list[_Likely]:
    """From the likeliest on, those that keep away from the ones before; in order of depth."""
    kept: list[_Likely] = []
    for edge, chance in likely:
        if all(_is_apart(edge, other) for other, _ in kept):
            kept.append((edge, chance))
    return sorted(kept, key=lambda each: each[0].depth_mm)


def _is_apart(one: Edge, other: Edge) -> bool:
    distance_mm = np.abs(one.rows - other.rows) * STEP_MM
    shallow = min(one.depth_mm, other.depth_mm) < _SHALLOW_MM
    enough_mm = _APART_MM[0] if shallow else _APART_MM[1]
    return bool(np.median(distance_mm) >= enough_mm and distance_mm.min() >= _CLOSEST_MM)


def _line(
    edge: Edge,
    chance: float,
    kind: Literal["skin", "fascia", "shadow"],
    ground: Ground,
    place: _Place,
) -> Line:
    box, (dy, dx) = place
    x_mm = ground.streaks.first_mm + COLUMN_MM * np.arange(len(edge.rows))
    y_mm = (_between_rows(on_crest(ground, edge.rows), ground) + 0.5) * STEP_MM
    # Straight on to both sides of the picture.
    width_mm = (box[2] - box[0]) * dx
    ends_mm = np.interp([0.0, width_mm], x_mm, y_mm)
    x_all, y_all = np.r_[0.0, x_mm, width_mm], np.r_[ends_mm[0], y_mm, ends_mm[1]]
    x_px, y_px = box[0] + x_all / dx - 0.5, box[1] + y_all / dy - 0.5
    points = tuple(zip(x_px.round(2).tolist(), y_px.round(2).tolist(), strict=True))
    confidence = _rounded(chance)
    return Line(
        points=points,
        kind=kind,
        confidence=confidence,
        proposed=confidence >= PROPOSED,
    )


def _between_rows(rows: Rows, ground: Ground) -> Floats:
    """Rows of the crest, by a parabola through the answers above, at and below a line."""
    above, at, below = (
        np.nan_to_num(answers_along(ground.streaks, rows + shift)) for shift in (-1, 0, 1)
    )
    bend = above - 2 * at + below
    shift = np.where(bend < 0, 0.5 * (above - below) / np.minimum(bend, -1e-6), 0.0)
    return np.asarray(rows + np.clip(shift, -0.5, 0.5), np.float64)


def _kinds(edges: Sequence[_Likely], ground: Ground) -> list[Literal["skin", "fascia", "shadow"]]:
    """What each line is, by its depth, how dark the band below it is, and what that looks like."""
    lines = [edge for edge, _ in edges]
    greys = [_band_grey(ground, *pair) for pair in pairwise([None, *lines, None])]
    darkest = _DARK * max(greys)
    # From below bone or air nothing brighter returns.
    brightest_from = np.maximum.accumulate(greys[::-1])[::-1]
    return [
        "skin"
        if edge.depth_mm < _SKIN_MM
        else "shadow"
        if grey < darkest or (grey == brightest and floor_chance(edge) > _FLOOR)
        else "fascia"
        for edge, grey, brightest in zip(lines, greys[1:], brightest_from[1:], strict=True)
    ]


def _band_grey(ground: Ground, upper: Edge | None, lower: Edge | None) -> float:
    """Median grey between two lines, or between a line and the end of the picture."""
    height = len(ground.grey)
    columns = np.s_[:, ground.streaks.first :: EVERY]
    row = np.arange(height)[:, np.newaxis]
    top = -1 if upper is None else upper.rows
    bottom = height if lower is None else lower.rows
    between = ground.inside[columns] & (row > top) & (row < bottom)
    return float(np.median(ground.grey[columns][between])) if between.any() else 0.0
