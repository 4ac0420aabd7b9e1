"""Pictures for the corpus: samples of every photometric interpretation, and what they mean.

What samples mean is said here a second time, by the formulas of the standard and
not by the reader's own code: PS3.3, C.7.6.3.1.2; BT.601.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Grey

Samples = NDArray[Any]
LUMA = np.array([0.299, 0.587, 0.114])
PALETTE = np.stack([np.arange(256), np.arange(256), np.minimum(np.arange(256) + 30, 255)], axis=1)
"""``(256, 3)``: grey with a blue tint, as scanners have it."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """Samples ``(t, y, x[, 3])`` as a DICOM header describes them."""

    samples: Samples
    photometric: str
    bits: int = 8

    @property
    def colour(self) -> bool:
        """Whether a pixel has three samples."""
        return self.samples.ndim == 4


def clip(grey: Grey, photometric: str, bits: int = 8) -> Clip:
    """A clip that shows ``grey`` ``(t, y, x)``, in colour with a tint."""
    if photometric == "MONOCHROME1":
        samples: Samples = 255 - grey
    elif bits > 8:
        samples = grey.astype(np.uint16) << (bits - 8) | grey >> (16 - bits)
    elif photometric in ("MONOCHROME2", "PALETTE COLOR"):
        samples = grey
    else:
        samples = np.stack([grey, grey, grey // 2 + 40], axis=-1)
        samples = ybr_of_rgb(samples) if photometric.startswith("YBR_FULL") else samples
    return Clip(samples=np.ascontiguousarray(samples), photometric=photometric, bits=bits)


def shown(samples: Samples, photometric: str, bits: int = 8) -> NDArray[np.float64]:
    """Grey levels 0-255 that samples stand for; ``photometric`` after decoding."""
    if photometric == "MONOCHROME1":
        return 255.0 - samples
    if photometric == "PALETTE COLOR":
        return np.asarray(PALETTE[samples] @ LUMA)
    if samples.ndim == 4:
        return np.asarray(
            samples[..., 0] if photometric.startswith("YBR") else samples @ LUMA, float
        )
    return samples.astype(float) * 255 / (2**bits - 1)


def ybr_of_rgb(rgb: Samples) -> Grey:
    """YBR_FULL of RGB, rounded."""
    luma = rgb @ LUMA
    blue, red = (rgb[..., 2] - luma) / 1.772 + 128, (rgb[..., 0] - luma) / 1.402 + 128
    return np.clip(np.rint(np.stack([luma, blue, red], axis=-1)), 0, 255).astype(np.uint8)
