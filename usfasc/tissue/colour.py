"""Coloured pixels: colour Doppler, ECG lines, coloured markers.

Many scanners tint the whole B-mode image (sepia, blue); that tint grows with
the grey level and is taken off first.
"""

from __future__ import annotations

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, FrameReader, Grey, Mask
from usfasc.tissue.sampling import Image

_COLOURED_GREY = 32.0
_MARGIN_PX = 2
_FRAMES = 4


def find_colour(frames: FrameReader, indices: tuple[int, ...], box: Box) -> Mask:
    """Find what is coloured in any of some frames.

    Parameters
    ----------
    frames
        The clip.
    indices
        Frame numbers to choose from: about four are looked at.
    box
        The B-mode area; the tint is measured in it.

    Returns
    -------
    Mask
        ``(height, width)`` of the stored frame, true on colour, with a margin of
        two pixels; false outside the box.
    """
    found = np.zeros(frames.shape, bool)
    if not frames.has_colour:
        return found
    x0, y0, x1, y1 = box
    coloured = np.zeros((y1 - y0, x1 - x0), bool)
    for index in indices[:: max(1, len(indices) // _FRAMES)]:
        coloured |= _coloured(frames.colour(index)[y0:y1, x0:x1])
    opened = cv2.morphologyEx(coloured.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    kernel = np.ones((2 * _MARGIN_PX + 1,) * 2, np.uint8)
    found[y0:y1, x0:x1] = cv2.dilate(opened, kernel) > 0
    return found


def _coloured(rgb: Grey) -> Mask:
    """Pixels whose colour is not the tint of the whole."""
    channels = rgb.astype(np.float32)
    grey: Image = channels.mean(axis=2, keepdims=True)
    bright = grey[..., 0] > 30
    tint = np.ones(3, np.float32)
    if bright.any():
        tint = np.median(channels[bright] / grey[bright], axis=0)
    residual = channels - grey * tint
    return np.asarray(residual.max(axis=2) - residual.min(axis=2) > _COLOURED_GREY)
