"""What a person should know of a review beside its count, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from usfasc.model import WHOLE_IMAGE, ReviewNote
from usfasc.review.kept import Review
from usfasc.review.timing import IDLE_S, spent_by_event


def note_sentences(note: ReviewNote, review: Review) -> Iterator[str]:
    """Sentences on how far a review went, what was carried over, and how long it took."""
    who = note.reviewer
    yield (
        f"Counted is what {who} accepted ({note.accepted}) or added ({note.added});"
        f" {note.rejected} rejected, {note.unsure} called unsure or another kind."
    )
    if note.unjudged:
        yield (
            f"{note.unjudged} of the counted {'begins' if note.unjudged == 1 else 'begin'} in time"
            " that could not be judged: the rate is somewhat too high."
        )
    if note.undecided:
        counted = f", {note.undecided_counted or 'none'} of which the detector counts"
        waiting = _number(note.undecided, "movement")
        yield f"Review not finished: {waiting} without a verdict{counted}."
    for region in note.none_seen:
        place = "the whole image" if region == WHOLE_IMAGE else region
        yield f"Looked through by {who}, none seen: {place}."
    if note.carried or note.unmatched:
        lost = f"; {note.unmatched} fit no event any more" if note.unmatched else ""
        yield f"{_number(note.carried, 'verdict')} carried over from an earlier result{lost}."
    if review.set_aside:
        yield (
            f"{_number(review.set_aside, 'line')} of the review cannot be read (cut short, or of a"
            " newer usfasc), and set aside."
        )
    if note.modes not in ((), ("guided",)):
        yield f"Read in these modes: {', '.join(note.modes)}."
    yield time_sentence(review)


def time_sentence(review: Review) -> str:
    """How long a review took, and an event in the median."""
    spent = spent_by_event(review.acts)
    of_events = [seconds for key, seconds in spent.items() if key is not None]
    each = f", {median(of_events):.1f} s an event (median)" if of_events else ""
    return (
        f"Review time: {duration_words(sum(spent.values()))}{each}; pauses are counted up to"
        f" {IDLE_S:.0f} s."
    )


def duration_words(seconds: float) -> str:
    """``95 s`` as "1 min 35 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
