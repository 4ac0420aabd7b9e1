"""The millimetre grid on which movement is judged.

Pixels are shrunk by whole factors (area averaging; never enlarged), so that a
clip's spacing does not decide what is found. Cells of about 1 mm gather the
evidence. Two grids: a coarse one for the search, a finer one for verifying.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Box, Grey, Mask

_SEARCH_MM = 0.25
_VERIFY_MM = 0.12
_CELL_MM = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A crop of the stored frame, shrunk by whole factors.

    ``factor`` and ``spacing_mm`` are ``(y, x)``; ``shape`` is in grid pixels.
    """

    box: Box
    factor: tuple[int, int]
    spacing_mm: tuple[float, float]
    shape: tuple[int, int]

    def shrink(self, grey: Grey) -> Grey:
        """Crop a stored frame ``(y, x)`` and average it down to the grid."""
        x0, y0, x1, y1 = self.box
        crop = grey[y0:y1, x0:x1]
        if self.factor == (1, 1):
            return np.ascontiguousarray(crop)
        size = (self.shape[1], self.shape[0])
        return np.asarray(cv2.resize(crop, size, interpolation=cv2.INTER_AREA), np.uint8)

    def shrink_mask(self, mask: Mask) -> Mask:
        """Mask on the grid: true where most of the stored pixels were."""
        return self.shrink(mask.astype(np.uint8) * 255) > 127

    def to_pixels(self, y_mm: float, x_mm: float) -> tuple[float, float]:
        """Grid millimetres (origin: corner of the crop) to stored pixel centres ``(y, x)``."""
        y_px = y_mm / self.spacing_mm[0] * self.factor[0] + self.box[1] - 0.5
        x_px = x_mm / self.spacing_mm[1] * self.factor[1] + self.box[0] - 0.5
        return y_px, x_px

    @property
    def size_mm(self) -> tuple[float, float]:
        """Height and width in millimetres."""
        return self.shape[0] * self.spacing_mm[0], self.shape[1] * self.spacing_mm[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Square groups of grid pixels, about 1 mm a side, that gather evidence."""

    grid: Grid
    pixels: tuple[int, int]
    shape: tuple[int, int]

    @property
    def size_mm(self) -> tuple[float, float]:
        """Height and width of one cell in millimetres."""
        return (
            self.pixels[0] * self.grid.spacing_mm[0],
            self.pixels[1] * self.grid.spacing_mm[1],
        )

    def centre_mm(self, row: float, column: float) -> tuple[float, float]:
        """Cell index to millimetres from the corner of the crop."""
        height, width = self.size_mm
        return (row + 0.5) * height, (column + 0.5) * width


def _grid(box: Box, spacing_mm: tuple[float, float], target_mm: float, multiple: int) -> Grid:
    factor = (
        max(1, int(target_mm / spacing_mm[0] + 1e-9)),
        max(1, int(target_mm / spacing_mm[1] + 1e-9)),
    )
    x0, y0, x1, y1 = box
    rows = (y1 - y0) // factor[0] // multiple * multiple
    columns = (x1 - x0) // factor[1] // multiple * multiple
    return Grid(
        box=(x0, y0, x0 + columns * factor[1], y0 + rows * factor[0]),
        factor=factor,
        spacing_mm=(spacing_mm[0] * factor[0], spacing_mm[1] * factor[1]),
        shape=(rows, columns),
    )


def verify_grid(box: Box, spacing_mm: tuple[float, float]) -> Grid:
    """Fine grid: as stored, unless finer than half of 0.12 mm."""
    return _grid(box, spacing_mm, _VERIFY_MM, 1)


def search_cells(box: Box, spacing_mm: tuple[float, float]) -> Cells:
    """Coarse grid of 0.125-0.25 mm and its cells of about 1 mm."""
    grid = _grid(box, spacing_mm, _SEARCH_MM, 1)
    pixels = (
        max(1, round(_CELL_MM / grid.spacing_mm[0])),
        max(1, round(_CELL_MM / grid.spacing_mm[1])),
    )
    shape = (grid.shape[0] // pixels[0], grid.shape[1] // pixels[1])
    x0, y0, _, _ = grid.box
    rows, columns = shape[0] * pixels[0], shape[1] * pixels[1]
    cropped = Grid(
        box=(x0, y0, x0 + columns * grid.factor[1], y0 + rows * grid.factor[0]),
        factor=grid.factor,
        spacing_mm=grid.spacing_mm,
        shape=(rows, columns),
    )
    return Cells(grid=cropped, pixels=pixels, shape=shape)
