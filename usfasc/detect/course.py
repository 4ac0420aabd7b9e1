"""How far along its own field tissue has moved in every frame.

The picture before is warped by shares of the peak's field, from a swing the other way to
well beyond it; each frame is then where it correlates best with one of them. Unlike a
projection on a difference picture this stays true when tissue moves further than a speckle
is wide, and gain and noise do not shift it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from usfasc.detect.displacement import Displacement, warp
from usfasc.detect.patch import Picture
from usfasc.detect.pictures import BOX_MM, without_box_mean
from usfasc.model import Floats, Mask

_STEP = 0.2
_SHARES = np.arange(-3, 9) * _STEP
_BLOCK_MM = 3.0
_FEWEST_PX = 60

Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Warps:
    """The moving pixels of every frame ``(t, n)``, and of the warped pictures ``(shares, n)``.

    Their mean over 3 mm is taken out. ``rows`` and ``columns`` ``(n,)`` say where they lie.
    """

    frames: Reals
    warped: Reals
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]

    def course(self, chosen: Mask | slice = slice(None)) -> Floats:
        """Movement ``(t,)`` as a share of the field, by all pixels or by chosen ones."""
        warped = self.warped[:, chosen]
        warped = warped / (np.linalg.norm(warped, axis=1, keepdims=True) + 1e-9)
        return _best(np.asarray(self.frames[:, chosen] @ warped.T, float))

    def blocks(self, spacing: Floats) -> list[Mask]:
        """Pixels ``(n,)`` of every block of 3 mm that holds enough of them."""
        down, across = (
            (place * step // _BLOCK_MM).astype(int)
            for place, step in zip((self.rows, self.columns), spacing, strict=True)
        )
        every = product(np.unique(down), np.unique(across))
        blocks = [(down == row) & (across == column) for row, column in every]
        return [block for block in blocks if block.sum() >= _FEWEST_PX]


def lay_warps(
    frames: Reals, before: Picture, moved: Displacement, active: Mask, spacing: Floats
) -> Warps:
    """Warp the picture before by shares of a field, and pick out what moves.

    Parameters
    ----------
    frames
        ``(t, y, x)`` of one crop.
    before
        The picture ``(y, x)`` before the movement.
    moved
        The field at the peak.
    active
        Pixels ``(y, x)`` to look at.
    spacing
        Pixel size ``(dy, dx)`` in mm.
    """
    rows, columns = np.nonzero(active)
    near = _around(rows, spacing[0]), _around(columns, spacing[1])
    flow_px = moved.field_mm[near] / spacing[::-1].astype(np.float32)
    pictures = [warp(before, np.asarray(share * flow_px, np.float32), near) for share in _SHARES]
    return Warps(
        frames=_picked(frames[:, *near], active[near], spacing),
        warped=_picked(pictures, active[near], spacing),
        rows=rows,
        columns=columns,
    )


def _around(places: NDArray[np.intp], step_mm: float) -> slice:
    """Rows or columns that tell places and the mean about them."""
    reach = int(BOX_MM / 2 / step_mm) + 1
    return slice(max(0, int(places.min()) - reach), int(places.max()) + reach + 1)


def _picked(pictures: Reals | list[Picture], active: Mask, spacing: Floats) -> Reals:
    return np.array([without_box_mean(picture, spacing)[active] for picture in pictures])


def _best(likeness: Floats) -> Floats:
    """Share ``(t,)`` of the best likeness ``(t, shares)``, between shares by a parabola."""
    frame = np.arange(len(likeness))
    best = np.clip(likeness.argmax(axis=1), 1, len(_SHARES) - 2)
    below, at, above = (likeness[frame, best + side] for side in (-1, 0, 1))
    bend = np.minimum(below - 2 * at + above, -1e-9)
    return np.asarray(_SHARES[best] + _STEP * np.clip(0.5 * (below - above) / bend, -1, 1))
