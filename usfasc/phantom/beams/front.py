"""From resting tissue and its shift to the envelope of the echoes, look by look.

Tissue is a dense random reflector, sampled as the lines sample it. Each look, that is
each steering angle and each frequency, sees it with a carrier of its own, so its speckle
is its own; movement turns the phase of the echoes and carries them along, then pulse and
beam blur them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Floats
from usfasc.phantom.beams.geometry import Fan
from usfasc.phantom.beams.nodes import Shift
from usfasc.phantom.beams.scene import BeamScene, Machine
from usfasc.phantom.scatterers import Echo, Float32s
from usfasc.phantom.scene import LookAlikeKind

NOISE_DB: Final = {"low": -34.0, "medium": -25.0, "high": -17.0}
"""Electronic noise at half depth, relative to plain muscle."""
_NOISE_SLOPE_DB_PER_MM: Final = 0.35
_BANDS: Final = 14
_MIRROR: Final = 0.35
"""Size of a sample that echoes in step with its neighbours: they add in amplitude."""
_BANK_STEPS, _BANK_STEP = 24, 12
"""Cut-outs of the bank of noise start so many rows and lines apart, never so near each
other that noise would seem to move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at the resting tissue: size and phase of its samples, and its wave numbers."""

    size: Float32s
    phase: Float32s
    along_rad_per_mm: float
    across_rad_per_mm: float


def pulse_kernel(machine: Machine, row_mm: float) -> Float32s:
    """The pulse along the beam, unit energy: it rises fast and rings down.

    ``t**3 exp(-t / tau)``, whose centre of energy lies in the middle of the kernel.
    """
    tau = machine.axial_sigma_mm / row_mm / np.sqrt(3.5)
    middle = 3.5 * tau  # centre of the energy t**6 exp(-2 t / tau)
    reach = int(np.ceil(8 * tau))
    t = np.maximum(np.arange(-reach, reach + 1) + middle, 0)
    kernel = (t / tau) ** 3 * np.exp(-t / tau)
    return np.asarray(kernel / np.sqrt((kernel**2).sum()), np.float32)


def beam_kernel(width_lines: float) -> Float32s:
    """The beam across, unit energy: a main lobe and side lobes of about -22 dB."""
    reach = int(np.ceil(3.2 * width_lines))
    x = np.arange(-reach, reach + 1) / max(width_lines, 0.5)
    kernel = np.sinc(x / 1.25) * np.exp(-0.5 * (x / 1.9) ** 2)
    return np.asarray(kernel / np.sqrt((kernel**2).sum()), np.float32)


def beam_width_mm(machine: Machine, depth_mm: Floats) -> Floats:
    """Half width of the beam: that of the nearest focus, wider before and behind it."""
    narrow = 0.42 * machine.wavelength_mm * machine.f_number
    focal_mm = 4.0 * machine.f_number**2 * machine.wavelength_mm
    off = np.abs(np.asarray(depth_mm)[..., None] - np.array(machine.focus_mm)).min(axis=-1)
    return np.asarray(narrow * np.sqrt(1 + np.minimum(off / focal_mm, 1.8) ** 2), float)


class Front:
    """The probe over one subject's tissue; `envelope` is what one frame receives."""

    def __init__(self, scene: BeamScene, fan: Fan, echo: Echo, rng: np.random.Generator) -> None:
        self._rng = rng
        machine = scene.machine
        depth = fan.row_depths_mm
        self._looks = _looks(machine, fan, echo, rng)
        self._rate = rng.standard_normal(fan.shape, np.float32) / np.float32(machine.elevation_mm)
        self._pulse = pulse_kernel(machine, fan.row_mm)
        self._beams = _beams(machine, fan, depth)
        self._lost_rows = np.float32(2 * (1 - _alike(self._pulse)))
        self._lost_lines = np.empty((fan.shape[0], 1), np.float32)
        for rows, kernel in self._beams:
            self._lost_lines[rows] = 2 * (1 - _alike(kernel))
        in_step = echo.coherent.reshape(fan.shape).astype(np.float32)
        summed = _MIRROR * float(self._pulse.sum()) * float(self._beams[_BANDS // 2][1].sum())
        self._diffuse = (1 - in_step) / (1 - in_step + (summed * in_step) ** 2)
        level = NOISE_DB[scene.noise] + _NOISE_SLOPE_DB_PER_MM * (depth - fan.depth_mm / 2)
        self._noise_size = _amplitude(level)[:, None, None] / np.float32(np.sqrt(2))
        self._bank = self._noise_bank(fan)
        self._standing = np.tile(_standing(scene, fan, depth, rng), 2)

    def envelope(self, shift: Shift) -> Float32s:
        """Mean amplitude ``(rows, lines)`` over the looks."""
        total = np.zeros(shift.rows.shape, np.float32)
        for pair in (self._looks[k : k + 2] for k in range(0, len(self._looks), 2)):
            # Two looks of two parts each: OpenCV moves four channels faster than two.
            carried = cv2.remap(
                cv2.merge([part for look in pair for part in self._turned(look, shift)]),
                shift.lines,
                shift.rows,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_REFLECT_101,
            )
            echo = self._blur(carried)
            channels = slice(echo.shape[2])
            echo += self._fresh_noise(shift.rows.shape)[..., channels] * self._noise_size
            echo += self._standing[..., channels]
            parts = cv2.split(echo)
            for real, imaginary in zip(parts[::2], parts[1::2], strict=True):
                total += cv2.magnitude(real, imaginary)
        return total * self._between(shift) / np.float32(len(self._looks))

    def _between(self, shift: Shift) -> Float32s:
        """What makes up for the power that linear interpolation between samples loses.

        A mean of two samples keeps ``1 - 2 u (1 - u) (1 - r)`` of it, ``r`` being how far the
        blur that follows makes neighbours alike; unmended, tissue would flicker as it moves.
        Echoes in step with their neighbours lose nothing.
        """
        kept = np.ones(shift.rows.shape, np.float32)
        for at, lost in ((shift.rows, self._lost_rows), (shift.lines, self._lost_lines)):
            u = at - np.floor(at)
            kept *= 1 - u * (1 - u) * lost * self._diffuse
        return np.asarray(1 / np.sqrt(kept), np.float32)

    def _turned(self, look: Look, shift: Shift) -> tuple[Float32s, Float32s]:
        """Echoes at rest, their phase turned by the way they went."""
        phase = cv2.scaleAdd(shift.along_mm, -look.along_rad_per_mm, look.phase)
        phase = cv2.scaleAdd(shift.across_mm, -look.across_rad_per_mm, phase)
        phase += self._rate * shift.through_mm
        real, imaginary = cv2.polarToCart(look.size, phase)
        return np.asarray(real, np.float32), np.asarray(imaginary, np.float32)

    def _blur(self, echo: Float32s) -> Float32s:
        one = np.ones(1, np.float32)
        along = cv2.sepFilter2D(echo, -1, one, self._pulse)
        out: Float32s = np.empty_like(along)
        for rows, kernel in self._beams:
            out[rows] = cv2.sepFilter2D(along[rows], -1, kernel, one)
        return out

    def _noise_bank(self, fan: Fan) -> Float32s:
        """Noise through the receiver: as long as the pulse, a little shared between lines."""
        reach = _BANK_STEPS * _BANK_STEP
        shape = (fan.shape[0] + reach, fan.shape[1] + reach, 4)
        noise = self._rng.standard_normal(shape, np.float32)
        return np.asarray(cv2.sepFilter2D(noise, -1, beam_kernel(1.1), self._pulse), np.float32)

    def _fresh_noise(self, shape: tuple[int, int]) -> Float32s:
        """A cut-out of the bank: another in every frame, and cheap."""
        i, j = _BANK_STEP * self._rng.integers(0, _BANK_STEPS, 2)
        return self._bank[i : i + shape[0], j : j + shape[1]]


def _alike(kernel: Float32s) -> float:
    """Correlation of neighbouring samples after a blur of unit energy."""
    return float(kernel[1:] @ kernel[:-1])


def _amplitude(level_db: Floats) -> Float32s:
    return np.asarray(10 ** (level_db / 20), np.float32)


def _looks(machine: Machine, fan: Fan, echo: Echo, rng: np.random.Generator) -> list[Look]:
    """One real random reflector, seen by each look with its own carrier."""
    level = _amplitude(echo.level_db).reshape(fan.shape)
    coherent = echo.coherent.reshape(fan.shape).astype(np.float32)
    grain = rng.standard_normal(fan.shape, np.float32) * level * np.sqrt(1 - coherent)
    mirror = _MIRROR * level * coherent
    rows = (np.arange(fan.shape[0], dtype=np.float32) * fan.row_mm)[:, None]
    line_mm = fan.line_step * (fan.radius_mm + 0.5 * fan.depth_mm if fan.radius_mm else 1.0)
    lines = np.arange(fan.shape[1], dtype=np.float32) * np.float32(line_mm)
    looks = []
    for angle, frequency_mhz in machine.looks:
        number = 4 * np.pi * frequency_mhz / 1.54
        along, across = number * np.cos(angle), number * np.sin(angle)
        carrier = np.float32(along) * rows + np.float32(across) * lines
        real, imaginary = grain * np.cos(carrier) + mirror, -grain * np.sin(carrier)
        looks.append(
            Look(
                size=np.hypot(real, imaginary),
                phase=np.arctan2(imaginary, real),
                along_rad_per_mm=float(along),
                across_rad_per_mm=float(across),
            )
        )
    return looks


def _beams(machine: Machine, fan: Fan, depth_mm: Floats) -> list[tuple[slice, Float32s]]:
    """Rows of about one beam width each, and its kernel; a fan's lines spread with depth."""
    edges = np.linspace(0, fan.shape[0], _BANDS + 1).astype(int)
    bands = []
    for a, b in pairwise(edges):
        depth = float(depth_mm[(a + b) // 2])
        step = fan.line_step * (fan.radius_mm + depth if fan.radius_mm else 1.0)
        width = float(beam_width_mm(machine, np.array(depth)))
        bands.append((slice(int(a), int(b)), beam_kernel(width / step)))
    return bands


def _standing(scene: BeamScene, fan: Fan, depth_mm: Floats, rng: np.random.Generator) -> Float32s:
    """Echoes that stand still: ringing of the probe's face, reverberation, side lobes."""
    extra = sum(look.strength for look in scene.looks_like(LookAlikeKind.CLUTTER))
    haze = -30.0 + 16 * min(extra, 1.5) - 0.3 * np.maximum(depth_mm, 0)
    ringing = 14.0 - 22.0 * np.maximum(depth_mm, 0)
    field = rng.standard_normal((*fan.shape, 2)).astype(np.float32)
    field = cv2.GaussianBlur(field, (0, 0), sigmaX=9.0, sigmaY=2.0)
    field /= field.std()
    return np.asarray(field * _amplitude(np.maximum(haze, ringing))[:, None, None], np.float32)
