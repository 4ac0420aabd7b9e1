"""The outline of a sector inside its box; a rectangle keeps all of it."""

from __future__ import annotations

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Mask
from usfasc.tissue.sampling import Sample

_EMPTY_SHARE = 0.04
_EVEN_SHARE = 0.3
_LEAST_LIVE_SHARE = 0.2


def sector_mask(sample: Sample, box: Box) -> Mask:
    """Where echoes can stand in the box: all of it, or the sector that fills it.

    A sector is convex but for the arc of a curved probe at its top. It is taken
    for one only when both upper corners of the box stay black.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        The B-mode area.

    Returns
    -------
    Mask
        ``(height, width)`` of the box.
    """
    x0, y0, x1, y1 = box
    live = cv2.resize(sample.live.astype(np.uint8), sample.mean.shape[::-1])[y0:y1, x0:x1]
    lit = _largest(cv2.morphologyEx(live, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)))
    whole = np.ones(lit.shape, bool)
    if lit.mean() < _LEAST_LIVE_SHARE:
        return whole
    hull = _hull(lit)
    left, right = _empty_corners(hull)
    smaller, larger = sorted((left, right))
    if smaller < _EMPTY_SHARE or smaller < _EVEN_SHARE * larger:
        return whole
    return hull & _below_probe(lit > 0)


def _largest(lit: Mask) -> Mask:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lit)
    if count < 2:
        return lit
    return (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)


def _hull(lit: Mask) -> Mask:
    points = cv2.findNonZero(lit)
    canvas = np.zeros(lit.shape, np.uint8)
    if points is not None:
        cv2.fillConvexPoly(canvas, cv2.convexHull(points), 1)
    return canvas > 0


def _empty_corners(hull: Mask) -> tuple[float, float]:
    """Shares of the upper left and right quarter of the box outside the hull."""
    height, width = hull.shape[0] // 2, hull.shape[1] // 2
    return float((~hull[:height, :width]).mean()), float((~hull[:height, -width:]).mean())


def _below_probe(lit: Mask) -> Mask:
    """All below the arc of a curved probe: a parabola through the first lit rows."""
    height, width = lit.shape
    middle = np.arange(width // 3, width - width // 3)
    first = np.argmax(lit[:, middle], axis=0)
    known = lit[:, middle].any(axis=0) & (first < height // 3)
    whole = np.ones(lit.shape, bool)
    if known.sum() < len(middle) // 2:
        return whole
    bend, slope, start = np.polyfit(middle[known], first[known], 2)
    if bend >= 0:
        return whole
    x = np.arange(width)
    top = bend * x * x + slope * x + start
    inside = np.arange(height)[:, np.newaxis] >= top - 2
    return np.asarray(inside)
