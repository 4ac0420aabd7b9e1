"""The one one-to-one matcher: which found event is which true one.

Benchmark, verdicts carried to a new result, and agreement between readers all
ask this question; it has one answer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from usfasc.model import Box, Event, Floats, Kind, Mask, Result

ONSET_TOLERANCE_S: Final = 0.150
PLACE_TOLERANCE_MM: Final = 5.0
COUNTED: Final = frozenset({Kind.FASCICULATION})

_PLACE_WEIGHT_S_PER_MM = 0.001
"""Time decides; place breaks ties: one millimetre weighs as much as one millisecond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """A one-to-one assignment: every event of either side appears exactly once."""

    pairs: tuple[tuple[Event, Event], ...]
    """``(true, found)``, in the order of the true onsets."""
    missed: tuple[Event, ...]
    surplus: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Event-level figures of one matching; a ratio without a base is None."""

    tp: int
    fp: int
    fn: int
    place_error_mm: float | None
    """Median distance of the pairs."""
    onset_error_s: float | None
    """Median absolute difference of the pairs' onsets."""

    @property
    def precision(self) -> float | None:
        """Share of the found events that are true."""
        return _ratio(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> float | None:
        """Share of the true events that were found."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)


def match_events(
    truth: Sequence[Event],
    found: Sequence[Event],
    *,
    spacing_mm: tuple[float, float],
    kinds: Collection[Kind] = COUNTED,
) -> Matching:
    """Pair true and found events one to one.

    A pair is allowed when the onsets lie within 150 ms of each other or the
    events share half of the longer one's duration, and when the found place
    lies within 5 mm of the true one or inside the true event's box. As many
    pairs as possible are made; among those the nearest in time, then in place.

    Parameters
    ----------
    truth, found
        Events of one clip, in any order.
    spacing_mm
        ``(dy, dx)``, millimetres a pixel.
    kinds
        Events of other kinds are left out on both sides.
    """
    true = _in_order(truth, kinds)
    given = _in_order(found, kinds)
    cost, allowed = _costs(true, given, spacing_mm)
    rows, columns = _assign(cost, allowed)
    taken_rows, taken_columns = set(rows), set(columns)
    return Matching(
        pairs=tuple((true[i], given[j]) for i, j in zip(rows, columns, strict=True)),
        missed=tuple(e for i, e in enumerate(true) if i not in taken_rows),
        surplus=tuple(e for j, e in enumerate(given) if j not in taken_columns),
    )


def may_pair(truth: Event, found: Event, *, spacing_mm: tuple[float, float]) -> bool:
    """Whether two events are near enough in time and place to be one."""
    _, allowed = _costs([truth], [found], spacing_mm)
    return bool(allowed[0, 0])


def score(matching: Matching, *, spacing_mm: tuple[float, float]) -> Score:
    """Sum a matching up; counts first, then the median errors of its pairs."""
    places = [distance_mm(t, f, spacing_mm) for t, f in matching.pairs]
    onsets = [abs(t.onset_s - f.onset_s) for t, f in matching.pairs]
    return Score(
        tp=len(matching.pairs),
        fp=len(matching.surplus),
        fn=len(matching.missed),
        place_error_mm=float(np.median(places)) if places else None,
        onset_error_s=float(np.median(onsets)) if onsets else None,
    )


def distance_mm(one: Event, other: Event, spacing_mm: tuple[float, float]) -> float:
    """Distance between the places of two events."""
    dy, dx = spacing_mm
    return float(np.hypot((one.y_px - other.y_px) * dy, (one.x_px - other.x_px) * dx))


def spacing_of(result: Result) -> tuple[float, float]:
    """Scale ``(dy, dx)`` in mm a pixel by which events of two results of one clip are matched.

    That of the largest picture, as it was analysed; of a result without pictures, that of
    its events. Where there is none it is 0: every place is then the same, and time decides.
    """
    if result.pictures:
        return max(
            result.pictures, key=lambda picture: _area_px(picture.box_px)
        ).analysed_spacing_mm
    for event in result.events:
        if event.x_mm is not None and event.y_mm is not None and min(event.x_px, event.y_px) > 0:
            return event.y_mm / event.y_px, event.x_mm / event.x_px
    return 0.0, 0.0


def _area_px(box: Box) -> int:
    x0, y0, x1, y1 = box
    return (x1 - x0) * (y1 - y0)


def _in_order(events: Sequence[Event], kinds: Collection[Kind]) -> list[Event]:
    """Keep the kinds asked for, in an order that does not depend on the input's."""
    kept = [e for e in events if e.kind in kinds]
    return sorted(kept, key=lambda e: (e.onset_s, e.x_px, e.y_px, e.offset_s, e.event))


def _costs(
    truth: Sequence[Event], found: Sequence[Event], spacing_mm: tuple[float, float]
) -> tuple[Floats, Mask]:
    """What each pair ``(true, found)`` would cost, and whether it is allowed."""
    true, given = _columns(truth)[:, :, None], _columns(found)[:, None, :]
    dy, dx = spacing_mm
    late_s = np.abs(true[0] - given[0])
    apart_mm = np.hypot((true[3] - given[3]) * dy, (true[2] - given[2]) * dx)
    near = (apart_mm <= PLACE_TOLERANCE_MM) | _inside(true, given)
    same_time = (late_s <= ONSET_TOLERANCE_S) | _share_half(true, given)
    return late_s + _PLACE_WEIGHT_S_PER_MM * apart_mm, same_time & near


def _columns(events: Sequence[Event]) -> Floats:
    """``(8, n)``: onset, offset, x, y, and the box."""
    rows = [(e.onset_s, e.offset_s, e.x_px, e.y_px, *e.box_px) for e in events]
    return np.array(rows, float).reshape(-1, 8).T


def _assign(cost: Floats, allowed: Mask) -> tuple[list[int], list[int]]:
    """Give the cheapest of the largest assignments that keep to the allowed pairs."""
    worst = cost[allowed].sum() + 1.0 if allowed.any() else 1.0
    rows, columns = linear_sum_assignment(np.where(allowed, cost, worst))
    kept = allowed[rows, columns]
    return rows[kept].tolist(), columns[kept].tolist()


def _share_half(true: Floats, given: Floats) -> Mask:
    """Whether two events share half of the longer one's duration."""
    shared = np.minimum(true[1], given[1]) - np.maximum(true[0], given[0])
    longer = np.maximum(true[1] - true[0], given[1] - given[0])
    return np.asarray((longer > 0) & (shared >= longer / 2))


def _inside(true: Floats, given: Floats) -> Mask:
    """Whether the found place lies in the true event's box."""
    x, y = given[2], given[3]
    inside = (true[4] <= x) & (x < true[6]) & (true[5] <= y) & (y < true[7])
    return np.asarray(inside)


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
