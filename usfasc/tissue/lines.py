"""Long steep lines across the picture: a Doppler gate, the sides of a colour box.

They are often half transparent, so that neither brightness nor stillness tells
them; that they run dead straight and steeply does. Fasciae lie flat.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Floats, Mask
from usfasc.tissue.sampling import Image, Sample

_STEEPEST_DEG = 50.0
_BESIDE_PX = 4
_BRIGHTER_GREY = 5.0
_SUPPORT = 0.6
_SHORTEST_SHARE = 0.3
_MOST_LINES = 12
_WINDOW_PX = 15
_HALF_WIDTH_PX = 2


def find_lines(sample: Sample, box: Box) -> Mask:
    """Find straight lines, at most 50 degrees off the vertical, drawn through the picture.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        The B-mode area.

    Returns
    -------
    Mask
        ``(height, width)`` of the stored frame, true on lines, five pixels wide.

    Notes
    -----
    Hough transform (Duda and Hart 1972) of the ridges of the mean picture.
    """
    x0, y0, x1, y1 = box
    found = np.zeros(sample.mean.shape, bool)
    ridges = _ridges(sample.mean[y0:y1, x0:x1])
    inside = found[y0:y1, x0:x1]
    for columns in _straight(ridges):
        _draw(inside, ridges, columns)
    return found


def _ridges(picture: Image) -> Mask:
    """Crests of what is brighter than the pixels four to the left and four to the right."""
    smooth = cv2.GaussianBlur(picture, (0, 0), 0.8)
    padded = np.pad(smooth, ((0, 0), (_BESIDE_PX, _BESIDE_PX)), mode="edge")
    higher = np.minimum(smooth - padded[:, : -2 * _BESIDE_PX], smooth - padded[:, 2 * _BESIDE_PX :])
    crest = higher >= cv2.dilate(higher, np.ones((1, 3), np.uint8))
    return np.asarray(crest & (higher > _BRIGHTER_GREY))


def _straight(ridges: Mask) -> Iterator[Floats]:
    """For each line that is really there, the column at which it crosses every row."""
    height, width = ridges.shape
    steepest = np.radians(_STEEPEST_DEG)
    votes = max(20, int(_SHORTEST_SHARE * _SUPPORT * height))
    lines = cv2.HoughLines(
        ridges.astype(np.uint8), 1, np.pi / 360, votes, min_theta=-steepest, max_theta=steepest
    )
    rows = np.arange(height)
    for rho, theta in [] if lines is None else lines.reshape(-1, lines.shape[-1])[:_MOST_LINES, :2]:
        columns = (rho - rows * np.sin(theta)) / np.cos(theta)
        within = (columns >= 0) & (columns <= width - 1)
        long_enough = within.sum() >= _SHORTEST_SHARE * height
        if long_enough and _on_ridge(ridges, columns)[within].mean() >= _SUPPORT:
            yield columns


def _on_ridge(ridges: Mask, columns: Floats) -> Mask:
    """Whether a ridge lies within one pixel of the line, for every row."""
    near = cv2.dilate(ridges.astype(np.uint8), np.ones((1, 3), np.uint8)) > 0
    inside = np.clip(np.rint(columns).astype(int), 0, ridges.shape[1] - 1)
    return np.asarray(near[np.arange(len(columns)), inside])


def _draw(mask: Mask, ridges: Mask, columns: Floats) -> None:
    """Mark the line in the rows where it can be seen, not where it pauses."""
    window = np.ones(_WINDOW_PX) / _WINDOW_PX
    seen = np.convolve(_on_ridge(ridges, columns), window, mode="same") > 0.3
    x = np.arange(mask.shape[1])
    mask |= seen[:, np.newaxis] & (np.abs(x - columns[:, np.newaxis]) <= _HALF_WIDTH_PX + 0.5)
