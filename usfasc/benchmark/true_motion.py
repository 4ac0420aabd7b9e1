"""What is true of a twitch's movement: how far, how fast, how long, how widely, which way.

A phantom's is measured on the movement of its scene as a perfect observer would: on the
field in the picture, every 2 ms. An implant's stands in its truth.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Final

import numpy as np

from usfasc.benchmark.judge import Judged
from usfasc.model import Event, Floats, Kind
from usfasc.phantom import BeamScene, NamedScene, Scene, rendering, standard
from usfasc.phantom.beams import rendering as beams
from usfasc.phantom.beams.anatomy import draw_anatomy
from usfasc.phantom.beams.geometry import lay_fan
from usfasc.phantom.beams.nodes import lay_nodes
from usfasc.phantom.beams.twitch import twitch_motions
from usfasc.phantom.extent import ACTIVE, CELL_MM2, active_area_mm2, lay_net
from usfasc.phantom.layout import draw_layout
from usfasc.phantom.motion import Motion
from usfasc.phantom.scatterers import Float32s
from usfasc.phantom.twitch import twitch_motion

_ONSET, _END, _MOVES = 0.05, 0.1, 0.15
"""Shares of the peak: begun, over, and moving enough to count for the anisotropy."""
_STEP_S: Final = 0.002
_LASTS_S: Final = 1.2
_SAME_S, _SAME_SHARE = 0.005, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueMotion:
    """One twitch's peak over the field and over time, its times, its area and its ways.

    ``displacement_mm`` and ``velocity_mm_s`` are those of the place that moves furthest;
    contraction lasts from a twentieth of the peak to the peak, relaxation until a tenth of
    it. ``direction_deg`` is where that place goes, 0 to the right of the stored frame, 90 down;
    ``area_mm2`` is of all that moves at least half as far, and ``onset_spread_s`` the standard
    deviation there of when half of its own way is passed. None where the truth does not say.
    """

    displacement_mm: float
    velocity_mm_s: float | None
    contraction_s: float
    relaxation_s: float
    anisotropy: float | None = None
    onset_spread_s: float | None = None
    direction_deg: float | None = None
    area_mm2: float | None = None
    onset_s: float = 0.0

    @property
    def total_s(self) -> float:
        """Contraction and relaxation."""
        return self.contraction_s + self.relaxation_s


def true_motions(case: Judged) -> dict[int, TrueMotion]:
    """What is true of the twitches of a case, by the numbers of their events."""
    twitches = [event for event in case.truth if event.kind is Kind.FASCICULATION]
    scene = _scenes().get(case.name)
    if scene is None:
        known = {event.event: _as_told(event) for event in twitches}
        return {number: motion for number, motion in known.items() if motion is not None}
    moved = _motions_of(scene)
    pairs = [(event.event, _same(event, moved)) for event in twitches]
    return {number: motion for number, motion in pairs if motion is not None}


@cache
def _scenes() -> dict[str, NamedScene]:
    return {named.name: named for split in ("dev", "test") for named in standard(split)}


def _as_told(event: Event) -> TrueMotion | None:
    """By an event's own row; its truth may say apart when a tenth of the peak is left."""
    if event.peak_displacement_mm is None:
        return None
    return TrueMotion(
        displacement_mm=event.peak_displacement_mm,
        velocity_mm_s=event.peak_velocity_mm_s,
        contraction_s=event.contraction_s or event.peak_s - event.onset_s,
        relaxation_s=event.relaxation_s or event.offset_s - event.peak_s,
        anisotropy=event.directional_anisotropy,
        direction_deg=event.direction_deg,
        area_mm2=event.area_mm2,
        onset_s=event.onset_s,
    )


def _same(event: Event, moved: Sequence[tuple[float, TrueMotion]]) -> TrueMotion | None:
    """The motion that starts with an event and is as large: none where two count as one."""
    far_mm = event.peak_displacement_mm or 0.0
    for starts_s, motion in moved:
        as_large = abs(motion.displacement_mm - far_mm) <= _SAME_SHARE * far_mm
        if abs(starts_s - event.onset_s) <= _SAME_S and as_large:
            return motion
    return None


@cache
def _motions_of(named: NamedScene) -> tuple[tuple[float, TrueMotion], ...]:
    """Start and motion of every twitch of a scene."""
    if isinstance(named.scene, BeamScene):
        return tuple(_of_beams(named.scene, named.seed))
    return tuple(_of_points(named.scene, named.seed))


# The phantom's streams of random numbers are its own; a way to ask it for them would make
# every kept clip anew.
def _of_points(scene: Scene, seed: int) -> Iterator[tuple[float, TrueMotion]]:
    layout = draw_layout(scene, rendering._rng(seed, rendering._ANATOMY))
    net = lay_net(scene)
    for twitch in rendering.plan_twitches(scene, layout, seed):
        motion = twitch_motion(twitch, net)
        yield twitch.onset_s, _measured([motion], twitch.onset_s, CELL_MM2, scene.mirrored)


def _of_beams(scene: BeamScene, seed: int) -> Iterator[tuple[float, TrueMotion]]:
    rng = partial(beams._rng, seed)
    fan = lay_fan(scene)
    anatomy = draw_anatomy(scene, fan, rng(beams._ANATOMY))
    nodes = lay_nodes(scene, fan, anatomy)
    cell_mm2 = nodes.cell_mm2[nodes.seen]
    for twitch in beams.plan_firing(scene, fan, anatomy, rng(beams._MOVEMENT)):
        motions, _ = twitch_motions(twitch, nodes)
        seen = [replace(motion, basis=motion.basis[:, nodes.seen]) for motion in motions]
        yield twitch.onset_s, _measured(seen, twitch.onset_s, cell_mm2, scene.mirrored)


def _measured(
    motions: Sequence[Motion], starts_s: float, cell_mm2: Floats | float, mirrored: bool
) -> TrueMotion:
    """What summed motions of one twitch come to, in the plane of the picture.

    Each place stands for an area, all of them for one or for their own ``(n,)``.
    """
    times_s = starts_s + np.arange(0, _LASTS_S, _STEP_S)
    weights = np.array([[motion.waveform(t) for t in times_s.tolist()] for motion in motions])
    basis = np.array([motion.basis[:2] for motion in motions])
    field = np.einsum("kt,kcn->tcn", weights.astype(np.float32), basis)
    size = np.hypot(field[:, 0], field[:, 1])
    peak, place = np.unravel_index(int(size.argmax()), size.shape)
    far_mm = float(size[peak, place])
    there = field[:, :, place].astype(float)
    begins, ends = _ends(there @ there[peak] / far_mm, int(peak), far_mm)
    speed = np.hypot(*np.gradient(there, _STEP_S, axis=0).T)
    moving = size[peak] >= _MOVES * far_mm
    units = field[peak][:, moving] / size[peak, moving]
    active = size[peak] >= ACTIVE * far_mm
    right_mm, down_mm = there[peak] * (-1 if mirrored else 1, 1)
    return TrueMotion(
        displacement_mm=far_mm,
        velocity_mm_s=float(speed.max()),
        contraction_s=float((peak - begins) * _STEP_S),
        relaxation_s=float((ends - peak) * _STEP_S),
        anisotropy=float(np.hypot(*units.mean(axis=1, dtype=float))),
        onset_spread_s=_spread_s(field[:, :, active], int(peak)),
        direction_deg=float(np.degrees(np.arctan2(down_mm, right_mm)) % 360),
        area_mm2=active_area_mm2(size[peak], cell_mm2),
        onset_s=float(times_s[begins]),
    )


def _spread_s(field: Float32s, peak: int) -> float:
    """Spread of the half rise over places of a field ``(t, 2, n)``, each along its own way."""
    course = np.einsum("tcn,cn->tn", field[: peak + 1], field[peak])
    below = course < course[-1] / 2
    last = below.shape[0] - 1 - below[::-1].argmax(axis=0)
    place = np.arange(course.shape[1])
    before, after = course[last, place], course[np.minimum(last + 1, peak), place]
    part = (course[-1] / 2 - before) / np.maximum(after - before, 1e-12)
    return float(np.std((last + part) * _STEP_S))


def _ends(course_mm: Floats, peak: int, far_mm: float) -> tuple[int, int]:
    """First and last moment of a movement."""
    before = np.flatnonzero(course_mm[: peak + 1] < _ONSET * far_mm)
    after = np.flatnonzero(course_mm[peak:] < _END * far_mm)
    last = len(course_mm) - 1
    return int(before[-1]) if len(before) else 0, peak + int(after[0]) if len(after) else last
