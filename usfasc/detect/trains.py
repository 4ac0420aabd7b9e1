"""Trains: one site that jerks again and again, faster than single twitches come.

Within a train no single jerk looks like a twitch, since the tissue does not come to rest
between two of them; the second look scores them low. What marks a train is the course of
its site: one stroke after another, evenly large. The strokes are told apart where they
are more than about 0.1 s apart, that is up to some 10 Hz: the differences that movement
is measured by span 75 ms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.special import gammainc

from usfasc.detect.candidates import Candidate, Response, candidate_at
from usfasc.detect.stirring import OVER_NOISE
from usfasc.detect.train import APART_S, OUT_S, PAUSE_S, Train, is_seen
from usfasc.model import SITE_MM, Floats
from usfasc.motion.field import Field, Stack, usual
from usfasc.motion.grid import Cells

FEWEST: Final = 5
"""Strokes of the shortest train, ours. Look-alikes of the development phantoms show four
at most, the phantom's shortest trains nine."""
SLOWEST_HZ: Final = 2.75
"""Three a second, where single firings end and trains begin, less the error of a rate
over a few intervals."""

_STRONG = 8.0
"""Candidates that lead to a site; noise alone reaches 4 to 6."""
_FEWEST_LEADS = 3
"""At one, and every such cell asked, the plain tibialis clip told a train, for one true train
more of 38 of development."""
_STROKE = 4.0
"""Least size of a stroke in units of what is usual at the site."""
_OF_LARGE, _LARGE_PERCENTILE = 0.4, 75
"""Of a run's large strokes, the least of its strokes. The largest will not do: the first one,
out of rest, may go three times as fast as the others, which begin before the tissue is back."""
_BY_CHANCE = 0.01
_SOME = 3
"""Every third moment tells what is usual as well."""
_MOST_PERCENTILE = 60
_RESTLESS_MM = 0.01
_FEIGNED, _STILL_MM = 0.25, 0.003


def restless_sites(response: Response, field: Field, cells: Cells) -> tuple[Candidate, ...]:
    """A candidate at each site that moves most of the time.

    What moves always is what is usual there, and the search passes over it: a train that
    fills the window would be missed. Noise alone feigns no such movement.

    Parameters
    ----------
    response, field
        Movement of the window.
    cells
        Their geometry.
    """
    sizes_mm = np.hypot(field.shift_mm[::_SOME, 0], field.shift_mm[::_SOME, 1])
    moved_mm = np.percentile(sizes_mm, _MOST_PERCENTILE, axis=0)
    restless = field.valid & (moved_mm > np.maximum(_RESTLESS_MM, OVER_NOISE * _noise_mm(field)))
    reach = [2 * round(SITE_MM / size_mm) + 1 for size_mm in cells.size_mm]
    tops = restless & (moved_mm == ndimage.maximum_filter(moved_mm, reach, mode="nearest"))
    return tuple(
        _strongest_stroke(row, column, response, field, cells)
        for row, column in np.argwhere(tops).tolist()
    )


def first_stroke(train: Train, response: Response, cells: Cells) -> Candidate:
    """The candidate at a train's first discharge, which tissue at rest makes."""
    place = cell_of(train, cells)
    return candidate_at(response, cells, (_moment(response, train.onset_s), *place))


def cell_of(train: Train, cells: Cells) -> tuple[int, int]:
    """Row and column of the search grid that a train's site lies in."""
    height_mm, width_mm = cells.size_mm
    return int(train.y_mm / height_mm), int(train.x_mm / width_mm)


def _moment(response: Response, time_s: float) -> int:
    return int(np.abs(response.times_s - time_s).argmin())


def _strongest_stroke(
    row: int, column: int, response: Response, field: Field, cells: Cells
) -> Candidate:
    moment = int(_course(field, row, column).argmax())
    onset_s = float(field.times_s[moment]) - OUT_S
    return candidate_at(response, cells, (_moment(response, onset_s), row, column))


def _noise_mm(field: Field) -> Stack:
    """Change of each cell ``(rows, columns)`` that no movement explains, as of a movement."""
    return usual(field.unexplained_mm)


def find_trains(
    candidates: Sequence[Candidate], restless: Sequence[Candidate], field: Field
) -> tuple[Train, ...]:
    """Find the trains of one window.

    Parameters
    ----------
    candidates
        The window's candidates.
    restless
        Those at sites that move most of the time.
    field
        Its movement.

    Returns
    -------
    tuple of Train
        Runs of at least five strokes at 3 Hz or more that Poisson firing at the pace of
        the site's other strokes would give less than once in a hundred windows.
    """
    strong = sorted(
        (item for item in candidates if item.strength >= _STRONG),
        key=lambda item: (-item.strength, item.onset_s),
    )
    leads = [site[0] for site in _sites(strong) if len(site) >= _FEWEST_LEADS]
    found: list[Train] = []
    for lead in (*leads, *restless):
        found += [train for train in _trains_at(lead, field) if not is_seen(train, found)]
    return tuple(found)


def _sites(strong: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Candidates of one place, its strongest first."""
    left = list(strong)
    while left:
        lead = left[0]
        near = [np.hypot(c.y_mm - lead.y_mm, c.x_mm - lead.x_mm) <= SITE_MM for c in left]
        yield [item for item, here in zip(left, near, strict=True) if here]
        left = [item for item, here in zip(left, near, strict=True) if not here]


def _strokes(course: Floats, apart: int) -> NDArray[np.intp]:
    """Peaks of a course, each the highest nearby, with as low a valley to the next.

    scipy.signal would find them too, at 23 MB of memory.
    """
    tops = course >= ndimage.maximum_filter1d(course, 2 * apart - 1, mode="nearest")
    kept: list[int] = []
    for peak in np.flatnonzero(tops & (course > _STROKE)).tolist():
        if (
            not kept
            or course[kept[-1] : peak].min() <= min(course[kept[-1]], course[peak]) - _STROKE
        ):
            kept.append(peak)
        elif course[peak] > course[kept[-1]]:
            kept[-1] = peak
    return np.array(kept, np.intp)


def _trains_at(lead: Candidate, field: Field) -> Iterator[Train]:
    """Runs of a site's strokes, those much smaller than a run's large ones left out."""
    course = _course(field, lead.row, lead.column)
    apart = max(1, int(APART_S / float(np.median(np.diff(field.times_s)))))
    peaks = _strokes(course, apart)
    length_s = float(field.times_s[-1] - field.times_s[0])
    runs = list(_runs(peaks, field.times_s))
    single = len(peaks) - sum(map(len, runs))
    for run in runs:
        large = float(np.percentile(course[run], _LARGE_PERCENTILE))
        even = run[course[run] >= _OF_LARGE * large]
        strokes_s = tuple(field.times_s[even].tolist())
        train = Train(y_mm=lead.y_mm, x_mm=lead.x_mm, strokes_s=strokes_s)
        if len(even) < FEWEST or train.rate_hz < SLOWEST_HZ:
            continue
        if not _is_chance(train, single, length_s):
            yield train


def _runs(peaks: NDArray[np.intp], times_s: Floats) -> Iterator[NDArray[np.intp]]:
    """Enough strokes without a pause between them."""
    edges = np.flatnonzero(np.diff(times_s[peaks]) > PAUSE_S) + 1
    yield from (run for run in np.split(peaks, edges) if len(run) >= FEWEST)


def _course(field: Field, row: int, column: int) -> Floats:
    """Movement ``(t,)`` along a site's own axis, towards where it moves faster.

    It is in units of what is usual there, or of what noise alone feigns, if that is less.
    A twitch goes out faster than it comes back, so that the cube of its strokes says which
    way is out.
    """
    shift_mm = field.shift_mm[:, :, row, column].astype(np.float64)
    own_mm = unit_mm(field.z_per_mm[row, column], field.unexplained_mm[:, row, column])
    course = shift_mm @ np.linalg.svd(shift_mm, full_matrices=False)[2][0] / own_mm
    return np.asarray(course if (course**3).sum() >= 0 else -course)


def unit_mm(z_per_mm: Stack, unexplained_mm: Stack) -> Stack:
    """What is usual at some cells ``(...)``, or what noise alone feigns, if that is less.

    Parameters
    ----------
    z_per_mm, unexplained_mm
        Of a field, at those cells: ``(...)`` and ``(t, ...)``.
    """
    feigned_mm = _FEIGNED * np.median(unexplained_mm, axis=0) + _STILL_MM
    return np.asarray(np.minimum(1 / np.maximum(z_per_mm, 1e-6), feigned_mm))


def _is_chance(train: Train, others: int, length_s: float) -> bool:
    """Whether random firing at the pace of the site's other, single strokes gives one as quick.

    Of a Poisson process the next n firings come within a time t with probability
    P(n, rate t), the incomplete gamma function; any of the firings may begin a run.
    """
    lasts_s = train.strokes_s[-1] - train.strokes_s[0]
    expected = (others + 1) / max(length_s - lasts_s, 1.0) * lasts_s
    strokes = len(train.strokes_s)
    return (others + strokes) * float(gammainc(strokes - 1, expected)) >= _BY_CHANCE
