"""Arrows of how the tissue moves from before an event to its peak, where that is sure.

They point where it goes. They are drawn longer than the way is, since a twitch of 0.3 mm
would be an arrow of two or three pixels; by how much is said beside them. Where nothing
stands out from what the same tissue seems to do at rest, there is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.detect.displacement import find_displacement
from usfasc.model import Event, Floats, Mask
from usfasc_napari.frames import LazyFrames

_LEAST_MM: Final = 5.0
"""Of a side of the box: a person who adds an event tells no box."""
_AROUND_MM: Final = 4.0
"""Searched on every side of the event's box: what rests shows what moves."""
_BESIDE: Final = 0.15
"""Of the box, on every side: arrows stand there too."""
_REST_S: Final = 0.12
"""Before the onset: what the peak is compared with, and twice as long what rest is."""
_SMALLEST_PX: Final = 48
_FINEST_MM: Final = 0.1
_MOST_PX: Final = 240
"""Of a side of what is searched."""
_ACROSS: Final = 9
"""Arrows over the longer side."""
_APART_MM: Final = 1.2
"""Of neighbours, at least: nearer ones would tell the same."""
_SURE: Final = 3.0
"""How many times its standard error a movement must be."""
_ABOVE_REST: Final = 2.0
"""How many times what nearly all places seem to move at rest."""
_NEARLY_ALL: Final = 95
_SHOWN: Final = 0.25
"""Of the longest: shorter ones tell nothing."""
_ABOUT: Final = (3, 3)
_EDGE: Final = {"borderType": cv2.BORDER_CONSTANT}
_TOGETHER: Final = 0.8
"""Of the length of an arrow and its neighbours, what must be left of it in their mean."""
_FEWEST: Final = 0.1
"""Of all places: what so few do is chance."""
_LENGTH: Final = 1.6
"""Of the longest arrow, in steps between arrows."""
_FACTORS: Final = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80, 100)


Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrows:
    """``(n, 2, 2)``: where each begins, and its length, as ``(y, x)`` in pixels."""

    vectors_px: Floats
    factor: int
    """How many times longer than the movement they are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crop:
    """What is searched: pictures ``(y, x)`` of one crop, and how they lie in the frame."""

    earlier: Any
    before: Any
    peak: Any
    scale: Floats
    """Pixels of the frame per pixel of the crop, ``(y, x)``."""
    corner: Places
    spacing_mm: Floats
    box: Mask
    """The event's own box."""


def find_arrows(
    frames: LazyFrames, event: Event, times_s: Floats, spacing_mm: tuple[float, float]
) -> Arrows | None:
    """Movement from just before an event's onset to its peak, about the event's box.

    Parameters
    ----------
    frames
        The clip's frames.
    event
        Its frames and its box.
    times_s
        Times ``(t,)`` of the frames.
    spacing_mm
        Pixel size ``(dy, dx)``; of a clip without a scale, as it is assumed.

    Returns
    -------
    Arrows or None
        None where less than a tenth of all places move surely: by more than three times the
        standard error there and twice what 95 of 100 places seem to move at rest, and the
        same way as the places about them.

    Notes
    -----
    The detection's own search (`usfasc.detect.displacement`), less the median outside the
    event's box: what the probe does is no twitch. It keeps a solver between its calls: call
    this within `jobs.engine_alone`.
    """
    crop = _crop(frames, event, times_s, np.array(spacing_mm))
    moved = find_displacement(crop.before, crop.peak, crop.spacing_mm)
    rest = find_displacement(crop.earlier, crop.before, crop.spacing_mm)
    field, resting = (_still_probe(each.field_mm, crop.box) for each in (moved, rest))
    usual = float(np.percentile(np.hypot(*np.moveaxis(resting, -1, 0)), _NEARLY_ALL))
    least = np.maximum(_SURE * moved.error_mm, _ABOVE_REST * usual)
    return _arrows(field, least, crop)


def _crop(frames: LazyFrames, event: Event, times_s: Floats, spacing_mm: Floats) -> _Crop:
    first, stop = _box(event, spacing_mm, frames.shape[1:])
    around = np.rint(np.maximum(_AROUND_MM / spacing_mm, _SMALLEST_PX // 2)).astype(int)
    corner = np.maximum(first - around, 0)
    sides = np.minimum(stop + around, frames.shape[1:]) - corner
    step_mm = np.maximum(np.maximum(spacing_mm, _FINEST_MM), spacing_mm * sides.max() / _MOST_PX)
    size = np.maximum(np.rint(sides * spacing_mm / step_mm), _SMALLEST_PX).astype(int)
    scale = sides / size
    (top, left), (bottom, right) = (first - corner) // scale, np.ceil((stop - corner) / scale)
    box = np.zeros(size, bool)
    box[int(top) : int(bottom), int(left) : int(right)] = True
    earlier, before, peak = (
        _mean(frames, span, (corner, sides), size) for span in _spans(event, times_s)
    )
    return _Crop(
        earlier=earlier,
        before=before,
        peak=peak,
        scale=scale,
        corner=corner,
        spacing_mm=spacing_mm * scale,
        box=box,
    )


def _box(event: Event, spacing_mm: Floats, shape: tuple[int, ...]) -> tuple[Places, Places]:
    """First place ``(y, x)`` of an event's box and what it stops before; never a mere point."""
    x0, y0, x1, y1 = event.box_px
    first, stop = np.array([y0, x0]), np.array([y1, x1])
    more = np.maximum(np.ceil((_LEAST_MM / spacing_mm - (stop - first)) / 2), 0).astype(int)
    first = np.clip(first - more, 0, np.array(shape) - 1)
    return first, np.clip(stop + more, first + 1, shape)


def _spans(event: Event, times_s: Floats) -> tuple[slice, slice, slice]:
    """Frames well before the onset, just before it, and at the peak."""
    ends_s = event.onset_s - np.array([2, 1, 0]) * _REST_S
    earliest, start, onset = (int(each) for each in np.searchsorted(times_s, ends_s))
    start = min(start, len(times_s) - 1)
    peak = int(np.abs(times_s - event.peak_s).argmin())
    return (
        slice(min(earliest, start), max(start, earliest + 1)),
        slice(start, max(onset, start + 1)),
        slice(peak, peak + 1),
    )


def _mean(
    frames: LazyFrames, span: slice, place: tuple[Places, Places], size: Places
) -> NDArray[np.float32]:
    """Mean picture ``(y, x)`` of some frames, of the place at ``(corner, sides)``."""
    (top, left), (high, wide) = place
    seen = frames[span, int(top) : int(top + high), int(left) : int(left + wide)].mean(axis=0)
    shrunk = cv2.resize(seen.astype(np.float32), size[::-1].tolist(), interpolation=cv2.INTER_AREA)
    return np.asarray(shrunk, np.float32)


def _still_probe(field_mm: NDArray[Any], box: Mask) -> NDArray[Any]:
    """A field ``(y, x, 2)`` less what all moves by outside the box, where enough lies there."""
    if box.mean() > 0.9:
        return field_mm
    return np.asarray(field_mm - np.median(field_mm[~box], axis=0))


def _arrows(field_mm: NDArray[Any], least_mm: NDArray[Any], crop: _Crop) -> Arrows | None:
    (top, left), (bottom, right) = _beside(crop.box)
    least = round(_APART_MM / float(crop.spacing_mm.mean()))
    step = max(2, least, round(max(bottom - top, right - left) / _ACROSS))
    near = (2 * (step // 2) + 1,) * 2
    smooth = cv2.blur(np.ascontiguousarray(field_mm, np.float32), near)
    enough = cv2.blur(np.ascontiguousarray(least_mm, np.float32), near)
    y, x = np.mgrid[top + step // 2 : bottom : step, left + step // 2 : right : step]
    moved = smooth[y, x, ::-1] / crop.spacing_mm * crop.scale
    size_mm = np.hypot(*np.moveaxis(smooth[y, x], -1, 0))
    shown = (size_mm > enough[y, x]) & (size_mm >= _SHOWN * size_mm.max())
    shown &= _agree(moved, shown)
    if shown.mean() < _FEWEST:
        return None
    longest = float(np.hypot(*moved[shown].T).max())
    room = _LENGTH * step * float(crop.scale.min())
    factor = max(factor for factor in _FACTORS if factor == 1 or factor * longest <= room)
    places = (np.stack([y, x], axis=-1) + 0.5) * crop.scale - 0.5 + crop.corner
    return Arrows(vectors_px=np.stack([places, moved * factor], axis=2)[shown], factor=factor)


def _agree(moved: Floats, shown: Mask) -> Mask:
    """Where an arrow ``(y, x)`` and those about it point the same way: tissue hangs together."""
    kept = np.where(shown[..., None], moved, 0.0)
    together = np.hypot(*(cv2.blur(kept[..., axis], _ABOUT, **_EDGE) for axis in (0, 1)))
    each = cv2.blur(np.hypot(kept[..., 0], kept[..., 1]), _ABOUT, **_EDGE)
    return np.asarray(together > _TOGETHER * np.maximum(each, 1e-9))


def _beside(box: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last corner ``(y, x)`` of where arrows stand."""
    inside = np.argwhere(box)
    first, stop = inside.min(axis=0), inside.max(axis=0) + 1
    more = np.rint(_BESIDE * (stop - first)).astype(int)
    return np.maximum(first - more, 0), np.minimum(stop + more, box.shape)
