"""Run methods over a clip: one decoding pass for all of them, thresholds on their traces."""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time

from usfasc.benchmark.baselines.method import Method, Sweep, Trace, Watcher
from usfasc.benchmark.baselines.view import View
from usfasc.model import Event, FrameReader, Grey


def sweep(
    frames: FrameReader, views: Sequence[View], methods: Sequence[Method]
) -> dict[str, Sweep]:
    """What each method finds in a clip at each of its thresholds, by the method's key.

    Parameters
    ----------
    frames
        The clip, with times; it is decoded once, whatever the number of methods.
    views
        Its pictures; each is watched by itself, and their events are put together.
    methods
        Those that share a way of watching share its trace.
    """
    watchers = {
        (number, method.watch): _Timed(method.watch(view))
        for number, view in enumerate(views)
        for method in methods
    }
    for frame in frames.stream():
        for number, view in enumerate(views):
            picture, time_s = view.crop(frame.grey), float(view.times_s[frame.index])
            for (of, _), timed in watchers.items():
                if of == number:
                    timed.see(time_s, picture)
    return {
        method.key: _swept(
            method, [watchers[number, method.watch] for number in range(len(views))], frames.count
        )
        for method in methods
    }


class _Timed:
    """A watcher, and the processor time that it takes."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._trace: Trace | None = None
        self.cpu_s = 0.0

    def see(self, time_s: float, picture: Grey) -> None:
        begun = process_time()
        self._watcher.see(time_s, picture)
        self.cpu_s += process_time() - begun

    @property
    def trace(self) -> Trace:
        if self._trace is None:
            begun = process_time()
            self._trace = self._watcher.trace()
            self.cpu_s += process_time() - begun
        return self._trace


def _swept(method: Method, watched: Sequence[_Timed], frames: int) -> Sweep:
    traces = [timed.trace for timed in watched]
    begun = process_time()
    by_threshold = {
        threshold: _numbered([method.events(trace, threshold) for trace in traces])
        for threshold in method.thresholds
    }
    cpu_s = process_time() - begun + sum(timed.cpu_s for timed in watched)
    return Sweep(by_threshold=by_threshold, frames=frames, cpu_s=cpu_s)


def _numbered(by_picture: Sequence[Sequence[Event]]) -> tuple[Event, ...]:
    events = sorted((e for events in by_picture for e in events), key=lambda e: e.onset_s)
    return tuple(e.model_copy(update={"event": k}) for k, e in enumerate(events, 1))
