"""The four sides of the B-mode area, to the pixel.

Each side is treated as the right one: the picture is turned so that "outward"
is towards higher columns, which leaves one rule to write for all four.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Floats, Grey, Mask
from usfasc.tissue.sampling import Image, Sample

_REACH_PX = 10
_CUT_SHARE = 0.16
_FALL_PX = 4
_DEAD_SHARE = 0.015
_LIVE_GREY = 2.0
_UNLIKE_BACKGROUND_GREY = 6.0
_FILLED_SHARE = 0.6
_LAST_PART = 12
_FADED_SHARE = 0.25
_DARK_SHARE = 0.03
_LIT_SHARE = 0.2
_STRIP_PX = 3
_THERE_GREY = 3.0
_GONE_SHARE = 0.2
_EVEN_GREY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """The pictures turned so that the side in question is the right one."""

    mean: Image
    live: Mask
    filled: Mask
    """Unlike the background, or alive."""


def settle_sides(sample: Sample, box: Box) -> Box:
    """Set each side where the liveliness ends, then widen it over bright still skin.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        A first guess, good to a few pixels.

    Returns
    -------
    Box
        In the same picture.
    """
    unlike = _unlike_background(sample.mean, box)
    filled = unlike | (sample.spread > _restlessness(sample.spread, ~unlike, box))
    live = _live(sample.spread, unlike, box)
    for turns in range(4):
        view = _View(
            mean=np.rot90(sample.mean, turns),
            live=np.rot90(live, turns),
            filled=np.rot90(filled, turns),
        )
        turned = _turned_box(box, sample.mean.shape, turns)
        moved = _widen(view, _snap(view, turned))
        box = _turned_box(moved, view.mean.shape, -turns)
    return box


def _live(spread: Grey, unlike: Mask, box: Box) -> Mask:
    """Pixels that change; only those unlike the background, unless the picture is that dark."""
    inside = slice(box[1], box[3]), slice(box[0], box[2])
    live = spread > max(_LIVE_GREY, 0.2 * float(np.median(spread[inside])))
    bright = live & unlike
    chosen = bright if bright[inside].mean() > 0.5 * live[inside].mean() else live
    opened = cv2.morphologyEx(chosen.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    return np.asarray(opened > 0)


def has_filled_corners(sample: Sample, box: Box) -> bool:
    """Whether the upper corners of the box are no background: then it holds no sector."""
    x0, y0, x1, y1 = box
    high, wide = max((y1 - y0) // 10, 1), max((x1 - x0) // 10, 1)
    top = _unlike_background(sample.mean, box)[y0 : y0 + high, x0:x1]
    return min(float(top[:, :wide].mean()), float(top[:, -wide:].mean())) > _FILLED_SHARE


def find_breaks(sample: Sample, box: Box) -> tuple[str, ...]:
    """What speaks against one picture that ends where the box does.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        The box, its sides settled.

    Returns
    -------
    tuple of str
        In words that follow "a guess, since"; empty where all is well.
    """
    x0, y0, x1, y1 = box
    unlike = _unlike_background(sample.mean, box)
    filled = unlike | (sample.spread > _restlessness(sample.spread, ~unlike, box))
    rows: Floats = filled[y0:y1, x0:x1].mean(axis=1)
    bright: Floats = unlike[y0:y1, x0:x1].mean(axis=1)
    last = slice(-max(len(rows) // _LAST_PART, _FALL_PX), None)
    breaks = []
    if _is_cut(rows):
        breaks.append("a dark strip cuts it in two")
    faded = rows[last].mean() < _FADED_SHARE * np.median(rows) or bright[last].mean() < _DARK_SHARE
    if faded or _goes_on_below(sample.mean, box):
        breaks.append("it has no clear lower end")
    return tuple(breaks)


def _goes_on_below(mean: Image, box: Box) -> bool:
    """Whether what stands at the lower end has hardly lost its tone a few pixels below it."""
    x0, _, x1, y1 = box
    away = np.abs(mean[:, x0:x1] - _background_grey(mean, box))
    inside, below = away[y1 - 2 * _FALL_PX : y1 - 2], away[y1 + 2 : y1 + 2 + _FALL_PX]
    there = inside.max(axis=0) > _THERE_GREY
    if not len(below) or there.mean() < 0.5 or below[:, there].mean(axis=0).std() < _EVEN_GREY:
        return False  # a surround has one tone, whatever it is
    return bool(np.median(below[:, there]) > _GONE_SHARE * np.median(inside[:, there]))


def _is_cut(rows: Floats) -> bool:
    """Whether a run of empty rows has filled rows above and below it."""
    lit = np.flatnonzero(rows > _LIT_SHARE)
    if not len(lit):
        return False
    empty = rows[lit[0] : lit[-1]] < _DARK_SHARE
    return bool((np.convolve(empty, np.ones(_STRIP_PX), "valid") >= _STRIP_PX).any())


def _unlike_background(mean: Image, box: Box) -> Mask:
    away = np.abs(mean - _background_grey(mean, box))
    return np.asarray(away > _UNLIKE_BACKGROUND_GREY)


def _background_grey(mean: Image, box: Box) -> float:
    """Commonest dark grey level outside the box: what the scanner puts behind everything."""
    outside = np.ones(mean.shape, bool)
    outside[box[1] : box[3], box[0] : box[2]] = False
    levels = np.bincount(mean[outside].astype(np.uint8), minlength=64)[:64]
    return float(np.argmax(levels))


def _restlessness(spread: Grey, background: Mask, box: Box) -> float:
    """How far the codec lets the background of the screen wander."""
    around = background.copy()
    around[box[1] : box[3], box[0] : box[2]] = False
    return max(_LIVE_GREY, float(np.percentile(spread[around], 95))) if around.any() else _LIVE_GREY


def _turned_box(box: Box, shape: tuple[int, ...], turns: int) -> Box:
    """The box in the picture turned ``turns`` times as ``numpy.rot90`` turns it."""
    x0, y0, x1, y1 = box
    height, width = shape
    for _ in range(turns % 4):
        x0, y0, x1, y1 = y0, width - x1, y1, width - x0
        height, width = width, height
    return x0, y0, x1, y1


def _snap(view: _View, box: Box) -> Box:
    """Move the right side to where live pixels end, if they end all at once.

    At the side of a sector they do not: there the last live pixel counts. What
    lies further out behind a dead gap, such as a grey bar, is cut off.
    """
    x0, y0, x1, y1 = box
    inward = max(_REACH_PX, int(_CUT_SHARE * (x1 - x0)))
    low, high = max(x0 + 1, x1 - inward), min(view.live.shape[1], x1 + _REACH_PX)
    level = float(view.live[y0:y1, max(x0, x1 - 4 * inward) : x1].mean())
    profile: Floats = view.live[y0:y1, low:high].mean(axis=0)
    for at in np.flatnonzero(profile < 0.5 * level):
        before = profile[max(at - _FALL_PX, 0) : at + 1].max()
        if before > 0.8 * level and profile[at : at + _FALL_PX].min() < 0.3 * level:
            return x0, y0, low + int(at), y1
    near = profile[max(x1 - _REACH_PX - low, 0) :]
    return x0, y0, high - len(near) + _until_gap(near, x1 - high + len(near)), y1


def _until_gap(profile: Floats, otherwise: int) -> int:
    """Columns up to the first gap of four with next to nothing live, if any come before it."""
    dead = profile < _DEAD_SHARE
    empty = np.convolve(dead, np.ones(_FALL_PX), "valid") >= _FALL_PX
    first = int(np.argmax(empty)) if empty.any() else len(profile)
    return first or otherwise


def _widen(view: _View, box: Box) -> Box:
    """Move the right side over filled columns, if the filling ends all at once."""
    x0, y0, x1, y1 = box
    profile = view.filled[y0:y1, x1:].mean(axis=0)
    beyond = np.flatnonzero(profile < _FILLED_SHARE)
    reach = int(beyond[0]) if len(beyond) else len(profile)
    if reach == 0 or any(_is_bar(view, x, y0, y1) for x in range(x1, x1 + reach)):
        return box
    after = profile[reach : reach + _FALL_PX].min(initial=1.0) if reach < len(profile) else 0.0
    return (x0, y0, x1 + reach, y1) if after < 0.3 else box


def _is_bar(view: _View, x: int, y0: int, y1: int) -> bool:
    """Whether a filled column belongs to a bar: it runs on past the box, or is one flat tone."""
    margin = max((y1 - y0) // 4, 8)
    column = view.filled[:, x]
    past = column[max(y0 - margin, 0) : max(y0 - 3, 0)], column[y1 + 3 : y1 + margin]
    if any(len(part) >= 5 and part.mean() > _FILLED_SHARE for part in past):
        return True
    grey = view.mean[y0:y1, x]
    tone = float(np.median(grey))
    return 16 < tone < 200 and bool((np.abs(grey - tone) <= 2).mean() > 0.6)
