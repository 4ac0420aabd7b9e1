"""Layers put into real tissue: pictures of known boundaries whose texture no phantom made.

Pieces of muscle are cut from the real clips where no fascia shows, and tissue like them is
laid out, layer below layer; a bright line is drawn where two meet. So what is learned from
phantoms is asked about real speckle, real fascicles and real codecs. What such pictures lack
is what real fasciae do besides: they fray, double and fade into one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.benchmark.beds import BICEPS, BRACHIAL, TIBIALIS, RealClip
from usfasc.benchmark.outline_pictures import Drawn
from usfasc.benchmark.outline_sketches import leaned, room_to_lean
from usfasc.benchmark.weak_boundaries import Weakness, draw_weaknesses
from usfasc.io import open_cine
from usfasc.model import Box, Floats, Grey
from usfasc.phantom.sets import Split
from usfasc.tissue.sampling import Image

_FIRST_SEED: Final[dict[Split, int]] = {"dev": 7_000, "test": 77_000}
_PIECES: Final[tuple[tuple[RealClip, Box], ...]] = (
    (BICEPS, (250, 168, 512, 262)),
    (BICEPS, (12, 65, 280, 119)),
    (TIBIALIS, (245, 216, 340, 252)),
    (TIBIALIS, (183, 98, 262, 140)),
    (BRACHIAL, (290, 110, 474, 162)),
    (BRACHIAL, (290, 320, 476, 372)),
)
"""Where each clip shows muscle, and no line that a reader would call a fascia."""
_TAKEN_AT: Final = 0.4
"""Of the quiet stretch of a clip, when its frame is taken."""
_STRETCHED: Final = (0.85, 1.2)
_PATCH_MM: Final = (4.0, 12.0)
"""Height and width of the patches that tissue is laid from, no streak longer than them."""
_OF_PIECE: Final = 0.7
"""A patch is at most so much of its piece, so that two are seldom alike."""
_LEANS: Final = 0.12
"""Steepest slope that tissue is given."""
_GAIN: Final = (0.75, 1.25)
_COVER_MM: Final = (3.0, 9.0)
_MUSCLE_MM: Final = (8.0, 15.0)
_LEAST_BELOW_MM: Final = 3.0
_SLOPES: Final = (0.12, 0.06)
"""Steepest slope that all boundaries share, and that one has for itself."""
_WAVE_MM: Final = 0.5
_WAVE_LENGTH_MM: Final = (20.0, 60.0)
_BRIGHTER: Final = {False: (3.0, 5.0), True: (1.2, 3.5)}
"""Than tissue, by so many standard deviations of the picture: a plain boundary, a hard one."""
_THICK_MM: Final = (0.15, 0.4)
_PATCHY: Final = 0.3
_PATCHY_MM: Final = 2.0
"""Brightness along a boundary: its spread, as a logarithm, and over what it changes."""
_MEETS_MM: Final = 0.4
"""Over which one tissue gives way to the next, and a boundary to its gaps."""
_BELOW_BONE: Final = (0.05, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graft:
    """What is to be drawn: a cover, so many muscles, and bone; without muscles, mere tissue."""

    seed: int
    muscles: int
    bone: bool
    hard: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return f"graft-{self.seed}"


def grafts(split: Split, count: int) -> tuple[Graft, ...]:
    """Easy and hard, one muscle and two, with bone and without; a fourth is mere tissue."""
    return tuple(_drafted(number, _FIRST_SEED[split] + number) for number in range(count))


def _drafted(number: int, seed: int) -> Graft:
    layered, hard = number % 4 < 3, bool(number // 4 % 2)
    two, bone = (number + number // 8) % 2, bool((number // 2 + number // 16) % 2)
    return Graft(seed=seed, muscles=layered * (1 + two), bone=layered and bone, hard=hard)


def draw_graft(graft: Graft, data: Path) -> Drawn:
    """Lay out tissue of the real clips, and draw lines where layers meet.

    Parameters
    ----------
    graft
        What to draw.
    data
        Folder of the real clips.
    """
    rng = np.random.default_rng([graft.seed, 64])
    spacing_mm = float(rng.uniform(0.08, 0.14))
    height, width = (rng.uniform((28, 32), (45, 42)) / spacing_mm).astype(int).tolist()
    lines_mm = _lines_mm(graft, (height, width), spacing_mm, rng)
    depth_mm = (np.arange(height)[:, np.newaxis] + 0.5) * spacing_mm
    layers = np.full((height, width), 0 if graft.muscles else 1, np.int8)
    level = _tissue(layers.shape, spacing_mm, data, rng)
    for number, line_mm in enumerate(lines_mm, start=1):
        beneath = _tissue(layers.shape, spacing_mm, data, rng)
        below = np.clip((depth_mm - line_mm) / _MEETS_MM + 0.5, 0, 1).astype(np.float32)
        is_bone = number > graft.muscles
        beneath *= rng.uniform(*_BELOW_BONE) if is_bone else 1.0
        level += below * (beneath - level)
        layers[depth_mm >= line_mm] = -1 if is_bone else number
    level += _boundaries(graft, lines_mm, depth_mm, float(level.std()), rng)
    rows = [line_mm / spacing_mm - 0.5 for line_mm in lines_mm]
    return Drawn(
        grey=np.clip(level, 0, 255).astype(np.uint8),
        mask=np.ones(layers.shape, bool),
        spacing_mm=(spacing_mm, spacing_mm),
        layers=layers,
        lines_px=tuple(np.where((row > 0) & (row < height), row, np.nan) for row in rows),
    )


def _lines_mm(
    graft: Graft, shape: tuple[int, int], spacing_mm: float, rng: np.random.Generator
) -> list[Floats]:
    """Depth ``(x,)`` of the upper edge of each muscle, and of bone."""
    across_mm = (np.arange(shape[1]) + 0.5 - shape[1] / 2) * spacing_mm
    shared, middle_mm = rng.uniform(-_SLOPES[0], _SLOPES[0]), rng.uniform(*_COVER_MM)
    lines_mm: list[Floats] = []
    for _ in range(graft.muscles + graft.bone):
        slope = shared + rng.uniform(-_SLOPES[1], _SLOPES[1])
        wave = np.sin(2 * np.pi * (across_mm / rng.uniform(*_WAVE_LENGTH_MM) + rng.random()))
        line_mm = middle_mm + slope * across_mm + rng.uniform(0, _WAVE_MM) * wave
        if middle_mm < shape[0] * spacing_mm - _LEAST_BELOW_MM:
            lines_mm.append(line_mm)
        middle_mm += rng.uniform(*_MUSCLE_MM)
    return lines_mm


def _boundaries(
    graft: Graft,
    lines_mm: Sequence[Floats],
    depth_mm: Floats,
    spread: float,
    rng: np.random.Generator,
) -> Image:
    """What bright lines add to the picture ``(y, x)``, each of its own strength and width."""
    spacing_mm = float(depth_mm[1, 0] - depth_mm[0, 0])
    added = np.zeros((len(depth_mm), len(lines_mm[0]) if lines_mm else 1), np.float32)
    width_mm = added.shape[1] * spacing_mm
    across_mm = (np.arange(added.shape[1]) + 0.5) * spacing_mm
    weak = [Weakness()] * len(lines_mm)
    if graft.hard:
        weak = draw_weaknesses(len(lines_mm), 0.0, width_mm, rng)
    for line_mm, weakness in zip(lines_mm, weak, strict=True):
        noise = _smooth(rng.standard_normal(added.shape[1]), _PATCHY_MM / spacing_mm)
        bright = (
            spread * rng.uniform(*_BRIGHTER[graft.hard]) * np.exp(_PATCHY * noise / noise.std())
        )
        seen = _smooth(weakness.seen(across_mm), _MEETS_MM / spacing_mm)
        away = (depth_mm - line_mm) / rng.uniform(*_THICK_MM)
        added += seen * bright * np.exp(-0.5 * away**2)
    return added


def _smooth(values: NDArray[np.generic], over_px: float) -> Image:
    row = values.astype(np.float32)[np.newaxis]
    return np.asarray(cv2.GaussianBlur(row, (0, 0), over_px)[0], np.float32)


def _tissue(
    shape: tuple[int, ...], spacing_mm: float, data: Path, rng: np.random.Generator
) -> Image:
    """A picture full of tissue like one of the pieces: patches of it, laid over one another.

    Blended so that their spread stays what it is (Heitz and Neyret, Proc ACM Comput Graph
    Interact Tech 2018; 1: 31).
    """
    clip, (x0, y0, x1, y1) = _PIECES[int(rng.integers(len(_PIECES)))]
    stretch = clip.spacing_mm * rng.uniform(*_STRETCHED, 2) / spacing_mm
    piece = _frame(clip, data)[y0:y1, x0:x1].astype(np.float32)
    piece = cv2.resize(piece, None, fx=stretch[0], fy=stretch[1])
    lean, middle = float(rng.uniform(-_LEANS, _LEANS)), float(piece.mean())
    patch_px = np.array(_PATCH_MM) / spacing_mm
    level = _laid(piece - middle, room_to_lean(shape, lean), patch_px, rng)
    laid = leaned(level, lean, shape)
    return np.asarray((middle + laid) * rng.uniform(*_GAIN), np.float32)


def _laid(piece: Image, shape: tuple[int, int], most_px: Floats, rng: np.random.Generator) -> Image:
    """Patches from anywhere in a piece, each over halves of its neighbours."""
    size = np.minimum(most_px, _OF_PIECE * np.array(piece.shape)).astype(int)
    height, width = size.tolist()
    window = np.outer(*(np.hanning(n + 2)[1:-1] for n in size)).astype(np.float32)
    total, power = np.zeros((2, *(shape + 2 * size)), np.float32)
    for top in range(0, shape[0] + height, height // 2):
        for left in range(int(rng.integers(width // 2)), shape[1] + width, width // 2):
            y, x = rng.integers(piece.shape - size + 1)
            at = np.s_[top : top + height, left : left + width]
            total[at] += window * piece[y : y + height, x : x + width]
            power[at] += window**2
    inner = np.s_[height : height + shape[0], width : width + shape[1]]
    return np.ascontiguousarray(total[inner] / np.sqrt(power[inner]))


@cache
def _frame(clip: RealClip, data: Path) -> Grey:
    """A frame in which a clip is still."""
    cine = open_cine(data / clip.file, clip.reading)
    index = int(_TAKEN_AT * clip.quiet_s[1] * clip.frame_rate_hz)
    (frame,) = cine.frames.stream(index, index + 1)
    return frame.grey
