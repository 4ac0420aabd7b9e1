"""Over how much of the picture a twitch spreads, in the sense of `usfasc.detect.extent`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.model import Floats, Mask
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import Scene, Twitch
from usfasc.phantom.twitch import twitch_motion

ACTIVE: Final = 0.5
"""Share of the peak from which tissue counts for a twitch's area."""
_NET_MM: Final = 0.5
CELL_MM2: Final = _NET_MM**2
"""Area that each place of a net stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """Places ``(n,)`` all over a picture."""

    x_mm: Float32s
    y_mm: Float32s
    lumen: Mask


def lay_net(scene: Scene) -> Net:
    """Places half a millimetre apart; where a vessel lies is not asked."""
    across, down = (
        np.arange(_NET_MM / 2, length, _NET_MM).astype(np.float32)
        for length in (scene.width_mm, scene.depth_mm)
    )
    x, y = np.meshgrid(across, down)
    return Net(x_mm=x.ravel(), y_mm=y.ravel(), lumen=np.zeros(x.size, np.bool_))


def active_area_mm2(size_mm: Float32s, cell_mm2: Floats | float) -> float:
    """Area of what moves at least half as far as what moves furthest.

    Parameters
    ----------
    size_mm
        Lengths ``(n,)`` of the displacement in the picture, at its peak.
    cell_mm2
        Area that each place stands for: one for all, or ``(n,)``.
    """
    return float((cell_mm2 * (size_mm >= ACTIVE * size_mm.max(initial=0))).sum())


def twitch_area_mm2(twitch: Twitch, net: Net) -> float:
    """Area of a twitch of the family ``points``, by its own field."""
    basis = twitch_motion(twitch, net).basis
    return active_area_mm2(np.hypot(basis[0], basis[1]), CELL_MM2)
