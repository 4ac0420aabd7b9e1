"""The outline of a sector inside its box; a rectangle keeps all of it."""

from __future__ import annotations

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Mask
from usfasc.tissue.sampling import Image, Sample, reduction

_EMPTY_SHARE = 0.04
_EVEN_SHARE = 0.3
_REDRAWN = 4
_BELOW_PX = 3
_SMALLEST_SHARE = 0.02
_FLAT_GREY = 6.0
_FLAT_SHARE = 0.85
_CORNER = 20
_EDGE_PX = 4
_RINGING_PX = 6


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
    mean = sample.mean[y0:y1, x0:x1]
    whole = np.ones(live.shape, bool)
    # Deep tissue may be as dark as the surround, and a codec may freeze what is bright;
    # around what is bright it makes the surround live.
    echoes = _inner(live > 0, _RINGING_PX * reduction(sample.mean.shape)) | _unlike_corners(mean)
    opened = cv2.morphologyEx(echoes.astype(np.uint8), cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    lit = _large_parts(opened > 0)
    hull = _hull(lit)
    smaller, larger = sorted(_empty_corners(hull)) if lit.any() else (0.0, 0.0)
    if smaller < _EMPTY_SHARE or smaller < _EVEN_SHARE * larger:
        return whole
    outline = hull & _below_probe(lit)
    if not _is_flat(mean[~outline]):
        return whole
    return _inner(outline, _EDGE_PX * reduction(sample.mean.shape))


def _unlike_corners(mean: Image) -> Mask:
    """What differs from the tone of the two upper corners."""
    high, wide = max(mean.shape[0] // _CORNER, 1), max(mean.shape[1] // _CORNER, 1)
    tone = np.median(np.hstack([mean[:high, :wide], mean[:high, -wide:]]))
    return np.asarray(np.abs(mean - tone) > _FLAT_GREY)


def _inner(area: Mask, margin_px: int) -> Mask:
    """An area less a margin: a sector's edge stands still while tissue moves under it."""
    kernel = np.ones((2 * margin_px + 1, 2 * margin_px + 1), np.uint8)
    eroded = cv2.erode(area.astype(np.uint8), kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return np.asarray(eroded > 0)


def _is_flat(grey: Image) -> bool:
    """Whether nearly all of the surround has one tone: else it is tissue that happens to rest."""
    if not len(grey):
        return True
    tone = float(np.median(grey))
    return bool((np.abs(grey - tone) <= _FLAT_GREY).mean() >= _FLAT_SHARE)


def _large_parts(lit: Mask) -> Mask:
    """Connected parts of at least a fiftieth of the box."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(lit.astype(np.uint8))
    large = stats[:, cv2.CC_STAT_AREA] >= _SMALLEST_SHARE * lit.size
    large[0] = False
    return np.asarray(large[labels])


def _hull(lit: Mask) -> Mask:
    points = cv2.findNonZero(lit.astype(np.uint8))
    canvas = np.zeros(lit.shape, np.uint8)
    if points is not None:
        cv2.fillConvexPoly(canvas, cv2.convexHull(points), 1)
    return np.asarray(canvas > 0)


def _empty_corners(hull: Mask) -> tuple[float, float]:
    """Shares of the upper left and right quarter of the hull's own box outside it."""
    x, y, width, height = cv2.boundingRect(hull.astype(np.uint8))
    upper = hull[y : y + max(height // 2, 1), x : x + width]
    half = max(width // 2, 1)
    return float((~upper[:, :half]).mean()), float((~upper[:, -half:]).mean())


def _below_probe(lit: Mask) -> Mask:
    """All below the arc of a curved probe: a parabola through the first lit rows.

    Dark tissue makes a column begin too deep, never too high, so columns far
    below the curve are dropped and it is drawn again.
    """
    height, width = lit.shape
    columns = np.arange(width // 4, width - width // 4)
    first = np.argmax(lit[:, columns], axis=0)
    known = lit[:, columns].any(axis=0)
    curve = np.zeros(3)
    for _ in range(_REDRAWN):
        if known.sum() < len(columns) // 4:
            return np.ones(lit.shape, bool)
        curve = np.polyfit(columns[known], first[known], 2)
        known &= first <= np.polyval(curve, columns) + _BELOW_PX
    top = np.polyval(curve, np.arange(width)) if curve[0] < 0 else np.zeros(width)
    return np.asarray(np.arange(height)[:, np.newaxis] >= top - _BELOW_PX)
