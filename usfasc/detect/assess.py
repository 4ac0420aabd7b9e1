"""Which moments could be judged, and why the rest could not.

A moment is lost where much of the field moves for longer than a twitch does,
where the picture is frozen, dark, missing, or so noisy that a movement of
0.2 mm would not be seen. A twitch does not spoil its own moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import ndimage

from usfasc.model import AssessableSpan, Floats, Mask
from usfasc.motion.evidence import LAG_S
from usfasc.motion.field import Field
from usfasc.motion.stream import FrameTrace

_PROBE_MM = 0.15
_LOCAL_MM = 0.025
_FOLLOWED = 0.5
"""Share of its drift that a cell may move beside it. A site is held still under its drift, so
breathing and sliding, however fast, hide no twitch; contraction and tremor do."""
_UNREST = 2.2
_EXPLAINED = 0.35
_LASTING_S = 1.4
_GAP_S = 0.2
_DARK = 0.35
_SEEN_MM = 0.2
_SEEN_Z = 8.0
_SEEN_SHARE = 0.25
START_S, END_S = 0.2, 0.3
_SHORTEST_S = 1.0
_GROWN_S = 0.3
_PROBE_SHARE = 0.25


class Loss(StrEnum):
    """Why a stretch of time was not judged, in words."""

    ENDS = "start or end of the clip"
    UNSTEADY = "whole picture unsteady"
    MOVED = "tissue moved as a whole (contraction or passive movement)"
    PROBE = "probe moved"
    NOISE = "too noisy or too dark to see a twitch of 0.2 mm"
    FROZEN = "picture frozen"
    MISSING = "picture frozen or frames missing"
    DARK = "picture dark (probe lifted)"
    SHORT = "too short to be judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Per evidence time and cell of a window ``(t, rows, columns)``: what moved, with what."""

    local: Mask
    probe: Mask


def movement(field: Field) -> Motion:
    """Cells that move by themselves or with the probe, so that it cannot be followed."""
    scale = (LAG_S / field.lags_s)[:, None, None]
    flows = (field.explained > _EXPLAINED) & field.valid
    beside_mm = np.hypot(field.shift_mm[:, 0], field.shift_mm[:, 1]) * scale
    return Motion(
        local=(beside_mm > _LOCAL_MM + _FOLLOWED * field.drift_mm * scale) & flows,
        probe=(field.probe_mm * scale > _PROBE_MM) & field.valid,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Shares of one region's cells over the whole clip, ``(t,)``."""

    times_s: Floats
    local: Floats
    probe: Floats
    unrest: Floats
    seen: Floats


def join(courses: Sequence[Course]) -> Course:
    """Courses of consecutive windows as one; an empty one where no window could be judged."""
    columns = ("times_s", "local", "probe", "unrest", "seen")
    joined = {
        name: np.concatenate([np.empty(0), *(getattr(item, name) for item in courses)])
        for name in columns
    }
    return Course(**joined)


def region_course(
    field: Field, motion: Motion, inside: Mask, core_s: tuple[float, float]
) -> Course:
    """Shares of a region's cells that move, or could be seen to, within the core."""
    chosen = (field.times_s >= core_s[0]) & (field.times_s < core_s[1])
    cells = inside & field.valid
    count = max(1, int(cells.sum()))
    seen = float((field.z_per_mm[cells] * _SEEN_MM > _SEEN_Z).sum()) / count
    return Course(
        times_s=field.times_s[chosen],
        local=(motion.local[chosen] & cells).sum(axis=(1, 2)) / count,
        probe=(motion.probe[chosen] & cells).sum(axis=(1, 2)) / count,
        unrest=field.unrest[chosen].astype(float),
        seen=np.full(int(chosen.sum()), seen),
    )


def spans(
    region: str, course: Course, trace: FrameTrace, duration_s: float, moving_share: float
) -> tuple[AssessableSpan, ...]:
    """Cut a clip's time into judged spans and others with their reason.

    Parameters
    ----------
    region
        Name of the region, ``*`` for the whole image.
    course
        The region's movement over the clip.
    trace
        What each frame was good for.
    duration_s
        Length of the clip.
    moving_share
        Share of the region that may move for longer than a twitch.
    """
    reasons = _reasons(course, trace, duration_s, moving_share)
    edges = _runs(reasons)
    step_s = duration_s / len(reasons)
    return tuple(
        AssessableSpan(
            region=region,
            start_s=round(start * step_s, 3),
            stop_s=round(stop * step_s, 3),
            reason=reasons[start],
        )
        for start, stop in edges
    )


_TICK_S = 0.01


def _reasons(
    course: Course, trace: FrameTrace, duration_s: float, moving_share: float
) -> list[Loss | None]:
    ticks = max(1, round(duration_s / _TICK_S))
    time_s = (np.arange(ticks) + 0.5) * duration_s / ticks
    reasons: list[Loss | None] = [None] * ticks
    causes = (
        (Loss.ENDS, (time_s < START_S) | (time_s > duration_s - END_S)),
        *_moving_causes(course, time_s, moving_share),
        *_frame_causes(trace, time_s),
    )
    for reason, where in causes:
        for tick in np.flatnonzero(where):
            reasons[tick] = reason
    return _without_slivers(reasons, round(_SHORTEST_S / _TICK_S))


def _moving_causes(
    course: Course, time_s: Floats, moving_share: float
) -> tuple[tuple[Loss, Mask], ...]:
    if not len(course.times_s):
        return ((Loss.SHORT, np.ones(len(time_s), bool)),)
    step_s = float(np.median(np.diff(course.times_s))) if len(course.times_s) > 1 else 0.03
    width = max(1, round(_LASTING_S / step_s)) | 1
    nearest = np.clip(np.searchsorted(course.times_s, time_s), 0, len(course.times_s) - 1)
    grown = max(1, round(_GROWN_S / step_s)) | 1

    def lasting(values: Floats, most: float) -> Mask:
        steady = ndimage.median_filter(values, width, mode="nearest")
        return np.asarray(ndimage.maximum_filter1d(steady > most, grown)[nearest])

    return (
        (Loss.UNSTEADY, lasting(course.unrest, _UNREST)),
        (
            Loss.MOVED,
            lasting(course.local, moving_share),
        ),
        (Loss.PROBE, lasting(course.probe, _PROBE_SHARE)),
        (Loss.NOISE, course.seen[nearest] < _SEEN_SHARE),
    )


def _frame_causes(trace: FrameTrace, time_s: Floats) -> tuple[tuple[Loss, Mask], ...]:
    good = trace.times_s[trace.good]
    if len(good) < 2:
        return ((Loss.FROZEN, np.ones(len(time_s), bool)),)
    position = np.clip(np.searchsorted(good, time_s, "right"), 1, len(good) - 1)
    gap = (good[position] - good[position - 1] > _GAP_S) | (time_s > good[-1] + _GAP_S)
    nearest = np.clip(
        np.searchsorted(trace.times_s, time_s, "right") - 1, 0, len(trace.times_s) - 1
    )
    dark = trace.brightness < _DARK * np.median(trace.brightness)
    return (
        (Loss.MISSING, gap),
        (Loss.DARK, dark[nearest]),
    )


def _without_slivers(reasons: list[Loss | None], shortest: int) -> list[Loss | None]:
    """Judged stretches too short to hold a twitch are not judged."""
    for start, stop in _runs(reasons):
        if reasons[start] is None and stop - start < shortest:
            neighbour = (
                reasons[start - 1] if start else reasons[stop] if stop < len(reasons) else None
            )
            reasons[start:stop] = [neighbour or Loss.SHORT] * (stop - start)
    return reasons


def _runs(reasons: Sequence[Loss | None]) -> list[tuple[int, int]]:
    starts = [0] + [i for i in range(1, len(reasons)) if reasons[i] != reasons[i - 1]]
    return list(zip(starts, [*starts[1:], len(reasons)], strict=True))
