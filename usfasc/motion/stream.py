"""One pass over a clip: windows of evidence, and the frames to look back at.

Statistics run over windows of fixed length in time, so that ten seconds, ten
minutes and a live stream are judged alike. Windows share a margin, so that a
twitch at an edge is seen whole by the window that owns its onset.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Bmode, Cine, Floats, Frame, Grey, Mask
from usfasc.motion.evidence import Evidence, EvidenceStream
from usfasc.motion.field import Stack
from usfasc.motion.grid import Cells, Grid, search_cells, verify_grid
from usfasc.motion.screen import FrameState, Screened, screen
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
    """The grids that one clip is judged on.

    ``coverage`` is the share of each cell ``(rows, columns)`` that is tissue;
    masks are on the search and the verify grid.
    """

    cells: Cells
    coverage: Stack
    search_mask: Mask
    fine: Grid
    fine_mask: Mask


def setting(bmode: Bmode, spacing_mm: tuple[float, float]) -> Setting:
    """Lay the grids over the B-mode area."""
    cells = search_cells(bmode, spacing_mm)
    fine = verify_grid(bmode, spacing_mm)
    search_mask = cells.grid.shrink_mask(bmode.mask)
    size = (cells.shape[1], cells.shape[0])
    return Setting(
        cells=cells,
        coverage=cv2.resize(search_mask.astype(np.float32), size, interpolation=cv2.INTER_AREA),
        search_mask=search_mask,
        fine=fine,
        fine_mask=fine.shrink_mask(bmode.mask),
    )


class ClipStream:
    """Streams one clip once; ``store`` holds the fine frames of the current window.

    Parameters
    ----------
    cine
        A clip with times.
    layout
        Its grids.
    store
        Where frames rest until their window has been judged.
    window_s
        Length of a window; the clip is cut into equal ones near it.
    progress
        Called with (frames done, frames in all).
    """

    def __init__(
        self,
        cine: Cine,
        layout: Setting,
        store: FrameStore,
        window_s: float,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        if cine.times_s is None or cine.duration_s is None:
            raise ValueError("a clip without times cannot be streamed")
        self._cine, self._layout, self._store = cine, layout, store
        self._times_s, self._duration_s = cine.times_s, cine.duration_s
        self._window_s, self._progress = window_s, progress
        self._states: list[FrameState] = []
        self._brightness: list[float] = []

    def windows(self) -> Iterator[Window]:
        """Decode the clip and yield its windows in order."""
        count = max(1, round(self._duration_s / self._window_s))
        edges = np.linspace(0, self._duration_s, count + 1)
        current, kept = 0, list[Evidence]()
        for item in self._evidence():
            if item is None:
                continue
            kept.append(item)
            if current < count - 1 and item.time_s >= edges[current + 1] + MARGIN_S:
                yield _window(edges, current, kept)
                current += 1
                kept = [old for old in kept if old.time_s >= edges[current] - MARGIN_S]
                self._store.forget(edges[current] - MARGIN_S)
        while current < count:
            yield _window(edges, current, kept)
            current += 1

    def trace(self) -> FrameTrace:
        """What the frames streamed so far were good for."""
        return FrameTrace(
            times_s=self._times_s[: len(self._states)],
            good=np.array([state is FrameState.GOOD for state in self._states], bool),
            brightness=np.array(self._brightness),
        )

    def _evidence(self) -> Iterator[Evidence | None]:
        """Per frame its evidence, or None where it bears none."""
        stream = EvidenceStream(self._layout.cells, self._layout.search_mask)
        for item in screen(self._shrunk()):
            self._note(item)
            time_s = float(self._times_s[item.index])
            if item.state is not FrameState.GOOD:
                yield None
                continue
            self._store.add(item.index, time_s, self._layout.fine.shrink(item.stored))
            yield stream.push(item.grey, time_s)

    def _shrunk(self) -> Iterator[tuple[Frame, Grey]]:
        for frame in self._cine.frames.stream():
            yield frame, self._layout.cells.grid.shrink(frame.grey)

    def _note(self, item: Screened) -> None:
        self._states.append(item.state)
        self._brightness.append(float(cv2.mean(item.grey)[0]))
        if self._progress is not None:
            self._progress(item.index + 1, self._cine.frames.count)


def _window(edges: Floats, current: int, kept: list[Evidence]) -> Window:
    start_s, stop_s = float(edges[current]), float(edges[current + 1])
    inside = [item for item in kept if item.time_s < stop_s + MARGIN_S]
    return Window(start_s=start_s, stop_s=stop_s, evidence=tuple(inside))
