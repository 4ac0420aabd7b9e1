"""The B-mode area of a clip: where grey levels are tissue and movement can be judged."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Box, Cine
from usfasc.tissue.area import Area, find_area
from usfasc.tissue.colour import find_colour
from usfasc.tissue.lines import find_lines
from usfasc.tissue.overlays import find_overlays
from usfasc.tissue.sampling import Sample, sample
from usfasc.tissue.sector import sector_mask

_SMALLEST_SIDE_PX = 16
_HELD_SHARE = 0.6
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
        return _masked(cine, seen, _unmasked(given, "given"))
    found = find_area(seen)
    tagged = None if cine.bmode is None else _clipped(cine.bmode.box, cine.frames.shape)
    if tagged is None or not _fits(tagged, found):
        return _masked(cine, seen, _as_found(found))
    return _masked(cine, seen, _unmasked(tagged, "tag"))


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
            f"The B-mode area {x0},{y0},{x1},{y1} must be at least {_SMALLEST_SIDE_PX} px "
            "wide and high.",
        )


def _clipped(box: Box, shape: tuple[int, int]) -> Box | None:
    """The part of a tagged box that lies in the image; None where hardly any does."""
    x0, y0, x1, y1 = max(box[0], 0), max(box[1], 0), min(box[2], shape[1]), min(box[3], shape[0])
    return (x0, y0, x1, y1) if min(x1 - x0, y1 - y0) >= _SMALLEST_SIDE_PX else None


def _fits(box: Box, found: Area) -> bool:
    """Whether a tagged box holds most of what surely moves.

    Files exported smaller keep the tag of the large picture.
    """
    x0, y0, x1, y1 = found.box
    width = min(x1, box[2]) - max(x0, box[0])
    height = min(y1, box[3]) - max(y0, box[1])
    held = max(width, 0) * max(height, 0) / ((x1 - x0) * (y1 - y0))
    return bool(found.doubts) or held >= _HELD_SHARE


def _as_found(area: Area) -> Bmode:
    if not area.doubts:
        return _unmasked(area.box, "found")
    note = f"The B-mode area is a guess, since {' and '.join(area.doubts)}: {_ADVICE}"
    return replace(_unmasked(area.box, "found"), sure=False, note=note)


def _unmasked(box: Box, origin: Literal["tag", "found", "given"]) -> Bmode:
    return Bmode(box=box, mask=np.empty((0, 0), bool), origin=origin)


def _masked(cine: Cine, seen: Sample, bmode: Bmode) -> Bmode:
    """The same area with its mask made from the frames."""
    x0, y0, x1, y1 = bmode.box
    mask = np.zeros(cine.frames.shape, bool)
    mask[y0:y1, x0:x1] = sector_mask(seen, bmode.box)
    mask &= ~find_overlays(seen, bmode.box)
    mask &= ~find_lines(seen, bmode.box)
    mask &= ~find_colour(cine.frames, seen.indices, bmode.box)
    return replace(bmode, mask=mask)
