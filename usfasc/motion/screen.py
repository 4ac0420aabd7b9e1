"""Frames that may bear evidence, and those that may not.

A repeated frame carries no new time, and a frame unlike both its neighbours
while they agree is a decoding fault, never tissue: muscle cannot move there
and back between two frames.

A codec codes a repeated frame anew, so that it differs a little from the one
before. Only a pattern tells it from quiet tissue: now and again, never for long,
the picture changes far less than around it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Frame, Grey

_UNLIKE = 2.5
_UNLIKE_GREY = 1.0
_SAME_GREY = 0.004
_NEARBY = 12
"""Frames before and after in which the pattern is sought: a rate of 25 in 30 Hz shows it."""
_NEAR_SHARE = 0.2
_LEAST_RUNS = 4
_LONGEST_RUN = 3


class FrameState(StrEnum):
    """What a frame is good for."""

    GOOD = "good"
    REPEATED = "repeated"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A frame on the search grid with its verdict."""

    index: int
    stored: Grey
    grey: Grey
    state: FrameState


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """A frame with its difference to the one before, and whether that tells a repeat."""

    frame: Frame
    grey: Grey
    step: float
    near_repeat: bool = False


def screen(frames: Iterable[tuple[Frame, Grey]]) -> Iterator[Screened]:
    """Sort frames into good, repeated and damaged, half a second behind the stream.

    Parameters
    ----------
    frames
        Decoded frames with their picture on the search grid, in order.
    """
    last_good: Grey | None = None
    marked = _marked(_measured(frames))
    pending = next(marked, None)
    while pending is not None:
        following = next(marked, None)
        done, last_good = _judge(pending, last_good, None if following is None else following.grey)
        yield done
        pending = following


def _measured(frames: Iterable[tuple[Frame, Grey]]) -> Iterator[_Pending]:
    before: Grey | None = None
    for frame, grey in frames:
        step = np.inf if before is None else _difference(grey, before)
        yield _Pending(frame=frame, grey=grey, step=step)
        before = grey


def _marked(frames: Iterable[_Pending]) -> Iterator[_Pending]:
    """The same frames; those marked that a codec has coded anew without new content."""
    steps: deque[float] = deque(maxlen=2 * _NEARBY + 1)
    waiting: deque[_Pending] = deque()
    for item in frames:
        steps.append(item.step)
        waiting.append(item)
        if len(waiting) > _NEARBY:
            yield _mark(waiting.popleft(), steps)
    while waiting:
        if len(steps) > _NEARBY + len(waiting):
            steps.popleft()
        yield _mark(waiting.popleft(), steps)


def _mark(item: _Pending, steps: Collection[float]) -> _Pending:
    least = _NEAR_SHARE * sorted(steps)[len(steps) * 4 // 5]
    if item.step >= least:
        return item
    runs = [len(list(run)) for small, run in groupby(steps, lambda step: step < least) if small]
    regular = len(runs) >= _LEAST_RUNS and max(runs) <= _LONGEST_RUN
    return replace(item, near_repeat=regular)


def _difference(first: Grey, second: Grey) -> float:
    return float(cv2.norm(first, second, cv2.NORM_L1)) / first.size


def _judge(
    pending: _Pending, last_good: Grey | None, following: Grey | None
) -> tuple[Screened, Grey | None]:
    step = 0.0 if last_good is None else _difference(pending.grey, last_good)
    state = _state(pending, last_good, following, step)
    kept = pending.grey if state is FrameState.GOOD else last_good
    screened = Screened(
        index=pending.frame.index, stored=pending.frame.grey, grey=pending.grey, state=state
    )
    return screened, kept


def _state(
    pending: _Pending, last_good: Grey | None, following: Grey | None, step: float
) -> FrameState:
    if pending.frame.damaged:
        return FrameState.DAMAGED
    if last_good is None:
        return FrameState.GOOD
    if step <= _SAME_GREY or pending.near_repeat:
        return FrameState.REPEATED
    if following is not None and step > _UNLIKE_GREY:
        ahead = _difference(following, pending.grey)
        across = _difference(following, last_good)
        if min(step, ahead) > _UNLIKE * max(across, np.finfo(float).tiny):
            return FrameState.DAMAGED
    return FrameState.GOOD
