"""Which event of a result an act is on; verdicts of an earlier result are matched anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from usfasc.match import match_events, spacing_of
from usfasc.model import Event, Kind, Result
from usfasc.review.acts import Act, Decision, Key, Mode
from usfasc.review.placing import added_event

Target = tuple[str, Key]
"""An event as acts name it: digest of the result, and its number there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Where the acts of a review lead to in one result."""

    keys: Mapping[Target, Key]
    unmatched: tuple[Act, ...]
    """Acts on an earlier result whose event is not in this one."""
    found: Mapping[Key, Key]
    """Events that the reader added to an earlier result, and this one has by itself."""

    def key_of(self, act: Act) -> Key | None:
        """The event that an act is on; None where there is none in this result."""
        if act.event is None or act.event < 0:
            return act.event if act.event is None else self.found.get(act.event, act.event)
        return self.keys.get((act.result_sha256, act.event))


def find_targets(result: Result, digest: str, acts: Iterable[Act]) -> Targets:
    """Find the events that acts are on.

    Acts on this very result name its events by number; those of an earlier one go to the
    events that match (`usfasc.match`), one to one. So does what the reader added to an earlier
    result, where the event that matches is nobody else's; what was marked without sight of any
    event stays as it was marked.

    Parameters
    ----------
    result
        The result as it was detected.
    digest
        Its digest (`usfasc.io.results.result_digest`).
    acts
        Acts that stand, in their order.
    """
    acts = tuple(acts)
    on_events = [act for act in acts if act.event is not None and act.event > 0]
    numbers = {event.event for event in result.events}
    keys = {(digest, number): number for number in numbers}
    taken: set[Key] = set()
    for sha256, known in _earlier(digest, on_events).items():
        matched = _matched(result.events, known, result)
        keys |= {(sha256, number): key for number, key in matched.items()}
        taken |= set(matched.values())
    lost = tuple(a for a in on_events if (a.result_sha256, a.event) not in keys)
    free = [event for event in result.events if event.event not in taken]
    return Targets(keys=keys, unmatched=lost, found=_matched(free, _added(digest, acts), result))


def _added(digest: str, acts: Sequence[Act]) -> list[Act]:
    """What the reader added in sight of an earlier result, and did not delete."""
    gone = {act.event for act in acts if act.decision is Decision.DELETE}
    return [
        act
        for act in acts
        if act.decision is Decision.ADD
        and act.event not in gone
        and act.result_sha256 != digest
        and act.mode is not Mode.ANNOTATE
        and not act.readers
    ]


def _earlier(digest: str, acts: Iterable[Act]) -> dict[str, list[Act]]:
    """The first act on each event of each earlier result."""
    first: defaultdict[str, dict[Key, Act]] = defaultdict(dict)
    for act in acts:
        if act.result_sha256 != digest and act.event is not None:
            first[act.result_sha256].setdefault(act.event, act)
    return {sha256: list(known.values()) for sha256, known in first.items()}


def _matched(events: Sequence[Event], acts: Sequence[Act], result: Result) -> dict[Key, Key]:
    """The event of the result for each act that one matches, by the event the act names."""
    wanted = [(act.event, added_event(act)) for act in acts]
    named = [(key, event) for key, event in wanted if key is not None and event is not None]
    matching = match_events(
        events,
        [event.model_copy(update={"event": number}) for number, (_, event) in enumerate(named)],
        spacing_mm=spacing_of(result),
        kinds=set(Kind),
    )
    return {named[found.event][0]: true.event for true, found in matching.pairs}
