"""Which moments could be judged, and why the rest could not.

A muscle's time is lost while more than half of the places in it are (`places` says
which those are), while as much of it is carried away at once, however briefly, while the
picture trembles for seconds as a muscle held in contraction does, and while it is frozen,
dark, missing, or too noisy for a movement of 0.2 mm to be seen. A twitch does not
spoil its own moment.

A picture may show several muscles, and a twitch of a quiet one counts though another
contracts: it is judged while a quarter of it can be. That is for the picture alone to
say, whatever regions are drawn in it; in lost time of the picture nothing is judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from usfasc.detect.loss import Course, Loss
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Floats, Mask
from usfasc.motion.stream import FrameTrace

_GAP_S: Final = 0.2
_DARK: Final = 0.35
_LIT_PERCENTILE: Final = 90
"""Of the frames' brightness: how bright the picture is with the probe on, if only at times."""
_SEEN_SHARE: Final = 0.25
START_S, END_S = 0.2, 0.3
_SHORTEST_S: Final = 1.0
_CARRIED_S: Final = 0.09
"""The affine movement of a whole picture hardly notices a twitch: it need not last."""
_SLIGHT: Final = 0.1
"""Weight of a cause that comes with the others: lasting movement names a stretch, before a
brief one, before change that none explains."""
_PAUSE_S: Final = 0.2
_UNSTEADY_PAUSE_S: Final = 1.4
_UNSTEADY_S: Final = 3.0
"""A contraction is held for seconds; a hand that settles, or a codec that starts, is not."""
_EDGE_S: Final = 0.3
_TICK_S: Final = 0.01


def spans(
    courses: Mapping[str, Course],
    frames: Sequence[AssessableSpan],
    duration_s: float,
    moving_share: float,
) -> dict[str, tuple[AssessableSpan, ...]]:
    """Cut a clip's time, region by region, into judged spans and others with their reason.

    The spans of the whole picture ``*`` follow from its own course; no region changes them.

    Parameters
    ----------
    courses
        Movement of each region over the clip by name, the whole image's under ``*``.
    frames
        What was lost to the frames themselves, as `frame_losses` tells.
    duration_s
        Length of the clip.
    moving_share
        Share of a region's places that may stir for longer than a twitch; of the picture
        half as much must be left.
    """
    of_picture = _settled(
        _reasons(courses[WHOLE_IMAGE], frames, duration_s, (1 + moving_share) / 2)
    )
    told = {WHOLE_IMAGE: of_picture} | {
        name: _within(_reasons(course, frames, duration_s, moving_share), of_picture)
        for name, course in courses.items()
        if name != WHOLE_IMAGE
    }
    return {name: _as_spans(name, reasons, duration_s) for name, reasons in told.items()}


def frame_losses(trace: FrameTrace, duration_s: float) -> tuple[AssessableSpan, ...]:
    """Stretches of a clip that are lost to its frames, whatever the tissue does: under ``*``."""
    time_s = _ticks_s(duration_s)
    return tuple(
        span
        for reason, where in _frame_causes(trace, time_s)
        for span in _as_spans(WHOLE_IMAGE, [reason if lost else None for lost in where], duration_s)
        if span.reason is not None
    )


def _ticks_s(duration_s: float) -> Floats:
    """Middles of the ticks that a clip's time is cut into."""
    ticks = max(1, round(duration_s / _TICK_S))
    return np.asarray((np.arange(ticks) + 0.5) * duration_s / ticks, np.float64)


def _as_spans(
    region: str, reasons: Sequence[Loss | None], duration_s: float
) -> tuple[AssessableSpan, ...]:
    step_s = duration_s / len(reasons)
    return tuple(
        AssessableSpan(
            region=region,
            start_s=round(start * step_s, 3),
            stop_s=round(stop * step_s, 3),
            reason=reasons[start],
        )
        for start, stop in _runs(reasons)
    )


def _reasons(
    course: Course, frames: Sequence[AssessableSpan], duration_s: float, moving_share: float
) -> list[Loss | None]:
    time_s = _ticks_s(duration_s)
    reasons: list[Loss | None] = [None] * len(time_s)
    causes = (
        (Loss.ENDS, (time_s < START_S) | (time_s > duration_s - END_S)),
        *_stirring_causes(course, time_s, moving_share),
        *(
            (Loss(span.reason or ""), (time_s >= span.start_s) & (time_s < span.stop_s))
            for span in frames
        ),
    )
    for reason, where in causes:
        for tick in np.flatnonzero(where):
            reasons[tick] = reason
    return reasons


def _within(reasons: Sequence[Loss | None], of_picture: Sequence[Loss | None]) -> list[Loss | None]:
    """A region's reasons, and its picture's where it has none of its own."""
    both = [own or whole for own, whole in zip(reasons, of_picture, strict=True)]
    return _settled(both)


def _settled(reasons: list[Loss | None]) -> list[Loss | None]:
    return _without_edges(_without_slivers(reasons, round(_SHORTEST_S / _TICK_S)))


def _stirring_causes(
    course: Course, time_s: Floats, moving_share: float
) -> list[tuple[Loss, Mask]]:
    times_s = course.times_s
    if len(times_s) < 2:
        return [(Loss.SHORT, np.ones(len(time_s), bool))]
    step_s = float(np.median(np.diff(times_s)))
    nearest = np.searchsorted((times_s[1:] + times_s[:-1]) / 2, time_s)
    causes = _stirred(course, step_s, moving_share)
    lost = np.logical_or.reduce(list(causes.values()))
    causes |= {Loss.UNSTEADY: _trembling(course, lost, step_s), Loss.NOISE: causes[Loss.NOISE]}
    causes[Loss.NOISE] |= course.seen < _SEEN_SHARE
    return [(reason, where[nearest]) for reason, where in causes.items()]


def _stirred(course: Course, step_s: float, moving_share: float) -> dict[Loss, Mask]:
    """When the region stirs as a whole, each stretch under the cause that most of it has.

    A stretch reaches back and on as far as half as much still stirs without a pause: the
    slow beginning of a contraction belongs to it.
    """
    carried = _without_pauses(course.carried > moving_share, _PAUSE_S, step_s)
    carried = _lasting(carried, _CARRIED_S, step_s)
    seed = carried | (np.sum(list(course.lost.values()), axis=0) > moving_share)
    around = _without_pauses(course.stirring > moving_share / 2, _PAUSE_S, step_s)
    weights = {
        Loss.NOISE: _SLIGHT * course.lost[Loss.NOISE],
        Loss.MOVED: course.lost[Loss.MOVED],
        Loss.PROBE: course.lost[Loss.PROBE] + _SLIGHT * carried,
    }
    causes = {cause: np.zeros(len(seed), bool) for cause in weights}
    for start, stop in _stretches(around | seed):
        if seed[start:stop].any():
            totals = {cause: float(each[start:stop].sum()) for cause, each in weights.items()}
            causes[max(totals, key=totals.__getitem__)][start:stop] = True
    return causes


def _trembling(course: Course, lost: Mask, step_s: float) -> Mask:
    """When the picture is unsteady for seconds, what else is lost meanwhile counted in."""
    held = _without_pauses((course.unsteady > 0) | lost, _UNSTEADY_PAUSE_S, step_s)
    unsteady = np.zeros(len(lost), bool)
    for start, stop in _stretches(held):
        trembles = float((course.unsteady[start:stop] > 0).sum()) * step_s
        if trembles >= _UNSTEADY_S:
            unsteady[start:stop] = True
    return unsteady & ~lost


def _without_pauses(marked: Mask, pause_s: float, step_s: float) -> Mask:
    """Marked, and what lies between two marks no further apart."""
    joined = marked.copy()
    for start, stop in _stretches(~marked):
        if start > 0 and stop < len(marked) and (stop - start) * step_s <= pause_s:
            joined[start:stop] = True
    return joined


def _lasting(marked: Mask, least_s: float, step_s: float) -> Mask:
    kept = np.zeros(len(marked), bool)
    for start, stop in _stretches(marked):
        kept[start:stop] = (stop - start) * step_s >= least_s
    return kept


def _stretches(marked: Mask) -> list[tuple[int, int]]:
    """Start and stop of each run of true."""
    edges = np.flatnonzero(np.diff(np.pad(marked.astype(np.int8), 1)))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _frame_causes(trace: FrameTrace, time_s: Floats) -> tuple[tuple[Loss, Mask], ...]:
    good = trace.times_s[trace.good]
    if len(good) < 2:
        return ((Loss.FROZEN, np.ones(len(time_s), bool)),)
    position = np.clip(np.searchsorted(good, time_s, "right"), 1, len(good) - 1)
    gap = (good[position] - good[position - 1] > _GAP_S) | (time_s > good[-1] + _GAP_S)
    nearest = np.clip(
        np.searchsorted(trace.times_s, time_s, "right") - 1, 0, len(trace.times_s) - 1
    )
    dark = trace.brightness < _DARK * np.percentile(trace.brightness, _LIT_PERCENTILE)
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


def _without_edges(reasons: list[Loss | None]) -> list[Loss | None]:
    """A moment lost for one reason at the edge of a stretch lost for another goes with it."""
    for start, stop in _runs(reasons):
        if reasons[start] in (None, Loss.ENDS) or stop - start >= _EDGE_S / _TICK_S:
            continue
        beside = (reasons[start - 1 : start] or [None]) + (reasons[stop : stop + 1] or [None])
        others = [reason for reason in beside if reason not in (None, Loss.ENDS)]
        reasons[start:stop] = [others[0] if others else reasons[start]] * (stop - start)
    return reasons


def _runs(reasons: Sequence[Loss | None]) -> list[tuple[int, int]]:
    starts = [0] + [i for i in range(1, len(reasons)) if reasons[i] != reasons[i - 1]]
    return list(zip(starts, [*starts[1:], len(reasons)], strict=True))
