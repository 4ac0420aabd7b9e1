"""What a method is: it watches a clip once, and then gives events at any threshold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from usfasc.benchmark.baselines.view import Grid, Past, Prepared, Reals, View
from usfasc.model import Event, Floats, Grey, Kind, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A method's measure of a clip: one row of ``values`` a moment of ``times_s``.

    ``values`` is ``(n,)``, or ``(n, y, x)`` in the cells of ``grid``.
    """

    grid: Grid
    times_s: Floats
    values: Reals


class Watcher(Protocol):
    """Sees the pictures of a clip one by one."""

    def see(self, time_s: float, picture: Grey) -> None:
        """Take in the next picture."""

    def trace(self) -> Trace:
        """What was measured, when all have been seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One published way to find twitches, written anew from its description."""

    key: str
    """One word, for options and files."""
    name: str
    watch: Callable[[View], Watcher]
    """Methods that share it share its trace."""
    events: Callable[[Trace, float], tuple[Event, ...]]
    """Events of a trace at one threshold."""
    thresholds: tuple[float, ...]
    """From lenient to strict."""
    unit: str
    """Words after a threshold."""
    placed: bool = True
    """Whether it says where; if not, its events match by time alone."""


class Sweep(Value):
    """What one method found in one clip, by threshold."""

    by_threshold: Mapping[float, tuple[Event, ...]] = {}
    frames: int = 0
    cpu_s: float = 0.0
    """Processor time of watching and of all thresholds; decoding is not in it."""


@dataclass(slots=True, kw_only=True)
class Pairs:
    """A watcher that compares each picture with the one ``lag_s`` before it."""

    grid: Grid
    lag_s: float
    prepare: Callable[[Grey], Prepared]
    compare: Callable[[Prepared, Prepared], Reals | float]
    finish: Callable[[Reals], Reals]
    """Turns all rows into those of the trace."""
    past: Past = field(init=False)
    rows: list[Reals | float] = field(init=False, default_factory=list)
    times_s: list[float] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.past = Past(self.lag_s, self.grid.view.interval_s)

    def see(self, time_s: float, picture: Grey) -> None:
        """Compare the next picture with the older one; the row stands for the middle of both."""
        new = self.prepare(picture)
        old = self.past.swap(time_s, new)
        if old is not None:
            self.rows.append(self.compare(old[1], new))
            self.times_s.append((old[0] + time_s) / 2)

    def trace(self) -> Trace:
        """All rows, finished."""
        rows = np.asarray(self.rows, np.float32)
        values = self.finish(rows) if len(rows) else rows
        return Trace(grid=self.grid, times_s=np.array(self.times_s), values=values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One movement of a trace: rows ``[start, stop)``, the strongest one, and cells.

    ``place`` is a centre ``(row, column)`` and ``cells`` a box ``(top, left, bottom,
    right)``, half-open; without a place it is anywhere in the picture.
    """

    rows: tuple[int, int]
    peak: int
    place: tuple[float, float] | None = None
    cells: tuple[int, int, int, int] = (0, 0, 0, 0)
    area_mm2: float | None = None


def event_of(trace: Trace, found: Found, number: int) -> Event:
    """A movement as an event, in the units of the stored clip."""
    view, grid = trace.grid.view, trace.grid
    times_s = [float(trace.times_s[row]) for row in (found.rows[0], found.peak, found.rows[1] - 1)]
    start, peak, last = np.searchsorted(view.times_s, times_s).tolist()
    x0, y0, x1, y1 = view.box
    y_px, x_px, box = (y0 + y1 - 1) / 2, (x0 + x1 - 1) / 2, view.box
    if found.place is not None:
        y_px, x_px = grid.place_px(*found.place)
        top, left, bottom, right = found.cells
        box_y0, box_x0 = grid.corner_px(top, left)
        box_y1, box_x1 = grid.corner_px(bottom, right)
        box = (int(box_x0), int(box_y0), int(box_x1), int(box_y1))
    return Event(
        event=number,
        kind=Kind.FASCICULATION,
        onset_s=times_s[0],
        peak_s=times_s[1],
        offset_s=times_s[2] + view.interval_s,
        start_frame=start,
        peak_frame=peak,
        stop_frame=last + 1,
        x_px=x_px,
        y_px=y_px,
        box_px=box,
        area_mm2=found.area_mm2,
    )
