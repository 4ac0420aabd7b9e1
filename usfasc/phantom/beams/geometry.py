"""Where the lines of a scan lie: side by side, or fanned out from a curved probe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Floats, Mask
from usfasc.phantom.beams.scene import SECTOR_EDGE_MM, BeamScene, Machine
from usfasc.phantom.layout import Lengths
from usfasc.phantom.lookalikes import margin_mm

EDGE_ROWS: Final = 20
"""Rows beyond the picture above and below, for tissue that moves in."""
_ROWS_PER_SIGMA: Final = 1.3
_LINE_MM: Final = 0.15
_SETTLE_MM: Final = 6.0
"""Way beside a curved face over which the skin that it presses in comes level."""
_SECTOR_LINE_MM: Final = 0.2
"""Distance of lines; of a fan's at 0.4 of its depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """The lines of one scan, in mm of the picture; ``radius_mm`` 0: lines side by side.

    ``line_step`` is in mm for a linear probe and in rad for a curved one.
    """

    apex_mm: tuple[float, float]
    """``(x, y)`` of the curve's centre; of the first line's top for a linear probe."""
    radius_mm: float
    half_rad: float
    depth_mm: float
    row_mm: float
    line_step: float
    shape: tuple[int, int]
    """Rows and lines, edges included."""
    edge: int
    """Lines beyond the picture on either side, as many as look-alikes may bring in."""

    @property
    def row_depths_mm(self) -> Floats:
        """Depth below the probe's face of every row."""
        return np.asarray((np.arange(self.shape[0]) - EDGE_ROWS + 0.5) * self.row_mm, np.float64)

    def samples(self) -> tuple[Floats, Floats]:
        """Picture ``(x, y)`` in mm of every sample ``(rows, lines)``."""
        rows, lines = np.meshgrid(*(np.arange(n, dtype=float) for n in self.shape), indexing="ij")
        return self.place(rows, lines)

    def place(self, rows: Lengths, lines: Lengths) -> tuple[Floats, Floats]:
        """Picture ``(x, y)`` in mm of fractional rows and lines."""
        down = (np.asarray(rows, float) - EDGE_ROWS + 0.5) * self.row_mm
        along = (np.asarray(lines, float) - self.edge + 0.5) * self.line_step
        if not self.radius_mm:
            return self.apex_mm[0] + along, self.apex_mm[1] + down
        angle, range_mm = along - self.half_rad, self.radius_mm + down
        x = self.apex_mm[0] + range_mm * np.sin(angle)
        return x, self.apex_mm[1] + range_mm * np.cos(angle)

    def index(self, x_mm: Lengths, y_mm: Lengths) -> tuple[Floats, Floats]:
        """Fractional rows and lines of picture positions."""
        x, y = np.asarray(x_mm, float) - self.apex_mm[0], np.asarray(y_mm, float) - self.apex_mm[1]
        if self.radius_mm:
            down, along = np.hypot(x, y) - self.radius_mm, np.arctan2(x, y) + self.half_rad
        else:
            down, along = y, x
        return down / self.row_mm + EDGE_ROWS - 0.5, along / self.line_step + self.edge - 0.5

    def holds(self, rows: Lengths, lines: Lengths) -> Mask:
        """Whether fractional rows and lines are part of the picture."""
        height, width = self.shape
        inside = (rows > EDGE_ROWS - 0.5) & (rows < height - EDGE_ROWS - 0.5)
        return np.asarray(inside & (lines > self.edge - 0.5) & (lines < width - self.edge - 0.5))

    def face_mm(self, x_mm: Lengths) -> Floats:
        """Picture y of the probe's face over x: an arc, beyond its ends where skin would lie."""
        x = np.asarray(x_mm, float)
        if not self.radius_mm:
            return np.full_like(x, self.apex_mm[1])
        reach = self.radius_mm * np.sin(self.half_rad)
        off = np.abs(x - self.apex_mm[0])
        arc = np.sqrt(self.radius_mm**2 - np.minimum(off, reach) ** 2)
        beyond = 1 - np.exp(-np.maximum(off - reach, 0) / _SETTLE_MM)
        y: Floats = self.apex_mm[1] + arc - _SETTLE_MM * np.tan(self.half_rad) * beyond
        return y

    def body_depth_mm(self, x_mm: Lengths, y_mm: Lengths) -> Floats:
        """Depth in the body: skin follows the face that presses on it, what lies deep less."""
        y = np.asarray(y_mm, float)
        bend = self.face_mm(x_mm) - self.face_mm(np.array(self.apex_mm[0]))
        if not self.radius_mm:
            return y - self.face_mm(x_mm)
        flat = y - self.face_mm(np.array(self.apex_mm[0]))
        return flat - bend * np.exp(-np.maximum(flat - bend, 0) / 25.0)

    def pixels(self, scene: BeamScene) -> tuple[Floats, Floats]:
        """Fractional rows and lines ``(y, x)`` of the picture's pixel centres."""
        dy, dx = scene.spacing_mm
        x, y = np.meshgrid(
            (np.arange(scene.width_px) + 0.5) * dx, (np.arange(scene.height_px) + 0.5) * dy
        )
        return self.index(x, y)


def sector_size_mm(machine: Machine, depth_mm: float) -> tuple[float, float]:
    """Height and width of the picture that shows a curved probe's sector of some depth."""
    half = np.deg2rad(machine.half_angle_deg)
    sag = machine.radius_mm * (1 - np.cos(half))
    width = 2 * (machine.radius_mm + depth_mm) * np.sin(half)
    return float(depth_mm + sag + 2 * SECTOR_EDGE_MM), float(width + 2 * SECTOR_EDGE_MM)


def lay_fan(scene: BeamScene) -> Fan:
    """The lines of a scene's machine, as fine as its pulse and its beam ask for."""
    machine = scene.machine
    row_mm = machine.axial_sigma_mm / _ROWS_PER_SIGMA
    beyond_mm, _ = margin_mm(scene)
    if not machine.radius_mm:
        rows, lines = scene.depth_mm / row_mm, scene.width_mm / _LINE_MM
        edge = int(beyond_mm / _LINE_MM)
        return Fan(
            apex_mm=(0.0, 0.0),
            radius_mm=0.0,
            half_rad=0.0,
            depth_mm=scene.depth_mm,
            row_mm=row_mm,
            line_step=_LINE_MM,
            shape=(int(rows) + 2 * EDGE_ROWS, int(lines) + 2 * edge),
            edge=edge,
        )
    half = float(np.deg2rad(machine.half_angle_deg))
    sag = machine.radius_mm * (1 - np.cos(half))
    depth = scene.depth_mm - 2 * SECTOR_EDGE_MM - sag
    edge = int(beyond_mm / _SECTOR_LINE_MM)
    step = _SECTOR_LINE_MM / (machine.radius_mm + 0.4 * depth)
    return Fan(
        apex_mm=(scene.width_mm / 2, SECTOR_EDGE_MM - float(machine.radius_mm * np.cos(half))),
        radius_mm=machine.radius_mm,
        half_rad=half,
        depth_mm=float(depth),
        row_mm=row_mm,
        line_step=float(step),
        shape=(int(depth / row_mm) + 2 * EDGE_ROWS, int(2 * half / step) + 2 * edge),
        edge=edge,
    )
