"""A few frames, spread over the clip, and what they say of every pixel.

A seek into a video costs up to a whole group of pictures, so frames are taken
in short runs, and runs begin at a key frame where one is near.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Cine, Frame, Grey, Mask

Image = NDArray[np.float32]
T = TypeVar("T")

RUNS: Final = 8
RUN_FRAMES: Final = 4
_APART_S: Final = 1.0
_MOST: Final = 40
"""So many whole frames are held at once: 12 MB at 640x480, however long the clip."""
_LIVE_SHARE = 0.5
_STORED_FLOOR_GREY = 0.25
_CODED_FLOOR_GREY = 0.6
_CONTRAST_SHARE = 0.08
_LARGEST_SIDE_PX = 800


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Runs of consecutive frames, and statistics of each pixel over the runs.

    Attributes
    ----------
    runs
        For each run its first and last frame ``(y, x)``.
    indices
        Frame number of the first frame of each run.
    mean, low, high
        Over the runs' first frames, ``(y, x)``.
    live
        Where the picture changes in most pairs of frames, in the reduced picture.
    """

    runs: tuple[tuple[Grey, Grey], ...]
    indices: tuple[int, ...]
    mean: Image
    low: Grey
    high: Grey
    live: Mask

    @property
    def spread(self) -> Grey:
        """Range of grey levels at each pixel over the runs."""
        return np.subtract(self.high, self.low)


def sample(cine: Cine) -> Sample:
    """Decode up to eight short runs of frames, spread evenly over the clip.

    Parameters
    ----------
    cine
        The clip; only ``frames`` and ``key_frames`` are used.

    Returns
    -------
    Sample
        Deterministic: the same clip gives the same frames.
    """
    runs, indices = [], []
    for frames in _decoded(cine, _starts(cine, RUNS, RUN_FRAMES), RUN_FRAMES):
        good = [frame for frame in frames if not frame.damaged]
        if good:
            runs.append((good[0].grey, good[-1].grey))
            indices.append(good[0].index)
    if not runs:
        blank = np.zeros(cine.frames.shape, np.uint8)
        runs, indices = [(blank, blank)], [0]
    firsts = np.stack([first for first, _ in runs])
    factor = reduction(cine.frames.shape)
    reduced = [reduce(first, factor) for first in firsts]
    return Sample(
        runs=tuple(runs),
        indices=tuple(indices),
        mean=firsts.mean(axis=0, dtype=np.float32),
        low=firsts.min(axis=0),
        high=firsts.max(axis=0),
        live=live_share(reduced, redrawn=cine.key_frames is not None) >= _LIVE_SHARE,
    )


def moments(cine: Cine) -> list[Frame]:
    """Single sound frames, a second apart; eight at least where there are so many, `_MOST` at most.

    Parameters
    ----------
    cine
        The clip; only ``frames``, ``key_frames`` and its length are used.
    """
    count = min(max(RUNS, round((cine.duration_s or 0.0) / _APART_S)), _MOST)
    singles = _decoded(cine, _starts(cine, count, 1), 1)
    return [frame for frames in singles for frame in frames if not frame.damaged]


def _decoded(cine: Cine, starts: list[int], length: int) -> Iterator[list[Frame]]:
    """The runs, by one seek each, or in one pass where the seeks would cost more."""
    if _seek_cost(cine, starts, length) < cine.frames.count:
        for start in starts:
            yield list(cine.frames.stream(start, start + length))
        return
    passing = cine.frames.stream(0, starts[-1] + length)
    held: list[Frame] = []
    for frame in passing:
        run = np.searchsorted(starts, frame.index, side="right") - 1
        if run < 0 or frame.index - starts[run] >= length:
            continue
        if held and frame.index == starts[run]:
            yield held
            held = []
        held.append(frame)
    if held:
        yield held


def _seek_cost(cine: Cine, starts: list[int], length: int) -> int:
    """Frames to decode when every run begins with a seek to the key frame before it."""
    if cine.key_frames is None:
        return length * len(starts)
    keys = np.flatnonzero(cine.key_frames)
    before = [keys[keys <= start].max(initial=0) for start in starts]
    return int(np.sum(np.subtract(starts, before) + length))


def _starts(cine: Cine, runs: int, length: int) -> list[int]:
    """Where the runs begin, moved to a key frame that lies near.

    Just behind it, since codecs round a key frame otherwise than the rest.
    """
    last = max(cine.frames.count - length, 0)
    even = np.linspace(0, last, min(runs, cine.frames.count))
    keys = np.empty(0) if cine.key_frames is None else np.flatnonzero(cine.key_frames)
    keys = keys[keys < last] + 1
    reach = 0.5 * last / max(runs - 1, 1)
    starts = set()
    for start in even:
        nearest = keys[np.argmin(np.abs(keys - start))] if len(keys) else start
        starts.add(int(nearest if abs(nearest - start) <= reach else start))
    return sorted(starts)


def reduction(shape: tuple[int, int]) -> int:
    """Whole factor by which frames are reduced before anything is searched in them."""
    return max(1, -(-max(shape) // _LARGEST_SIDE_PX))


def reduce(picture: Grey, factor: int) -> Grey:
    """Shrink by a whole factor, averaging; rows and columns left over are dropped."""
    if factor == 1:
        return picture
    height, width = (n // factor for n in picture.shape)
    whole = picture[: height * factor, : width * factor]
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA))


def live_share(firsts: list[Grey], redrawn: bool) -> Image:
    """Share of frame pairs in which the neighbourhood of a pixel changes.

    A share, not the mean difference, or a clock leaks in. Evenly brighter or
    darker is no change: codecs round whole areas to another level.

    Parameters
    ----------
    firsts
        Frames ``(y, x)`` far apart in time.
    redrawn
        Whether a video codec redraws sharp lettering a little differently each
        time: the step that counts then grows with the contrast nearby.

    Returns
    -------
    Image
        ``(y, x)``, 0 to 1.
    """
    mean: Image = np.asarray(np.mean(firsts, axis=0), np.float32)
    threshold = np.full(mean.shape, _STORED_FLOOR_GREY, np.float32)
    if redrawn:
        threshold = _CODED_FLOOR_GREY + _CONTRAST_SHARE * _local_deviation(mean)
    count: Image = np.zeros(mean.shape, np.float32)
    pairs = 0
    for first, second in far_pairs(firsts):
        step = cv2.subtract(first, second, dtype=cv2.CV_32F)
        uneven = np.abs(step - cv2.blur(step, (15, 15)))
        count += cv2.blur(np.minimum(np.abs(step), uneven), (5, 5)) > threshold
        pairs += 1
    return np.asarray(count / max(pairs, 1), np.float32)


def far_pairs(frames: list[T]) -> Iterator[tuple[T, T]]:
    """Neighbours, and those three apart: enough to outvote one odd frame."""
    for i, j in combinations(range(len(frames)), 2):
        if j - i in (1, 3):
            yield frames[i], frames[j]


def _local_deviation(picture: Image, size_px: int = 9) -> Image:
    """Standard deviation of grey levels in a square around each pixel."""
    mean = cv2.blur(picture, (size_px, size_px))
    square = cv2.blur(picture * picture, (size_px, size_px))
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0)), np.float32)
