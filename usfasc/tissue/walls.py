"""Walls of vessels among lines: bright, long and alone as a fascia is, but they part nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Line, Vessel
from usfasc.tissue.following import rows_at

_NEAR_MM: Final = 1.5
"""Of a lumen, what a line on its wall comes to at most."""
_ALONG: Final = 0.5
"""Share of its length on which a wall's line runs so: a fascia may pass a vessel."""
_PLACES: Final = 48
"""Of a line, at which it is asked."""


def without_walls(
    lines: Sequence[Line], vessels: Sequence[Vessel], spacing_mm: tuple[float, float]
) -> tuple[Line, ...]:
    """Lines less those that run along a vessel, or within it.

    Parameters
    ----------
    lines, vessels
        Of one picture.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    """
    return tuple(
        line for line in lines if not any(_is_wall(line, vessel, spacing_mm) for vessel in vessels)
    )


def _is_wall(line: Line, vessel: Vessel, spacing_mm: tuple[float, float]) -> bool:
    scale = np.array(spacing_mm[::-1], np.float32)
    x_px = np.linspace(line.points[0][0], line.points[-1][0], _PLACES)
    places_mm = np.stack([x_px, rows_at(line, x_px)], axis=1) * scale
    lumen_mm = np.array(vessel.polygon, np.float32) * scale
    inwards_mm = [cv2.pointPolygonTest(lumen_mm, place, True) for place in places_mm.tolist()]
    return float(np.mean(np.array(inwards_mm) > -_NEAR_MM)) > _ALONG
