"""The one gate through which pixels come into pictures: nothing beside the B-mode area passes.

What a scanner prints around the area, or draws over it, may be a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Box, Cine, Grey, Mask

BLANK_GREY: Final = 43
"""Level of what is not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The part of the screen that may be shown.

    ``box`` holds all B-mode pictures; ``mask`` is ``(height, width)`` of the box,
    true where a pixel may be shown; ``aspect`` is the height of a pixel over its
    width.
    """

    box: Box
    mask: Mask
    aspect: float

    def shown(self, grey: Grey) -> Grey:
        """The part of a stored frame that may be shown, the rest blank."""
        x0, y0, x1, y1 = self.box
        return np.where(self.mask, grey[y0:y1, x0:x1], np.uint8(BLANK_GREY))


def refusal(cine: Cine) -> InputError | None:
    """Why nothing of a clip may be shown; None where its B-mode area may."""
    if cine.pictures and all(picture.sure for picture in cine.pictures):
        return None
    return InputError(
        Code.BMODE_UNSURE,
        "No picture: it is not sure where the B-mode area ends, and what lies outside it may"
        " be a name. Give it with --bmode x0,y0,x1,y1.",
    )


def view_of(cine: Cine) -> View:
    """What may be shown of a clip.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``.
    """
    refused = refusal(cine)
    if refused is not None:
        raise refused
    boxes = np.array([picture.box for picture in cine.pictures])
    (x0, y0), (x1, y1) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    mask = np.zeros(cine.frames.shape, bool)
    for picture in cine.pictures:
        mask |= _inside(picture, mask.shape)
    dy, dx = cine.spacing_of(cine.pictures[0]) or (1.0, 1.0)
    return View(box=(x0, y0, x1, y1), mask=mask[y0:y1, x0:x1], aspect=dy / dx)


def picture_at(cine: Cine, x_px: float, y_px: float) -> Bmode:
    """The picture that a place lies in, or nearest to."""
    return min(cine.pictures, key=lambda picture: _distance_px(picture.box, x_px, y_px))


def _inside(picture: Bmode, shape: tuple[int, int]) -> Mask:
    """A picture's mask, never beyond its box."""
    x0, y0, x1, y1 = picture.box
    inside = np.zeros(shape, bool)
    inside[y0:y1, x0:x1] = picture.mask[y0:y1, x0:x1]
    return inside


def _distance_px(box: Box, x_px: float, y_px: float) -> float:
    x0, y0, x1, y1 = box
    return max(x0 - x_px, x_px - x1, 0.0) + max(y0 - y_px, y_px - y1, 0.0)
