"""When a phantom's look-alike hides twitches, and when it does not: its own truth.

Taken from the displacement that moved the tissue, not from the picture. What is
smooth can be followed by an eye, and by a filter: the affine movement of the whole
picture, and whatever changes little within 0.8 s. What is left hides a twitch of
0.2 mm where it is half as large; so does movement of more than a speckle's width
within a twitch's rise, in or out of the plane, since then nothing is there to follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from usfasc.model import Floats, Mask
from usfasc.phantom import Scene
from usfasc.phantom import rendering as points
from usfasc.phantom.beams import BeamScene
from usfasc.phantom.beams import rendering as beams
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.geometry import lay_fan
from usfasc.phantom.beams.movements import movements
from usfasc.phantom.beams.nodes import lay_nodes
from usfasc.phantom.layout import draw_layout, wall_distance
from usfasc.phantom.motion import Motion, displacement
from usfasc.phantom.scatterers import Scatterers
from usfasc.phantom.scene import LookAlikeKind

TICK_S: Final = 0.02
_HIDING_MM: Final = 0.1
_FAST_MM: Final = 0.3
_RISE_S: Final = 0.08
_FOLLOWED_S: Final = 0.8
_TWITCH: Final = 15
"""Ticks of a twitch, 0.3 s."""
_LOUD_SHARE, _QUIET_SHARE = 0.5, 0.25
_LIFTING_S: Final = 0.5
_NET_MM: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stir:
    """Ticks of `TICK_S` ``(t,)`` at which no twitch, and at which any, could be told.

    Between lies time of which the truth says neither.
    """

    loud: Mask
    quiet: Mask


def stir(scene: Scene, seed: int) -> Stir:
    """Say when the look-alikes of a scene hide a twitch of 0.2 mm.

    Loud: in more than half of the tissue it would be hidden. Quiet: in less than a
    quarter of it even one of half that size would be, for as long as a twitch lasts
    before and after. A probe lifted off is loud while it is away.

    Parameters
    ----------
    scene, seed
        What the clip was made from.
    """
    times_s = np.arange(TICK_S / 2, scene.duration_s, TICK_S)
    moved_mm, place_mm = _moved(scene, seed, times_s)
    left_mm = _unfollowed(moved_mm[:, :2], place_mm)
    way_mm = _way(moved_mm)
    loud = ((left_mm > _HIDING_MM) | (way_mm > _FAST_MM)).mean(axis=1) > _LOUD_SHARE
    stirred = (2 * left_mm > _HIDING_MM) | (2 * way_mm > _FAST_MM)
    quiet = stirred.mean(axis=1) < _QUIET_SHARE
    away, near = _lifted(scene, times_s)
    return Stir(
        loud=_closed(loud) | away,
        quiet=~_widened(~quiet) & ~near,
    )


def _closed(loud: Mask) -> Mask:
    """Pauses shorter than a twitch closed; what lasts to the clip's end stays loud there."""
    padded = np.pad(loud, _TWITCH, mode="edge")
    closed = ndimage.binary_closing(padded, np.ones(_TWITCH, np.bool_))
    return np.asarray(closed[_TWITCH:-_TWITCH])


def _widened(stirred: Mask) -> Mask:
    """What stirs, and as long as a twitch lasts before and after."""
    return np.asarray(ndimage.binary_dilation(stirred, np.ones(2 * _TWITCH + 1, np.bool_)))


def _moved(scene: Scene, seed: int, times_s: Floats) -> tuple[Floats, Floats]:
    """Displacement ``(t, 3, n)`` in mm of points of the picture, and where ``(2, n)`` they rest."""
    if isinstance(scene, BeamScene):
        motions, place_mm, seen = _beam_motions(scene, seed)
    else:
        motions, place_mm, seen = _point_motions(scene, seed)
    count = place_mm.shape[1]
    moved = [displacement(motions, float(t), count)[:, seen] for t in times_s]
    return np.asarray(moved, np.float64), place_mm[:, seen]


# The phantom's streams of random numbers are its own; a way to ask it for them would make
# every kept clip anew.
def _beam_motions(scene: BeamScene, seed: int) -> tuple[list[Motion], Floats, Mask]:
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, beams._rng(seed, beams._ANATOMY))
    nodes = lay_nodes(scene, fan, anatomy)
    motions = movements(scene, anatomy, nodes, lambda k: beams._rng(seed, beams._LOOKS, k))
    some = np.arange(len(nodes.x_mm)) % 3 == 0
    return motions, np.stack([nodes.x_mm, nodes.picture_y_mm]).astype(float), nodes.seen & some


def _point_motions(scene: Scene, seed: int) -> tuple[list[Motion], Floats, Mask]:
    layout = draw_layout(scene, points._rng(seed, points._ANATOMY))
    axes = (np.arange(_NET_MM / 2, way, _NET_MM) for way in (scene.width_mm, scene.depth_mm))
    x, y = (each.ravel().astype(np.float32) for each in np.meshgrid(*axes))
    blood = np.zeros(len(x), np.bool_)
    if layout.vessel is not None:
        blood = wall_distance(layout.vessel, scene, x, y) < 0
    none = np.zeros(len(x), np.float32)
    net = Scatterers(x_mm=x, y_mm=y, amplitude=none, phase=none, rate=none, lumen=blood)
    motions = points._motions(scene, layout, net, seed)
    return motions, np.stack([x, y]).astype(float), np.ones(len(x), np.bool_)


def _unfollowed(moved_mm: Floats, place_mm: Floats) -> Floats:
    """Size ``(t, n)`` of what neither an affine movement of the whole nor slowness explains."""
    bases = np.stack([np.ones(place_mm.shape[1]), *place_mm])
    fitted = moved_mm @ np.linalg.pinv(bases) @ bases
    left = moved_mm - fitted
    width = round(_FOLLOWED_S / TICK_S) | 1
    left -= ndimage.uniform_filter1d(left, width, axis=0, mode="nearest")
    return np.asarray(np.hypot(left[:, 0], left[:, 1]))


def _way(moved_mm: Floats) -> Floats:
    """Way ``(t, n)`` in mm within a twitch's rise, around each tick."""
    half = round(_RISE_S / TICK_S / 2)
    padded = np.pad(moved_mm, ((half, half), (0, 0), (0, 0)), mode="edge")
    return np.asarray(np.linalg.norm(padded[2 * half :] - padded[: -2 * half], axis=1))


def _lifted(scene: Scene, times_s: Floats) -> tuple[Mask, Mask]:
    """Ticks at which the probe is away, and those at which it may lose or find contact."""
    away = np.zeros(len(times_s), np.bool_)
    near = away.copy()
    for look in scene.looks_like(LookAlikeKind.LIFT_OFF):
        stop_s = min(look.stop_s, scene.duration_s)
        inside = (times_s - look.start_s, stop_s - times_s)
        away |= (inside[0] > _LIFTING_S) & (inside[1] > _LIFTING_S)
        near |= (inside[0] > -_LIFTING_S) & (inside[1] > -_LIFTING_S)
    return away, near
