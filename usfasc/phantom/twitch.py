"""How the tissue moves in one twitch of one motor unit."""

from __future__ import annotations

import numpy as np

from usfasc.phantom.motion import Motion, Tissue, Waveform
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import Twitch


def twitch_waveform(twitch: Twitch) -> Waveform:
    """Displacement of a twitch over time, peak 1: out, then back more slowly.

    ``(s exp(1 - s)) ** sharpness`` on its own time scale before and after the peak;
    the shape of a motor unit's twitch, whose velocity is biphasic.
    """
    tail_s = twitch.relaxation_s / 3.89  # s exp(1 - s) is a tenth at s = 4.89

    def waveform(t_s: float) -> float:
        since = t_s - twitch.onset_s
        if since <= 0:
            return 0.0
        late = since - twitch.contraction_s
        s = since / twitch.contraction_s if late < 0 else 1 + late / tail_s
        power = twitch.sharpness if late < 0 else 1.0
        return float((s * np.exp(1 - s)) ** power)

    return waveform


def twitch_motion(twitch: Twitch, tissue: Tissue) -> Motion:
    """The displacement field of one twitch, cut where it falls under half a percent."""
    angle = np.deg2rad(twitch.along_deg)
    dx, dy = tissue.x_mm - twitch.x_mm, tissue.y_mm - twitch.y_mm
    along = (dx * np.cos(angle) + dy * np.sin(angle)) / (twitch.length_mm / 3)
    across = (-dx * np.sin(angle) + dy * np.cos(angle)) / (twitch.width_mm / 3)
    squared = along**2 + across**2
    index = np.flatnonzero((squared < 30) & ~tissue.lumen)
    u, v = along[index], across[index]
    core = np.exp(-squared[index] / 2)
    # Connective tissue drags what lies around a little way along.
    drag = 0.12 * np.exp(-squared[index] / 8)
    fields = _shift(twitch, core + drag) if twitch.mode == "shift" else _bulge(twitch, u, v, core)
    scale = twitch.amplitude_mm / max(float(np.hypot(*fields).max(initial=0)), 1e-6)
    through = twitch.out_of_plane_mm * (core + drag) / 1.12
    basis = np.stack([fields[0] * scale, fields[1] * scale, through]).astype(np.float32)
    return Motion(basis=basis, index=index, waveform=twitch_waveform(twitch))


def _shift(twitch: Twitch, window: Float32s) -> tuple[Float32s, Float32s]:
    direction = np.deg2rad(twitch.direction_deg)
    return window * np.float32(np.cos(direction)), window * np.float32(np.sin(direction))


def _bulge(twitch: Twitch, u: Float32s, v: Float32s, core: Float32s) -> tuple[Float32s, Float32s]:
    """Fibres shorten towards the middle and thicken across it."""
    angle = np.deg2rad(twitch.along_deg)
    shorten, thicken = -u * core, 0.8 * v * core
    x = shorten * np.cos(angle) - thicken * np.sin(angle)
    y = shorten * np.sin(angle) + thicken * np.cos(angle)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)
