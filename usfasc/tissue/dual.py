"""Two pictures side by side on one screen, told from one picture with a shadow.

Between the halves of a dual screen stands a strip of one tone from top to bottom,
in the very middle, and the picture begins and ends at it all at once. A shadow
is none of that: the skin above it shows, and a beam's width blurs its sides.
"""

from __future__ import annotations

import numpy as np

from usfasc.model import Box, Floats, Mask
from usfasc.tissue.sampling import Sample

_FLAT_GREY = 6.0
_FLAT_SHARE = 0.97
_MIDDLE_SHARE = 0.05
_NARROWEST_PX = 2
_RINGING_SHARE = 0.3
_RINGING_PX = 12
_STEEP_PX = 4
_FAINT_SHARE, _FULL_SHARE = 0.25, 0.7
_EQUAL_SHARE = 0.06


def split_pair(sample: Sample, box: Box) -> tuple[Box, Box] | None:
    """The halves of a dual screen.

    Parameters
    ----------
    sample
        Frames spread over the clip.
    box
        What moves, in one box.

    Returns
    -------
    tuple of Box or None
        Left and right half; None unless there surely are two.
    """
    x0, y0, x1, y1 = box
    mean, spread = sample.mean[y0:y1, x0:x1], sample.spread[y0:y1, x0:x1]
    tones: Floats = np.median(mean, axis=0)
    # A codec lets what moves beside it ring into the strip.
    still = spread <= max(_FLAT_GREY, _RINGING_SHARE * float(np.median(spread)))
    flat = ((np.abs(mean - tones) <= _FLAT_GREY) & still).mean(axis=0)
    gap = _middle_run(flat >= _FLAT_SHARE)
    if gap is None:
        return None
    start, stop = gap
    left, right = start, x1 - x0 - stop
    away: Floats = np.abs(mean - np.median(tones[start:stop])).mean(axis=0)
    begins = _begins_at_once(away[:start][::-1]), _begins_at_once(away[stop:])
    if abs(left - right) > _EQUAL_SHARE * max(left, right) or not all(begins):
        return None
    return (x0, y0, x0 + start, y1), (x0 + stop, y0, x1, y1)


def _middle_run(flat: Mask) -> tuple[int, int] | None:
    """The run of flat columns that touches the middle, if it is wide enough."""
    width = len(flat)
    middle, reach = width // 2, max(int(_MIDDLE_SHARE * width), 1)
    inside = np.flatnonzero(flat[middle - reach : middle + reach + 1]) + middle - reach
    if not len(inside):
        return None
    nearest = int(inside[np.argmin(np.abs(inside - middle))])
    uneven = np.flatnonzero(~flat)
    start = int(uneven[uneven < nearest].max(initial=-1)) + 1
    stop = int(uneven[uneven > nearest].min(initial=width))
    return (start, stop) if stop - start >= _NARROWEST_PX else None


def _begins_at_once(away: Floats) -> bool:
    """Whether a picture, seen from the strip outwards, comes to its usual tone in a few pixels."""
    usual = float(np.median(away))
    full = int(np.argmax(away > _FULL_SHARE * usual))
    faint = np.flatnonzero(away[:full] < _FAINT_SHARE * usual)
    return full <= _RINGING_PX and full - int(faint.max(initial=-1)) <= _STEEP_PX
