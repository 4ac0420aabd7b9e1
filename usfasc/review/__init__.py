"""Verdicts as data: append-only, applied to give a new result."""

from __future__ import annotations

from usfasc.review.acts import CONSENSUS, Act, Decision, Key, Mode
from usfasc.review.consensus import Consensus, begin_consensus, readers_of
from usfasc.review.counting import counted
from usfasc.review.kept import (
    Review,
    check_reviewer,
    parse_review,
    read_review,
    review_path,
    reviewers_of,
)
from usfasc.review.merging import Merged, merge
from usfasc.review.notes import duration_words, note_sentences, time_sentence
from usfasc.review.ordering import Order, clip_order
from usfasc.review.session import Session
from usfasc.review.timing import IDLE_S, spent_by_event
from usfasc.review.view import Row

__all__ = [
    "CONSENSUS",
    "IDLE_S",
    "Act",
    "Consensus",
    "Decision",
    "Key",
    "Merged",
    "Mode",
    "Order",
    "Review",
    "Row",
    "Session",
    "begin_consensus",
    "check_reviewer",
    "clip_order",
    "counted",
    "duration_words",
    "merge",
    "note_sentences",
    "parse_review",
    "read_review",
    "readers_of",
    "review_path",
    "reviewers_of",
    "spent_by_event",
    "time_sentence",
]
