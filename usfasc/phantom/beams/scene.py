"""What a clip of this family is asked to be: a body site, and the machine that shows it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from usfasc.phantom.scene import Scene

Site = Literal["limb", "tongue", "paraspinal", "abdomen"]
Codec = Literal["jpeg", "h264", "mpeg4"]
GreyMap = Literal["sigmoid", "gamma", "reject"]

SECTOR_EDGE_MM = 1.5
"""Black rim around a sector within its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A probe and what its machine does with the echoes.

    ``angles_deg`` and ``tones`` (shares of ``centre_mhz``) are the looks that spatial and
    frequency compounding average. ``radius_mm`` 0 is a linear probe; else the probe's face
    is an arc of ``half_angle_deg`` to either side. ``line_share`` is the part of a frame's
    interval within which its lines are shot one after the other.
    """

    centre_mhz: float = 9.0
    bandwidth: float = 0.5
    f_number: float = 3.0
    focus_mm: tuple[float, ...] = (20.0,)
    elevation_mm: float = 0.8
    angles_deg: tuple[float, ...] = (-7.0, 7.0)
    tones: tuple[float, ...] = (1.0,)
    radius_mm: float = 0.0
    half_angle_deg: float = 0.0
    line_share: float = 0.6
    grey_map: GreyMap = "sigmoid"

    @property
    def wavelength_mm(self) -> float:
        """At the centre frequency and 1540 m/s."""
        return 1.54 / self.centre_mhz

    @property
    def axial_sigma_mm(self) -> float:
        """Half length of the pulse's envelope, for a Gaussian spectrum of that -6 dB bandwidth."""
        sigma_mhz = self.bandwidth * self.centre_mhz / 2.355
        return 1.54 / (4 * math.pi * sigma_mhz)

    @property
    def looks(self) -> tuple[tuple[float, float], ...]:
        """(angle in rad, frequency in MHz) of each look."""
        return tuple(
            (math.radians(angle), tone * self.centre_mhz)
            for angle in self.angles_deg
            for tone in self.tones
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BeamScene(Scene):
    """One clip of the second family; the values of `Scene` mean what they mean there.

    ``depth_mm`` and ``width_mm`` are those of the whole picture, the black around a sector
    included. ``kbit_s`` is the bit rate of a video ``codec``.
    """

    site: Site = "limb"
    machine: Machine = field(default_factory=Machine)
    codec: Codec = "jpeg"
    kbit_s: int = 2000
