"""Where a muscle twitches most: twitches per mm2 and minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from usfasc.model import Box, DensityMap, Event

SPREAD_MM: Final = 2.0
"""Width (standard deviation) that a twitch is given: its place is found to 1.3 mm or better
(median), and the tissue that moves reaches a few mm."""
CELL_MM: Final = 2.0
"""A Gaussian as wide as a cell is told well by its values at the cells' middles."""


def density_map(
    events: Iterable[Event], box_px: Box, spacing_mm: tuple[float, float], minutes: float
) -> DensityMap:
    """Density of some twitches over one picture, by a Gaussian kernel.

    Parameters
    ----------
    events
        Counted twitches that lie in the picture.
    box_px
        The picture.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    minutes
        Assessable time, more than 0.
    """
    corner_px, size_px = box_px[1::-1], (box_px[3] - box_px[1], box_px[2] - box_px[0])
    cell_px = tuple(CELL_MM / step for step in spacing_mm)
    middles_mm = [
        (np.arange(int(np.ceil(size / cell))) + 0.5) * CELL_MM
        for size, cell in zip(size_px, cell_px, strict=True)
    ]
    total = np.zeros([len(axis) for axis in middles_mm])
    for event in events:
        away = [
            (axis - (place + 0.5 - corner) * step) / SPREAD_MM
            for axis, place, corner, step in zip(
                middles_mm, (event.y_px, event.x_px), corner_px, spacing_mm, strict=True
            )
        ]
        total += np.outer(*(np.exp(-(axis**2) / 2) for axis in away))
    total /= 2 * np.pi * SPREAD_MM**2 * minutes
    return DensityMap(
        cell_px=(round(cell_px[0], 4), round(cell_px[1], 4)),
        cell_mm=(CELL_MM, CELL_MM),
        spread_mm=SPREAD_MM,
        per_mm2_min=tuple(tuple(row) for row in (total.round(6) + 0.0).tolist()),
    )
