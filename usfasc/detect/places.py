"""Where and when tissue could be judged: cell by cell, at every moment of a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.detect.loss import CAUSES, Course, Loss
from usfasc.detect.stirring import Stirring
from usfasc.model import Floats, Mask
from usfasc.motion.grid import Cells

_CAUSE: Final = 0b0011
_STIRS: Final = 0b0100
_CARRIED: Final = 0b1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The moments that one window owns, ``(t,)``.

    ``states`` ``(t, rows, columns)`` holds for each cell a code of `CAUSES`, or 0, and whether
    it stirs at the moment, or is carried too fast to be followed; ``seen`` ``(rows, columns)``
    marks the cells that show a twitch while all is quiet, ``unsteady`` ``(t,)`` moments at
    which the picture trembles.
    """

    times_s: Floats
    states: NDArray[np.uint8]
    seen: Mask
    unsteady: Mask

    def between(self, start: int, stop: int) -> Places:
        """Some of the moments."""
        return Places(
            times_s=self.times_s[start:stop],
            states=self.states[start:stop],
            seen=self.seen,
            unsteady=self.unsteady[start:stop],
        )

    def lost_at(self, cells: Cells, time_s: float, place_mm: tuple[float, float]) -> Loss | None:
        """Why a place could not be judged at the moment next to a time; None where it could.

        Parameters
        ----------
        cells
            The picture's cells.
        time_s
            Time in the clip.
        place_mm
            ``(y, x)`` from the corner of the picture.
        """
        if not len(self.times_s):
            return Loss.SHORT
        row, column = (
            min(max(int(mm / size_mm), 0), count - 1)
            for mm, size_mm, count in zip(place_mm, cells.size_mm, cells.shape, strict=True)
        )
        code = int(self.states[np.abs(self.times_s - time_s).argmin(), row, column]) & _CAUSE
        return CAUSES[code - 1] if code else None


def places_of(stirring: Stirring, core_s: tuple[float, float]) -> Places:
    """The places of a window's core.

    Parameters
    ----------
    stirring
        Of the window.
    core_s
        Start and stop of the time that the window owns.
    """
    start, stop = np.searchsorted(stirring.times_s, core_s).tolist()
    return Places(
        times_s=stirring.times_s[start:stop],
        states=stirring.causes[start:stop]
        | (_STIRS * (stirring.now[start:stop] & stirring.seen)).astype(np.uint8)
        | (_CARRIED * (stirring.carried[start:stop] & stirring.seen)).astype(np.uint8),
        seen=stirring.seen,
        unsteady=stirring.unsteady[start:stop],
    )


def region_course(places: Places, valid: Mask, inside: Mask) -> Course:
    """Shares of a region's places that are lost, or stir, moment by moment.

    Parameters
    ----------
    places
        Of one window, or of some of its moments.
    valid
        Cells ``(rows, columns)`` that hold tissue.
    inside
        Cells of the region.
    """
    own, cells = inside & valid, inside & places.seen
    states = places.states[:, cells]

    def share(marked: Mask) -> Floats:
        return np.asarray(marked.sum(axis=1) / max(1, marked.shape[1]), np.float64)

    return Course(
        times_s=places.times_s,
        lost={cause: share(states & _CAUSE == code) for code, cause in enumerate(CAUSES, 1)},
        stirring=share(states & _STIRS > 0),
        carried=share(states & _CARRIED > 0),
        unsteady=places.unsteady.astype(np.float64),
        seen=np.full(len(states), float(cells.sum()) / max(1, int(own.sum()))),
    )
