"""What is said of the real clips: the movements their notes name, and what is counted beside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from usfasc.benchmark.beds import BICEPS, BRACHIAL, BRACHIAL_GREY, TIBIALIS, RealClip
from usfasc.benchmark.figures import Figure, Table, assessable_share, per_min
from usfasc.benchmark.implanted import is_named
from usfasc.benchmark.judge import Judged
from usfasc.model import Event

BICEPS_TWITCH_S, BICEPS_LARGE_S = 22.85, 4.53
_NAMED_WITHIN_S = 0.25
_KEY_FRAME_WITHIN_S = 0.1
_MOST_AT_REST_PER_MIN: Final = 2.0
_MOST_PULSES_PER_MIN: Final = 0.3


def real_tables(cases: Sequence[Judged]) -> list[Table]:
    """The real clips as they are, with the movements their notes name."""
    named = {c.name: c for c in cases}
    rows: list[Figure] = []
    for name, rows_of in _REAL_ROWS.items():
        case = named.get(name)
        if case is None:
            continue
        if case.error is not None:
            rows.append(Figure(name=f"{name}: {case.error}", value=None))
        else:
            rows += rows_of(case)
    return [Table(title="real clips", figures=tuple(rows))]


def _biceps(case: Judged) -> list[Figure]:
    near = [_near(case.counted, BICEPS_TWITCH_S), _near(case.events, BICEPS_LARGE_S)]
    keyed = [
        e
        for e in case.counted
        if any(abs(e.onset_s - key_s) <= _KEY_FRAME_WITHIN_S for key_s in case.key_frames_s)
    ]
    return [
        Figure(name=f"biceps: {BICEPS_TWITCH_S} s counted", value=near[0], at_least=1),
        Figure(name=f"biceps: {BICEPS_LARGE_S} s listed", value=near[1], at_least=1),
        _at_rest(case, BICEPS),
        Figure(name="biceps: counted within 0.1 s of a key frame", value=len(keyed), at_most=0),
    ]


def _tibialis(case: Judged) -> list[Figure]:
    rest_ends_s = TIBIALIS.quiet_s[1]
    late = [e for e in case.counted if e.onset_s >= rest_ends_s]
    judged_s = sum(
        max(0.0, s.stop_s - max(s.start_s, rest_ends_s)) for s in case.spans if s.reason is None
    )
    return [
        _at_rest(case, TIBIALIS),
        Figure(name="tibialis: counted from 32 s on", value=len(late), at_most=0),
        Figure(name="tibialis: assessable from 32 s on, s", value=judged_s, at_most=0.5),
    ]


def _at_rest(case: Judged, clip: RealClip) -> Figure:
    """Counted a minute of the muscle's rest, beyond the movements that the notes name."""
    start_s, stop_s = clip.quiet_s
    resting = [e for e in case.counted if start_s <= e.onset_s < stop_s]
    beyond = [e for e in resting if not is_named(e, clip)]
    return Figure(
        name=f"{clip.name}: counted/min of rest, beyond the notes",
        value=per_min(len(beyond), stop_s - start_s),
        at_most=_MOST_AT_REST_PER_MIN,
        note=f"{len(beyond)} in {stop_s - start_s:.0f} s; with those named {len(resting)}",
    )


def _pulsating(case: Judged) -> list[Figure]:
    rate = per_min(len(case.counted), case.duration_s)
    return [
        Figure(
            name=f"{case.name}: counted/min",
            value=rate,
            at_most=_MOST_PULSES_PER_MIN,
            note=assessable_share([case]),
        )
    ]


def _still(case: Judged) -> list[Figure]:
    events = len(case.events)
    return [
        Figure(name=f"{case.name}: events", value=events, at_most=0),
        Figure(name=f"{case.name}: assessable, s", value=case.assessable_s, at_most=0),
    ]


def _duplicated(case: Judged) -> list[Figure]:
    return [
        Figure(
            name="duplicated: counted",
            value=len(case.counted),
            at_most=0,
            note=assessable_share([case]),
        )
    ]


_REAL_ROWS: Final[dict[str, Callable[[Judged], list[Figure]]]] = {
    BICEPS.name: _biceps,
    TIBIALIS.name: _tibialis,
    BRACHIAL.name: _pulsating,
    BRACHIAL_GREY.name: _pulsating,
    "frozen": _still,
    "duplicated": _duplicated,
}


def _near(events: Sequence[Event], time_s: float) -> int:
    return sum(e.onset_s - _NAMED_WITHIN_S <= time_s <= e.offset_s for e in events)
