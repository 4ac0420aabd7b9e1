"""What a phantom is asked to be: declarative values, no arrays, no randomness."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from usfasc.errors import Code, InputError

View = Literal["longitudinal", "transverse"]
Noise = Literal["low", "medium", "high"]


class LookAlikeKind(StrEnum):
    """Movements and artefacts that a fasciculation is mistaken for."""

    PULSATION = "pulsation"
    BREATHING = "breathing"
    DRIFT = "drift"
    SWAY = "sway"
    SWEEP = "sweep"
    JERK = "jerk"
    CONTRACTION = "contraction"
    SLIDING = "sliding"
    TREMOR = "tremor"
    GAIN_STEPS = "gain_steps"
    LIFT_OFF = "lift_off"
    REPEATS = "repeats"
    DROPS = "drops"
    CLUTTER = "clutter"
    KEY_FRAMES = "key_frames"
    BLOCK_UPDATES = "block_updates"
    SWALLOWING = "swallowing"
    SLIDING_BELOW = "sliding_below"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """One look-alike of a scene; ``strength`` 1 is what a careful operator still meets."""

    kind: LookAlikeKind
    strength: float = 1.0
    start_s: float = 0.0
    stop_s: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Twitch:
    """One contraction of one motor unit.

    ``length_mm`` and ``width_mm`` are the extents along and across the fascicles
    within which the tissue moves at least a third of the peak. ``along_deg`` is the
    direction of the fascicles, ``direction_deg`` that of a shift (0 = +x, 90 = down
    the image). ``amplitude_mm`` is the largest displacement within the image plane.
    ``area_mm2``, once measured, is of the tissue in the picture that moves at least half as far.
    """

    onset_s: float
    x_mm: float
    y_mm: float
    amplitude_mm: float
    mode: Literal["shift", "bulge"] = "shift"
    contraction_s: float = 0.08
    relaxation_s: float = 0.2
    length_mm: float = 8.0
    width_mm: float = 4.0
    along_deg: float = 0.0
    direction_deg: float = 0.0
    out_of_plane_mm: float = 0.0
    sharpness: float = 1.3
    area_mm2: float | None = None

    @property
    def peak_s(self) -> float:
        """Time of the largest displacement."""
        return self.onset_s + self.contraction_s

    @property
    def offset_s(self) -> float:
        """Time at which the tissue is back within a tenth of the peak."""
        return self.peak_s + self.relaxation_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One clip to be made; lengths in mm, so that spacing follows from the picture size.

    ``twitches`` given are taken as they are; otherwise ``sites`` motor units fire
    at ``twitches_per_min`` together, with exponential gaps.
    """

    height_px: int = 360
    width_px: int = 360
    depth_mm: float = 40.0
    width_mm: float = 40.0
    frame_rate_hz: float = 30.0
    duration_s: float = 10.0
    view: View = "longitudinal"
    muscles: Literal[1, 2] = 2
    bone: bool = True
    noise: Noise = "medium"
    dynamic_range_db: float = 60.0
    persistence: float = 0.2
    gain_db: float = 0.0
    jpeg_quality: int | None = 85
    mirrored: bool = False
    twitches: tuple[Twitch, ...] | None = None
    twitches_per_min: float = 0.0
    sites: int = 4
    amplitude_mm: tuple[float, float] = (0.05, 1.0)
    look_alikes: tuple[LookAlike, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no scanner would deliver.

        Raises
        ------
        InputError
            A size, rate or duration is out of range.
        """
        if not (64 <= self.height_px <= 2048 and 64 <= self.width_px <= 2048):
            raise InputError(Code.BAD_PARAMETER, "A phantom is 64 to 2048 pixels high and wide.")
        if not (5 <= self.frame_rate_hz <= 200 and 0.2 <= self.duration_s <= 1200):
            raise InputError(
                Code.BAD_PARAMETER, "A phantom has 5 to 200 frames/s and lasts 0.2 to 1200 s."
            )
        if not (10 <= self.depth_mm <= 120 and 10 <= self.width_mm <= 120):
            raise InputError(Code.BAD_PARAMETER, "A phantom is 10 to 120 mm deep and wide.")

    @property
    def spacing_mm(self) -> tuple[float, float]:
        """``(dy, dx)`` of a pixel."""
        return self.depth_mm / self.height_px, self.width_mm / self.width_px

    def looks_like(self, kind: LookAlikeKind) -> tuple[LookAlike, ...]:
        """The look-alikes of one kind that come before the clip ends."""
        return tuple(each for each in self.look_alikes if each.kind is kind and self.shows(each))

    def shows(self, look: LookAlike) -> bool:
        """Whether a look-alike starts before the clip ends."""
        return look.start_s < self.duration_s
