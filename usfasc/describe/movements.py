"""Whatever moves in a clip, and for how long a twitch has its place for itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.model import Event


class Movements:
    """All events of a clip, whatever their kind, to be asked about one of them."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._number = np.array([event.event for event in events], int)
        self._onset_s = np.array([event.onset_s for event in events])
        self._offset_s = np.array([event.offset_s for event in events])
        self._box_px = np.array([event.box_px for event in events]).reshape(-1, 4)

    def alone_s(self, event: Event) -> tuple[float, float]:
        """From when to when, since its onset, nothing else moves the place of a twitch.

        It ends where a movement that reaches the place begins after the peak: one that
        began before is part of what was measured. It begins where the one before ends, at
        the onset at the latest.
        """
        x0, y0, x1, y1 = self._box_px.T
        here = (x0 <= event.x_px) & (event.x_px < x1) & (y0 <= event.y_px) & (event.y_px < y1)
        here &= self._number != event.event
        before_s = self._offset_s[here & (self._onset_s < event.onset_s)]
        after_s = self._onset_s[here & (self._onset_s > event.peak_s)]
        begin_s = float(before_s.max(initial=-np.inf)) - event.onset_s
        return min(begin_s, 0.0), float(after_s.min(initial=np.inf)) - event.onset_s
