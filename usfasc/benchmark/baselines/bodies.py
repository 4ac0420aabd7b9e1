"""Events of a trace with cells: bodies of moved places, joined in space and time."""

from __future__ import annotations

from typing import Final

import numpy as np
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
    if len(trace.values) < 2:
        return ()
    active = trace.values > threshold
    inside = max(1, int(trace.grid.inside.sum()))
    active &= active.sum(axis=(1, 2), keepdims=True) < _MOST_OF_PICTURE * inside
    bridge = np.ones((round(_BRIDGED_S / float(np.median(np.diff(trace.times_s)))) + 1, 1, 1), bool)
    labels, _ = ndimage.label(ndimage.binary_closing(active, bridge), np.ones((3, 3, 3)))
    found = [
        _body(labels[where] == label, where, trace)
        for label, where in enumerate(ndimage.find_objects(labels), start=1)
    ]
    fit = [body for body in found if _is_fit(body, trace)]
    return tuple(event_of(trace, body, number) for number, body in enumerate(fit, 1))


def _is_fit(body: Found, trace: Trace) -> bool:
    lasts_s = trace.times_s[body.rows[1] - 1] - trace.times_s[body.rows[0]]
    lasts_s += trace.grid.view.interval_s
    return (body.area_mm2 or 0.0) >= _LEAST_AREA_MM2 and _LASTS_S[0] <= lasts_s <= _LASTS_S[1]


def _body(body: Mask, where: tuple[slice, ...], trace: Trace) -> Found:
    moments, rows, columns = where
    _, y, x = ndimage.center_of_mass(body)
    step_mm = trace.grid.step_mm
    return Found(
        rows=(moments.start, moments.stop),
        peak=moments.start + int(body.sum(axis=(1, 2)).argmax()),
        place=(rows.start + float(y), columns.start + float(x)),
        cells=(rows.start, columns.start, rows.stop, columns.stop),
        area_mm2=float(body.any(axis=0).sum()) * step_mm[0] * step_mm[1],
    )
