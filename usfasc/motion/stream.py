"""One pass over a clip: windows of evidence, and the frames to look back at.

Every frame is decoded once and handed to one track for each picture of the
screen. Statistics run over windows of fixed length in time, so that ten seconds,
ten minutes and a live stream are judged alike. Windows share a margin, so that a
twitch at an edge is seen whole by the window that owns its onset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee, zip_longest

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Bmode, Cine, Floats, Frame, Mask
from usfasc.motion.evidence import Evidence, EvidenceStream
from usfasc.motion.field import Stack
from usfasc.motion.grid import Cells, Grid, search_cells, verify_grid
from usfasc.motion.screen import FrameState, screen
from usfasc.motion.store import FrameStore

MARGIN_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameTrace:
    """Per frame ``(t,)``: time, whether it bears evidence, mean grey level."""

    times_s: Floats
    good: Mask
    brightness: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Evidence of ``[start_s, stop_s)`` and a margin on either side."""

    start_s: float
    stop_s: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """The grids that one picture is judged on.

    ``coverage`` is the share of each cell ``(rows, columns)`` that is tissue;
    masks are on the search and the verify grid.
    """

    cells: Cells
    coverage: Stack
    search_mask: Mask
    fine: Grid
    fine_mask: Mask


def setting(bmode: Bmode, spacing_mm: tuple[float, float]) -> Setting:
    """Lay the grids over a picture."""
    cells = search_cells(bmode.box, spacing_mm)
    fine = verify_grid(bmode.box, spacing_mm)
    search_mask = cells.grid.shrink_mask(bmode.mask)
    size = (cells.shape[1], cells.shape[0])
    return Setting(
        cells=cells,
        coverage=cv2.resize(search_mask.astype(np.float32), size, interpolation=cv2.INTER_AREA),
        search_mask=search_mask,
        fine=fine,
        fine_mask=fine.shrink_mask(bmode.mask),
    )


def watch(
    cine: Cine, tracks: Sequence[Track], progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[int, Window]]:
    """Decode a clip once and yield the windows of its pictures as they are complete.

    Parameters
    ----------
    cine
        The clip.
    tracks
        One for each of its pictures.
    progress
        Called with (frames done, frames in all).

    Yields
    ------
    tuple of int and Window
        The number of the track, and one of its windows.
    """
    # The tracks go in step, so that no more than one frame waits for any of them.
    shared = tee(_told(cine, progress), len(tracks))
    steps = (track.windows(frames) for track, frames in zip(tracks, shared, strict=True))
    for step in zip_longest(*steps):
        for number, window in enumerate(step):
            if window is not None:
                yield number, window


def _told(cine: Cine, progress: Callable[[int, int], None] | None) -> Iterator[Frame]:
    for frame in cine.frames.stream():
        yield frame
        if progress is not None:
            progress(frame.index + 1, cine.frames.count)


class Track:
    """Follows one picture; ``store`` holds the fine frames of its current window.

    Parameters
    ----------
    cine
        A clip with times.
    layout
        The picture's grids.
    store
        Where frames rest until their window has been judged.
    window_s
        Length of a window; the clip is cut into equal ones near it.
    """

    def __init__(self, cine: Cine, layout: Setting, store: FrameStore, window_s: float) -> None:
        if cine.times_s is None or cine.duration_s is None:
            raise ValueError("a clip without times cannot be streamed")
        count = max(1, round(cine.duration_s / window_s))
        self.layout, self.store = layout, store
        self._times_s = cine.times_s
        self._edges_s = np.linspace(0, cine.duration_s, count + 1)
        self._states: list[FrameState] = []
        self._brightness: list[float] = []

    def windows(self, frames: Iterable[Frame]) -> Iterator[Window | None]:
        """Windows in order, from the clip's frames; None after a frame that completes none."""
        edges_s = self._edges_s
        current, count, kept = 0, len(edges_s) - 1, list[Evidence]()
        for item in self._evidence(frames):
            if item is not None:
                kept.append(item)
            if (
                item is None
                or current == count - 1
                or item.time_s < edges_s[current + 1] + MARGIN_S
            ):
                yield None
                continue
            yield _window(edges_s, current, kept)
            current += 1
            kept = [old for old in kept if old.time_s >= edges_s[current] - MARGIN_S]
            self.store.forget(edges_s[current] - MARGIN_S)
        for last in range(current, count):
            yield _window(edges_s, last, kept)

    def trace(self) -> FrameTrace:
        """What the frames streamed so far were good for."""
        return FrameTrace(
            times_s=self._times_s[: len(self._states)],
            good=np.array([state is FrameState.GOOD for state in self._states], bool),
            brightness=np.array(self._brightness),
        )

    def _evidence(self, frames: Iterable[Frame]) -> Iterator[Evidence | None]:
        """Per frame its evidence, or None where it bears none."""
        stream = EvidenceStream(self.layout.cells, self.layout.search_mask)
        shrink = self.layout.cells.grid.shrink
        for item in screen((frame, shrink(frame.grey)) for frame in frames):
            self._states.append(item.state)
            self._brightness.append(float(cv2.mean(item.grey)[0]))
            if item.state is not FrameState.GOOD:
                yield None
                continue
            time_s = float(self._times_s[item.index])
            self.store.add(item.index, time_s, self.layout.fine.shrink(item.stored))
            yield stream.push(item.grey, time_s)


def _window(edges: Floats, current: int, kept: list[Evidence]) -> Window:
    start_s, stop_s = float(edges[current]), float(edges[current + 1])
    inside = [item for item in kept if item.time_s < stop_s + MARGIN_S]
    return Window(start_s=start_s, stop_s=stop_s, evidence=tuple(inside))
