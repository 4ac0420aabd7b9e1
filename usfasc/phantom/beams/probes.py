"""Three kinds of probe, and the settings that operators and makers give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

import numpy as np

from usfasc.phantom.beams.scene import GreyMap, Machine

Probe = Literal["linear", "convex", "microconvex"]

_GREY_MAPS: Final[tuple[GreyMap, ...]] = ("sigmoid", "gamma", "reject")


def draw_machine(probe: Probe, rng: np.random.Generator) -> Machine:
    """Draw a machine with a probe of a kind."""
    return _PROBES[probe](rng)


def _linear(rng: np.random.Generator) -> Machine:
    return Machine(
        centre_mhz=float(rng.uniform(7, 12)),
        bandwidth=float(rng.uniform(0.3, 0.45)),
        f_number=float(rng.uniform(3.2, 5.5)),
        focus_mm=tuple(rng.uniform((8.0, 20.0), (16.0, 32.0)).tolist()),
        elevation_mm=float(rng.uniform(0.6, 1.2)),
        angles_deg=((-8.0, 8.0), (-5.0, 5.0), (0.0,))[int(rng.integers(3))],
        tones=((1.0,), (0.92, 1.08))[int(rng.integers(2))],
        line_share=float(rng.uniform(0.3, 0.9)),
        grey_map=_GREY_MAPS[int(rng.integers(3))],
    )


def _convex(rng: np.random.Generator) -> Machine:
    return Machine(
        centre_mhz=float(rng.uniform(3.2, 5.0)),
        bandwidth=float(rng.uniform(0.45, 0.7)),
        f_number=float(rng.uniform(2.8, 4.2)),
        focus_mm=(float(rng.uniform(18, 40)),),
        elevation_mm=float(rng.uniform(1.2, 2.2)),
        angles_deg=((0.0,), (-4.0, 4.0))[int(rng.integers(2))],
        tones=(0.9, 1.1),
        radius_mm=float(rng.uniform(40, 60)),
        half_angle_deg=float(rng.uniform(20, 27)),
        line_share=float(rng.uniform(0.5, 0.95)),
        grey_map=_GREY_MAPS[int(rng.integers(3))],
    )


def _microconvex(rng: np.random.Generator) -> Machine:
    return Machine(
        centre_mhz=float(rng.uniform(5.0, 7.5)),
        bandwidth=float(rng.uniform(0.38, 0.55)),
        f_number=float(rng.uniform(2.6, 3.8)),
        focus_mm=tuple(rng.uniform((14.0, 30.0), (24.0, 45.0)).tolist()),
        elevation_mm=float(rng.uniform(0.8, 1.6)),
        angles_deg=(0.0,),
        tones=(0.9, 1.1),
        radius_mm=float(rng.uniform(11, 20)),
        half_angle_deg=float(rng.uniform(30, 40)),
        line_share=float(rng.uniform(0.4, 0.9)),
        grey_map=_GREY_MAPS[int(rng.integers(3))],
    )


_PROBES: Final[dict[Probe, Callable[[np.random.Generator], Machine]]] = {
    "linear": _linear,
    "convex": _convex,
    "microconvex": _microconvex,
}
