"""Twitches as an elastic, incompressible medium shows them.

A fascicle that contracts pulls at its two ends. Each pull moves the tissue as a force does
that is spread over a little ball in an endless elastic medium (regularised Kelvinlets: de
Goes and James, ACM Trans Graph 2017; 36: 40): between the ends it shortens and bulges, around
them it is dragged along, and volume is kept exactly. A neighbouring fascicle follows a
little later, the surround later still, and the recoil swings a little past rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.model import Floats
from usfasc.phantom.beams.nodes import Nodes
from usfasc.phantom.extent import active_area_mm2
from usfasc.phantom.motion import Motion, Waveform
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.scene import Twitch

_FADED: Final = 0.1
"""Share of the peak at which a twitch has ended."""
_DRAG_REACH, _DRAG_SHARE = 2.2, 0.25
_OUTER: Final = 4.0
"""Ball of the counter-pull that the tissue's ties to its surround amount to, in balls."""
_BALL: Final = 0.36
"""Radius of the ball in widths: the width is then where a third of the movement is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fascicle:
    """One of a unit's fascicles: mm beside the first, s behind it, and its share."""

    beside_mm: float
    late_s: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FascicleTwitch(Twitch):
    """A twitch of this family.

    ``x_mm`` and ``y_mm`` are in the picture. ``shorten`` is the pull at the far end as a share
    of that at the near one: 0 moves a fascicle along, 1 shortens it; ``through_deg`` is how
    steeply it runs through the picture, 90 end on. ``overshoot`` is how far the recoil swings
    past rest, ``drag_s`` how late the surround comes.
    """

    fascicles: tuple[Fascicle, ...] = (Fascicle(beside_mm=0.0, late_s=0.0, share=1.0),)
    shorten: float = 0.5
    overshoot: float = 0.06
    drag_s: float = 0.025
    through_deg: float = 0.0


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
        Place, extent, area, time of the peak and direction, measured on the field at its peak.
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
    motions = [replace(m, basis=m.basis * scale) for m in parts]
    peak = np.asarray(course[best], np.float32)
    return motions, _as_seen(twitch, nodes, peak, float(times_s[best]))


def _local(twitch: Twitch, nodes: Nodes, beside_mm: float) -> tuple[Floats, Floats]:
    """Ways ``(n,)`` in mm along and across the fascicle from its middle."""
    angle = np.deg2rad(twitch.along_deg)
    dx, dy = nodes.x_mm - twitch.x_mm, nodes.picture_y_mm - twitch.y_mm
    along = dx * np.cos(angle) + dy * np.sin(angle)
    return along, -dx * np.sin(angle) + dy * np.cos(angle) - beside_mm


def _fascicle(twitch: FascicleTwitch, nodes: Nodes, fascicle: Fascicle) -> Motion:
    at_mm = _local(twitch, nodes, fascicle.beside_mm)
    basis = _in_picture(twitch, nodes, at_mm, _BALL * twitch.width_mm) * fascicle.share
    return Motion(basis=basis.astype(np.float32), waveform=recoil_waveform(twitch, fascicle.late_s))


def _drag(twitch: FascicleTwitch, nodes: Nodes) -> Motion:
    """Connective tissue takes what lies around along, slower and later."""
    ball = _DRAG_REACH * _BALL * twitch.width_mm
    basis = _in_picture(twitch, nodes, _local(twitch, nodes, 0.0), ball) * _DRAG_SHARE
    slower = replace(twitch, contraction_s=1.3 * twitch.contraction_s)
    return Motion(basis=basis.astype(np.float32), waveform=recoil_waveform(slower, twitch.drag_s))


def _in_picture(
    twitch: FascicleTwitch, nodes: Nodes, at_mm: tuple[Floats, Floats], ball_mm: float
) -> Floats:
    """Displacement ``(3, n)`` by one fascicle, 1 about its peak; blood takes no part."""
    along, across = at_mm
    field = contraction(twitch, np.stack([along, across, np.zeros_like(along)]), ball_mm)
    field = field / max(float(np.abs(field).max()), 1e-9) * ~nodes.lumen
    angle = np.deg2rad(twitch.along_deg)
    x = field[0] * np.cos(angle) - field[1] * np.sin(angle)
    y = field[0] * np.sin(angle) + field[1] * np.cos(angle)
    return np.stack([x, y, field[2]])


def contraction(twitch: FascicleTwitch, at_mm: Floats, ball_mm: float) -> Floats:
    """Displacement ``(3, n)``, along, across and through, of a fascicle that contracts.

    Parameters
    ----------
    twitch
        Its length, pulls and slant.
    at_mm
        Points ``(3, n)`` from the fascicle's middle: along, across and through the picture.
    ball_mm
        Radius over which each pull is spread.
    """
    slant = np.deg2rad(twitch.through_deg)
    axis = np.array([np.cos(slant), 0.0, np.sin(slant)])[:, None]
    half = max(0.5 * twitch.length_mm - 1.8 * ball_mm, 0.5)
    total = np.zeros_like(at_mm)
    for end, pull in ((-half, 1.0), (half, -twitch.shorten)):
        off = at_mm - end * axis
        total += pull * (_pull(off, axis, ball_mm) - _pull(off, axis, _OUTER * ball_mm))
    return total


def _pull(off_mm: Floats, axis: Floats, ball_mm: float) -> Floats:
    """What a force along an axis does to an incompressible medium."""
    squared = (off_mm**2).sum(axis=0)
    spread = (squared + ball_mm**2) ** 1.5
    moved: Floats = (
        (squared + 2 * ball_mm**2) * axis + (axis * off_mm).sum(axis=0) * off_mm
    ) / spread
    return moved


def _as_seen(twitch: FascicleTwitch, nodes: Nodes, peak: Float32s, peak_s: float) -> Twitch:
    """Middle, extent (where a third of the peak is reached), area and direction of a field."""
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
        area_mm2=active_area_mm2(size[nodes.seen], nodes.cell_mm2[nodes.seen]),
    )
