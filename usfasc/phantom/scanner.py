"""From scatterers to grey levels, as a linear-array scanner does it.

Scatterers are laid on a complex grid with their round-trip phase, blurred with the
point-spread function, and log-compressed; nothing is ever a warped picture.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Floats, Grey
from usfasc.phantom.scatterers import CARRIER_RAD_PER_MM, DENSITY_PER_MM2, Float32s, Scatterers
from usfasc.phantom.scene import LookAlikeKind, Scene

NOISE_DB: Final = {"low": -30.0, "medium": -22.0, "high": -15.0}
"""Electronic noise at half depth, relative to resting muscle."""
MUSCLE_GREY: Final = 0.34
"""Grey of echo level 0 dB as a share of white: gain is set so, whatever the dynamic range."""
_AXIAL_SIGMA_MM: Final = 0.1
_SMOOTH_SIGMA_MM: Final = 0.09
"""Compounding and speckle reduction: looks averaged in power."""
_EDGE_PX: Final = 12
_BANDS: Final = 6


def lateral_sigma_mm(depth_mm: Floats, scene: Scene) -> Floats:
    """Lateral width of the beam: narrowest in the focus, growing away from it."""
    focus = 0.5 * scene.depth_mm
    return 0.26 + 0.18 * np.abs(np.asarray(depth_mm) - focus) / focus


class Scanner:
    """One scanner at its settings; ``image`` turns tissue and its displacement into grey."""

    def __init__(self, scene: Scene, tissue: Scatterers, rng: np.random.Generator) -> None:
        self._scene = scene
        self._tissue = tissue
        self._rng = rng
        self._dy, self._dx = scene.spacing_mm
        self._shape = (scene.height_px + 2 * _EDGE_PX, scene.width_px + 2 * _EDGE_PX)
        self._axial = _kernel(_AXIAL_SIGMA_MM / self._dy)
        self._smooth_x = _kernel(_SMOOTH_SIGMA_MM / self._dx)
        self._smooth_y = _kernel(_SMOOTH_SIGMA_MM / self._dy)
        self._bands = self._plan_bands()
        depth = np.asarray((np.arange(self._shape[0]) - _EDGE_PX + 0.5) * self._dy, np.float64)
        self._row_gain = (10 ** (-0.18 * depth / 20)).astype(np.float32)[:, None]
        self._noise = self._noise_rows(depth)
        self._clutter = self._static_clutter(depth)
        self._last: Float32s | None = None

    def _unit(self) -> float:
        """Grid amplitude of echo level 0 dB, so that its image has unit power in the focus."""
        lateral = _kernel(
            lateral_sigma_mm(np.array(self._scene.depth_mm / 2), self._scene) / self._dx
        )
        power = DENSITY_PER_MM2 * self._dy * self._dx
        power *= float((self._axial**2).sum()) * float((lateral**2).sum())
        return float(1 / np.sqrt(power))

    def _plan_bands(self) -> list[tuple[slice, Float32s]]:
        """Rows with about one beam width each, and its kernel."""
        edges = np.linspace(0, self._shape[0], _BANDS + 1).astype(int)
        bands = []
        for a, b in pairwise(edges):
            depth = (np.array((a + b) / 2) - _EDGE_PX) * self._dy
            kernel = _kernel(float(lateral_sigma_mm(depth, self._scene)) / self._dx)
            bands.append((slice(a, b), kernel))
        return bands

    def _noise_rows(self, depth_mm: Floats) -> Float32s:
        """Noise before the filter: the gain that makes up for attenuation lifts it with depth."""
        level = NOISE_DB[self._scene.noise] + 0.3 * (depth_mm - self._scene.depth_mm / 2)
        level = level - 0.18 * self._scene.depth_mm / 2
        kept = float((self._axial**2).sum())
        rows = 10 ** (level / 20) / np.sqrt(2 * kept)
        return np.asarray(rows[:, None], np.float32)

    def _static_clutter(self, depth_mm: Floats) -> Float32s:
        """Reverberation and side lobes that stand still while the tissue moves."""
        strength = sum(look.strength for look in self._scene.looks_like(LookAlikeKind.CLUTTER))
        level = -26.0 + 20 * min(strength, 1.5) - 0.35 * np.maximum(depth_mm, 0)
        field = self._rng.standard_normal((*self._shape, 2)).astype(np.float32)
        field = cv2.GaussianBlur(
            field, (0, 0), sigmaX=0.8 / self._dx, sigmaY=_AXIAL_SIGMA_MM / self._dy
        )
        field /= field.std()
        return np.asarray(field * (10 ** (level / 20)).astype(np.float32)[:, None, None] * 0.7)

    def image(
        self, moved: Float32s, gain_db: float = 0.0, coupling: Float32s | None = None
    ) -> Grey:
        """Grey picture ``(y, x)`` of the tissue displaced by ``moved`` (3, n) mm.

        ``coupling`` is the share of the echo that gets through, per column.
        """
        echo = self._splat(moved)
        echo = cv2.sepFilter2D(echo, -1, np.ones(1, np.float32), self._axial)
        echo *= self._row_gain[:, :, None]
        if coupling is not None:
            echo *= np.pad(coupling, _EDGE_PX, mode="edge")[None, :, None]
        echo = self._lateral(echo)
        echo += self._clutter
        echo += self._fresh_noise()
        return self._compress(echo[_EDGE_PX:-_EDGE_PX, _EDGE_PX:-_EDGE_PX], gain_db)

    def _splat(self, moved: Float32s) -> Float32s:
        tissue = self._tissue
        x = (tissue.x_mm + moved[0]) / np.float32(self._dx) + np.float32(_EDGE_PX - 0.5)
        down = tissue.y_mm + moved[1]
        y = down / np.float32(self._dy) + np.float32(_EDGE_PX - 0.5)
        height, width = self._shape
        inside = np.flatnonzero((x > 0) & (y > 0) & (x < width - 1.001) & (y < height - 1.001))
        x, y, down = x[inside], y[inside], down[inside]
        phase = down * np.float32(CARRIER_RAD_PER_MM) + tissue.phase[inside]
        phase += tissue.rate[inside] * moved[2, inside]
        amplitude = tissue.amplitude[inside] * np.float32(self._unit())
        return self._lay(x, y, amplitude * np.cos(phase), amplitude * np.sin(phase))

    def _lay(self, x: Float32s, y: Float32s, *parts: Float32s) -> Float32s:
        """Bilinear splat of complex points, given as their two parts, onto the grid."""
        width, size = self._shape[1], self._shape[0] * self._shape[1]
        j, i = x.astype(np.int64), y.astype(np.int64)
        u, v, corner = x - j, y - i, i * width + j
        planes = []
        for part in parts:
            low = part * v
            high = part - low
            plane = np.bincount(corner, high * (1 - u), size)
            plane[1:] += np.bincount(corner, high * u, size)[:-1]
            plane[width:] += np.bincount(corner, low * (1 - u), size)[:-width]
            plane[width + 1 :] += np.bincount(corner, low * u, size)[: -width - 1]
            planes.append(plane.reshape(self._shape))
        return np.stack(planes, axis=-1).astype(np.float32)

    def _lateral(self, echo: Float32s) -> Float32s:
        out = np.empty_like(echo)
        one = np.ones(1, np.float32)
        for rows, kernel in self._bands:
            out[rows] = cv2.sepFilter2D(echo[rows], -1, kernel, one)
        return out

    def _fresh_noise(self) -> Float32s:
        noise = self._rng.standard_normal((*self._shape, 2), dtype=np.float32)
        noise = cv2.sepFilter2D(noise, -1, _kernel(0.6), self._axial)
        return np.asarray(noise * (self._noise / np.float32(0.66))[:, :, None])

    def _compress(self, echo: Float32s, gain_db: float) -> Grey:
        """Envelope, log compression, persistence, eight bits."""
        power = echo[..., 0] ** 2 + echo[..., 1] ** 2
        power = cv2.sepFilter2D(power, -1, self._smooth_x, self._smooth_y)
        level_db = cv2.log(power + np.float32(1e-12)) * np.float32(10 / np.log(10))
        span = self._scene.dynamic_range_db
        lift = MUSCLE_GREY * span + self._scene.gain_db + gain_db
        grey = (level_db + np.float32(lift)) * np.float32(255 / span)
        grey = np.clip(grey, 0, 255)
        keep = self._scene.persistence
        if self._last is not None and keep > 0:
            grey = cv2.addWeighted(self._last, keep, grey, 1 - keep, 0)
        self._last = grey
        return np.asarray(np.rint(grey), np.uint8)


def _kernel(sigma_px: float | NDArray[np.float64]) -> Float32s:
    """Normalised Gaussian kernel out to three sigma."""
    sigma = max(float(sigma_px), 0.3)
    reach = int(np.ceil(3 * sigma))
    x = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (x / sigma) ** 2)
    return np.asarray(kernel / kernel.sum(), np.float32)
