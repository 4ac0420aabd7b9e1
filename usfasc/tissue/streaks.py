"""How much a thin bright streak of a given slope stands out, everywhere in a picture.

A fascia is a streak that holds its slope for millimetres, so the filter is as long as
that: isotropic ridge filters answer to every fascicle. The grey levels are first made
alike all over the picture, and the answers are told in units of the picture's usual
ones, so that gain, dynamic range and depth have little say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from scipy import fft

from usfasc._cv import cv2
from usfasc.model import Grey, Mask
from usfasc.tissue.sampling import Image

STEP_MM: Final = 0.2
"""Of the rows: finer shows speckle, not layers."""
COLUMN_MM: Final = 1.6
"""Distance of the columns at which answers are told: half the filter's length."""
SLOPES: Final = np.linspace(-0.5, 0.5, 9)
"""Each is a whole number of rows a column, so that paths stay on the grid."""
_ACROSS_MM: Final = (0.35, 0.6, 1.0)
_ALONG_MM: Final = 3.0
_REACH: Final = round(2.5 * _ALONG_MM / STEP_MM)
"""Rows and columns by which a picture is mirrored at its sides."""
_EVERY: Final = round(COLUMN_MM / STEP_MM)
_TONE_MM: Final = 3.0
_CONTRAST_MM: Final = 8.0
_COARSER: Final = 4
"""By which pictures are shrunk where they are blurred over millimetres."""
_LEAST_CONTRAST_GREY: Final = 6.0
_MOST_CONTRASTS: Final = 3.0
"""One blinding spot is not a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """Answers of the filter ``(slope, row, column)``, and where they count ``(row, column)``.

    Rows are 0.2 mm apart from the top of the picture, columns 1.6 mm; the first column
    lies ``first_mm`` from its left side.
    """

    answers: Image
    inside: Mask
    first_mm: float

    @property
    def first(self) -> int:
        """Column of the grid that the first column lies in."""
        return int(self.first_mm / STEP_MM)


def even_out(grey: Image, inside: Mask) -> Image:
    """Grey levels in units of the contrast around them, 0 outside the picture.

    Parameters
    ----------
    grey
        ``(y, x)`` on a grid of 0.2 mm.
    inside
        ``(y, x)``, true where the picture shows tissue.
    """
    weight = inside.astype(np.float32)
    tone = _smooth(grey * weight, _TONE_MM) / np.maximum(_smooth(weight, _TONE_MM), 1e-3)
    away = np.asarray((grey - tone) * weight, np.float32)
    power = _smooth(away**2, _CONTRAST_MM) / np.maximum(_smooth(weight, _CONTRAST_MM), 1e-3)
    even = away / np.sqrt(power + _LEAST_CONTRAST_GREY**2)
    return np.asarray(np.clip(even, -_MOST_CONTRASTS, _MOST_CONTRASTS), np.float32)


def find_streaks(even: Image, inside: Mask) -> Streaks:
    """Answers of the oriented filters at each row and column.

    Parameters
    ----------
    even
        ``(y, x)`` as `even_out` gives it.
    inside
        ``(y, x)``, true where the picture shows tissue.

    Notes
    -----
    Second derivative of a Gaussian across, Gaussian along (Freeman and Adelson 1991, "The
    design and use of steerable filters", of which these are elongated ones).
    """
    first = (even.shape[1] - 1) % _EVERY // 2
    columns = slice(first, None, _EVERY)
    answers = _filtered(even, first)
    counted = inside[:, columns]
    usual = 1.4826 * float(np.median(np.abs(answers[:, counted]))) if counted.any() else 1.0
    return Streaks(
        answers=np.where(counted, answers / max(usual, 1e-6), 0).astype(np.float32),
        inside=counted,
        first_mm=(first + 0.5) * STEP_MM,
    )


def _filtered(even: Image, first: int) -> Image:
    """Answers ``(slope, row, column)`` at every eighth column of a picture from ``first`` on.

    All filters share one transform of the picture, and only the columns that are told are
    transformed back: to take every eighth is to add up the eight parts of a spectrum.
    """
    height, width = even.shape
    left = _REACH + (-_REACH - first) % _EVERY
    rows = fft.next_fast_len(height + 2 * _REACH, real=True)
    columns = _EVERY * fft.next_fast_len(-(-(width + left + _REACH) // _EVERY))
    around = (_REACH, rows - height - _REACH, left, columns - width - left)
    padded = cv2.copyMakeBorder(even, *around, cv2.BORDER_REFLECT_101)
    spectrum = fft.fft(fft.rfft(padded, axis=0), axis=1)
    parts = (spectrum * _bank(rows, columns)).reshape(-1, len(spectrum), _EVERY, columns // _EVERY)
    answers = fft.irfft(fft.ifft(parts.sum(axis=2), axis=2), rows, axis=1) / _EVERY
    told = slice((left + first) // _EVERY, (left + width - 1) // _EVERY + 1)
    widest = answers.reshape(len(SLOPES), -1, rows, columns // _EVERY).max(axis=1)
    return np.asarray(widest[:, _REACH : _REACH + height, told], np.float32)


@lru_cache(maxsize=4)
def _bank(rows: int, columns: int) -> Image:
    """Spectra (filter, frequency down, frequency across) of the filters, slope by slope.

    Each has zero sum and unit power: noise answers alike to all.
    """
    down = fft.rfftfreq(rows, STEP_MM).astype(np.float32)[:, np.newaxis]
    across = fft.fftfreq(columns, STEP_MM).astype(np.float32)
    return np.stack([_transfer(down, across, s, w) for s in SLOPES for w in _ACROSS_MM])


def _transfer(down: Image, across: Image, slope: float, across_mm: float) -> Image:
    """Spectrum of minus the second derivative of a long Gaussian across its length."""
    length = np.float32(np.hypot(1, slope))
    along, cross = (across + slope * down) / length, (down - slope * across) / length
    spread = (along * _ALONG_MM) ** 2 + (cross * across_mm) ** 2
    answer = cross**2 * np.exp(-2 * np.pi**2 * spread)
    # Frequencies down the picture are told once for both signs.
    power = 2 * float((answer**2).sum()) / (2 * (len(down) - 1) * across.size)
    return np.asarray(answer / np.sqrt(power), np.float32)


def _smooth(picture: Image, sigma_mm: float) -> Image:
    """A picture blurred so widely that a quarter of its rows and columns tell it all."""
    height, width = picture.shape
    small = cv2.resize(
        picture, (-(-width // _COARSER), -(-height // _COARSER)), interpolation=cv2.INTER_AREA
    )
    sigma_px = sigma_mm / STEP_MM / _COARSER
    blurred = cv2.GaussianBlur(small, (0, 0), sigma_px, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(cv2.resize(blurred, (width, height)), np.float32)


def on_grid(grey: Grey, mask: Mask, spacing_mm: tuple[float, float]) -> tuple[Image, Mask]:
    """A picture and its mask on a grid of 0.2 mm.

    Parameters
    ----------
    grey, mask
        ``(y, x)`` of the B-mode box.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    """
    height, width = (
        max(8, round(n * step / STEP_MM)) for n, step in zip(grey.shape, spacing_mm, strict=True)
    )
    shrunk = cv2.resize(grey.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    inside = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.float32), np.asarray(inside > 0.5)
