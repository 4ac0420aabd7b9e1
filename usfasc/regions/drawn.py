"""Lines that a person drew on one frame, followed over the clip."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.model import Cine, Line
from usfasc.regions.drift import owner_of
from usfasc.tissue import moments
from usfasc.tissue.following import follow


def follow_drawn(cine: Cine, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give lines their courses over the clip, where tissue moves and the scale is known.

    Parameters
    ----------
    cine
        The clip, with its pictures; some forty frames are decoded.
    lines
        Lines as they lie at their `Line.drawn_s`; one with a course keeps it.
    """
    loose = [line for line in lines if line.course is None]
    frames = moments(cine) if loose else ()
    if cine.times_s is None or len(frames) < 2:
        return tuple(lines)
    moments_s = cine.times_s[[frame.index for frame in frames]]
    boxes = [picture.box for picture in cine.pictures]
    told = []
    for line in lines:
        picture = cine.pictures[owner_of(line, boxes)]
        spacing_mm = cine.spacing_of(picture)
        if line.course is None and spacing_mm is not None:
            drawn = int(np.abs(moments_s - (line.drawn_s or 0.0)).argmin())
            (line,) = follow([line], frames, cine.times_s, drawn, picture, spacing_mm)  # noqa: PLW2901
        told.append(line)
    return tuple(told)
