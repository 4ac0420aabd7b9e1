"""The B-mode area of a clip: where grey levels are tissue and movement can be judged."""

from __future__ import annotations

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Box, Cine
from usfasc.tissue.area import find_area
from usfasc.tissue.colour import find_colour
from usfasc.tissue.overlays import find_overlays
from usfasc.tissue.sampling import Sample, sample
from usfasc.tissue.sector import sector_mask

_SMALLEST_SIDE_PX = 16
_ADVICE = "give it with --bmode x0,y0,x1,y1."


def find_bmode(cine: Cine, given: Box | None) -> Bmode:
    """Find the picture area and mask what is drawn over it.

    The user's box beats the file's tag, and that beats what is found from the
    frames. Inside it, still drawings and coloured pixels are masked, and the
    surround of a sector.

    Parameters
    ----------
    cine
        The clip; ``bmode`` is set where the file gave the box.
    given
        The user's ``(x0, y0, x1, y1)`` in stored pixels, half-open.

    Returns
    -------
    Bmode
        With ``sure`` false and a ``note`` where a person should give the box.

    Raises
    ------
    InputError
        ``BAD_BMODE``: the given box is empty or outside the image.
    """
    if given is not None:
        _check_given(given, cine.frames.shape)
    seen = sample(cine)
    if given is not None:
        return _masked(cine, seen, Bmode(box=given, mask=np.empty((0, 0), bool), origin="given"))
    if cine.bmode is not None:
        return _masked(cine, seen, cine.bmode)
    return _masked(cine, seen, _found(seen))


def _check_given(box: Box, shape: tuple[int, int]) -> None:
    x0, y0, x1, y1 = box
    height, width = shape
    if not (0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height):
        raise InputError(
            Code.BAD_BMODE,
            f"The B-mode area {x0},{y0},{x1},{y1} must lie inside the image, "
            f"{width} x {height} px, with x0 < x1 and y0 < y1.",
        )
    if min(x1 - x0, y1 - y0) < _SMALLEST_SIDE_PX:
        raise InputError(
            Code.BAD_BMODE,
            f"The B-mode area {x0},{y0},{x1},{y1} is smaller than {_SMALLEST_SIDE_PX} px on a side.",
        )


def _found(seen: Sample) -> Bmode:
    area = find_area(seen)
    note = ""
    if area.doubts:
        note = f"The B-mode area is a guess, since {' and '.join(area.doubts)}: {_ADVICE}"
    return Bmode(
        box=area.box,
        mask=np.empty((0, 0), bool),
        origin="found",
        sure=not area.doubts,
        note=note,
    )


def _masked(cine: Cine, seen: Sample, bmode: Bmode) -> Bmode:
    """The same area with its mask made from the frames."""
    x0, y0, x1, y1 = bmode.box
    mask = np.zeros(cine.frames.shape, bool)
    mask[y0:y1, x0:x1] = sector_mask(seen, bmode.box)
    mask &= ~find_overlays(seen, bmode.box)
    mask &= ~find_colour(cine.frames, seen.indices, bmode.box)
    return Bmode(box=bmode.box, mask=mask, origin=bmode.origin, sure=bmode.sure, note=bmode.note)
