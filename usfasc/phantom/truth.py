"""What really moved, as events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.model import Event, Floats, Kind
from usfasc.phantom.firing import overlap
from usfasc.phantom.scene import LookAlikeKind, Scene, Twitch

_KINDS = {
    LookAlikeKind.CONTRACTION: Kind.CONTRACTION,
    LookAlikeKind.TREMOR: Kind.TREMOR,
    LookAlikeKind.JERK: Kind.PROBE_MOTION,
    LookAlikeKind.SWEEP: Kind.PROBE_MOTION,
    LookAlikeKind.SLIDING: Kind.PROBE_MOTION,
    LookAlikeKind.LIFT_OFF: Kind.ARTEFACT,
    LookAlikeKind.SWALLOWING: Kind.SWALLOWING,
}
_LASTS_S: Final = {LookAlikeKind.JERK: 0.6, LookAlikeKind.SWALLOWING: 1.2}
"""How long those take whose scene says only when they start."""
MERGE_S: Final = 0.14
"""Two jerks of one site nearer than this are one visible twitch (the counting unit)."""
BLIND = frozenset(_KINDS) - {LookAlikeKind.TREMOR}
"""Look-alikes during which no one could judge."""
_BLIND_EDGE_S: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class TwitchTruth:
    """One countable twitch: its event, its amplitude, and whether it stands alone."""

    event: int
    amplitude_mm: float
    isolated: bool
    """No other twitch within 8 mm and 0.5 s."""
    twitch: Twitch


def look_spans(scene: Scene) -> list[tuple[LookAlikeKind, float, float]]:
    """Discrete look-alikes as (kind, start, stop) in s."""
    spans = []
    for look in scene.look_alikes:
        if look.kind in _KINDS and scene.shows(look):
            lasts_s = _LASTS_S.get(look.kind)
            stop = look.stop_s if lasts_s is None else look.start_s + lasts_s
            spans.append((look.kind, look.start_s, min(stop, scene.duration_s)))
    return spans


def blind_spans(scene: Scene) -> list[tuple[float, float]]:
    """Times (start, stop) in s, with some room, at which no one could judge."""
    return [
        (start - _BLIND_EDGE_S, stop + _BLIND_EDGE_S)
        for kind, start, stop in look_spans(scene)
        if kind in BLIND
    ]


def merge(twitches: Sequence[Twitch]) -> tuple[Twitch, ...]:
    """Twitches as a reader would count them.

    Two of one site whose onsets lie under 140 ms apart are one visible twitch: the
    stronger one's amplitude, the first one's onset.
    """
    counted: list[Twitch] = []
    for twitch in sorted(twitches, key=lambda each: each.onset_s):
        twin = next((k for k in counted if _same_site(k, twitch)), None)
        if twin is None or twitch.onset_s - twin.onset_s >= MERGE_S:
            counted.append(twitch)
        elif twitch.amplitude_mm > twin.amplitude_mm:
            counted[counted.index(twin)] = _joined(twin, twitch)
    return tuple(counted)


def _same_site(one: Twitch, other: Twitch) -> bool:
    near = np.hypot(one.x_mm - other.x_mm, one.y_mm - other.y_mm) < 1.0
    return bool(near and abs(other.onset_s - one.onset_s) < MERGE_S)


def _joined(first: Twitch, stronger: Twitch) -> Twitch:
    late = stronger.onset_s - first.onset_s
    return replace(stronger, onset_s=first.onset_s, contraction_s=stronger.contraction_s + late)


def tell(
    scene: Scene, twitches: Sequence[Twitch], times_s: Floats
) -> tuple[tuple[Event, ...], tuple[TwitchTruth, ...]]:
    """Events of a scene, numbered by onset, and what belongs to each twitch.

    Parameters
    ----------
    scene
        What was asked for.
    twitches
        As the picture shows them, with their areas.
    times_s
        ``(t,)`` of the frames.
    """
    counted = merge(twitches)
    spans = look_spans(scene)
    order = np.argsort([*(each.onset_s for each in counted), *(start for _, start, _ in spans)])
    numbers = np.argsort(order) + 1
    extra = [
        TwitchTruth(
            event=int(number),
            amplitude_mm=each.amplitude_mm,
            isolated=not any(overlap(each, other) for other in counted if other is not each),
            twitch=each,
        )
        for each, number in zip(counted, numbers, strict=False)
    ]
    events = [_twitch_event(scene, each.twitch, each.event, times_s) for each in extra]
    events += [
        _span_event(scene, span, int(number), times_s)
        for span, number in zip(spans, numbers[len(counted) :], strict=True)
    ]
    return tuple(sorted(events, key=lambda event: event.event)), tuple(extra)


def _frames(times_s: Floats, *at_s: float) -> list[int]:
    return [int(k) for k in np.clip(np.searchsorted(times_s, at_s), 0, len(times_s) - 1)]


def _twitch_event(scene: Scene, twitch: Twitch, number: int, times_s: Floats) -> Event:
    dy, dx = scene.spacing_mm
    x_mm = scene.width_mm - twitch.x_mm if scene.mirrored else twitch.x_mm
    along = np.deg2rad(twitch.along_deg)
    half_x = 0.5 * np.hypot(twitch.length_mm * np.cos(along), twitch.width_mm * np.sin(along))
    half_y = 0.5 * np.hypot(twitch.length_mm * np.sin(along), twitch.width_mm * np.cos(along))
    x_px, y_px = x_mm / dx - 0.5, twitch.y_mm / dy - 0.5
    start, peak, stop = _frames(times_s, twitch.onset_s, twitch.peak_s, twitch.offset_s)
    direction = twitch.direction_deg if twitch.mode == "shift" else None
    if direction is not None and scene.mirrored:
        direction = (180 - direction) % 360
    box = (
        max(0, int(x_px - half_x / dx)),
        max(0, int(y_px - half_y / dy)),
        min(scene.width_px, int(x_px + half_x / dx) + 1),
        min(scene.height_px, int(y_px + half_y / dy) + 1),
    )
    return Event(
        event=number,
        kind=Kind.FASCICULATION,
        reason="simulated twitch",
        onset_s=twitch.onset_s,
        peak_s=twitch.peak_s,
        offset_s=twitch.offset_s,
        start_frame=start,
        peak_frame=peak,
        stop_frame=stop + 1,
        x_px=x_px,
        y_px=y_px,
        x_mm=x_px * dx,
        y_mm=y_px * dy,
        box_px=box,
        area_mm2=twitch.area_mm2,
        peak_displacement_mm=twitch.amplitude_mm,
        direction_deg=direction,
        origin="simulated",
    )


def _span_event(
    scene: Scene, span: tuple[LookAlikeKind, float, float], number: int, times_s: Floats
) -> Event:
    look, start_s, stop_s = span
    start, peak, stop = _frames(times_s, start_s, (start_s + stop_s) / 2, stop_s)
    return Event(
        event=number,
        kind=_KINDS[look],
        reason=f"simulated {look.value.replace('_', ' ')}",
        onset_s=start_s,
        peak_s=(start_s + stop_s) / 2,
        offset_s=stop_s,
        start_frame=start,
        peak_frame=peak,
        stop_frame=stop + 1,
        x_px=(scene.width_px - 1) / 2,
        y_px=(scene.height_px - 1) / 2,
        box_px=(0, 0, scene.width_px, scene.height_px),
        origin="simulated",
    )
