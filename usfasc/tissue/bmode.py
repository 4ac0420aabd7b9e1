"""The B-mode pictures of a clip: where grey levels are tissue and movement can be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Literal

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Box, Cine, Mask
from usfasc.tissue.area import Area, find_areas
from usfasc.tissue.colour import find_colour
from usfasc.tissue.lines import find_lines
from usfasc.tissue.overlays import find_overlays
from usfasc.tissue.sampling import Sample, sample
from usfasc.tissue.sector import sector_mask

_SMALLEST_SIDE_PX = 16
_HELD_SHARE = 0.6
Hidden = Literal["dark or outside the sector", "drawn over it", "coloured"]
"""Why a part of a picture is masked. The end of a sector is not seen where its depth is dark."""

_ADVICE = "give it with --bmode x0,y0,x1,y1."


def find_pictures(cine: Cine, given: Box | None) -> tuple[Bmode, ...]:
    """Find the pictures of a screen and mask what is drawn over them.

    The user's box beats the file's tags, and they beat what is found from the
    frames. Inside each, still drawings and coloured pixels are masked, and the
    surround of a sector.

    Parameters
    ----------
    cine
        The clip; ``pictures`` are set where the file gave their boxes.
    given
        The user's ``(x0, y0, x1, y1)`` in stored pixels, half-open.

    Returns
    -------
    tuple of Bmode
        At least one, from left to right; with ``sure`` false and a ``note`` where
        a person should give the box.

    Raises
    ------
    InputError
        ``BAD_BMODE``: the given box is empty or outside the image.
    """
    if given is not None:
        _check_given(given, cine.frames.shape)
    seen = sample(cine)
    return tuple(_masked(cine, seen, picture) for picture in _unmasked(cine, seen, given))


def _unmasked(cine: Cine, seen: Sample, given: Box | None) -> tuple[Bmode, ...]:
    """The pictures without their masks."""
    if given is not None:
        return (replace(_blank(given, "given"), spacing_mm=_scale_at(given, cine.pictures)),)
    found = find_areas(seen)
    tagged = tuple(_clipped(cine.pictures, cine.frames.shape))
    if not _fit(tagged, found):
        return tuple(_as_found(area) for area in found)
    if len(tagged) < len(found):
        # One tag for both halves of a dual screen tells their scale, not their place.
        return tuple(replace(tagged[0], box=area.box) for area in found)
    return tagged


def _scale_at(box: Box, tagged: Sequence[Bmode]) -> tuple[float, float] | None:
    """The own scale of the tagged picture that a box lies in, if it lies in any."""
    shared = [(_shared_px2(box, picture.box), picture.spacing_mm) for picture in tagged]
    area_px2, spacing_mm = max(shared, key=itemgetter(0), default=(0, None))
    return spacing_mm if area_px2 else None


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


def _clipped(pictures: Sequence[Bmode], shape: tuple[int, int]) -> Iterator[Bmode]:
    """The parts of tagged pictures that lie in the image; none where hardly any does."""
    for picture in pictures:
        (x0, y0), (x1, y1) = (
            np.maximum(picture.box[:2], 0),
            np.minimum(picture.box[2:], shape[::-1]),
        )
        if min(x1 - x0, y1 - y0) >= _SMALLEST_SIDE_PX:
            yield replace(picture, box=(int(x0), int(y0), int(x1), int(y1)))


def _fit(tagged: Sequence[Bmode], found: Sequence[Area]) -> bool:
    """Whether tagged pictures hold most of what surely moves.

    Files exported smaller keep the tags of the large picture.
    """
    held = sum(_shared_px2(picture.box, area.box) for picture in tagged for area in found)
    enough = held >= _HELD_SHARE * sum(_shared_px2(area.box, area.box) for area in found)
    return bool(tagged and (enough or any(area.doubts for area in found)))


def _shared_px2(one: Box, other: Box) -> int:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0) * max(height, 0)


def _as_found(area: Area) -> Bmode:
    if not area.doubts:
        return _blank(area.box, "found")
    note = f"The B-mode area is a guess, since {' and '.join(area.doubts)}: {_ADVICE}"
    return replace(_blank(area.box, "found"), sure=False, note=note)


def _blank(box: Box, origin: Literal["found", "given"]) -> Bmode:
    return Bmode(box=box, mask=np.empty((0, 0), bool), origin=origin)


def why_masked(cine: Cine, picture: Bmode) -> dict[Hidden, Mask]:
    """What of a picture is masked, by its reason; a few frames are decoded again.

    Parameters
    ----------
    cine
        The clip.
    picture
        One of its pictures.

    Returns
    -------
    dict
        Masks ``(height, width)`` of the stored frame, true where masked; no pixel has two
        reasons.
    """
    return _hidden(cine, sample(cine), picture.box)


def _masked(cine: Cine, seen: Sample, bmode: Bmode) -> Bmode:
    """The same area with its mask made from the frames."""
    x0, y0, x1, y1 = bmode.box
    mask = np.zeros(cine.frames.shape, bool)
    mask[y0:y1, x0:x1] = True
    for part in _hidden(cine, seen, bmode.box).values():
        mask &= ~part
    return replace(bmode, mask=mask)


def _hidden(cine: Cine, seen: Sample, box: Box) -> dict[Hidden, Mask]:
    x0, y0, x1, y1 = box
    surround = np.zeros(cine.frames.shape, bool)
    surround[y0:y1, x0:x1] = ~sector_mask(seen, box)
    drawn = (find_overlays(seen, box) | find_lines(seen, box)) & ~surround
    coloured = find_colour(cine.frames, seen.indices, box) & ~surround & ~drawn
    return {"dark or outside the sector": surround, "drawn over it": drawn, "coloured": coloured}
