"""Events of a trace by its moments: runs of active ones, short gaps closed."""

from __future__ import annotations

import numpy as np

from usfasc.model import Floats, Mask

Run = tuple[int, int]
"""Rows ``[start, stop)``."""


def runs(active: Mask, times_s: Floats, bridged_s: float = 0.0) -> list[Run]:
    """Runs of active rows ``(n,)``; those no further apart than ``bridged_s`` are one."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(np.int8)))
    found: list[Run] = []
    for start, stop in edges.reshape(-1, 2).tolist():
        if found and times_s[start] - times_s[found[-1][1] - 1] <= bridged_s:
            found[-1] = (found[-1][0], stop)
        else:
            found.append((start, stop))
    return found
