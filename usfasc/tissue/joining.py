"""Pieces of one vessel made one, where something lies over it.

A colour box, a gate or a caliper hides a stretch of a vessel that runs lengthwise, and leaves
a piece on either side of it. Two pieces are taken for one vessel where each points at the end
of the other, they are about as thick, and between them next to nothing can be seen: where
tissue is seen between them, they are two.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.model import Floats, Grey, Mask

_LEAST_MM2: Final = 1.0
"""Of a piece: a crumb points nowhere."""
_LONG: Final = 1.5
"""Times its thickness, from where on a piece points anywhere."""
_ALIKE: Final = 2.0
"""Times as thick as the other piece, at most."""
_OFF: Final = 0.5
"""Of the thickness, by which one piece may point past the end of the other."""
_SEEN: Final = 0.5
"""Of what lies between two pieces, that may be seen to be tissue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A lumen as a straight stretch, in mm ``(y, x)``."""

    ends: tuple[Floats, Floats]
    along: Floats
    """Unit vector from the first end to the second."""
    thick_mm: float

    @property
    def is_long(self) -> bool:
        """Whether it points anywhere."""
        length_mm = float(np.linalg.norm(self.ends[1] - self.ends[0]))
        return length_mm >= _LONG * self.thick_mm

    def off_mm(self, point: Floats) -> float:
        """How far a point lies beside its axis."""
        (y, x), (along_y, along_x) = point - self.ends[0], self.along
        return abs(float(y * along_x - x * along_y))


def joined(lumens: Mask, mask: Mask, spacing_mm: tuple[float, float]) -> Mask:
    """Lumens with what lies between the pieces of one vessel.

    Parameters
    ----------
    lumens
        ``(y, x)``, true inside a lumen.
    mask
        ``(y, x)``, true where the frame shows tissue.
    spacing_mm
        ``(dy, dx)`` of a pixel.

    Returns
    -------
    Mask
        ``(y, x)``: pieces of one vessel are connected.
    """
    labels, count = ndimage.label(lumens)
    areas_mm2 = np.bincount(labels.ravel()) * spacing_mm[0] * spacing_mm[1]
    pieces = [
        _piece(labels == number, spacing_mm)
        for number in range(1, count + 1)
        if areas_mm2[number] >= _LEAST_MM2
    ]
    seen, whole = mask & ~lumens, lumens.copy()
    for one, other in combinations([piece for piece in pieces if piece.is_long], 2):
        between = _between(one, other, lumens.shape, spacing_mm)
        if between.any() and seen[between].mean() <= _SEEN:
            whole |= between
    return whole


def _piece(lumen: Mask, spacing_mm: tuple[float, float]) -> _Piece:
    """Ends and thickness along the axis in which a lumen is longest."""
    points_mm = np.argwhere(lumen) * spacing_mm
    centre = points_mm.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((points_mm - centre).T))
    along = axes[:, -1]
    at_mm = (points_mm - centre) @ along
    length_mm = max(float(np.ptp(at_mm)), min(spacing_mm))
    return _Piece(
        ends=(centre + at_mm.min() * along, centre + at_mm.max() * along),
        along=along,
        thick_mm=len(points_mm) * spacing_mm[0] * spacing_mm[1] / length_mm,
    )


def _between(
    one: _Piece, other: _Piece, shape: tuple[int, ...], spacing_mm: tuple[float, float]
) -> Mask:
    """What lies between two pieces that point at each other's end; nothing of any others."""
    drawn: Grey = np.zeros(shape, np.uint8)
    thick_mm = (one.thick_mm + other.thick_mm) / 2
    pairs = [(a, b) for a in one.ends for b in other.ends]
    near, far = min(pairs, key=lambda pair: float(np.linalg.norm(pair[1] - pair[0])))
    alike = max(one.thick_mm, other.thick_mm) <= _ALIKE * min(one.thick_mm, other.thick_mm)
    if not alike or max(one.off_mm(far), other.off_mm(near)) > _OFF * thick_mm:
        return drawn > 0
    across = thick_mm / 2 * np.array([-one.along[1], one.along[0]])
    corners = np.array([near - across, near + across, far + across, far - across]) / spacing_mm
    cv2.fillConvexPoly(drawn, corners[:, ::-1].round().astype(np.int32), 1)
    return drawn > 0
