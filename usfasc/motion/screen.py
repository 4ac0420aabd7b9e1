"""Frames that may bear evidence, and those that may not.

A repeated frame carries no new time, and a frame unlike both its neighbours
while they agree is a decoding fault, never tissue: muscle cannot move there
and back between two frames.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Frame, Grey

_UNLIKE = 2.5
_UNLIKE_GREY = 1.0
_SAME_GREY = 0.004


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
    step_grey: float
    """Mean absolute difference to the last good frame, in grey levels."""


def _difference(first: Grey, second: Grey) -> float:
    return float(cv2.norm(first, second, cv2.NORM_L1)) / first.size


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    frame: Frame
    grey: Grey
    step: float


def screen(frames: Iterable[tuple[Frame, Grey]]) -> Iterator[Screened]:
    """Sort frames into good, repeated and damaged, one frame behind the stream.

    Parameters
    ----------
    frames
        Decoded frames with their picture on the search grid, in order.
    """
    last_good: Grey | None = None
    pending: _Pending | None = None
    for frame, grey in frames:
        if pending is not None:
            done, last_good = _judge(pending, last_good, grey)
            yield done
        step = 0.0 if pending is None else _difference(grey, pending.grey)
        pending = _Pending(frame=frame, grey=grey, step=step)
    if pending is not None:
        done, _ = _judge(pending, last_good, None)
        yield done


def _judge(
    pending: _Pending, last_good: Grey | None, following: Grey | None
) -> tuple[Screened, Grey | None]:
    step = pending.step if last_good is None else _difference(pending.grey, last_good)
    state = _state(pending, last_good, following, step)
    kept = pending.grey if state is FrameState.GOOD else last_good
    screened = Screened(
        index=pending.frame.index,
        stored=pending.frame.grey,
        grey=pending.grey,
        state=state,
        step_grey=step,
    )
    return screened, kept


def _state(
    pending: _Pending, last_good: Grey | None, following: Grey | None, step: float
) -> FrameState:
    if pending.frame.damaged:
        return FrameState.DAMAGED
    if last_good is None:
        return FrameState.GOOD
    if step <= _SAME_GREY:
        return FrameState.REPEATED
    if following is not None and step > _UNLIKE_GREY:
        ahead = _difference(following, pending.grey)
        across = _difference(following, last_good)
        if min(step, ahead) > _UNLIKE * max(across, np.finfo(float).tiny):
            return FrameState.DAMAGED
    return FrameState.GOOD
