"""What every method is shown: one picture of a clip, its true times, its scale.

Constants of the published methods are in pixels and frames of their own machines;
here they are in millimetres and seconds, and a `Grid` turns them into pixels again.
"""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Bmode, Box, Cine, Floats, Grey, Mask

Reals = NDArray[np.float32]
Prepared = NDArray[Any]
"""A picture as a method likes it."""
Pixel = TypeVar("Pixel", bound=np.generic)

_INSIDE: Final = 0.5
"""Share of a cell that must be picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One picture of a clip; ``mask`` is ``(y, x)`` of its box."""

    box: Box
    mask: Mask
    spacing_mm: tuple[float, float]
    times_s: Floats

    @property
    def interval_s(self) -> float:
        """Median time from frame to frame."""
        return float(np.median(np.diff(self.times_s))) if len(self.times_s) > 1 else 0.0

    @property
    def key(self) -> tuple[object, ...]:
        """All that it shows, but the frames themselves, in a few words."""
        arrays = hashlib.sha256(self.mask.tobytes() + self.times_s.tobytes()).hexdigest()
        return self.box, self.spacing_mm, arrays

    def crop(self, grey: Grey) -> Grey:
        """The picture cut out of a frame; what is masked is black."""
        x0, y0, x1, y1 = self.box
        return np.where(self.mask, grey[y0:y1, x0:x1], np.uint8(0))


def view_of(cine: Cine, picture: Bmode, spacing_mm: tuple[float, float]) -> View:
    """The view of one picture of a clip with times."""
    x0, y0, x1, y1 = picture.box
    times_s = np.empty(0) if cine.times_s is None else cine.times_s
    return View(
        box=picture.box,
        mask=picture.mask[y0:y1, x0:x1],
        spacing_mm=spacing_mm,
        times_s=times_s,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Cells of whole pixels over a view, as near to a size in mm as they can be."""

    view: View
    step_px: tuple[int, int]
    shape: tuple[int, int]
    offset_px: tuple[int, int] = (0, 0)
    """From the corner of the view to that of the first cell, down and right."""

    @property
    def step_mm(self) -> tuple[float, float]:
        """Height and width of a cell."""
        return (
            self.step_px[0] * self.view.spacing_mm[0],
            self.step_px[1] * self.view.spacing_mm[1],
        )

    @property
    def cell_mm2(self) -> float:
        """Area of a cell."""
        return self.step_mm[0] * self.step_mm[1]

    @property
    def inside(self) -> Mask:
        """Cells that lie in the picture, ``(y, x)``."""
        return np.asarray(self.shrunk(self.view.mask.astype(np.float32)) > _INSIDE)

    def shrunk(self, image: NDArray[Pixel]) -> NDArray[Pixel]:
        """Mean of each cell of a cropped image, in the image's own type."""
        rows, columns = self.shape
        down, right = self.step_px
        y, x = self.offset_px
        whole = np.ascontiguousarray(image[y : y + rows * down, x : x + columns * right])
        small = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
        return np.asarray(small, image.dtype)

    def cells(self, length_mm: float) -> tuple[int, int]:
        """A length as whole cells down and across, at least one."""
        return (
            max(1, round(length_mm / self.step_mm[0])),
            max(1, round(length_mm / self.step_mm[1])),
        )

    def place_px(self, row: float, column: float) -> tuple[float, float]:
        """``(y, x)`` in the stored frame of a place in cells, cell centres at integers."""
        y_px, x_px = self.corner_px(row + 0.5, column + 0.5)
        return y_px - 0.5, x_px - 0.5

    def corner_px(self, row: float, column: float) -> tuple[float, float]:
        """``(y, x)`` in the stored frame of the upper left corner of a cell."""
        return (
            self.view.box[1] + self.offset_px[0] + row * self.step_px[0],
            self.view.box[0] + self.offset_px[1] + column * self.step_px[1],
        )


def grid_of(view: View, cell_mm: float) -> Grid:
    """Cells of about ``cell_mm``; never finer than the pixels."""
    height, width = view.mask.shape
    down = min(height, max(1, round(cell_mm / view.spacing_mm[0])))
    right = min(width, max(1, round(cell_mm / view.spacing_mm[1])))
    return Grid(view=view, step_px=(down, right), shape=(height // down, width // right))


def over_usual(change: Reals, inside: Mask) -> Reals:
    """A change ``(y, x)`` less what the whole picture shows at that moment; 0 outside."""
    usual = np.median(change[inside]) if inside.any() else 0.0
    return np.where(inside, change - usual, 0).astype(np.float32)


class Past:
    """Pictures of the last moments, to compare with one from a while ago."""

    def __init__(self, lag_s: float, interval_s: float) -> None:
        self._least_s = lag_s - interval_s / 2
        self._kept: deque[tuple[float, Prepared]] = deque()

    def swap(self, time_s: float, picture: Prepared) -> tuple[float, Prepared] | None:
        """Keep a picture; give the one nearest to the lag before it, None at a clip's start."""
        while len(self._kept) > 1 and time_s - self._kept[1][0] >= self._least_s:
            self._kept.popleft()
        old = self._kept[0] if self._kept else None
        self._kept.append((time_s, picture))
        return old if old is not None and time_s - old[0] >= self._least_s else None
