"""Strips that are written, not imaged: Doppler spectra, M-mode, ECG.

Tissue keeps its detail from one minute to the next, or at least changes all
over at once. A trace does neither: it either slides sideways as a whole or is
redrawn column by column behind a moving bar.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from usfasc.model import Box, Grey, Mask
from usfasc.tissue.sampling import Image, far_pairs

_STEADY = 0.75
_FARTHEST_SLIDE_PX = 60
_SAME_SLIDE_SHARE = 0.75
_CLEAR_GAIN = 0.15
_ROW_STEP = 3
_BAR_SHARE = 0.4
_CHANGED_GREY = 1.0


def is_trace(runs: list[tuple[Grey, Grey]], box: Box) -> bool:
    """Tell whether a changing strip of the screen is a trace, not a picture.

    Parameters
    ----------
    runs
        For each run its first and last frame ``(y, x)``.
    box
        The strip.
    """
    x0, y0, x1, y1 = box
    cut = [
        (a[y0:y1, x0:x1].astype(np.float32), b[y0:y1, x0:x1].astype(np.float32)) for a, b in runs
    ]
    if len(cut) < 3:
        return False
    return _slides(cut) or (_steadiness([first for first, _ in cut]) < _STEADY and _is_redrawn(cut))


def _detail(picture: Image) -> Image:
    """What differs along each row: the axes and bands of a trace go, speckle stays."""
    return np.asarray(picture - picture.mean(axis=1, keepdims=True), np.float32)


def _correlation(first: Image, second: Image) -> float:
    power = float((first * first).sum() * (second * second).sum())
    return float((first * second).sum()) / np.sqrt(power) if power > 0 else 0.0


def _steadiness(firsts: list[Image]) -> float:
    """How much of its detail a column keeps when it changes: median correlation of far pairs."""
    kept = [_kept_detail(first, second) for first, second in far_pairs(firsts)]
    return float(np.median(kept))


def _kept_detail(first: Image, second: Image) -> float:
    """Correlation of two frames over the columns that differ between them."""
    columns = _changes(first, second)
    if columns.sum() < 8:
        return 1.0
    return _correlation(_detail(first)[:, columns], _detail(second)[:, columns])


def _slides(cut: list[tuple[Image, Image]]) -> bool:
    """Whether most runs are explained by one and the same sideways slide."""
    slides = np.array([_best_slide(_detail(first), _detail(last)) for first, last in cut])
    usual = np.median(slides)
    alike = np.abs(slides - usual) <= 1 + 0.2 * abs(usual)
    return bool(abs(usual) >= 2 and alike.mean() >= _SAME_SLIDE_SHARE)


def _best_slide(first: Image, last: Image) -> int:
    """Sideways slide in px that aligns two frames clearly better than none; else 0."""
    if _correlation(first, last) > 1 - _CLEAR_GAIN:
        return 0
    first, last = first[::_ROW_STEP], last[::_ROW_STEP]
    farthest = min(_FARTHEST_SLIDE_PX, first.shape[1] // 3)
    fits = {s: _slid_correlation(first, last, s) for s in range(-farthest, farthest + 1)}
    best = max(fits, key=lambda s: (fits[s], -abs(s)))
    return best if fits[best] > fits[0] + _CLEAR_GAIN else 0


def _slid_correlation(first: Image, last: Image, slide: int) -> float:
    if slide >= 0:
        return _correlation(first[:, : first.shape[1] - slide], last[:, slide:])
    return _correlation(first[:, -slide:], last[:, :slide])


def _is_redrawn(cut: list[tuple[Image, Image]]) -> bool:
    """Whether few columns change within a run though nearly all do in the long run."""
    within = [_changed_columns(first, last) for first, last in cut]
    between = [_changed_columns(a[0], b[0]) for a, b in pairwise(cut)]
    return bool(np.median(within) < _BAR_SHARE * np.median(between))


def _changed_columns(first: Image, second: Image) -> float:
    """Share of columns that differ."""
    return float(_changes(first, second).mean())


def _changes(first: Image, second: Image) -> Mask:
    """Columns whose mean absolute change passes one grey level, ``(x,)``."""
    return np.asarray(np.abs(second - first).mean(axis=0) > _CHANGED_GREY)
