"""Which look-alike is made by which movement, and how far it reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.phantom.body import breathing, contraction, sliding, tremor
from usfasc.phantom.motion import Motion, Stage
from usfasc.phantom.probe import DRIFT_REACH_MM, drift, jerk, sway, sweep
from usfasc.phantom.pulse import pulsation, pulse_waveform
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene

Maker = Callable[[Stage, LookAlike, np.random.Generator], list[Motion]]


@dataclass(frozen=True, slots=True)
class Movement:
    """What makes a look-alike, and how far (mm) it carries tissue at strength 1."""

    make: Maker
    reach_x_mm: float
    reach_y_mm: float


MOVEMENTS: Final = {
    LookAlikeKind.PULSATION: Movement(pulsation, 0.8, 0.8),
    LookAlikeKind.BREATHING: Movement(breathing, 2.0, 3.5),
    LookAlikeKind.DRIFT: Movement(drift, DRIFT_REACH_MM + 1.5, 3.0),
    LookAlikeKind.SWAY: Movement(sway, 1.5, 1.0),
    LookAlikeKind.SWEEP: Movement(sweep, 17.0, 4.0),
    LookAlikeKind.JERK: Movement(jerk, 3.0, 2.5),
    LookAlikeKind.CONTRACTION: Movement(contraction, 2.5, 2.5),
    LookAlikeKind.SLIDING: Movement(sliding, 4.5, 1.0),
    LookAlikeKind.TREMOR: Movement(tremor, 0.8, 0.5),
}
_REST_MM: Final = 2.5
"""For twitches, unrest and the width of the beam at the picture's edge."""


def margin_mm(scene: Scene) -> tuple[float, float]:
    """How far (x, y) look-alikes may carry the tissue: scatterers reach that much further."""
    moving = [(MOVEMENTS[look.kind], look) for look in scene.look_alikes if look.kind in MOVEMENTS]
    x = sum(movement.reach_x_mm * look.strength for movement, look in moving)
    y = sum(movement.reach_y_mm * look.strength for movement, look in moving)
    return _REST_MM + x, _REST_MM + y


def unrest(stage: Stage, rng: np.random.Generator) -> list[Motion]:
    """What no resting limb is without: a hand's tremble and the pulse of its tissue, in um."""
    tissue = stage.tissue
    place = rng.uniform(0.2, 0.8, 2) * (stage.scene.width_mm, stage.scene.depth_mm)
    near = np.exp(-0.5 * ((tissue.x_mm - place[0]) ** 2 + (tissue.y_mm - place[1]) ** 2) / 12**2)
    lean = rng.uniform(0, 2 * np.pi)
    pulse = 0.008 * np.stack([np.cos(lean) * near, np.sin(lean) * near, near])
    held = LookAlike(kind=LookAlikeKind.SWAY, strength=0.08)
    beat = pulse_waveform(rng, stage.scene)
    return [*sway(stage, held, rng), Motion(basis=pulse.astype(np.float32), waveform=beat)]
