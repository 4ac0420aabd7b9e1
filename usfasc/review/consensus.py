"""A consensus: a review that begins with what readers agree on, and asks for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from usfasc.errors import Code, UsageError
from usfasc.io.results import read_result, result_digest
from usfasc.model import Event, Result
from usfasc.review.acts import CONSENSUS, Act, Decision, Key, Moved
from usfasc.review.counting import counted
from usfasc.review.journal import Journal
from usfasc.review.kept import (
    Review,
    next_number,
    read_review,
    review_path,
    reviewers_of,
)
from usfasc.review.merging import Merged, Shared, merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """A consensus that is ready to be opened as a session of the reviewer ``consensus``."""

    path: Path
    readers: tuple[str, ...]
    disputed: int
    """Events that some readers count, and some do not: its rows."""
    begun_before: bool
    """Whether it had begun already; it is then left as it was."""


def readers_of(result_path: Path) -> tuple[str, ...]:
    """Readers of a result, the consensus left out."""
    return tuple(name for name in reviewers_of(result_path) if name != CONSENSUS)


def begin_consensus(result_path: Path, readers: Sequence[str] | None = None) -> Consensus:
    """Write what readers agree on as the beginning of a consensus.

    Events that all readers count are accepted, those that all rejected are rejected, and
    those that only some count are left to be decided. Time that any reader called not
    assessable is taken out; regions are those that all drew alike. A consensus that has
    begun is left as it is.

    Parameters
    ----------
    result_path
        ``<clip>.usfasc.json``, with the reviews beside it.
    readers
        Whose reviews; all of them where None.

    Raises
    ------
    UsageError
        ``BAD_USAGE``: there are fewer than two, or one of them has not finished.
    InputError
        The result or a review cannot be used.
    OutputError
        ``NOT_WRITABLE``.
    """
    result = read_result(result_path)
    names = readers_of(result_path) if readers is None else tuple(dict.fromkeys(readers))
    if len(names) < 2:
        raise UsageError(Code.BAD_USAGE, "A consensus needs two readers or more of the clip.")
    path = review_path(result_path, CONSENSUS)
    journal = Journal(path, CONSENSUS, result.source.sha256)
    begun_before = journal.review.clip_sha256 is not None
    if not begun_before:
        reviews = [read_review(review_path(result_path, name), name) for name in names]
        _check_finished(result, reviews)
        journal.append(*_makers(merge(result, reviews), result))
    return Consensus(
        path=path,
        readers=_begun_by(journal.review) or names,
        disputed=sum(act.disputed for act in journal.review.acts),
        begun_before=begun_before,
    )


def _check_finished(result: Result, reviews: Sequence[Review]) -> None:
    """Refuse readings that go on: what they come to would not be asked for any more."""
    for review in reviews:
        note = counted(result, review).review
        if note is None or note.undecided_counted:
            raise UsageError(
                Code.BAD_USAGE,
                f"No consensus yet: {review.reviewer} has not decided on all that the detector"
                " counts.",
            )


def _begun_by(review: Review) -> tuple[str, ...]:
    """All who are named in what a consensus began with."""
    return tuple(sorted({name for act in review.acts for name in act.readers}))


def _makers(merged: Merged, result: Result) -> Iterator[Callable[[Review], Act]]:
    digest, events = result_digest(result), {event.event: event for event in result.events}
    everyone = {"result_sha256": digest, "readers": merged.readers}
    if merged.outline is not None:
        drawn = {"regions": merged.outline.regions, "lines": merged.outline.lines}
        yield _maker(everyone | {"decision": Decision.REGIONS} | drawn)
    for name, act in merged.not_assessable:
        fields = act.model_dump(include={"decision", "region", "start_s", "stop_s", "note"})
        yield _maker(fields | everyone | {"readers": (name,)})
    for key in merged.rejected:
        yield _maker(everyone | {"decision": Decision.REJECT} | _named(key, events[key]))
    for each in merged.counted:
        yield _maker(everyone | _counted(each, merged, events))


def _counted(each: Shared, merged: Merged, events: dict[Key, Event]) -> dict[str, Any]:
    """An event that readers count, as the first of them left it."""
    judged, disputed = each.judged, each in merged.disagreements
    said = {"readers": each.readers, "disputed": disputed}
    if judged.own:
        return (
            said | {"decision": Decision.ADD, "kind": judged.event.kind} | _named(0, judged.event)
        )
    detected = events[judged.key]
    names = tuple(Moved.model_fields)
    other = {
        name: getattr(judged.event, name)
        for name in names
        if getattr(judged.event, name) != getattr(detected, name)
    }
    moved = {"moved": Moved(**other)} if other else {}
    return said | {"decision": Decision.ACCEPT} | moved | _named(judged.key, detected)


def _named(key: Key, event: Event) -> dict[str, Any]:
    names = ("onset_s", "peak_s", "offset_s", "x_px", "y_px")
    return {"event": key} | {name: getattr(event, name) for name in names}


def _maker(fields: dict[str, Any]) -> Callable[[Review], Act]:
    def make(review: Review) -> Act:
        number = next_number(review)
        # An event that is not the detector's is named by the act that adds it.
        event = {"event": -number} if fields.get("event") == 0 else {}
        return Act(act=number, time_utc=datetime.now(UTC), **(fields | event))

    return make
