"""The lost places of a clip, and what they make of its regions and its movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc.detect.loss import CAUSES, Course, Loss
from usfasc.detect.stirring import Stirring, odd_width
from usfasc.model import AssessableSpan, Floats, Mask
from usfasc.motion.grid import Cells

_STEP_S: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Lost places ``(t, rows, columns)`` about every 0.1 s: 0, or a code of `CAUSES`.

    ``seen_share`` is the share of the picture that shows a twitch while all is quiet.
    """

    times_s: Floats
    causes: NDArray[np.uint8]
    cells: Cells
    seen_share: float

    def lost_at(self, time_s: float, y_mm: float, x_mm: float) -> Loss | None:
        """Why the place could not be judged at that time; None where it could.

        Parameters
        ----------
        time_s
            Time in the clip.
        y_mm, x_mm
            Place in mm from the corner of the picture's crop.
        """
        if not len(self.times_s):
            return Loss.SHORT
        height, width = self.cells.size_mm
        row = min(max(int(y_mm / height), 0), self.causes.shape[1] - 1)
        column = min(max(int(x_mm / width), 0), self.causes.shape[2] - 1)
        code = int(self.causes[np.abs(self.times_s - time_s).argmin(), row, column])
        return CAUSES[code - 1] if code else None


def lost_at(
    whole: Sequence[AssessableSpan], places: Places, time_s: float, place_mm: tuple[float, float]
) -> Loss | None:
    """Why a movement could not be judged where and when it began; None where it could.

    Parameters
    ----------
    whole
        Spans of the whole image, one of whose regions may have been judged.
    places
        The picture's lost places: what another muscle does 20 mm away loses nothing here.
    time_s
        Onset in the clip.
    place_mm
        ``(y, x)`` from the corner of the picture's crop.
    """
    span = next((each for each in whole if each.start_s <= time_s < each.stop_s), None)
    if span is None:
        return Loss.ENDS
    return Loss(span.reason) if span.reason else places.lost_at(time_s, *place_mm)


def join_places(parts: Sequence[Places], cells: Cells) -> Places:
    """Places of consecutive windows as one; none where no window could be judged."""
    none = np.empty((0, *cells.shape), np.uint8)
    return Places(
        times_s=np.concatenate([np.empty(0), *(part.times_s for part in parts)]),
        causes=np.concatenate([none, *(part.causes for part in parts)]),
        cells=cells,
        seen_share=float(np.mean([part.seen_share for part in parts])) if parts else 0.0,
    )


def lost_places(stirring: Stirring, cells: Cells, core_s: tuple[float, float]) -> Places:
    """The lost places of the window's core, thinned to about 0.1 s."""
    chosen = np.flatnonzero(_within(stirring.times_s, core_s))
    step = max(1, odd_width(stirring.times_s, _STEP_S))
    some = chosen[step // 2 :: step]
    return Places(
        times_s=stirring.times_s[some],
        causes=stirring.causes[some],
        cells=cells,
        seen_share=float(stirring.seen.sum()) / max(1, int(stirring.valid.sum())),
    )


def region_course(stirring: Stirring, inside: Mask, core_s: tuple[float, float]) -> Course:
    """Shares of a region's places that are lost, or stir, within the core.

    Parameters
    ----------
    stirring
        Of the window.
    inside
        Cells ``(rows, columns)`` of the region.
    core_s
        Start and stop of the time that the window owns.
    """
    chosen = _within(stirring.times_s, core_s)
    own = inside & stirring.valid
    cells = inside & stirring.seen
    causes = stirring.causes[chosen][:, cells]

    def share(marked: Mask) -> Floats:
        return np.asarray(marked.sum(axis=1) / max(1, marked.shape[1]), np.float64)

    return Course(
        times_s=stirring.times_s[chosen],
        lost={cause: share(causes == code) for code, cause in enumerate(CAUSES, 1)},
        stirring=share(stirring.now[chosen][:, cells]),
        carried=share(stirring.carried[chosen][:, cells]),
        unsteady=stirring.unsteady[chosen].astype(np.float64),
        seen=np.full(int(chosen.sum()), float(cells.sum()) / max(1, int(own.sum()))),
    )


def _within(times_s: Floats, core_s: tuple[float, float]) -> Mask:
    return np.asarray((times_s >= core_s[0]) & (times_s < core_s[1]))
