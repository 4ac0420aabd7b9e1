"""What the pictures before, at and after a candidate's peak say, as shares and logs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usfasc._cv import cv2
from usfasc.detect.patch import REFERENCE_S, Patch, Picture, within
from usfasc.model import Floats, Mask

BOX_MM = 3.0
_AROUND_MM = 4.0
_FROZEN_S = 0.35
_NEAR_MM = 6.0
_CHANGE_MM = 1.0


@dataclass(frozen=True, slots=True)
class Pictures:
    """Before, at the peak, and as the movement should have left it; where it moves."""

    reference: Picture
    peak: Picture
    peak_s: tuple[float, float]
    moved: Picture
    flow: Picture
    active: Mask
    distance: Floats


def blurred(picture: Picture, sigma_mm: float, spacing: Floats) -> Picture:
    """A picture ``(y, x)``, or a field ``(y, x, 2)``, under a Gaussian of so many mm."""
    sigma = sigma_mm / spacing
    return np.asarray(
        cv2.GaussianBlur(picture, (0, 0), sigmaX=float(sigma[1]), sigmaY=float(sigma[0]))
    )


def without_box_mean(picture: Picture, spacing: Floats) -> Picture:
    """A picture less its mean over 3 mm, so that gain leaves nothing."""
    sides = [max(3, int(BOX_MM / step) // 2 * 2 + 1) for step in spacing]
    return np.asarray(
        picture - cv2.boxFilter(picture.astype(np.float32), -1, (sides[1], sides[0])), np.float32
    )


def surroundings(active: Mask, mask: Mask, spacing: Floats) -> Mask:
    """A band of 4 mm, 1 mm off the moving field."""
    near, far = (
        cv2.dilate(
            active.astype(np.uint8),
            np.ones([2 * int(reach / step) + 1 for step in spacing], np.uint8),
        )
        for reach in (1.0, 1.0 + _AROUND_MM)
    )
    return np.asarray((far > near) & mask)


def explained(patch: Patch, pictures: Pictures) -> float:
    """Share of the difference energy in the moving field, less noise, that the warp takes away."""
    spacing, active = np.array(patch.spacing_mm), pictures.active
    plain = without_box_mean(pictures.peak - pictures.reference, spacing)[active]
    after = without_box_mean(pictures.peak - pictures.moved, spacing)[active]
    change = float(plain @ plain) / plain.size
    noise = min(_noise(patch, pictures), 0.8 * change)
    return (change - float(after @ after) / after.size) / (change - noise + 1e-3)


def _noise(patch: Patch, pictures: Pictures) -> float:
    """Difference energy that noise alone would leave between peak and reference."""
    chosen = np.flatnonzero(within(patch, *REFERENCE_S))
    if len(chosen) < 4:
        return 0.0
    halves = [patch.frames[chosen[k::2]].mean(axis=0, dtype=np.float32) for k in (0, 1)]
    apart = without_box_mean(halves[0] - halves[1], np.array(patch.spacing_mm))[pictures.active]
    one_frame = float(apart @ apart) / apart.size * len(chosen) / 4
    at_peak = max(1, int(within(patch, *pictures.peak_s).sum()))
    return one_frame * (1 / len(chosen) + 1 / at_peak)


def middle_of_change(patch: Patch, pictures: Pictures) -> tuple[float, float]:
    """Middle ``(y, x)`` in mm, from the crop's corner, of the change in the moving field.

    A candidate's own place leans to bright structures, where any movement shows most.
    """
    spacing = np.array(patch.spacing_mm)
    change = without_box_mean(pictures.peak - pictures.reference, spacing) ** 2
    weight = blurred(change, _CHANGE_MM, spacing) * pictures.active + 1e-6 * pictures.active
    rows, columns = np.indices(weight.shape, np.float32) + 0.5
    y, x = (float((axis * weight).sum() / weight.sum()) for axis in (rows, columns))
    return (y + patch.corner[0]) * float(spacing[0]), (x + patch.corner[1]) * float(spacing[1])


def contrast(patch: Patch, pictures: Pictures, around: Mask) -> float:
    """Log of difference energy inside the moving field over that around it."""
    if not around.any():
        return 0.0
    change = without_box_mean(pictures.peak - pictures.reference, np.array(patch.spacing_mm)) ** 2
    return float(np.log((change[pictures.active].mean() + 0.05) / (change[around].mean() + 0.05)))


def frozen_share(patch: Patch, active: Mask) -> float:
    """Share of the site's pixels exactly unchanged from frame to frame after the onset."""
    chosen = np.flatnonzero(within(patch, 0.0, _FROZEN_S))
    if len(chosen) < 2:
        return 0.0
    near = np.s_[:, slice(*_ends(active, 1)), slice(*_ends(active, 0))]
    frames = patch.raw[chosen[0] : chosen[-1] + 1][near]
    same = (frames[1:] == frames[:-1]).mean(axis=0, dtype=np.float32)
    return float(same[active[near[1:]]].mean())


def _ends(mask: Mask, axis: int) -> tuple[int, int]:
    """First and one past the last row or column that holds a true element."""
    where = np.flatnonzero(mask.any(axis=axis))
    return int(where[0]), int(where[-1]) + 1


def dark_near(pictures: Pictures, spacing: Floats) -> float:
    """Darkest 2 mm disk within 6 mm, relative to the patch: low beside a vessel's lumen."""
    smooth = cv2.blur(pictures.reference, tuple(max(3, int(1.6 / step)) for step in spacing[::-1]))
    near = pictures.distance <= _NEAR_MM
    return float(smooth[near].min() / (np.median(smooth) + 1.0))
