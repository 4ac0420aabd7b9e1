"""Lines and letters that the scanner draws over the picture.

An overlay is thin, sharp and clearly brighter than what lies around it, and it
keeps its grey level while the tissue under and beside it changes. Bright skin
and fasciae are none of that for long: they are blurred by the beam, and change.
Where one seems to rest for a few pixels, the rest of it does not: what is drawn
stands still as a whole.
"""

from __future__ import annotations

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Grey, Mask
from usfasc.tissue.sampling import Image, Sample

_THICKEST_PX = 5
_AROUND_PX = 25
_BRIGHTER_GREY = 30.0
_BRIGHTER_NOISE = 3.0
_STILLER_SHARE = 0.35
_STILL_GREY = 3.0
_STILL_CONTRAST_SHARE = 0.1
_WHOLE_SHARE = 0.5
_MARGIN_PX = 1
_MOST_SHARE = 0.1


def find_overlays(sample: Sample, box: Box) -> Mask:
    """Find still, thin, sharp drawings inside the B-mode area.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        The B-mode area.

    Returns
    -------
    Mask
        ``(height, width)`` of the stored frame, true on overlays, with a margin
        of one pixel.
    """
    x0, y0, x1, y1 = box
    found = np.zeros(sample.mean.shape, bool)
    if len(sample.runs) < 2:
        return found
    low = sample.low[y0:y1, x0:x1]
    spread = sample.spread[y0:y1, x0:x1]
    contrast = _thin_contrast(low)
    thin = (contrast > _BRIGHTER_GREY) & (contrast > _BRIGHTER_NOISE * _noise(low))
    thin &= _is_sharp(low, contrast)
    still = thin & _is_still(spread, contrast)
    drawn = _without_specks(still & (_share_of(still, thin) >= _WHOLE_SHARE))
    if drawn.mean() <= _MOST_SHARE:
        kernel = np.ones((2 * _MARGIN_PX + 1,) * 2, np.uint8)
        found[y0:y1, x0:x1] = cv2.dilate(drawn.astype(np.uint8), kernel) > 0
    return found


def _thin_contrast(picture: Grey) -> Image:
    """How far a pixel stands above what is left when thin things are taken away."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_THICKEST_PX, _THICKEST_PX))
    return np.asarray(cv2.morphologyEx(picture, cv2.MORPH_TOPHAT, kernel), np.float32)


def _noise(picture: Grey) -> Image:
    """Robust standard deviation of the grey levels around each pixel."""
    away = cv2.absdiff(picture, cv2.medianBlur(picture, _AROUND_PX))
    return np.asarray(1.48 * cv2.medianBlur(away, _AROUND_PX), np.float32)


def _is_still(spread: Grey, contrast: Image) -> Mask:
    """Whether a pixel changes far less than the tissue around it, or lies in still darkness.

    Codecs redraw what is drawn a little differently each time, the more the
    sharper it is.
    """
    around = cv2.medianBlur(spread, _AROUND_PX).astype(np.float32)
    return np.asarray(
        (spread <= _STILLER_SHARE * around)
        | ((around <= _STILL_GREY) & (spread <= _STILL_GREY + _STILL_CONTRAST_SHARE * contrast))
    )


def _is_sharp(picture: Grey, contrast: Image) -> Mask:
    """Whether half the contrast is lost within two pixels in some direction."""
    darkest = cv2.erode(picture, np.ones((5, 5), np.uint8))
    return np.asarray(cv2.subtract(picture, darkest) > 0.5 * contrast)


def _share_of(some: Mask, whole: Mask) -> Image:
    """How much of a whole, around each pixel, is among some of it."""
    part, of = (cv2.blur(each.astype(np.float32), (_AROUND_PX,) * 2) for each in (some, whole))
    return np.asarray(part / np.maximum(of, np.finfo(np.float32).tiny), np.float32)


def _without_specks(drawn: Mask) -> Mask:
    """Leave out components of fewer than three pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(drawn.astype(np.uint8))
    keep = np.zeros(count, bool)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= 3
    return np.asarray(keep[labels])
