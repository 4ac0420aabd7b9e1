"""Where and when no twitch could be told: place by place over one window.

A place is a cell with what lies within 5 mm of it, about the middle of a twitch.
It is lost while the tissue there stirs for longer than a twitch does: moves by
itself, is carried faster than can be followed, or changes so much, for lack of
signal or for movement that decorrelates speckle, that a twitch of 0.2 mm would not
stand out. What a cell can show at rest decides what counts as movement in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc.model import Floats, Mask
from usfasc.motion.evidence import LAG_S
from usfasc.motion.field import Field, Stack
from usfasc.motion.grid import Cells

_CARRIED_MM: Final = 0.15
"""In a lag: 2 mm/s, about half a speckle; faster, speckle is another by the time it is back."""
_LOCAL_MM: Final = 0.025
_FOLLOWED: Final = 0.5
"""Share of its drift that a cell may move beside it. A site is held still under its drift, so
breathing and sliding, however fast, hide no twitch; contraction and tremor do."""
_EXPLAINED: Final = 0.35
OVER_NOISE: Final = 0.4
"""Of a cell's unexplained change, noise alone feigns a tenth as movement, seldom a quarter."""
_HIDING_MM: Final = 0.15
"""Unexplained change as of so much movement: what noise then feigns is a sixth of what a
twitch of 0.2 mm shows within a lag, about half of itself."""
_REST_SHARE: Final = 0.3
_SOME: Final = 3
"""Every third moment tells what is usual as well."""
_AROUND_MM: Final = 5.0
_LOST_SHARE: Final = 0.15
_TWITCH_MM2: Final = 400.0
"""20 mm by 10 mm and what lies around: a site that twitches again and again is not lost."""
_LASTING_S: Final = 1.4
"""Longer than half of this a twitch does not move."""
_UNREST: Final = 2.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Motion:
    """Per evidence time and cell of a window ``(t, rows, columns)``: what moved, with what."""

    local: Mask
    probe: Mask


def movement(field: Field) -> Motion:
    """Cells that surely move by themselves, or with the probe: what features ask about.

    Parameters
    ----------
    field
        Movement of the window.

    Returns
    -------
    Motion
        A cell moves by itself where it goes beside its drift, and flow explains at least a
        third of how it changes; with the probe, where that carries it at 2 mm/s or faster.
    """
    scale = _per_lag(field)
    flows = (field.explained > _EXPLAINED) & field.valid
    return Motion(
        local=_beside(field, scale) & flows,
        probe=(field.probe_mm * scale > _CARRIED_MM) & field.valid,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stirring:
    """What stirs in one window; stacks ``(t, rows, columns)``.

    ``seen`` ``(rows, columns)`` marks the cells that show a twitch while all is quiet.
    ``now`` marks places that stir at a moment, ``causes`` those that do for longer than
    a twitch, by their code; ``carried`` marks cells that go too fast to be followed.
    ``unsteady`` ``(t,)`` is the picture that changes though nothing carries it.
    """

    times_s: Floats
    valid: Mask
    seen: Mask
    now: Mask
    carried: Mask
    causes: NDArray[np.uint8]
    unsteady: Mask


def stirring(field: Field, cells: Cells) -> Stirring:
    """Say where a window's tissue stirs, and why no twitch could be told there.

    Parameters
    ----------
    field
        Movement of the window.
    cells
        Their geometry.
    """
    scale = _per_lag(field)
    noise_mm = field.unexplained_mm * scale
    seen = field.valid & (_at_rest(noise_mm) <= _HIDING_MM)
    masks = [
        noise_mm > _HIDING_MM,
        _beside(field, scale) & (_size(field.shift_mm) > OVER_NOISE * field.unexplained_mm),
        field.probe_mm * scale > _CARRIED_MM,
    ]
    around = _Around(cells, seen)
    now = around.share(np.logical_or.reduce(masks)) > _LOST_SHARE
    return Stirring(
        times_s=field.times_s,
        valid=field.valid,
        seen=seen,
        now=now,
        carried=masks[-1],
        causes=_causes(masks, around, odd_width(field.times_s, _LASTING_S)),
        unsteady=_unsteady(field, noise_mm),
    )


def _per_lag(field: Field) -> Stack:
    """What makes a movement over each moment's lag one over the nominal lag."""
    return np.asarray((LAG_S / field.lags_s)[:, None, None], np.float32)


def _size(shift_mm: Stack) -> Stack:
    return np.hypot(shift_mm[:, 0], shift_mm[:, 1])


def _at_rest(noise_mm: Stack) -> Stack:
    """Noise of each cell ``(rows, columns)`` in the quieter part of the time."""
    some = noise_mm[::_SOME]
    rank = round(_REST_SHARE * (len(some) - 1))
    return np.asarray(np.partition(some, rank, axis=0)[rank])


def _beside(field: Field, scale: Stack) -> Mask:
    """Cells that move beside their drift."""
    least_mm = np.float32(_LOCAL_MM) / scale + np.float32(_FOLLOWED) * field.drift_mm
    return np.asarray(_size(field.shift_mm) > least_mm)


class _Around:
    """Shares of the seen cells within 5 mm, along and across.

    ``most_cells`` is how many places a twitch may stir; in a small picture half of them.
    """

    def __init__(self, cells: Cells, seen: Mask) -> None:
        self._seen = seen
        self._width = [2 * max(1, round(_AROUND_MM / size_mm)) + 1 for size_mm in cells.size_mm]
        self._all = np.maximum(self._mean(seen[None].astype(np.float32)), 1e-6)
        height, width = cells.size_mm
        self.most_cells = min(_TWITCH_MM2 / (height * width), float(seen.sum()) / 2)

    def share(self, marked: Mask) -> Stack:
        """Of marked cells ``(t, rows, columns)``."""
        return np.asarray(self._mean((marked & self._seen).astype(np.float32)) / self._all)

    def _mean(self, values: Stack) -> Stack:
        rows, columns = self._width
        along = ndimage.uniform_filter1d(values, columns, axis=2, mode="constant")
        return np.asarray(ndimage.uniform_filter1d(along, rows, axis=1, mode="constant"))


def _causes(masks: Sequence[Mask], around: _Around, width: int) -> NDArray[np.uint8]:
    """Codes of the places where any of the masks lasts.

    Movement hides what it moves: noise is the reason only where too little moves to be one.
    """
    lost = around.share(_lasting(np.logical_or.reduce(masks), width)) > _LOST_SHARE
    _, moved, carried = (around.share(_lasting(mask, width)) for mask in masks)
    moving = np.maximum(moved, carried) > _LOST_SHARE
    code = np.where(moving, np.where(carried > moved, 3, 2), 1)
    return np.where(lost & _larger(lost, around.most_cells), code, 0).astype(np.uint8)


def _larger(lost: Mask, most_cells: float) -> Mask:
    """Marked within stretches of a moment's picture that are larger than any twitch."""
    in_plane = np.zeros((3, 3, 3), bool)
    in_plane[1] = True
    labels, count = ndimage.label(lost, in_plane)
    size = np.bincount(labels.ravel(), minlength=count + 1)
    return np.asarray((size > most_cells)[labels])


def _lasting(marked: Mask, width: int) -> Mask:
    """Marked for most of the time around."""
    share = ndimage.uniform_filter1d(marked.astype(np.float32), width, axis=0, mode="reflect")
    return np.asarray(share > 0.5)


def _unsteady(field: Field, noise_mm: Stack) -> Mask:
    """Moments at which the picture changes far more than usual, though nothing carries it.

    A muscle held in contraction trembles without going anywhere. Tissue that is carried
    along changes too, by less than half of its way; trembling, by several times its way.
    """
    cells = field.valid
    carried_mm = np.median(_size(field.carried_mm)[:, cells], axis=1)
    left_mm = np.median(noise_mm[:, cells], axis=1)
    gained_mm = np.sqrt(np.maximum(left_mm**2 - _at_rest(left_mm) ** 2, 0))
    return np.asarray((field.unrest > _UNREST) & (gained_mm > carried_mm))


def odd_width(times_s: Floats, width_s: float) -> int:
    """A width in moments, odd."""
    step_s = float(np.median(np.diff(times_s)))
    return max(1, round(width_s / step_s)) | 1
