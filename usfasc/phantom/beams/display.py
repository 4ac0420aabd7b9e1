"""From envelope to picture: gain, compression, persistence, scan conversion, grey map."""

from __future__ import annotations

from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Floats, Grey, Mask
from usfasc.phantom.beams.geometry import Fan
from usfasc.phantom.beams.scene import BeamScene, GreyMap
from usfasc.phantom.scatterers import Float32s

_MUSCLE: Final = 0.46
"""Place of plain muscle in the dynamic range; gain is set so."""
_STEPS: Final = 1024
_QUICK_DB: Final = 8.0
"""Changes of this size pass persistence nearly whole: it follows movement, not noise."""


def grey_levels(grey_map: GreyMap) -> Float32s:
    """Grey of each of 1024 steps of the dynamic range, 0 to 255."""
    t = np.linspace(0, 1, _STEPS)
    if grey_map == "sigmoid":
        raw = 1 / (1 + np.exp(-7 * (t - 0.52)))
        grey = (raw - raw[0]) / (raw[-1] - raw[0])
    elif grey_map == "gamma":
        grey = t**1.5
    else:
        grey = np.clip((t - 0.14) / 0.86, 0, 1) ** 1.15
    return np.asarray(255 * grey, np.float32)


class Display:
    """A machine's picture of one envelope after the other."""

    def __init__(self, scene: BeamScene, fan: Fan, rng: np.random.Generator) -> None:
        self._scene = scene
        rows, lines = fan.pixels(scene)
        self.mask: Mask = fan.holds(rows, lines) if fan.radius_mm else np.ones_like(rows, np.bool_)
        self._maps = (lines.astype(np.float32), rows.astype(np.float32))
        self._levels = grey_levels(scene.machine.grey_map)
        self._gain_db = _depth_gain(scene, fan, rng)[:, None].astype(np.float32)
        self._last: Float32s | None = None
        dy, _ = scene.spacing_mm
        # The picture has fewer rows than the scan: what lies between is averaged.
        self._rows = max(1, round(dy / fan.row_mm))

    def picture(self, envelope: Float32s, gain_db: float, coupling: Float32s | None) -> Grey:
        """Grey picture ``(y, x)``; ``coupling`` is the share that gets through, per line."""
        if coupling is not None:
            envelope = envelope * coupling
        level = cv2.log(envelope + np.float32(1e-6)) * np.float32(20 / np.log(10))
        level = self._persist(level + self._gain_db + np.float32(gain_db))
        if self._rows > 1:
            level = cv2.blur(level, (1, self._rows))
        span = self._scene.dynamic_range_db
        seen = cv2.remap(level, *self._maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        share = seen * np.float32(1 / span) + np.float32(_MUSCLE + self._scene.gain_db / span)
        step = np.clip(share * (_STEPS - 1), 0, _STEPS - 1).astype(np.intp)
        grey = np.rint(self._levels[step]).astype(np.uint8)
        return np.asarray(np.where(self.mask, grey, 0), np.uint8)

    def _persist(self, level_db: Float32s) -> Float32s:
        """Average with the frames before, the less the more a sample has changed."""
        keep = self._scene.persistence
        if self._last is None or keep <= 0:
            self._last = level_db
            return level_db
        change = level_db - self._last
        share = np.float32(1) - np.float32(keep) / (1 + (change / np.float32(_QUICK_DB)) ** 2)
        self._last = self._last + change * share
        return self._last


def _depth_gain(scene: BeamScene, fan: Fan, rng: np.random.Generator) -> Floats:
    """Sliders of the time gain not quite even, and a brighter band at each focus."""
    depth = fan.row_depths_mm
    sliders = rng.normal(0, 1.2, 8)
    gain = np.interp(depth, np.linspace(0, fan.depth_mm, 8), sliders)
    for focus in scene.machine.focus_mm:
        width = 0.12 * fan.depth_mm
        gain += rng.uniform(1.0, 3.5) * np.exp(-0.5 * ((depth - focus) / width) ** 2)
    return np.asarray(gain - gain.mean(), float)
