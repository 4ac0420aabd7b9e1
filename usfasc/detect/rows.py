"""Which movements of a window will be told in rows of their own: only those are measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from usfasc.detect.group import Movement, grouped
from usfasc.detect.train import Train

_NEAR_EDGE_S: Final = 3.0
"""How far from another window its movements may change what leads: chains of several, each
0.55 s long at most."""
_AROUND_S: Final = 1.0
"""A train may be told by any movement of it, wherever it lies once windows are joined."""


def told_in_rows(
    listed: Sequence[Movement], trains: Sequence[Train], inner_edges_s: Sequence[float]
) -> set[int]:
    """Identities (``id``) of the movements that may stand for a twitch or a train.

    Parameters
    ----------
    listed
        Movements of one window that are worth listing.
    trains
        Its trains.
    inner_edges_s
        Where the window meets another, whose movements are not known here.
    """
    leaders = {id(group[0]) for group in grouped(listed)}
    return leaders | {
        id(item)
        for item in listed
        if any(_during(item, train) for train in trains)
        or any(abs(item.onset_s - edge_s) <= _NEAR_EDGE_S for edge_s in inner_edges_s)
    }


def _during(item: Movement, train: Train) -> bool:
    start_s, stop_s = train.strokes_s[0], train.strokes_s[-1]
    return start_s - _AROUND_S <= item.onset_s <= stop_s + _AROUND_S
