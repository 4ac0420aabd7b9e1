"""Windows of 0.2 s, as the literature counts (Bibbings 2019): with or without a twitch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc.model import AssessableSpan, Event, Floats, Mask

WINDOW_S: Final = 0.2
_HAIR_S: Final = 1e-9


def window_starts_s(start_s: float, stop_s: float) -> Floats:
    """Starts ``(n,)`` of the whole windows from one time to another."""
    numbers = np.arange(int((stop_s - start_s) / WINDOW_S + _HAIR_S))
    return np.asarray(start_s + WINDOW_S * numbers, np.float64)


def touched(events: Sequence[Event], starts_s: Floats) -> Mask:
    """Windows ``(n,)`` in which any of the events moves."""
    moves = np.zeros(len(starts_s), bool)
    for event in events:
        begun = starts_s < event.offset_s - _HAIR_S
        moves |= begun & (starts_s + WINDOW_S > event.onset_s + _HAIR_S)
    return moves


def judged(spans: Sequence[AssessableSpan], starts_s: Floats) -> Mask:
    """Windows ``(n,)`` that lie in judged time as a whole."""
    inside = np.zeros(len(starts_s), bool)
    for span in spans:
        if span.reason is None:
            ends_in = starts_s + WINDOW_S <= span.stop_s + _HAIR_S
            inside |= (starts_s >= span.start_s - _HAIR_S) & ends_in
    return inside
