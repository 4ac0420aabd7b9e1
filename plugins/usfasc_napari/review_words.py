"""What the Review dock says of a review and of the event in hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from usfasc.report.sentences import count_words, kind_words, region_words, told
from usfasc.review import Decision, Mode
from usfasc_napari.review_list import is_undecided, kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from usfasc.review import Act, Row, Session
    from usfasc_napari.flow_arrows import Arrows


def progress_words(session: Session, rows: Sequence[Row]) -> str:
    """How far the review is, and, where nothing is hidden, what it counts."""
    decided = sum(not is_undecided(row) for row in rows)
    if session.mode is Mode.ANNOTATE:
        return f"Marked: {len(rows)}."
    said = f"{decided} of {len(rows)} decided."
    if session.mode is Mode.BLINDED:
        return said
    counts = ", ".join(
        f"{region_words(summary.region)} {count_words(summary)}"
        for summary in told(session.reviewed)
    )
    return f"{said} You count: {counts}."


def arrow_words(arrows: Arrows | None) -> str:
    """By how much arrows are drawn longer, or why there are none."""
    if arrows is None:
        return "no arrows: no direction of movement is sure"
    factor = arrows.factor
    longer = f"{factor} times longer than the movement" if factor > 1 else "as long as the movement"
    return f"arrows drawn {longer}"


def event_words(row: Row | None, mode: Mode, of_arrows: str) -> str:
    """Which event is in hand; ``of_arrows`` is what is said of its arrows."""
    if row is None:
        return "No event in hand. Point at a twitch and press A to add one."
    event = row.event
    parts = [f"{event.onset_s:.2f} to {event.offset_s:.2f} s"]
    if mode is not Mode.BLINDED:
        parts = [f"Event {event.event}: {kind_words(kind_of(row))}", *parts]
        parts += [event.region] if event.region else []
    if row.readers:
        parts.append(f"counted by {', '.join(row.readers)}")
    if of_arrows:
        parts.append(of_arrows)
    words = " · ".join(parts) + "."
    # Why it is none of the counted; a verdict has an answer of its own.
    reason = event.reason.rstrip(".")
    return f"{words} {reason[0].upper()}{reason[1:]}." if reason and row.verdict is None else words


_ACTS: Final[Mapping[Decision, str]] = {
    Decision.CHANGE_KIND: "change of kind",
    Decision.DELETE: "deletion",
    Decision.REGIONS: "change of regions",
    Decision.NONE_SEEN: "reviewed, none seen",
    Decision.NOT_ASSESSABLE: "not assessable",
}


def turn_words(verb: str, act: Act | None, rows: Sequence[Row]) -> str:
    """What an undo or a redo would be of: ``Undo: reject, event at 4.52 s``.

    Parameters
    ----------
    verb
        ``Undo`` or ``Redo``.
    act
        The act; None where there is none.
    rows
        The events that the reader may see.
    """
    if act is None:
        return f"Nothing to {verb.lower()}"
    words = f"{verb}: {_ACTS.get(act.decision, act.decision.value)}"
    row = next((row for row in rows if row.key == act.event), None)
    if row is None:
        return words
    return f"{words}, event at {row.event.onset_s:.2f} s"


def unmatched_words(session: Session) -> str:
    """How many verdicts of an older result have no event here; empty where all have."""
    number = len(session.unmatched)
    if not number:
        return ""
    verdicts = "1 act" if number == 1 else f"{number} acts"
    return f"{verdicts} on an earlier result: no such event in this one (kept, not counted)."
