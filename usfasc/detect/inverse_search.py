"""Dense flow between two pictures by inverse search (DIS: Kroeger et al. 2016)."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np

from usfasc._cv import cv2
from usfasc.detect.patch import Picture

Preset = Literal["fast", "medium"]
_PRESETS: Final[dict[Preset, int]] = {
    "fast": cv2.DISOPTICAL_FLOW_PRESET_FAST,
    "medium": cv2.DISOPTICAL_FLOW_PRESET_MEDIUM,
}
_FINEST_SCALE: Final = 1
"""Flow is solved at half the resolution, and at the full one where a picture is too small."""


def inverse_search(before: Picture, after: Picture, preset: Preset) -> Picture:
    """Movement in pixels ``(y, x, 2)`` as (x, y).

    Each pair has a solver of its own. OpenCV's keeps the scales that a picture of about 40
    pixels made it choose: what a place showed then hung on which others were looked at before.

    Parameters
    ----------
    before, after
        Pictures ``(y, x)`` of one size in grey levels; they are rounded to 8 bits.
    preset
        One of OpenCV's, by how many steps it takes.
    """
    solver = cv2.DISOpticalFlow_create(_PRESETS[preset])
    solver.setFinestScale(_FINEST_SCALE)
    greys = [np.clip(np.rint(picture), 0, 255).astype(np.uint8) for picture in (before, after)]
    return np.asarray(solver.calc(*greys, None))
