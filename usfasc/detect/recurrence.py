"""Whether a candidate's own movement comes again, when, and over how much of the picture.

The movement of the tissue within 10 mm, over the time of a candidate, is a
template in space and time. Its projection on every other moment of the window
tells how much of that very movement recurs there, in units of the candidate
itself. An artery's beat shows as a row of recurrences at the heart's rate, a
tremor as a swing of 3.5-12 Hz, a twitch as a single one, or some without a rate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc.detect.candidates import Candidate
from usfasc.model import Floats, Mask
from usfasc.motion.field import Field, Stack
from usfasc.motion.grid import Cells

Moments = NDArray[np.intp]

_NEAR_MM = 10.0
_SPAN_S = (-0.06, 0.24)
_SHORTEST = 3
_BEAT_SIZE = 0.2
"""Of the candidate's own size; the largest of some beats is soonest a candidate."""
_SWING_SIZE = 0.35
_LIKE = 0.4
"""Cosine between two movements from which they are of one pattern."""
_BEAT_S = (0.4, 1.5)
_UNEVEN = 0.25
"""How much an interval may differ from the usual one: breathing and extra beats change it."""
_SWING_S = (1 / 12, 1 / 3.5)
_SWUNG_BACK = -0.2
IN_STEP = 0.6
"""Of a cell's power at the recurrences, what all of them share; noise shares one part in their
number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Recurrences one after the other at one rate, the candidate among them.

    ``size`` is the median size of the others in units of the candidate; ``share`` of the
    picture, or ``area_mm2``, moves in step with them.
    """

    rate_hz: float
    count: int
    lasts_s: float
    size: float
    share: float
    area_mm2: float


class Recurrences:
    """A window's movement, each cell's in units of what is usual for it, asked what comes again.

    Parameters
    ----------
    field
        Movement of the window.
    cells
        Their geometry.
    """

    def __init__(self, field: Field, cells: Cells) -> None:
        self._field, self._cells = field, cells
        self._times_s, self._valid = field.times_s, field.valid
        self._calm = np.asarray(1 / np.sqrt(field.unrest)[:, None, None], np.float32)

    def of(self, candidate: Candidate) -> tuple[Rhythm | None, Rhythm | None]:
        """The beat at the heart's rate, and the swing at a tremor's, that a candidate is of."""
        near = self._near(candidate)
        start, stop = self._span(candidate.onset_s)
        size, like = _projection(near, start, stop)
        peak = start + int(np.square(near[start:stop]).sum(axis=1).argmax())
        course = _Course(self._times_s[: len(size)], size, like, start)
        later = peak - start
        return (
            self._rhythm(course.beat(), size, later),
            self._rhythm(course.swing(), size, later),
        )

    def _near(self, candidate: Candidate) -> Stack:
        """Movement ``(t, n)`` of the cells about a candidate."""
        height, width = self._cells.size_mm
        rows, columns = np.indices(self._cells.shape)
        apart = np.hypot((rows - candidate.row) * height, (columns - candidate.column) * width)
        moves = self._moves(slice(None), (apart <= _NEAR_MM) & self._valid)
        return moves.reshape(len(moves), -1)

    def _moves(self, moments: Moments | slice, chosen: Mask) -> Stack:
        """Movement ``(t, 2, n)`` of some cells at some moments, in units of what is usual."""
        shift_mm = self._field.shift_mm[moments][:, :, chosen]
        return np.asarray(shift_mm * self._field.z_per_mm[chosen] * self._calm[moments], np.float32)

    def _span(self, onset_s: float) -> tuple[int, int]:
        ends_s = [onset_s + side_s for side_s in _SPAN_S]
        start, stop = (int(value) for value in np.searchsorted(self._times_s, ends_s))
        start = min(start, len(self._times_s) - _SHORTEST)
        return start, min(max(stop, start + _SHORTEST), len(self._times_s))

    def _rhythm(self, moments: Sequence[int], size: Floats, later: int) -> Rhythm | None:
        """A row of recurrences as a rhythm; they peak some moments after they begin."""
        if not moments:
            return None
        times_s = self._times_s[list(moments)]
        interval_s = float(np.median(np.diff(times_s)))
        in_step = self._in_step(np.array(moments) + later)
        return Rhythm(
            rate_hz=1 / interval_s,
            count=len(moments),
            lasts_s=float(times_s[-1] - times_s[0]) + interval_s,
            size=float(np.median(np.sort(size[list(moments)])[:-1])),
            share=float(in_step.mean()),
            area_mm2=float(in_step.sum() * np.prod(self._cells.size_mm)),
        )

    def _in_step(self, moments: Moments) -> Mask:
        """Which of the valid cells ``(n,)`` move alike at all of some moments."""
        moves = self._moves(moments, self._valid)
        power = np.square(moves).sum(axis=1).mean(axis=0)
        together = np.square(moves.mean(axis=0)).sum(axis=0)
        return np.asarray(together > IN_STEP * power)


def _projection(near: Stack, start: int, stop: int) -> tuple[Floats, Floats]:
    """Size ``(t,)`` of the template's recurrence from every moment on, and its cosine."""
    template, length = near[start:stop], stop - start
    count = len(near) - length + 1
    products = near @ template.T
    size = np.zeros(count)
    for step in range(length):
        size += products[step : step + count, step]
    power = np.convolve(np.square(near).sum(axis=1), np.ones(length), "valid")
    own = float(np.square(template).sum()) + 1e-9
    return size / own, size / np.sqrt(own * power + 1e-9)


@dataclass(frozen=True, slots=True)
class _Course:
    """Recurrence over time: its size in units of the candidate, and its likeness."""

    times_s: Floats
    size: Floats
    like: Floats
    own: int

    def beat(self) -> list[int]:
        """Moments of the recurrences that follow each other at the heart's rate."""
        peaks = self._peaks(0.8 * _BEAT_S[0], _BEAT_SIZE)
        if len(peaks) < 3:
            return []
        intervals_s = np.diff(self.times_s[peaks])
        possible = intervals_s[(intervals_s > _BEAT_S[0]) & (intervals_s < _BEAT_S[1])]
        if not len(possible):
            return []
        usual_s = float(np.median(possible))
        return self._row(peaks, lambda a, b: _is_even(self.times_s[b] - self.times_s[a], usual_s))

    def swing(self) -> list[int]:
        """Moments of the recurrences that alternate with their opposite at a tremor's rate."""
        peaks = self._peaks(0.8 * _SWING_S[0], _SWING_SIZE)

        def swings(a: int, b: int) -> bool:
            apart_s = self.times_s[b] - self.times_s[a]
            back = bool(self.size[a:b].min() < _SWUNG_BACK)
            return back and _SWING_S[0] <= apart_s <= _SWING_S[1]

        return self._row(peaks, swings)

    def _peaks(self, apart_s: float, least: float) -> list[int]:
        """Local maxima of the recurrence, the candidate itself among them."""
        step_s = float(np.median(np.diff(self.times_s)))
        width = 2 * max(1, round(apart_s / step_s)) + 1
        top = ndimage.maximum_filter1d(self.size, width, mode="nearest") == self.size
        again = top & (self.size > least) & (self.like > _LIKE)
        again[max(0, self.own - width // 2) : self.own + width // 2 + 1] = False
        again[self.own] = True
        return [int(moment) for moment in np.flatnonzero(again)]

    def _row(self, peaks: Sequence[int], follows: Callable[[int, int], bool]) -> list[int]:
        """The unbroken row of peaks, each of which follows the one before, about the candidate."""
        row: list[int] = [peaks[0]]
        for before, after in pairwise(peaks):
            if follows(before, after):
                row.append(after)
            elif after > self.own:
                break
            else:
                row = [after]
        return row if len(row) > 2 and self.own in row else []


def _is_even(interval_s: float, usual_s: float) -> bool:
    """Whether an interval is the usual one, or two of them with a beat missed."""
    return any(abs(interval_s / usual_s - times) <= _UNEVEN for times in (1, 2))
