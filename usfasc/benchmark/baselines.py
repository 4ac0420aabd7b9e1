"""Frame differencing, done well: what our figures must stand beside.

Our own writing of the plain idea: smooth, subtract the frame 75 ms before, remove
what the whole image does, divide by each place's own noise, threshold, join what
touches in space and time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.model import Cine, Event, Floats, Kind, Mask

THRESHOLDS: Final = (4.0, 6.0, 8.0, 12.0, 16.0, 24.0)
"""Noise units; each set of cases is told at the one that suits it best."""
_LAG_S = 0.075
_BRIDGED_S = 0.2
_CELL_MM = 0.5
_SMOOTH_MM = 0.75
"""Standard deviation."""
_LEAST_NOISE = 0.15
"""Grey levels: a codec may leave none at all."""
_LEAST_AREA_MM2 = 10.0
_MOST_OF_FIELD = 0.5
_LASTS_S = (0.03, 1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cells:
    """Square cells of about half a millimetre over the B-mode area."""

    left_px: int
    top_px: int
    step_px: tuple[int, int]
    step_mm: tuple[float, float]
    times_s: Floats


def frame_differencing(
    cine: Cine, spacing_mm: tuple[float, float], thresholds: Sequence[float] = THRESHOLDS
) -> dict[float, tuple[Event, ...]]:
    """Detect twitches by frame differencing, at each threshold.

    Parameters
    ----------
    cine
        A clip with times and a B-mode area.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    thresholds
        Noise units above which a place has changed.
    """
    cells = _cells(cine, spacing_mm)
    lag = max(1, round(_LAG_S / float(np.median(np.diff(cells.times_s)))))
    small = _shrunk(cine, cells)
    if len(small) <= lag:
        return dict.fromkeys(thresholds, ())
    change = np.abs(small[lag:] - small[:-lag])
    change -= np.median(change, axis=(1, 2), keepdims=True)
    change /= 1.5 * np.median(np.abs(change), axis=0) + _LEAST_NOISE
    # Out and back is one twitch: the pause at its peak is bridged.
    bridge = np.ones((round(_BRIDGED_S * lag / _LAG_S) + 1, 1, 1), bool)
    return {limit: _events(change > limit, bridge, cells) for limit in thresholds}


def _events(active: Mask, bridge: Mask, cells: _Cells) -> tuple[Event, ...]:
    """Bodies of changed places that are as large and as long as a twitch may be."""
    local = active & (active.mean(axis=(1, 2), keepdims=True) < _MOST_OF_FIELD)
    labels, _ = ndimage.label(ndimage.binary_closing(local, bridge), np.ones((3, 3, 3)))
    events: list[Event] = []
    for label, where in enumerate(ndimage.find_objects(labels), start=1):
        event = _event(labels[where] == label, where, cells, len(events) + 1)
        events += [event] if event is not None else []
    return tuple(events)


def _cells(cine: Cine, spacing_mm: tuple[float, float]) -> _Cells:
    assert cine.bmode is not None
    assert cine.times_s is not None
    step_px = (
        max(1, round(_CELL_MM / spacing_mm[0])),
        max(1, round(_CELL_MM / spacing_mm[1])),
    )
    return _Cells(
        left_px=cine.bmode.box[0],
        top_px=cine.bmode.box[1],
        step_px=step_px,
        step_mm=(step_px[0] * spacing_mm[0], step_px[1] * spacing_mm[1]),
        times_s=cine.times_s,
    )


def _shrunk(cine: Cine, cells: _Cells) -> NDArray[np.float32]:
    """B-mode area of all frames, smoothed, one value a cell, ``(t, y, x)``."""
    assert cine.bmode is not None
    x0, y0, x1, y1 = cine.bmode.box
    mask = cine.bmode.mask[y0:y1, x0:x1]
    size = (max(1, (x1 - x0) // cells.step_px[1]), max(1, (y1 - y0) // cells.step_px[0]))
    rows = []
    for frame in cine.frames.stream():
        grey = np.where(mask, frame.grey[y0:y1, x0:x1], 0).astype(np.float32)
        small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
        rows.append(cv2.GaussianBlur(small, (0, 0), _SMOOTH_MM / cells.step_mm[0]))
    return np.asarray(rows, np.float32)


def _event(body: Mask, where: tuple[slice, ...], cells: _Cells, number: int) -> Event | None:
    frames, rows, columns = where
    area_mm2 = float(body.any(axis=0).sum()) * cells.step_mm[0] * cells.step_mm[1]
    start_s, stop_s = float(cells.times_s[frames.start]), float(cells.times_s[frames.stop])
    if area_mm2 < _LEAST_AREA_MM2 or not _LASTS_S[0] <= stop_s - start_s <= _LASTS_S[1]:
        return None
    _, y, x = ndimage.center_of_mass(body)
    peak = frames.start + int(body.sum(axis=(1, 2)).argmax())
    down, right = cells.step_px
    return Event(
        event=number,
        kind=Kind.FASCICULATION,
        onset_s=start_s,
        peak_s=float(cells.times_s[peak]),
        offset_s=stop_s,
        start_frame=frames.start,
        peak_frame=peak,
        stop_frame=frames.stop,
        x_px=cells.left_px + (columns.start + x + 0.5) * right,
        y_px=cells.top_px + (rows.start + y + 0.5) * down,
        box_px=(
            cells.left_px + columns.start * right,
            cells.top_px + rows.start * down,
            cells.left_px + columns.stop * right,
            cells.top_px + rows.stop * down,
        ),
        area_mm2=area_mm2,
    )
