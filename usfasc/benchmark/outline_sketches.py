"""Pictures sketched without a phantom: blocks of noise, with layers in them or with nothing.

What tells a fascia from noise must not hang on how one phantom's tissue looks. Here tissue
is noise of any grain, which leans or not, alike or not above and below each line.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.benchmark.outline_pictures import Drawn
from usfasc.benchmark.weak_boundaries import Weakness, draw_weaknesses
from usfasc.model import Floats
from usfasc.tissue.sampling import Image

_GRAIN_MM: Final = (0.1, 2.5)
_LIGHT_MM: Final = 5.0
"""Over which a scanner's own light changes with depth at the fastest: focus, gain sliders."""
_MOST_LINES: Final = 4
_FIRST_MM: Final = (2.5, 12.0)
_APART_MM: Final = (5.0, 15.0)
_SLOPES: Final = (0.25, 0.08)
"""Steepest slope that all lines share, and that one has for itself."""
_WAVE_MM: Final = 0.6
_WAVE_LENGTH_MM: Final = (20.0, 60.0)
_LEANS: Final = 0.5
"""Steepest slope of grain."""
_ALIKE: Final = 0.4
"""Share of the sketches whose tissue is the same above and below each line."""
_WHOLE: Final = 0.5
"""Share of those whose lines have no gaps."""
_FLOORED: Final = 0.3
"""Share of those whose last line is bone or air: next to nothing returns from below it."""
_LINE: Final = (0.25, 0.7)
"""How much brighter than tissue a line is, as a share of white."""
_THICK_MM: Final = (0.15, 0.5)


def sketch_layers(rng: np.random.Generator) -> Drawn:
    """Bright lines across noise that may differ from layer to layer."""
    spacing_mm, shape = _size(rng)
    lines_mm = _lines_mm(shape, spacing_mm, rng)
    depth_mm = (np.arange(shape[0])[:, np.newaxis] + 0.5) * spacing_mm
    layers = np.sum([depth_mm >= line_mm for line_mm in lines_mm], axis=0).astype(np.int8)
    level = _tissues(layers, spacing_mm, rng)
    if rng.random() < _FLOORED:
        level[layers == len(lines_mm)] *= rng.uniform(0.05, 0.3)
        layers[layers == len(lines_mm)] = -1
    width_mm = shape[1] * spacing_mm
    weak = [Weakness()] * len(lines_mm)
    if rng.random() > _WHOLE:
        weak = draw_weaknesses(len(lines_mm), 0.0, width_mm, rng)
    across_mm = (np.arange(shape[1]) + 0.5) * spacing_mm
    for line_mm, weakness in zip(lines_mm, weak, strict=True):
        away = (depth_mm - line_mm) / rng.uniform(*_THICK_MM)
        level += weakness.seen(across_mm) * rng.uniform(*_LINE) * np.exp(-0.5 * away**2)
    rows = [line_mm / spacing_mm - 0.5 for line_mm in lines_mm]
    shown = [np.where((row > 0) & (row < shape[0]), row, np.nan) for row in rows]
    return _drawn(level, spacing_mm, layers, tuple(shown))


def sketch_nothing(rng: np.random.Generator) -> Drawn:
    """A block of noise of any grain, evenly lit or not, with rows of pins, or the rings of air."""
    spacing_mm, shape = _size(rng)
    extra = _EXTRAS[int(rng.integers(len(_EXTRAS)))]
    level = _block(shape, spacing_mm, rng) + extra(shape, spacing_mm, rng)
    return _drawn(level, spacing_mm, np.ones(shape, np.int8), ())


def _size(rng: np.random.Generator) -> tuple[float, tuple[int, int]]:
    """Spacing of the pixels, and height and width in pixels."""
    spacing_mm = float(rng.uniform(0.08, 0.16))
    height, width = (rng.uniform((24, 26), (50, 46)) / spacing_mm).astype(int).tolist()
    return spacing_mm, (height, width)


def _drawn(
    level: Image, spacing_mm: float, layers: NDArray[np.int8], lines_px: tuple[Floats, ...]
) -> Drawn:
    return Drawn(
        grey=np.clip(255 * level, 0, 255).astype(np.uint8),
        mask=np.ones(level.shape, bool),
        spacing_mm=(spacing_mm, spacing_mm),
        layers=layers,
        lines_px=lines_px,
    )


def _lines_mm(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> list[Floats]:
    """Depths ``(x,)`` of lines that lie one below the other, gently bent."""
    height_mm, width_mm = (size * spacing_mm for size in shape)
    across_mm = (np.arange(shape[1]) + 0.5) * spacing_mm - width_mm / 2
    shared = rng.uniform(-_SLOPES[0], _SLOPES[0])
    middle_mm = float(rng.uniform(*_FIRST_MM))
    lines_mm: list[Floats] = []
    for _ in range(int(rng.integers(1, _MOST_LINES + 1))):
        if middle_mm > height_mm - _FIRST_MM[0]:
            break
        slope = shared + rng.uniform(-_SLOPES[1], _SLOPES[1])
        wave = np.sin(2 * np.pi * (across_mm / rng.uniform(*_WAVE_LENGTH_MM) + rng.random()))
        line_mm = middle_mm + slope * across_mm + rng.uniform(0, _WAVE_MM) * wave
        if lines_mm:
            line_mm = np.maximum(line_mm, lines_mm[-1] + _FIRST_MM[0])
        lines_mm.append(line_mm)
        middle_mm += float(rng.uniform(*_APART_MM))
    return lines_mm


def _tissues(layers: NDArray[np.int8], spacing_mm: float, rng: np.random.Generator) -> Image:
    """Noise in each layer: one tissue for all, or another for each."""
    if rng.random() < _ALIKE:
        return _leaning(layers.shape, spacing_mm, rng)
    level = np.zeros(layers.shape, np.float32)
    for number in range(int(layers.max()) + 1):
        level = np.where(layers == number, _leaning(layers.shape, spacing_mm, rng), level)
    return level


def _leaning(shape: tuple[int, ...], spacing_mm: float, rng: np.random.Generator) -> Image:
    """A block whose grain leans."""
    lean = float(rng.uniform(-_LEANS, _LEANS))
    return leaned(_block(room_to_lean(shape, lean), spacing_mm, rng), lean, shape)


def room_to_lean(shape: tuple[int, ...], lean: float) -> tuple[int, int]:
    """Height and width of what fills a picture so large once it leans by a slope."""
    height, width = shape
    return height + int(abs(lean) * width) + 1, width


def leaned(level: Image, lean: float, shape: tuple[int, ...]) -> Image:
    """A picture cut from a level one that is tall enough, with a slope."""
    height, width = shape
    turned = np.array([[1, 0, 0], [lean, 1, max(-lean, 0.0) * width]], np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(level, turned, (width, height), flags=flags), np.float32)


def _block(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    low, high = np.log(_GRAIN_MM).tolist()
    fine, coarse = np.sort(np.exp(rng.uniform(low, high, 2)) / spacing_mm).tolist()
    noise = cv2.GaussianBlur(
        rng.standard_normal(shape).astype(np.float32), (0, 0), coarse, None, fine
    )
    light = cv2.GaussianBlur(
        rng.standard_normal((shape[0], 1)).astype(np.float32), (0, 0), _LIGHT_MM / spacing_mm
    )
    level = rng.uniform(0.2, 0.5) + rng.uniform(0.05, 0.25) * noise / float(noise.std())
    return np.asarray(level + rng.uniform(0, 0.25) * light / max(float(light.std()), 1e-6))


def _plain(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    return np.zeros(shape, np.float32)


def _pins(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    """Wires of a test block, end on, in level rows."""
    down, across = (rng.uniform(2.0, 12.0, 2) / spacing_mm).tolist()
    pins = np.zeros(shape, np.float32)
    rows, columns = (
        np.arange(step / 2, n, step) for step, n in zip((down, across), shape, strict=True)
    )
    pins[np.ix_(rows.astype(int), columns.astype(int))] = 1.0
    size = (rng.uniform((0.1, 0.15), (0.3, 0.8)) / spacing_mm).tolist()
    pins = cv2.GaussianBlur(pins, (0, 0), size[1], None, size[0])
    return np.asarray(rng.uniform(0.2, 0.9) * pins / pins.max(), np.float32)


def _rings(shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator) -> Image:
    """A probe in air: its face again and again, at even distances, ever fainter."""
    depth_mm = (np.arange(shape[0], dtype=np.float32)[:, np.newaxis] + 0.5) * spacing_mm
    gap_mm, width_mm = float(rng.uniform(1.2, 9.0)), float(rng.uniform(0.2, 0.8))
    away_mm = np.abs((depth_mm + gap_mm / 2) % gap_mm - gap_mm / 2)
    fading = np.exp(-depth_mm / float(rng.uniform(8, 60)))
    ring = fading * np.exp(-0.5 * (away_mm / width_mm) ** 2)
    return np.asarray(np.broadcast_to(rng.uniform(0.3, 0.9) * ring, shape), np.float32)


_EXTRAS: Final = (_plain, _plain, _pins, _pins, _rings)
