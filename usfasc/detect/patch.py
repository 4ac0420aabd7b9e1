"""Frames around one candidate, cut out on the finer grid and held still."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Floats, Grey, Mask
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import Setting

Picture = NDArray[np.float32]

BEFORE_S, AFTER_S = 0.65, 0.95
REFERENCE_S = (-0.25, -0.02)
"""Before the onset: what the candidate is compared with."""
_PATCH_MM = 20.0
_SMALLEST_PX = 40
_LEAST_AFTER_S = 0.2
_LEAST_DURING = 2
_INTERVAL_S = 0.02
_STILL_MM = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Frames around a candidate ``(t, y, x)`` on the verify grid, as stored and held still."""

    raw: Grey
    frames: Grey
    time_s: Floats
    mask: Mask
    centre: tuple[float, float]
    corner: tuple[int, int]
    spacing_mm: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where a site was carried, ``(t, 2)`` mm (x, y) at ``times_s`` ``(t,)``."""

    times_s: Floats
    place_mm: Floats

    def since(self, origin_s: float, times_s: Floats) -> Floats:
        """Displacement ``(n, 2)`` at some times since another."""
        axes = [
            np.interp(times_s, self.times_s, axis) - np.interp(origin_s, self.times_s, axis)
            for axis in self.place_mm.T
        ]
        return np.stack(axes, axis=1)


def cut_patch(
    store: FrameStore, layout: Setting, onset_s: float, place_mm: tuple[float, float], path: Path
) -> Patch | None:
    """Frames from 0.65 s before to 0.95 s after, 20 mm about the place, held still.

    Parameters
    ----------
    store
        The window's frames.
    layout
        The clip's grids.
    onset_s, place_mm
        The candidate; ``place_mm`` is (y, x) from the crop's corner.
    path
        How the site is carried by probe and drift; taken out of the frames.

    Returns
    -------
    Patch or None
        None where too little of the time or of the picture is there.
    """
    grid = layout.fine
    numbers = store.numbers(onset_s - BEFORE_S, onset_s + AFTER_S)
    numbers = numbers[:: every_other(store.times_s(numbers))]
    time_s = store.times_s(numbers) - onset_s
    if not _is_covered(time_s):
        return None
    rows, columns = (
        _span(place_mm[axis] / grid.spacing_mm[axis], _PATCH_MM / grid.spacing_mm[axis], size)
        for axis, size in enumerate(grid.shape)
    )
    if min(rows.stop - rows.start, columns.stop - columns.start) < _SMALLEST_PX:
        return None
    raw = store.patch(numbers, rows, columns)
    return Patch(
        raw=raw,
        frames=_hold_still(raw, path.since(onset_s, time_s + onset_s), grid.spacing_mm),
        time_s=time_s,
        mask=layout.fine_mask[rows, columns],
        centre=(
            place_mm[0] / grid.spacing_mm[0] - rows.start,
            place_mm[1] / grid.spacing_mm[1] - columns.start,
        ),
        corner=(rows.start, columns.start),
        spacing_mm=grid.spacing_mm,
    )


def _is_covered(time_s: Floats) -> bool:
    """Whether there are frames before the candidate, during it and after it."""
    during = (time_s > 0) & (time_s <= _LEAST_AFTER_S)
    before, after = time_s < REFERENCE_S[1], time_s > _LEAST_AFTER_S
    return bool(before.any() and during.sum() >= _LEAST_DURING and after.any())


def every_other(times_s: Floats) -> int:
    """Of how many frames one is looked at: beyond about 50 Hz they add time and no knowledge."""
    return (
        max(1, round(_INTERVAL_S / float(np.median(np.diff(times_s))))) if len(times_s) > 1 else 1
    )


def _hold_still(raw: Grey, path_mm: Floats, spacing_mm: tuple[float, float]) -> Grey:
    """Move back every frame in which the site was carried off from where it was at the onset."""
    carried = np.flatnonzero(np.abs(path_mm).max(axis=1) >= _STILL_MM)
    if not len(carried):
        return raw
    out = raw.copy()
    for position in carried:
        x_px, y_px = path_mm[position] / spacing_mm[::-1]
        out[position] = cv2.sepFilter2D(
            raw[position], -1, _shift(x_px), _shift(y_px), borderType=cv2.BORDER_REPLICATE
        )
    return out


def _shift(step_px: float) -> Floats:
    """Kernel that reads a row ``step_px`` further along, by cubic convolution (Keys 1981)."""
    reach = int(abs(step_px)) + 2
    away = np.abs(np.arange(-reach, reach + 1) - step_px)
    near = (1.5 * away - 2.5) * away**2 + 1
    far = ((-0.5 * away + 2.5) * away - 4) * away + 2
    return np.where(away <= 1, near, np.where(away < 2, far, 0.0))


def _span(centre: float, length: float, size: int) -> slice:
    start = int(np.clip(centre - length / 2, 0, max(0, size - length)))
    return slice(start, int(min(size, start + length)))


def within(patch: Patch, start_s: float, stop_s: float) -> Mask:
    """Frames ``(t,)`` of a stretch of time."""
    return (patch.time_s >= start_s) & (patch.time_s <= stop_s)


def average(patch: Patch, start_s: float, stop_s: float) -> Picture:
    """Mean picture of a stretch of time; of the nearest frame where none lies in it."""
    chosen = within(patch, start_s, stop_s)
    if not chosen.any():
        chosen = np.zeros(len(patch.time_s), bool)
        chosen[np.abs(patch.time_s - (start_s + stop_s) / 2).argmin()] = True
    return np.asarray(patch.frames[chosen].mean(axis=0, dtype=np.float32))


def distance_mm(patch: Patch) -> Floats:
    """Distance of every pixel ``(y, x)`` from the candidate's place."""
    rows, columns = np.ogrid[: patch.mask.shape[0], : patch.mask.shape[1]]
    return np.asarray(
        np.hypot(
            (rows + 0.5 - patch.centre[0]) * patch.spacing_mm[0],
            (columns + 0.5 - patch.centre[1]) * patch.spacing_mm[1],
        )
    )
