"""Twitches as an incompressible medium shows them.

Each fascicle shortens and bulges, or is pulled along while tissue flows back around it;
the field is the curl of a stream function, so its area is kept exactly. A neighbouring
fascicle follows a little later, the tissue around is dragged along later still, and the
recoil swings a little past rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.model import Floats
from usfasc.phantom.beams.nodes import Nodes
from usfasc.phantom.layout import Lengths
from usfasc.phantom.motion import Motion, Waveform
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import Twitch

_FADED: Final = 0.1
"""Share of the peak at which a twitch has ended."""
_DRAG_REACH, _DRAG_SHARE = 2.2, 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Fascicle:
    """One of a unit's fascicles: mm beside the first, s behind it, and its share."""

    beside_mm: float
    late_s: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FascicleTwitch(Twitch):
    """A twitch of this family.

    ``x_mm`` and ``y_mm`` are in the picture. ``shorten`` 0 is a pull along the fascicle, 1 a
    shortening with its bulge; ``overshoot`` is how far the recoil swings past rest.
    """

    fascicles: tuple[Fascicle, ...] = (Fascicle(beside_mm=0.0, late_s=0.0, share=1.0),)
    shorten: float = 0.5
    overshoot: float = 0.06
    drag_s: float = 0.025
    end_on: bool = False
    """Fascicles run through the picture: they thicken in it."""


def recoil_waveform(twitch: FascicleTwitch, late_s: float = 0.0) -> Waveform:
    """Displacement over time, peak 1: a smooth rise, a damped recoil past rest and back."""
    damping = -float(np.log(twitch.overshoot)) / np.pi
    rate = _fade_phase(damping) / twitch.relaxation_s
    onset_s, rise_s = twitch.onset_s + late_s, twitch.contraction_s

    def waveform(t_s: float) -> float:
        since = t_s - onset_s
        if since <= 0 or since > rise_s + 12 / rate:
            return 0.0
        if since < rise_s:
            return float(np.sin(0.5 * np.pi * since / rise_s) ** 2)
        s = rate * (since - rise_s)
        return float(np.exp(-damping * s) * (np.cos(s) + damping * np.sin(s)))

    return waveform


def _fade_phase(damping: float) -> float:
    """Phase at which the recoil has fallen to `_FADED`."""
    s = np.linspace(0, np.pi, 400)
    fall = np.exp(-damping * s) * (np.cos(s) + damping * np.sin(s))
    return float(np.interp(-_FADED, -fall, s))


def twitch_motions(twitch: FascicleTwitch, nodes: Nodes) -> tuple[list[Motion], Twitch]:
    """The motions of one twitch, and the twitch as the picture shows it.

    Returns
    -------
    motions
        One a fascicle and one of the dragged surround, scaled so that the largest
        displacement in the picture is ``amplitude_mm``.
    seen
        Place, extent, time of the peak and direction, measured on the field at its peak.
    """
    parts = [_fascicle(twitch, nodes, each) for each in twitch.fascicles]
    parts.append(_drag(twitch, nodes))
    times_s = twitch.onset_s + np.linspace(0.3, 1.8, 31) * twitch.contraction_s
    course = [
        np.sum([m.basis[:2] * np.float32(m.waveform(t)) for m in parts], axis=0) for t in times_s
    ]
    sizes = [float(np.hypot(*field)[nodes.seen].max(initial=0)) for field in course]
    best = int(np.argmax(sizes))
    scale = np.float32(twitch.amplitude_mm / max(sizes[best], 1e-6))
    through = np.array([1, 1, 0], np.float32)[:, None]
    motions = [replace(m, basis=m.basis * np.where(through > 0, scale, 1)) for m in parts]
    peak = np.asarray(course[best], np.float32)
    return motions, _as_seen(twitch, nodes, peak, float(times_s[best]))


def _local(twitch: Twitch, nodes: Nodes, beside_mm: float) -> tuple[Floats, Floats]:
    """Ways ``(n,)`` in mm along and across the fascicle from its middle."""
    angle = np.deg2rad(twitch.along_deg)
    dx, dy = nodes.x_mm - twitch.x_mm, nodes.picture_y_mm - twitch.y_mm
    along = dx * np.cos(angle) + dy * np.sin(angle)
    return along, -dx * np.sin(angle) + dy * np.cos(angle) - beside_mm


def _fascicle(twitch: FascicleTwitch, nodes: Nodes, fascicle: Fascicle) -> Motion:
    along, across = _local(twitch, nodes, fascicle.beside_mm)
    size = (twitch.length_mm / 2, twitch.width_mm / 2)
    basis = _field(twitch, nodes, (along, across), size) * np.float32(fascicle.share)
    return Motion(basis=basis, waveform=recoil_waveform(twitch, fascicle.late_s))


def _drag(twitch: FascicleTwitch, nodes: Nodes) -> Motion:
    """Connective tissue takes what lies around along, slower and later."""
    size = (twitch.length_mm / 2 * _DRAG_REACH, twitch.width_mm / 2 * _DRAG_REACH)
    basis = _field(twitch, nodes, _local(twitch, nodes, 0.0), size) * np.float32(_DRAG_SHARE)
    slower = replace(twitch, contraction_s=1.3 * twitch.contraction_s)
    return Motion(basis=basis, waveform=recoil_waveform(slower, twitch.drag_s))


def _field(
    twitch: FascicleTwitch, nodes: Nodes, at_mm: tuple[Floats, Floats], half_mm: tuple[float, float]
) -> Float32s:
    """Displacement ``(3, n)`` of one fascicle, of unit order; blood takes no part."""
    flow = _thickening(twitch, at_mm, half_mm) if twitch.end_on else stream(twitch, at_mm, half_mm)
    along, across, window = flow
    angle = np.deg2rad(twitch.along_deg)
    x = along * np.cos(angle) - across * np.sin(angle)
    y = along * np.sin(angle) + across * np.cos(angle)
    field = np.stack([x, y, twitch.out_of_plane_mm * window]) * ~nodes.lumen
    return np.asarray(field, np.float32)


def stream(
    twitch: FascicleTwitch, at_mm: tuple[Lengths, Lengths], half_mm: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """Curl of ``(pull - shorten * a) b g``: free of divergence, with flow back around it.

    Returns displacement along and across, and the window ``g = (1 + q)**-2``, in which ``q``
    is the squared distance in half lengths and half widths: it falls as in elastic media.
    """
    a, b = (np.asarray(each, float) for each in at_mm)
    long, wide = half_mm
    q = (a / long) ** 2 + (b / wide) ** 2
    g = (1 + q) ** -2
    slope = -4 * (1 + q) ** -3
    pull = (1 - twitch.shorten) - 1.6 * twitch.shorten * a / long
    along = pull * (g + b * slope * b / wide**2)
    across = -b * (pull * slope * a / long**2 - 1.6 * twitch.shorten / long * g)
    return along, across, g


def _thickening(
    twitch: FascicleTwitch, at_mm: tuple[Floats, Floats], half_mm: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """End on: what shortens through the picture thickens in it, and leans to one side."""
    a, b = at_mm
    long, wide = half_mm
    g = (1 + (a / long) ** 2 + (b / wide) ** 2) ** -2
    lean = 1 - twitch.shorten
    along = lean * g + 1.6 * twitch.shorten * a / long * g
    return along, 1.6 * twitch.shorten * b / wide * g, g


def _as_seen(twitch: FascicleTwitch, nodes: Nodes, peak: Float32s, peak_s: float) -> Twitch:
    """Middle, extent (where a third of the peak is reached) and direction of a field."""
    size = np.hypot(*peak) * nodes.seen
    weight = np.where(size > size.max() / 3, size**2, 0.0)
    weight /= weight.sum()
    x, y = float(weight @ nodes.x_mm), float(weight @ nodes.picture_y_mm)
    around = replace(twitch, x_mm=x, y_mm=y)
    along, across = (each[weight > 0] for each in _local(around, nodes, 0.0))
    mean = peak @ weight
    return replace(
        around,
        mode="shift" if np.hypot(*mean) > 0.6 * float(size @ weight) else "bulge",
        direction_deg=float(np.degrees(np.arctan2(mean[1], mean[0])) % 360),
        length_mm=float(np.ptp(along)),
        width_mm=float(np.ptp(across)),
        contraction_s=peak_s - twitch.onset_s,
    )
