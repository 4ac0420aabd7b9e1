"""A result with a reader's verdicts: what is counted, in which regions, in how much time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from usfasc.io.results import result_digest
from usfasc.model import WHOLE_IMAGE, Event, Kind, Result, ReviewNote
from usfasc.recount import recount
from usfasc.regions.counting import begins_judged, counted_in
from usfasc.review.acts import CONSENSUS, Act, Decision, Key, Mode
from usfasc.review.blinding import shown
from usfasc.review.kept import Review, annotated, check_clip
from usfasc.review.standing import Judged, Standing, stand
from usfasc.review.timing import spent_s
from usfasc.review.unseen import begins_in, without_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A reviewed result, and what its review calls each of its events."""

    result: Result
    judged: tuple[Judged, ...]
    """One for each event of the result, in the same order."""
    waiting: frozenset[Key]
    """Events that still want a verdict."""


def counted(result: Result, review: Review) -> Result:
    """Count a result anew by what a reader decided.

    Only events that the reader accepted, added or called fasciculations are counted.
    Events without a verdict stay listed, as unsure where the detector counts them;
    `ReviewNote.undecided` tells how many there are. Of a reader who was shown no detected
    event, only the own ones are listed. Time that the reader called not assessable is taken
    out, with the events in it.

    Parameters
    ----------
    result
        The result as it was detected.
    review
        The reader's acts, as `usfasc.review.read_review` gives them.

    Raises
    ------
    InputError
        ``BAD_REVIEW``: the review is of another clip's content.
    """
    check_clip(review, result.source.sha256)
    digest = result_digest(result)
    seen = shown(result, Mode.ANNOTATE) if annotated(review) else result
    return conclude(seen, stand(seen, digest, review), review, digest).result


def conclude(result: Result, standing: Standing, review: Review, digest: str) -> Counted:
    """Count what stands; see `counted`."""
    timed = _recounted(result, standing, review.reviewer)
    # Whoever counts one has seen one, whatever was said before.
    none_seen = tuple(r for r in standing.none_seen if not counted_in(r, timed.events))
    waiting = frozenset(
        each.key
        for each, event in zip(standing.judged, timed.events, strict=True)
        if asked(each, review.reviewer) and _waits(each, event, none_seen, standing.not_assessable)
    )
    note = ReviewNote(
        reviewer=review.reviewer,
        date=f"{review.said[-1].time_utc:%Y-%m-%d}" if review.said else "",
        modes=tuple(dict.fromkeys(str(act.mode) for act in review.said)),
        **_counts(standing.judged, timed.events, waiting),
        unjudged=sum(
            not begins_judged(event, timed.assessable)
            for event in counted_in(WHOLE_IMAGE, timed.events)
        ),
        carried=sum(each.carried for each in standing.judged),
        unmatched=len({(act.result_sha256, act.event) for act in standing.unmatched}),
        none_seen=none_seen,
        spent_s=spent_s(review.acts),
        result_sha256=digest,
        review_sha256=review.sha256,
    )
    told = timed.model_copy(update={"review": note})
    return Counted(result=told, judged=standing.judged, waiting=waiting)


def _recounted(result: Result, standing: Standing, reviewer: str) -> Result:
    """The result with the reader's events, in the reader's regions and time."""
    events = [
        each.event.model_copy(update={"event": number})
        for number, each in enumerate(standing.judged, 1)
    ]
    outline = standing.outline
    recounted = recount(
        result,
        regions=outline.regions if outline else None,
        lines=outline.lines if outline else None,
        events=events,
    )
    return without_time(recounted, standing.not_assessable, reviewer)


def asked(judged: Judged, reviewer: str) -> bool:
    """Whether a reader is asked about an event: of all, but in a consensus of what is disputed."""
    return judged.disputed or reviewer != CONSENSUS


def _waits(judged: Judged, event: Event, none_seen: Collection[str], unseen: Sequence[Act]) -> bool:
    """Whether an event still wants a verdict, and lies where one is to be given."""
    settled = not {WHOLE_IMAGE, event.region}.isdisjoint(none_seen) or begins_in(event, unseen)
    return judged.verdict is None and not settled


def _counts(
    judged: Sequence[Judged], events: Sequence[Event], waiting: Collection[Key]
) -> dict[str, int]:
    """How many events were decided how: fields of a `ReviewNote`."""
    yes = [j for j, e in zip(judged, events, strict=True) if e.kind is Kind.FASCICULATION]
    return {
        "accepted": sum(not each.own for each in yes),
        "added": sum(each.own for each in yes),
        "rejected": sum(each.verdict is Decision.REJECT for each in judged),
        "unsure": sum(
            each.verdict not in (None, Decision.REJECT) and not each.counted for each in judged
        ),
        "undecided": len(waiting),
        "undecided_counted": sum(
            each.counted_by_detector for each in judged if each.key in waiting
        ),
    }
