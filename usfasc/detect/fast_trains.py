"""Fast trains: sites whose strokes recur evenly, too quickly for what candidates come from.

Such a site never rests: of some half a second its tissue moves most. There it is looked at
from frame to frame, and what recurs as evenly as one motor unit fires is a train. Noise
makes strokes as quick, but neither as even nor as large beside what flow leaves over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc.detect.recurrence import IN_STEP
from usfasc.detect.signs import WIDE_MM2
from usfasc.detect.site_speed import Cell, Speed
from usfasc.detect.stirring import OVER_NOISE
from usfasc.detect.train import Train
from usfasc.detect.trains import cell_of, unit_mm
from usfasc.model import SITE_MM, Floats, Mask
from usfasc.motion.field import Field, Stack, running_median
from usfasc.motion.grid import Cells

FEWEST: Final = 10
"""Discharges of the shortest fast train, ours: fewer of noise are too often even."""
SLOWEST_HZ: Final = 4.0
"""What is slower, the movement over 75 ms shows."""
_RESTLESS_S: Final = 0.6
_RESTLESS: Final = 1.0
"""Movement in units of what is usual; at rest its median is a third of that."""
_EVEN: Final = 0.25
"""Most that the intervals vary by, as median deviation over the median: development trains
whose intervals vary by 10 % come to 0.22 at most, noise mostly to more."""
_SHORTEST_S: Final = 1.0
_ALIKE: Final = 0.5
"""Least correlation of the shortest train's course with itself one discharge later. What
noise makes of it shrinks with the square root of the discharges; a train of real intervals
that vary, and are compared at their usual one, comes to 0.4-0.9."""
FASTEST_HZ: Final = 13.0
"""Beyond, twitches fuse and little of them is left; what noise makes recurs at 15 Hz."""
_SUDDEN: Final = 4.0
"""Most that the picture may change at strokes, over its calmest quarter of the train. Tissue
goes back between them (development trains: 3.0 at most); a codec leaves the picture as it
was, and then changes it at once (5.1)."""
_AS_FAR: Final = 0.1
"""Of how far the site goes: a strong one is taken in part for the probe's movement, and all of
the picture then seems to go a little the other way."""
_INSIDE_MM: Final = 2.0
_NORMAL: Final = 1.4826
"""Standard deviation of a normal distribution over its median deviation."""
_OF_FRAME_RATE: Final = 0.45
"""Nearer to half of the frame rate, strokes are those of the frames, not of the tissue."""

Look = Callable[[Cell, tuple[float, float]], Speed | None]
"""Goes back to the frames of a site and a span of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FastTrains:
    """Fast trains of one site each, and times ``(start, stop)`` when all of the picture shakes."""

    trains: tuple[Train, ...]
    shaken_s: tuple[tuple[float, float], ...]

    def are_apart_from(self, train: Train) -> bool:
        """Whether the picture is at rest around a train: else it may be a tremor."""
        first_s, last_s = train.strokes_s[0], train.strokes_s[-1]
        return not any(start <= last_s and first_s <= stop for start, stop in self.shaken_s)


def find_fast_trains(
    field: Field, cells: Cells, look: Look, slow: Sequence[Train] = ()
) -> FastTrains:
    """Find the fast trains of one window.

    Parameters
    ----------
    field
        Its movement.
    cells
        Their geometry.
    look
        Back to the frames, where a train is suspected.
    slow
        Trains that are known: in the movement over 75 ms every other discharge may be lost.

    Returns
    -------
    FastTrains
        Runs of at least ten even strokes, those at the most restless sites first.
    """
    found: list[Train] = []
    shaken_s: list[tuple[float, float]] = []
    known = ((cell_of(train, cells), (train.strokes_s[0], train.strokes_s[-1])) for train in slow)
    for cell, span_s in (*_suspects(field, cells), *known):
        y_mm, x_mm = cells.centre_mm(*cell)
        if any(train.goes_on_near(y_mm, x_mm, span_s) for train in found):
            continue
        speed = look(cell, span_s)
        for run in _even_runs(speed) if speed is not None else ():
            if in_step_mm2(run, cell, field, cells) >= WIDE_MM2:
                shaken_s.append((run[0], run[-1]))
            else:
                found.append(Train(y_mm=y_mm, x_mm=x_mm, strokes_s=run))
    seen = FastTrains(trains=tuple(found), shaken_s=tuple(shaken_s))
    return replace(seen, trains=tuple(train for train in found if seen.are_apart_from(train)))


def in_step_mm2(run: tuple[float, ...], cell: Cell, field: Field, cells: Cells) -> float:
    """Area that moves alike at all strokes of a site, at least a tenth as far as the site does."""
    moments = np.abs(field.times_s[:, None] - np.array(run)).argmin(axis=0)
    moves_mm = field.shift_mm[moments]
    together = np.square(moves_mm.mean(axis=0)).sum(axis=0)
    alike = together > IN_STEP * np.square(moves_mm).sum(axis=1).mean(axis=0)
    far = together > _AS_FAR**2 * together[cell]
    return float((alike & far & field.valid).sum() * np.prod(cells.size_mm))


def _suspects(field: Field, cells: Cells) -> Iterator[tuple[Cell, tuple[float, float]]]:
    """Sites, the most restless first, and when each does not rest but swings to and fro."""
    size_mm = np.hypot(field.shift_mm[:, 0], field.shift_mm[:, 1])
    usual_mm = unit_mm(field.z_per_mm, field.unexplained_mm)
    restless = running_median((size_mm / usual_mm).astype(np.float32), field.times_s, _RESTLESS_S)
    most = restless.max(axis=0) * _whole(field.valid, cells)
    reach = [2 * round(SITE_MM / size) + 1 for size in cells.size_mm]
    tops = (most > _RESTLESS) & (most == ndimage.maximum_filter(most, reach, mode="nearest"))
    for row, column in sorted(np.argwhere(tops).tolist(), key=lambda cell: -most[tuple(cell)]):
        course = restless[:, row, column]
        for first, last in _runs(course > _RESTLESS / 2):
            moves = field.shift_mm[first : last + 1, :, row, column]
            if course[first : last + 1].max() > _RESTLESS and _swings(
                moves, field.times_s[first : last + 1]
            ):
                yield (row, column), (float(field.times_s[first]), float(field.times_s[last]))


def _whole(valid: Mask, cells: Cells) -> Mask:
    """Cells about which the picture goes on: at its edge, what comes in passes for movement."""
    reach = [2 * round(_INSIDE_MM / size) + 1 for size in cells.size_mm]
    return np.asarray(ndimage.minimum_filter(valid, reach, mode="constant", cval=0))


def _runs(mask: Mask) -> Iterator[tuple[int, int]]:
    """First and last of each row of true elements."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    yield from ((int(first), int(stop) - 1) for first, stop in edges.reshape(-1, 2))


def _swings(shift_mm: Stack, times_s: Floats) -> bool:
    """Whether movement ``(t, 2)`` turns to and fro as quickly as a fast train's, often enough."""
    if len(shift_mm) < FEWEST:
        return False
    course = shift_mm @ np.linalg.svd(shift_mm, full_matrices=False)[2][0]
    turns_s = times_s[1:][(course[:-1] < 0) & (course[1:] >= 0)]
    often = FEWEST - 2  # the first and the last stroke may be lost at the ends
    lasts_s = turns_s[often:] - turns_s[:-often]
    return bool((lasts_s <= often / SLOWEST_HZ).any())


def _even_runs(speed: Speed) -> Iterator[tuple[float, ...]]:
    """Times of strokes in quick and even succession."""
    peaks = speed.strokes(OVER_NOISE * float(np.median(speed.unexplained_mm)))
    pauses = np.flatnonzero(np.diff(speed.times_s[peaks]) > 1 / SLOWEST_HZ) + 1
    for run in np.split(peaks, pauses):
        strokes_s = speed.times_s[run]
        if len(run) >= FEWEST and np.ptp(strokes_s) >= _SHORTEST_S and _recurs(speed, run):
            yield tuple(strokes_s.tolist())


def _recurs(speed: Speed, run: NDArray[np.intp]) -> bool:
    """Whether strokes are even, and the movement from one to the next is like the one after."""
    gaps_s = np.diff(speed.times_s[run])
    usual_s = float(np.median(gaps_s))
    varies = _NORMAL * float(np.median(np.abs(gaps_s - usual_s))) / usual_s
    if varies > _EVEN or usual_s < max(1 / FASTEST_HZ, 1 / (_OF_FRAME_RATE * speed.frame_rate_hz)):
        return False
    during = slice(run[0], run[-1] + 1)
    if np.median(speed.changed_mm[run]) > _SUDDEN * np.percentile(speed.changed_mm[during], 25):
        return False
    course = speed.step_mm[during]
    course = course - course.mean()
    later = round(usual_s / float(speed.times_s[1] - speed.times_s[0]))
    one, next_one = course[:-later], course[later:]
    alike = float(one @ next_one) / float(np.linalg.norm(one) * np.linalg.norm(next_one))
    return alike >= _ALIKE * sqrt(FEWEST / len(run))
