"""How far each bit of tissue moved between two pictures, in mm, and how sure that is.

A dense inverse search (DIS: Kroeger et al. 2016) finds the movement roughly. Its
regularisation takes a quarter from the peak of a twitch, so it is only the start of
iterated local least squares (Lucas and Kanade 1981), in which each window's own residual
says how much its texture is to be believed: the prior, movements of about 0.3 mm about
rest, counts as much as that residual makes it (Simoncelli, Adelson and Heeger 1991).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.detect.inverse_search import inverse_search
from usfasc.detect.patch import Picture
from usfasc.detect.pictures import blurred
from usfasc.model import Floats

_PRIOR_MM = 0.3
"""Usual size of a movement: twitches measure 0.05-1 mm."""
_WINDOW_MM = 0.9
"""Standard deviation of a window: about the narrowest twitch's, and several speckles."""
WINDOW_MM2 = 2 * np.pi * _WINDOW_MM**2
"""Area of one window: what moves within it is told as one."""
_CELL_MM2 = 0.06
"""Area over which speckle and noise are one and the same sample: 0.2 by 0.3 mm."""
_NOISE_MM = 0.1
_START_MM, _END_MM = 0.5, 0.3
_GAIN_MM = 1.5
_ROUNDS = 4
_LARGEST_STEP_PX = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Displacement:
    """Movement in mm ``(y, x, 2)`` as (x, y), and its standard error in mm ``(y, x)``."""

    field_mm: Picture
    error_mm: Picture

    @property
    def size_mm(self) -> Picture:
        """Length ``(y, x)`` of the movement."""
        return np.asarray(np.hypot(self.field_mm[..., 0], self.field_mm[..., 1]))


def find_displacement(before: Picture, after: Picture, spacing: Floats) -> Displacement:
    """Movement of the tissue from one picture to another.

    Parameters
    ----------
    before, after
        Pictures ``(y, x)`` of one crop, at least 40 pixels a side.
    spacing
        Pixel size ``(dy, dx)`` in mm.
    """
    before, after = (blurred(picture, _NOISE_MM, spacing) for picture in (before, after))
    flow = blurred(inverse_search(before, after, "medium"), _START_MM, spacing)
    for _ in range(_ROUNDS):
        step, error_px = _improve(before, after, flow, spacing)
        flow = (flow + np.clip(step, -_LARGEST_STEP_PX, _LARGEST_STEP_PX)).astype(np.float32)
    scale = spacing[::-1].astype(np.float32)
    return Displacement(
        field_mm=np.asarray(blurred(flow, _END_MM, spacing) * scale),
        error_mm=np.asarray(error_px * np.float32(spacing.mean())),
    )


def _improve(
    before: Picture, after: Picture, flow: Picture, spacing: Floats
) -> tuple[Picture, Picture]:
    """One round of least squares: what to add to a flow, and its standard error, in pixels."""
    moved = warp(before, flow)
    across = cv2.Sobel(moved, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(moved, cv2.CV_32F, 0, 1, scale=1 / 8)
    left = after - moved
    left = left - blurred(left, _GAIN_MM, spacing)
    products = (across**2, across * down, down**2, across * left, down * left, left**2)
    xx, xy, yy, xe, ye, noise = (_window(product, spacing) for product in products)
    noise = noise * np.float32(_CELL_MM2 / (4 * np.pi * _WINDOW_MM**2)) + np.float32(1e-3)
    prior = noise * np.float32((spacing.mean() / _PRIOR_MM) ** 2)
    xe, ye = xe + prior * flow[..., 0], ye + prior * flow[..., 1]
    xx, yy = xx + prior, yy + prior
    determinant = xx * yy - xy * xy
    step = np.stack([xy * ye - yy * xe, xy * xe - xx * ye], axis=-1) / determinant[..., None]
    error = np.sqrt(noise * (xx + yy) / determinant)
    return np.asarray(step, np.float32), np.asarray(error, np.float32)


def warp(
    picture: NDArray[np.float32], flow_px: Picture, window: tuple[slice, slice] = np.s_[:, :]
) -> Picture:
    """A window of a picture after moving along its flow in pixels (backward approximation)."""
    at = _places(*picture.shape)[window] - flow_px
    moved = cv2.remap(picture, at, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved)


@lru_cache(maxsize=2)
def _places(height: int, width: int) -> Picture:
    """Where every pixel lies ``(y, x, 2)``, as (x, y)."""
    down, across = np.indices((height, width), np.float32)
    return np.stack([across, down], axis=-1)


def _window(picture: Picture, spacing: Floats) -> Picture:
    """Mean about every pixel: two boxes, nearly a Gaussian and much faster."""
    sides = [max(1, round(np.sqrt(6) * _WINDOW_MM / step)) for step in spacing[::-1]]
    return np.asarray(cv2.blur(cv2.blur(picture, sides), sides))
