"""Displacement on a coarse net over the scan, and what it means for echoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Floats, Mask
from usfasc.phantom.beams.anatomy import Anatomy
from usfasc.phantom.beams.geometry import Fan
from usfasc.phantom.beams.scene import BeamScene
from usfasc.phantom.layout import wall_distance
from usfasc.phantom.motion import Motion
from usfasc.phantom.scatterers import Float32s

_NODE_MM: Final = 0.7
_MOMENTS: Final = 5
"""Times within one frame at which movement is evaluated; lines between share their mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The net ``(n,)``: body positions, as look-alikes want them, and picture ``y``.

    ``x_mm`` and ``y_mm`` are lateral position and depth below the probe's face;
    ``picture_y_mm`` is the same point's depth in the picture. ``shape`` is (rows, lines).
    """

    x_mm: Float32s
    y_mm: Float32s
    picture_y_mm: Float32s
    lumen: Mask
    shape: tuple[int, int]
    seen: Mask
    """Whether a node lies in the picture."""

    @property
    def cell_mm2(self) -> Floats:
        """Area ``(n,)`` of the picture that each node stands for."""
        down, across = (
            np.gradient(axis.reshape(self.shape).astype(float))
            for axis in (self.picture_y_mm, self.x_mm)
        )
        return np.asarray(np.abs(down[0] * across[1] - down[1] * across[0]).ravel())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How the echoes of one frame moved, on the whole scan ``(rows, lines)``.

    ``rows`` and ``lines`` say where each sample's tissue rests; the others go with the
    resting tissue: its way along the beam, across it and out of plane, in mm.
    """

    rows: Float32s
    lines: Float32s
    along_mm: Float32s
    across_mm: Float32s
    through_mm: Float32s


def lay_nodes(scene: BeamScene, fan: Fan, anatomy: Anatomy) -> Nodes:
    """A net whose nodes lie about 0.7 mm apart."""
    height, width = fan.shape
    line_mm = fan.line_step * ((fan.radius_mm + fan.depth_mm) if fan.radius_mm else 1.0)
    shape = (max(8, round(height * fan.row_mm / _NODE_MM)), max(8, round(width * line_mm / 1.0)))
    rows, lines = _node_index(fan, shape)
    x, y = fan.place(rows.ravel(), lines.ravel())
    depth = fan.body_depth_mm(x, y)
    vessel = anatomy.layout.vessel
    blood = np.zeros(len(x), np.bool_)
    if vessel is not None:
        blood = wall_distance(vessel, scene, x, depth) < 0
    return Nodes(
        x_mm=x.astype(np.float32),
        y_mm=depth.astype(np.float32),
        picture_y_mm=y.astype(np.float32),
        lumen=blood,
        shape=shape,
        seen=fan.holds(rows, lines).ravel(),
    )


def _node_index(fan: Fan, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Fractional rows and lines of the nodes, as `cv2.resize` will lay them over the scan."""
    axes = [(np.arange(n) + 0.5) * full / n - 0.5 for n, full in zip(shape, fan.shape, strict=True)]
    rows, lines = np.meshgrid(*axes, indexing="ij")
    return rows, lines


class Mover:
    """Turns motions and a time into the shift of a whole scan."""

    def __init__(self, scene: BeamScene, fan: Fan, nodes: Nodes, motions: Sequence[Motion]) -> None:
        self.fan = fan
        self._nodes = nodes
        self._motions = [(_on_net(each, nodes), each.waveform) for each in motions]
        self._rows, self._lines = _node_index(fan, nodes.shape)
        self._place = fan.place(self._rows, self._lines)
        shot_s = scene.machine.line_share / scene.frame_rate_hz
        self._moments_s = np.linspace(-0.5, 0.5, _MOMENTS) * shot_s

    def displaced(self, t_s: float) -> Float32s:
        """Displacement ``(3, rows, lines)`` in mm: each line at the moment it was shot."""
        rows, lines = self._nodes.shape
        total = np.zeros((3, rows, lines), np.float32)
        moments = np.linspace(0, _MOMENTS - 1, lines)
        for basis, waveform in self._motions:
            values = np.array([waveform(t_s + dt) for dt in self._moments_s])
            if np.abs(values).max() > 1e-7:
                weight = np.interp(moments, np.arange(_MOMENTS), values)
                total += basis * weight.astype(np.float32)
        return total

    def shift(self, t_s: float) -> Shift:
        """The shift of the scan at one time."""
        moved = self.displaced(t_s)
        x, y = self._place
        rows, lines = self.fan.index(x - moved[0], y - moved[1])
        along, across = self._beam_axes(moved)
        resting = _to_resting(
            np.stack([along, across, moved[2]], axis=-1),
            rows - self._rows,
            lines - self._lines,
            [n / full for n, full in zip(self._nodes.shape, self.fan.shape, strict=True)],
        )
        # Offsets, not positions: a cubic bends at the rim, and identity must stay exact.
        net = np.dstack([rows - self._rows, lines - self._lines, resting]).astype(np.float32)
        height, width = self.fan.shape
        fine = cv2.resize(net, (width, height), interpolation=cv2.INTER_CUBIC)
        down, sideways, along_mm, across_mm, through_mm = cv2.split(fine)
        return Shift(
            rows=down + np.arange(height, dtype=np.float32)[:, None],
            lines=sideways + np.arange(width, dtype=np.float32),
            along_mm=along_mm,
            across_mm=across_mm,
            through_mm=through_mm,
        )

    def _beam_axes(self, moved: Float32s) -> tuple[Floats, Floats]:
        """Ways along and across the beams: the range is exact, however far tissue moved."""
        x, y = self._place
        if not self.fan.radius_mm:
            return np.asarray(moved[1], float), np.asarray(moved[0], float)
        dx, dy = x - self.fan.apex_mm[0], y - self.fan.apex_mm[1]
        now = np.hypot(dx, dy)
        along = now - np.hypot(dx - moved[0], dy - moved[1])
        return along, (moved[0] * dy - moved[1] * dx) / now


def _on_net(motion: Motion, nodes: Nodes) -> Float32s:
    """A motion's pattern as ``(3, rows, lines)``."""
    basis = motion.basis
    if motion.index is not None:
        basis = np.zeros((3, len(nodes.x_mm)), np.float32)
        basis[:, motion.index] = motion.basis
    return basis.reshape(3, *nodes.shape)


def _to_resting(
    moved: NDArray[np.float64], rows: Floats, lines: Floats, scale: Sequence[float]
) -> Float32s:
    """What is known where tissue is now, said where it rests ``(rows, lines, 3)``."""
    height, width = rows.shape
    i = np.arange(height)[:, None] - rows * scale[0]
    j = np.arange(width) - lines * scale[1]
    field = np.asarray(moved, np.float32)
    return np.asarray(
        cv2.remap(
            field,
            j.astype(np.float32),
            i.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.float32,
    )
