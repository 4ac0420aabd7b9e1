"""A result with a reader's verdicts: what is counted, in which regions, in how much time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from usfasc.io.results import result_digest
from usfasc.model import WHOLE_IMAGE, Event, Kind, Result, ReviewNote
from usfasc.recount import recount
from usfasc.regions.counting import counted_in
from usfasc.review.acts import CONSENSUS, Decision
from usfasc.review.journal import Review
from usfasc.review.standing import Judged, Standing, stand
from usfasc.review.timing import spent_s
from usfasc.review.unseen import without_time


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A reviewed result, and what its review calls each of its events."""

    result: Result
    judged: tuple[Judged, ...]
    """One for each event of the result, in the same order."""


def counted(result: Result, review: Review) -> Result:
    """Count a result anew by what a reader decided.

    Only events that the reader accepted, added or called fasciculations are counted.
    Events without a verdict stay listed, as unsure where the detector counts them;
    `ReviewNote.undecided` tells how many there are. Time that the reader called not
    assessable is taken out, with the events in it.

    Parameters
    ----------
    result
        The result as it was detected.
    review
        The reader's acts, as `usfasc.review.read_review` gives them.
    """
    digest = result_digest(result)
    return conclude(result, stand(result, digest, review), review, digest).result


def conclude(result: Result, standing: Standing, review: Review, digest: str) -> Counted:
    """Count what stands; see `counted`."""
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
    timed = without_time(recounted, standing.not_assessable, review.reviewer)
    note = _note(timed, standing, review, digest)
    return Counted(result=timed.model_copy(update={"review": note}), judged=standing.judged)


def asked(judged: Judged, reviewer: str) -> bool:
    """Whether a reader is asked about an event: of all, but in a consensus of what is disputed."""
    return judged.disputed or reviewer != CONSENSUS


def undecided(judged: Judged, event: Event, none_seen: Sequence[str]) -> bool:
    """Whether an event still waits for a verdict.

    Parameters
    ----------
    judged, event
        The event, and the same with its region.
    none_seen
        Regions in which the reader says that there is none.
    """
    said = WHOLE_IMAGE in none_seen or event.region in none_seen
    return judged.verdict is None and not said


def _note(result: Result, standing: Standing, review: Review, digest: str) -> ReviewNote:
    verdicts = [each.verdict for each in standing.judged]
    # Whoever counts one has seen one, whatever was said before.
    none_seen = tuple(r for r in standing.none_seen if not counted_in(r, result.events))
    waiting = [
        each
        for each, event in zip(standing.judged, result.events, strict=True)
        if undecided(each, event, none_seen) and asked(each, review.reviewer)
    ]
    yes = [
        each
        for each, event in zip(standing.judged, result.events, strict=True)
        if event.kind is Kind.FASCICULATION
    ]
    unsure = [v for v in verdicts if v not in (None, Decision.REJECT)]
    return ReviewNote(
        reviewer=review.reviewer,
        date=f"{review.acts[-1].time_utc:%Y-%m-%d}" if review.acts else "",
        modes=tuple(dict.fromkeys(str(act.mode) for act in review.acts)),
        accepted=sum(not each.own for each in yes),
        rejected=verdicts.count(Decision.REJECT),
        unsure=len(unsure) - len(yes),
        added=sum(each.own for each in yes),
        undecided=len(waiting),
        undecided_counted=sum(each.counted_by_detector for each in waiting),
        carried=sum(each.carried for each in standing.judged),
        unmatched=len({(act.result_sha256, act.event) for act in standing.unmatched}),
        none_seen=none_seen,
        spent_s=spent_s(review.acts),
        result_sha256=digest,
        review_sha256=review.sha256,
    )
