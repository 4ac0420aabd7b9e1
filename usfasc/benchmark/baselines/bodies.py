"""Events of a trace with cells: bodies of moved places, joined in space and time."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc.benchmark.baselines.method import Found, Trace, event_of
from usfasc.benchmark.baselines.view import Reals
from usfasc.model import Event, Mask

_BRIDGED_S: Final = 0.2
"""Out and back is one twitch: the pause at its peak is bridged."""
_LEAST_AREA_MM2: Final = 10.0
_MOST_OF_PICTURE: Final = 0.5
_LASTS_S: Final = (0.03, 1.2)


def in_noise(values: Reals, least: float) -> Reals:
    """Values ``(n, y, x)`` in units of each cell's own noise, its median over the clip.

    Parameters
    ----------
    values
        Lengths of change, none negative but for a subtracted mean.
    least
        Noise that every cell has: a codec may leave none at all.
    """
    noise = 1.5 * np.median(np.abs(values), axis=0) + least
    return np.asarray(values / noise, np.float32)


def bodies(trace: Trace, threshold: float) -> tuple[Event, ...]:
    """Bodies over a threshold that are as large and as long as a twitch may be."""
    if len(trace.values) < 2 or not trace.values.size:
        return ()
    active = trace.values > threshold
    inside = max(1, int(trace.grid.inside.sum()))
    active &= active.sum(axis=(1, 2), keepdims=True) < _MOST_OF_PICTURE * inside
    labels, _ = ndimage.label(_bridged(active, trace), np.ones((3, 3, 3)))
    wheres = enumerate(ndimage.find_objects(labels), start=1)
    found = [_body(labels[w] == label, w, trace) for label, w in wheres if _may_fit(w, trace)]
    fit = [body for body in found if (body.area_mm2 or 0.0) >= _LEAST_AREA_MM2]
    return tuple(event_of(trace, body, number) for number, body in enumerate(fit, 1))


def _bridged(active: Mask, trace: Trace) -> NDArray[np.uint8]:
    """Active cells with their short pauses closed."""
    reach = round(_BRIDGED_S / float(np.median(np.diff(trace.times_s)))) // 2
    size = 2 * reach + 1
    wide = ndimage.maximum_filter1d(active.view(np.uint8), size, axis=0, mode="constant")
    closed = ndimage.minimum_filter1d(wide, size, axis=0, mode="constant", cval=1)
    return np.asarray(closed, np.uint8)


def _may_fit(where: tuple[slice, ...], trace: Trace) -> bool:
    """Whether a body lasts as a twitch does, in a box that could hold its area."""
    moments, rows, columns = where
    lasts_s = trace.times_s[moments.stop - 1] - trace.times_s[moments.start]
    lasts_s += trace.grid.view.interval_s
    box_mm2 = (rows.stop - rows.start) * (columns.stop - columns.start) * trace.grid.cell_mm2
    return bool(box_mm2 >= _LEAST_AREA_MM2 and _LASTS_S[0] <= lasts_s <= _LASTS_S[1])


def _body(body: Mask, where: tuple[slice, ...], trace: Trace) -> Found:
    moments, rows, columns = where
    _, y, x = ndimage.center_of_mass(body)
    return Found(
        rows=(moments.start, moments.stop),
        peak=moments.start + int(body.sum(axis=(1, 2)).argmax()),
        place=(rows.start + float(y), columns.start + float(x)),
        cells=(rows.start, columns.start, rows.stop, columns.stop),
        area_mm2=float(body.any(axis=0).sum()) * trace.grid.cell_mm2,
    )
