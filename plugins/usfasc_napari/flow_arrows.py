"""Arrows of how the tissue moves from before an event to its peak.

They point where it goes. They are drawn longer than the way is, since a twitch of 0.3 mm
would be an arrow of two or three pixels; by how much is said beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Event, Floats, Grey
from usfasc_napari.frames import LazyFrames

_MARGIN: Final = 0.25
"""Of the event's box on every side: what rests shows what moves."""
_SMALLEST_PX: Final = 48
"""Of a side: inverse search needs some picture."""
_REST_S: Final = 0.12
"""Before the onset: what the peak is compared with."""
_ACROSS: Final = 7
"""Arrows over the longer side."""
_SHOWN: Final = 0.35
"""Of the longest: shorter ones are noise."""
_LENGTH: Final = 1.6
"""Of the longest arrow, in steps between arrows."""
_FACTORS: Final = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80, 100)
_FARNEBACK: Final[dict[str, Any]] = {
    "pyr_scale": 0.5,
    "levels": 3,
    "winsize": 21,
    "iterations": 5,
    "poly_n": 7,
    "poly_sigma": 1.5,
    "flags": cv2.OPTFLOW_FARNEBACK_GAUSSIAN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrows:
    """``(n, 2, 2)``: where each begins, and its length, as ``(y, x)`` in pixels."""

    vectors_px: Floats
    factor: int
    """How many times longer than the movement they are drawn."""


def find_arrows(frames: LazyFrames, event: Event, times_s: Floats) -> Arrows | None:
    """Movement from just before an event's onset to its peak, about the event's box.

    Parameters
    ----------
    frames
        The clip's frames.
    event
        Its frames and its box.
    times_s
        Times ``(t,)`` of the frames.

    Returns
    -------
    Arrows or None
        None where nothing moves by as much as a twentieth of a pixel.

    Notes
    -----
    Polynomial expansion (Farneback 2003), less the median of the whole crop: what the probe
    does is no twitch. The engine's own search keeps a solver between its calls, and may be at
    work in another thread; this one keeps nothing.
    """
    rows, columns = _crop(event, frames.shape[1:])
    start = int(np.searchsorted(times_s, event.onset_s - _REST_S))
    onset = max(start + 1, int(np.searchsorted(times_s, event.onset_s)))
    rest = frames[start:onset, rows, columns].mean(axis=0)
    peak = frames[min(event.peak_frame, len(frames) - 1), rows, columns]
    flow = _flow(np.rint(rest).astype(np.uint8), peak)
    flow -= np.median(flow, axis=(0, 1))
    return _arrows(flow, corner=(rows.start, columns.start))


def _crop(event: Event, shape: tuple[int, ...]) -> tuple[slice, slice]:
    x0, y0, x1, y1 = event.box_px
    return _widened(y0, y1, shape[0]), _widened(x0, x1, shape[1])


def _widened(start: int, stop: int, size: int) -> slice:
    side = max(round((stop - start) * (1 + 2 * _MARGIN)), _SMALLEST_PX)
    begin = int(np.clip((start + stop - side) // 2, 0, max(0, size - side)))
    return slice(begin, min(size, begin + side))


def _flow(before: Grey, after: Grey) -> NDArray[np.float32]:
    """Movement ``(y, x, 2)`` as (x, y) in pixels."""
    flow = cv2.calcOpticalFlowFarneback(before, after, None, **_FARNEBACK)
    return np.asarray(flow, np.float32)


def _arrows(flow: NDArray[np.float32], corner: tuple[int, int]) -> Arrows | None:
    step = max(1, round(max(flow.shape[:2]) / _ACROSS))
    y, x = np.mgrid[step // 2 : flow.shape[0] : step, step // 2 : flow.shape[1] : step]
    moved = flow[y, x, ::-1].reshape(-1, 2).astype(float)
    size = np.hypot(*moved.T)
    longest = float(size.max())
    if longest < 0.05:
        return None
    factor = max(factor for factor in _FACTORS if factor == 1 or factor * longest <= _LENGTH * step)
    begins = np.stack([y.ravel() + corner[0], x.ravel() + corner[1]], axis=1)
    vectors = np.stack([begins, moved * factor], axis=1)[size >= _SHOWN * longest]
    return Arrows(vectors_px=vectors, factor=factor)
