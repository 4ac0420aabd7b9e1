"""The point echoes of the tissue: how bright, how specular, layer by layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Floats
from usfasc.phantom.layout import Layout, Muscle, wall_distance
from usfasc.phantom.scene import Scene

Float32s = NDArray[np.float32]

DENSITY_PER_MM2: Final = 40.0
CARRIER_RAD_PER_MM: Final = 4 * np.pi / (1.54 / 9.0)
"""Round-trip phase per mm of depth at 9 MHz and 1540 m/s."""


_ELEVATION_MM: Final = 0.7
"""Way out of plane over which the echo of a cell falls to 0.6 of itself."""
_CELL_SCATTERERS: Final = 10.0
"""Scatterers that share one resolution cell: coherent ones add in amplitude."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatterers:
    """Point echoes ``(n,)``: rest position in mm, amplitude, phase, out-of-plane phase rate.

    ``rate`` is in rad/mm: with rates drawn from a normal distribution the echo of a
    resolution cell forgets itself as a Gaussian of the out-of-plane way, for ever new
    speckle, and nothing runs out. ``lumen`` marks blood.
    """

    x_mm: Float32s
    y_mm: Float32s
    amplitude: Float32s
    phase: Float32s
    rate: Float32s
    lumen: NDArray[np.bool_]


def scatter(
    scene: Scene, layout: Layout, margin_mm: tuple[float, float], rng: np.random.Generator
) -> Scatterers:
    """Fill the picture and a margin around it with scatterers.

    ``margin_mm`` (x, y) is how far the tissue will be carried, so that new tissue, not an
    empty edge, comes into the picture.
    """
    x0, x1 = -margin_mm[0], scene.width_mm + margin_mm[0]
    y0, y1 = -margin_mm[1], scene.depth_mm + margin_mm[1]
    count = int(DENSITY_PER_MM2 * (x1 - x0) * (y1 - y0))
    # In order of depth: neighbours in memory are neighbours on the scanner's grid.
    x, y = rng.uniform(x0, x1, count), np.sort(rng.uniform(y0, y1, count))
    echo = Echo(x=x, y=y, level_db=np.full(count, -14.0), coherent=np.zeros(count))
    _fat(echo, layout, rng)
    for muscle in layout.muscles:
        _muscle(echo, muscle, scene, rng)
    _skin(echo, layout)
    _interfaces(echo, layout, rng)
    lumen = _vessel(echo, layout, scene)
    return _finish(echo, lumen, rng)


@dataclass(slots=True)
class Echo:
    """Echo level of every scatterer while the layers are laid, and how specular it is."""

    x: Floats
    y: Floats
    level_db: Floats
    coherent: Floats

    def line(self, distance_mm: Floats, width_mm: float, level_db: Floats | float) -> None:
        """Lay a bright interface where a signed distance is near zero."""
        weight = np.exp(-0.5 * (distance_mm / width_mm) ** 2)
        bright = level_db + 20 * np.log10(weight + 1e-3)
        self.coherent = np.where(bright > self.level_db, weight, self.coherent)
        self.level_db = np.maximum(self.level_db, bright)


def texture(
    along_mm: Floats, across_mm: Floats, sizes_mm: tuple[float, float], rng: np.random.Generator
) -> Floats:
    """Unit-variance noise sampled at points ``(n,)``, its grain ``sizes_mm`` along and across."""
    long, wide = sizes_mm
    step_long, step_wide = long / 3, wide / 3
    shape = (
        int(np.ptp(across_mm) / step_wide) + 3,
        int(np.ptp(along_mm) / step_long) + 3,
    )
    field = cv2.GaussianBlur(rng.standard_normal(shape).astype(np.float32), (0, 0), 2.0)
    field = (field - field.mean()) / max(float(field.std()), 1e-6)
    columns = ((along_mm - along_mm.min()) / step_long).astype(np.float32)
    rows = ((across_mm - across_mm.min()) / step_wide).astype(np.float32)
    return _sample(field, rows, columns)


def _sample(field: Float32s, rows: Float32s, columns: Float32s) -> Floats:
    """Bilinear samples of a field at fractional rows and columns."""
    i = np.clip(rows.astype(np.intp), 0, field.shape[0] - 2)
    j = np.clip(columns.astype(np.intp), 0, field.shape[1] - 2)
    v, u = rows - i, columns - j
    top = field[i, j] * (1 - u) + field[i, j + 1] * u
    bottom = field[i + 1, j] * (1 - u) + field[i + 1, j + 1] * u
    return np.asarray(top * (1 - v) + bottom * v, np.float64)


def _fat(echo: Echo, layout: Layout, rng: np.random.Generator) -> None:
    """Lobules parted by bright septa that mostly lie along the skin."""
    inside = echo.y < layout.fascia.at(echo.x)
    echo.level_db[inside] = -4 + 2 * texture(echo.x, echo.y, (4.0, 1.5), rng)[inside]
    septa = texture(echo.x, echo.y, (7.0, 1.6), rng)
    strength = texture(echo.x, echo.y, (5.0, 3.0), rng)
    distance = np.where(inside, septa * 0.9, 9.0)
    echo.line(distance, 0.14, 12 + 5 * strength)


def _muscle(echo: Echo, muscle: Muscle, scene: Scene, rng: np.random.Generator) -> None:
    """Dark bundles within bright, broken perimysium."""
    top, bottom = muscle.top.at(echo.x), muscle.bottom.at(echo.x)
    inside = (echo.y >= top) & (echo.y < bottom)
    if scene.view == "longitudinal":
        level, streak = _fascicles(echo, muscle, rng)
    else:
        level, streak = _bundles(echo, rng)
    echo.level_db[inside] = level[inside]
    brighter = inside & (streak > level)
    echo.coherent[inside] = np.where(streak > level, 0.5, 0.0)[inside]
    echo.level_db[brighter] = streak[brighter]


def _fascicles(echo: Echo, muscle: Muscle, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Levels along fascicles: (bundles, perimysium), the latter thin, broken, uneven."""
    angle = np.deg2rad(muscle.pennation_deg)
    wave = 0.5 * np.sin(echo.x / rng.uniform(6, 14) + rng.uniform(0, 6))
    along = echo.x * np.cos(angle) + echo.y * np.sin(angle)
    across = -echo.x * np.sin(angle) + echo.y * np.cos(angle) + wave
    level = 2.5 * texture(along, across, (9.0, 2.0), rng)
    level += 2.0 * texture(along, across, (3.0, 0.4), rng)
    level += 2.5 * texture(along, across, (12.0, 6.0), rng) - 4.0
    fine = texture(along, across, (rng.uniform(3, 6), 0.25), rng)
    coarse = texture(along, across, (rng.uniform(8, 16), rng.uniform(0.35, 0.6)), rng)
    patch = texture(along, across, (8.0, 4.0), rng)
    rare = rng.uniform(1.2, 1.8)
    streak = np.maximum(4 + 6 * (fine - 1.2), 13 + 10 * (coarse - rare)) + 2 * patch
    return level, np.minimum(streak, 23)


def _bundles(echo: Echo, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Levels across fascicles: (bundles, perimysium as a torn net with bright dots)."""
    level = 2.0 * texture(echo.x, echo.y, (4.0, 3.0), rng)
    level += 2.5 * texture(echo.x, echo.y, (10.0, 7.0), rng) - 5.0
    net = np.abs(texture(echo.x, echo.y, (2.6, 1.3), rng))
    torn = texture(echo.x, echo.y, (1.8, 1.0), rng)
    dots = texture(echo.x, echo.y, (0.6, 0.35), rng)
    patch = texture(echo.x, echo.y, (8.0, 5.0), rng)
    streak = np.maximum(10 + 5 * torn - 32 * net, 8 + 9 * (dots - 1.6)) + 2 * patch
    return level, np.minimum(streak, 22)


def _skin(echo: Echo, layout: Layout) -> None:
    """Gel, the bright entry echo, dermis, and its lower edge."""
    echo.level_db[(echo.y < layout.skin_mm)] = 7.0
    echo.level_db[echo.y < 0.35] = -12.0
    echo.line(echo.y - 0.45, 0.14, 26.0)
    echo.line(echo.y - layout.skin_mm, 0.12, 18.0)


def _interfaces(echo: Echo, layout: Layout, rng: np.random.Generator) -> None:
    """Fasciae, bone with its shadow."""
    flicker = texture(echo.x, echo.y, (6.0, 4.0), rng)
    ragged = texture(echo.x, echo.y, (2.5, 3.0), rng)
    for muscle in layout.muscles:
        distance = echo.y - muscle.top.at(echo.x)
        echo.line(distance, 0.15, 26 + 4 * flicker)
        echo.line(distance - 0.4 - 0.15 * flicker, 0.12, 18 + 5 * ragged)
        echo.line(distance + 0.5 + 0.2 * ragged, 0.1, 9 + 6 * flicker)
    if layout.bone is not None:
        depth = echo.y - layout.bone.at(echo.x)
        shadow = depth > 0
        fading = 4 - 3.0 * depth + 2 * flicker
        echo.level_db[shadow] = np.maximum(fading, -18 - 0.5 * depth)[shadow]
        echo.coherent[shadow] = 0
        echo.line(depth, 0.25, 29 + 4 * flicker)


def _vessel(echo: Echo, layout: Layout, scene: Scene) -> NDArray[np.bool_]:
    """A dark lumen within two bright walls; returns who is blood."""
    if layout.vessel is None:
        return np.zeros(len(echo.x), np.bool_)
    distance = wall_distance(layout.vessel, scene, echo.x, echo.y)
    lumen = distance < 0
    echo.level_db[lumen], echo.coherent[lumen] = -24.0, 0.0
    echo.line(distance - 0.12, 0.12, 20.0)
    echo.line(distance - 0.7, 0.16, 9.0)
    return lumen


def _finish(echo: Echo, lumen: NDArray[np.bool_], rng: np.random.Generator) -> Scatterers:
    """Amplitudes and phases: diffuse scatterers at random, specular ones in step."""
    count = len(echo.x)
    specular = rng.random(count) < echo.coherent
    amplitude = 10 ** (echo.level_db / 20) * np.abs(rng.standard_normal(count))
    amplitude[specular] /= np.sqrt(_CELL_SCATTERERS) / 1.5
    phase = np.where(specular, -CARRIER_RAD_PER_MM * echo.y, rng.uniform(0, 2 * np.pi, count))
    phase = np.mod(phase, 2 * np.pi)
    return Scatterers(
        x_mm=echo.x.astype(np.float32),
        y_mm=echo.y.astype(np.float32),
        amplitude=amplitude.astype(np.float32),
        phase=phase.astype(np.float32),
        rate=(rng.standard_normal(count) / _ELEVATION_MM).astype(np.float32),
        lumen=lumen,
    )
