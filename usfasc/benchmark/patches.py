"""A displacement model of implants: a patch along the fascicles.

It is Gaussian in shape, shifted, sheared, turned and stretched in random shares; a
smooth random part follows a little later, so that the direction changes within one
twitch. The flanks are skewed smoothsteps of independent length (contraction 40-160
ms, relaxation 100-350 ms: domain figures of Reimers 2004 and Kobe 2026); some swing
beyond rest, some keep a little of the movement for a second, as real ones do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.twitches import (
    Field,
    Site,
    Tissue,
    Twitch,
    around,
    folds,
    smoothstep,
    unit_vector,
)
from usfasc.model import Box, Floats

_RESIDUE_LASTS_S: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Waveform:
    """Displacement over time, 1 at its peak, for times from the start of the twitch."""

    contraction_s: float
    plateau_s: float
    relaxation_s: float
    rise_power: float
    fall_power: float
    swing: float
    """Share of the peak by which it swings beyond rest, over `swing_s`."""
    swing_s: float
    residue: float
    """Share of the peak that only creeps back."""

    def at(self, since_s: Floats) -> Floats:
        """Displacement as a share of the peak, at times since the start."""
        rise = smoothstep(_share(since_s, self.contraction_s) ** self.rise_power)
        falling_s = since_s - self.contraction_s - self.plateau_s
        fall = smoothstep(_share(falling_s, self.relaxation_s) ** self.fall_power)
        kept = self.residue * np.exp(-np.maximum(falling_s, 0) / _RESIDUE_LASTS_S)
        back = np.sin(np.pi * _share(falling_s - self.relaxation_s, self.swing_s))
        moved: Floats = rise * (1 - fall) + fall * kept - self.swing * back
        return moved

    @property
    def ends_s(self) -> float:
        """Time since the start from which nothing moves any more."""
        return self.relaxed_s + max(self.swing_s, 3 * _RESIDUE_LASTS_S * (self.residue > 0))

    @property
    def relaxed_s(self) -> float:
        """Time since the start at which the relaxation is over."""
        return self.contraction_s + self.plateau_s + self.relaxation_s


def draw_patch(
    tissue: Tissue, site: Site, starts_s: float, amplitude_mm: float, rng: np.random.Generator
) -> Twitch:
    """One twitch of a site; drawn again where the tissue would fold over itself."""
    grown = 1.0
    while True:
        box, prompt, late, window = _draw_fields(tissue, site, amplitude_mm, grown, rng)
        if not folds(prompt + late, tissue.spacing_mm):
            break
        grown *= 1.15
    return Twitch(
        starts_s=starts_s,
        box=box,
        amplitude_mm=amplitude_mm,
        prompt=prompt,
        late=late,
        lag_s=rng.uniform(0, 0.025),
        waveform=_draw_waveform(rng),
        exchange=(window * rng.uniform(0, 0.35)).astype(np.float32),
    )


def _draw_fields(
    tissue: Tissue, site: Site, amplitude_mm: float, grown: float, rng: np.random.Generator
) -> tuple[Box, Field, Field, Field]:
    """Both parts of the movement, together as large as asked for, and their window."""
    across_mm = grown * (site.across_mm + 1.2 * amplitude_mm)
    along_mm = max(grown * site.along_mm, 1.3 * across_mm)
    box, u, v = around(tissue, site, 3 * along_mm)
    u, v = u / along_mm, v / across_mm
    window = np.exp(-0.5 * (u**2 + v**2) ** rng.uniform(0.8, 1.5))
    window *= tissue.share[box[1] : box[3], box[0] : box[2]]
    strain = rng.normal(0, 0.6, (2, 2)) * rng.uniform(0, 1)
    shift = rng.uniform(0.2, 1.0) * unit_vector(site.push_deg + rng.normal(0, 15))
    prompt = window[..., None] * (shift + np.stack([u, v], -1) @ strain.T)
    late = window[..., None] * _smooth_noise(u.shape, 1.5 / tissue.spacing_mm, rng)
    late *= rng.uniform(0, 0.4) * np.abs(prompt).max()
    scale = amplitude_mm / np.linalg.norm(prompt + late, axis=-1).max()
    return (
        box,
        (prompt * scale).astype(np.float32),
        (late * scale).astype(np.float32),
        window.astype(np.float32),
    )


def _draw_waveform(rng: np.random.Generator) -> Waveform:
    return Waveform(
        contraction_s=rng.uniform(0.040, 0.160),
        plateau_s=rng.uniform(0, 0.030),
        relaxation_s=rng.uniform(0.100, 0.350),
        rise_power=rng.uniform(0.7, 1.4),
        fall_power=rng.uniform(0.6, 1.1),
        swing=rng.uniform(0.05, 0.15) * (rng.random() < 0.25),
        swing_s=rng.uniform(0.10, 0.20),
        residue=rng.uniform(0.05, 0.25) * (rng.random() < 0.20),
    )


def _smooth_noise(
    shape: tuple[int, ...], correlation_px: float, rng: np.random.Generator
) -> Floats:
    noise = cv2.GaussianBlur(rng.normal(size=(*shape, 2)), (0, 0), correlation_px)
    smooth: Floats = noise / max(float(np.abs(noise).max()), 1e-9)
    return smooth


def _share(elapsed_s: Floats, of_s: float) -> Floats:
    return np.clip(elapsed_s / of_s, 0, 1)
