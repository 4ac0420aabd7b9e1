"""The orders in which a reader meets clips and events."""

from __future__ import annotations

import random
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

from usfasc.model import Event
from usfasc.review.acts import Key

_Clip = TypeVar("_Clip")


class Order(StrEnum):
    """How a list of events is sorted."""

    TIME = "time"
    SCORE = "score"
    """The most certain first."""
    DOUBTFUL = "doubtful"
    """The nearest to the score from which events are counted first."""
    REGION = "region"


def sort_events(
    events: Sequence[tuple[Key, Event]], by: Order, count_score: float
) -> tuple[Key, ...]:
    """Keys of events in an order; of two that are alike the earlier one first.

    Parameters
    ----------
    events
        Events in order of onset, each with its key.
    by
        The order.
    count_score
        The score from which events are counted.
    """

    def rank(item: tuple[Key, Event]) -> tuple[float, str]:
        event = item[1]
        if by is Order.REGION:
            return 0.0, event.region
        if by is Order.TIME or event.score is None:
            return (0.0 if by is Order.TIME else 2.0), ""
        return (-event.score if by is Order.SCORE else abs(event.score - count_score)), ""

    return tuple(key for key, _ in sorted(events, key=rank))


def shuffled(keys: Sequence[Key], reviewer: str, clip_sha256: str) -> tuple[Key, ...]:
    """Events in a random order, always the same for one reader and clip."""
    mixed = sorted(keys)
    random.Random(f"{reviewer} {clip_sha256}").shuffle(mixed)
    return tuple(mixed)


def clip_order(clips: Sequence[_Clip], reviewer: str) -> tuple[_Clip, ...]:
    """Clips in a random order, always the same for one reader, and another for the next.

    Parameters
    ----------
    clips
        Clips, by anything whose text tells them apart: paths, digests.
    reviewer
        The reader's name.
    """

    def lot(clip: _Clip) -> bytes:
        return sha256(f"{reviewer} {clip}".encode(errors="surrogateescape")).digest()

    return tuple(sorted(clips, key=lot))
