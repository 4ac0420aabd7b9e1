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
_BRIGHT_GREY = 30
_TINT_STEP = 7


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
    grey: Image = channels @ np.full(3, 1 / 3, np.float32)
    bright = np.flatnonzero(grey.ravel() > _BRIGHT_GREY)[::_TINT_STEP]
    if not len(bright):
        return np.zeros(grey.shape, bool)
    tint = np.median(channels.reshape(-1, 3)[bright] / grey.ravel()[bright, np.newaxis], axis=0)
    untinted = _span([channels[..., i] - grey * np.float32(tint[i]) for i in range(3)])
    # White lettering and saturated tissue have lost the tint: plain grey is no colour either.
    plain = _span([channels[..., i] for i in range(3)])
    return np.asarray(np.minimum(untinted, plain) > _COLOURED_GREY)


def _span(channels: list[Image]) -> Image:
    """Largest less smallest channel at each pixel."""
    return np.asarray(np.maximum.reduce(channels) - np.minimum.reduce(channels), np.float32)
