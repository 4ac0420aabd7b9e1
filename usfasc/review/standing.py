"""What a review says of every event: its verdict, its note, its times and place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.model import Event, Kind, Result
from usfasc.review.acts import VERDICTS, Act, Decision, Key
from usfasc.review.carrying import find_targets
from usfasc.review.history import replay
from usfasc.review.kept import Review
from usfasc.review.placing import Placing, added_event

_VERBS: Final = {
    Decision.ACCEPT: "Accepted",
    Decision.REJECT: "Rejected",
    Decision.UNSURE: "Called unsure",
    Decision.ADD: "Added",
}
_SETTLING: Final = VERDICTS | {Decision.ADD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One event as a review leaves it."""

    key: Key
    event: Event
    """With kind, times and place as they now are; its number is still the detector's."""
    verdict: Decision | None
    """None while it is undecided."""
    proposed: Event
    """With the kind and the reason that the detector gave, or the mode left."""
    note: str = ""
    own: bool = False
    carried: bool = False
    """Whether the verdict was given on an earlier result."""
    disputed: bool = False
    """In a consensus: whether the readers disagreed on it."""
    readers: tuple[str, ...] = ()
    """In a consensus: those who count it."""

    @property
    def counted(self) -> bool:
        """Whether the reader counts it: accepted, added or called a fasciculation."""
        return self.verdict is not None and self.event.kind is Kind.FASCICULATION

    @property
    def counted_by_detector(self) -> bool:
        """Whether the detector counts it, as far as the mode tells."""
        return not self.own and self.proposed.kind is Kind.FASCICULATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that a review says of one result."""

    judged: tuple[Judged, ...]
    """In order of onset."""
    outline: Act | None
    """The regions and lines that stand; None where they are the detector's."""
    none_seen: tuple[str, ...]
    not_assessable: tuple[Act, ...]
    unmatched: tuple[Act, ...]
    acts: tuple[Act, ...]
    """Those that stand."""


def stand(result: Result, digest: str, review: Review) -> Standing:
    """Apply a review to a result, event by event.

    Parameters
    ----------
    result
        The result as it was detected.
    digest
        Its digest (`usfasc.io.results.result_digest`).
    review
        The reader's acts.
    """
    acts = replay(review.acts).standing
    targets = find_targets(result, digest, acts)
    said: defaultdict[Key, list[Act]] = defaultdict(list)
    for act in acts:
        if (key := targets.key_of(act)) is not None:
            said[key].append(act)
    judge = _Judge(digest=digest, reviewer=review.reviewer, placing=Placing(result))
    judged = [
        *(judge.judge(event.event, event, said[event.event]) for event in result.events),
        *judge.own({key: said[key] for key in said if key < 0}),
    ]
    return Standing(
        judged=tuple(sorted(judged, key=lambda each: (each.event.onset_s, each.key))),
        outline=_last(acts, {Decision.REGIONS}),
        none_seen=tuple(
            dict.fromkeys(act.region or "*" for act in acts if act.decision is Decision.NONE_SEEN)
        ),
        not_assessable=tuple(act for act in acts if act.decision is Decision.NOT_ASSESSABLE),
        unmatched=targets.unmatched,
        acts=acts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judge:
    """Applies one reader's acts to one event at a time."""

    digest: str
    reviewer: str
    placing: Placing

    def own(self, said: Mapping[Key, Sequence[Act]]) -> Iterator[Judged]:
        """Events that the reader added and did not delete."""
        for key, acts in said.items():
            added = _last(acts, {Decision.ADD})
            event = None if added is None else added_event(added)
            if event is not None and _last(acts, {Decision.DELETE}) is None:
                yield self.judge(key, self.placing.add(event), acts)

    def judge(self, key: Key, event: Event, acts: Sequence[Act]) -> Judged:
        """An event with all that was said of it."""
        disputed = next((act for act in acts if act.disputed), None)
        verdict = _last([act for act in acts if not act.disputed], _SETTLING)
        note = _last(acts, {Decision.NOTE})
        for act in acts:
            if act.moved is not None:
                event = self.placing.move(event, act.moved)
        said = note.note if note else ""
        kind, reason = _kind(event, verdict), self._reason(event, verdict, said)
        return Judged(
            key=key,
            event=event.model_copy(update={"kind": kind, "reason": reason}),
            verdict=verdict.decision if verdict else None,
            proposed=event,
            note=said,
            own=key < 0,
            carried=verdict is not None and verdict.result_sha256 != self.digest,
            disputed=disputed is not None,
            readers=disputed.readers if disputed else (),
        )

    def _reason(self, event: Event, verdict: Act | None, note: str) -> str:
        if verdict is None:
            if event.kind is Kind.FASCICULATION and event.origin == "detected":
                return f"Not decided by {self.reviewer}; the detector counts it."
            return event.reason
        kind = str(verdict.kind or Kind.FASCICULATION).replace("_", " ")
        verb = _VERBS.get(verdict.decision, f"Called {kind}")
        said = f" Note: {note}" if note else ""
        return f"{verb} by {self.reviewer}, {verdict.time_utc:%Y-%m-%d}.{said}"


def _kind(event: Event, verdict: Act | None) -> Kind:
    """The kind that a verdict leaves an event with; without one nothing is counted."""
    other = Kind.UNSURE if event.kind is Kind.FASCICULATION else event.kind
    if verdict is None or verdict.decision is Decision.REJECT:
        return other
    if verdict.decision is Decision.UNSURE:
        return Kind.UNSURE
    if verdict.decision is Decision.ACCEPT:
        return Kind.FASCICULATION
    return verdict.kind or Kind.FASCICULATION


def _last(acts: Iterable[Act], decisions: Collection[Decision]) -> Act | None:
    """The last act of these."""
    return next((act for act in reversed(list(acts)) if act.decision in decisions), None)
