"""How far a count is off: in a clip, and in the parts that a person would count apart.

Muscles lie upon one another, so the upper and the lower half of each picture stand for
regions; the line between them is given to both sides, truth and engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from usfasc.benchmark.bootstrap import ratio, rows_of
from usfasc.benchmark.tally import Tally
from usfasc.model import Box, Event, Floats

_Half = tuple[float, float, float, float]


def clip_errors(tallies: Sequence[Tally]) -> Floats:
    """``(clips, 3)``: true count, distance from it, how much was counted too many."""
    rows = ((len(t.truth), abs(_over(t)), _over(t)) for t in tallies)
    return rows_of(rows, 3)


def half_errors(tallies: Sequence[Tally]) -> Floats:
    """``(clips, 3)``: the same, summed over the halves of the clip's pictures."""
    return rows_of((_halves_summed(each) for each in tallies), 3)


def relative_error(sums: Floats) -> Floats:
    """Distance of the counts from the true ones, as a share of these."""
    return ratio(sums[..., 1], sums[..., 0])


def relative_bias(sums: Floats) -> Floats:
    """Counted too many, as a share of the true counts; below 0 where too few."""
    return ratio(sums[..., 2], sums[..., 0])


def _over(each: Tally) -> int:
    return len(each.found) - len(each.truth)


def _halves_summed(each: Tally) -> tuple[int, int, int]:
    true, distance, over = 0, 0, 0
    for half in _halves(each.case.boxes):
        in_truth = _inside(each.truth, half)
        surplus = _inside(each.found, half) - in_truth
        true, distance, over = true + in_truth, distance + abs(surplus), over + surplus
    return true, distance, over


def _halves(boxes: Sequence[Box]) -> Iterator[_Half]:
    """``(x0, y0, x1, y1)`` of the upper and the lower half of each picture."""
    for x0, y0, x1, y1 in boxes:
        middle = (y0 + y1) / 2
        yield x0, y0, x1, middle
        yield x0, middle, x1, y1


def _inside(events: Sequence[Event], half: _Half) -> int:
    x0, y0, x1, y1 = half
    return sum(x0 <= e.x_px < x1 and y0 <= e.y_px < y1 for e in events)
