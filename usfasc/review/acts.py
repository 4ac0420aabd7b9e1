"""What a reader may do, and how each act is kept: one line of a review.

A review is a list of acts in the order they were done. Nothing is ever taken out of it:
an undo is an act too.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, ConfigDict, Field

from usfasc.model import Kind, Line, Region, Value

REVIEW_SCHEMA: Final = 1
CONSENSUS: Final = "consensus"
"""Name under which the disagreements of other readers are settled."""
REVIEWER_PATTERN: Final = r"[a-z0-9-]{1,32}"

Key = int
"""An event of a review: its number in the result, or of the reader's own, minus its act's."""


class Decision(StrEnum):
    """What an act does."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    CHANGE_KIND = "change_kind"
    ADD = "add"
    MOVE = "move"
    DELETE = "delete"
    REGIONS = "regions"
    NONE_SEEN = "none_seen"
    NOT_ASSESSABLE = "not_assessable"
    NOTE = "note"
    UNDO = "undo"
    REDO = "redo"
    LOOKED = "looked"
    """Says nothing but how long the reader looked since the act before; it cannot be undone."""


VERDICTS: Final = frozenset(
    {Decision.ACCEPT, Decision.REJECT, Decision.UNSURE, Decision.CHANGE_KIND}
)
"""Of these the last one of an event stands."""


class Mode(StrEnum):
    """What a reader is shown."""

    GUIDED = "guided"
    """All that was detected."""
    BLINDED = "blinded"
    """Movements in a random order, without scores, kinds and counts."""
    ANNOTATE = "annotate"
    """The clip alone, and the reader's own events."""


class Moved(Value):
    """Times and place that a reader gave an event; None where they stay."""

    onset_s: float | None = None
    peak_s: float | None = None
    offset_s: float | None = None
    x_px: float | None = None
    y_px: float | None = None


class Spent(Value):
    """Time for which an event was looked at; the clip as a whole where it is None."""

    event: Key | None = None
    seconds: Annotated[float, Field(ge=0)]


class Act(Value):
    """One act of a reader. Fields that a newer usfasc adds are kept as they are.

    ``event`` is the event's number in the result named by ``result_sha256``; of an event
    of the reader's own it is minus the number of the act that added it. The times and the
    place beside it are the event's as it was detected or added, so that the verdict finds
    it again in another result.
    """

    model_config = ConfigDict(extra="allow")

    act: Annotated[int, Field(ge=1)]
    result_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    event: Key | None = None
    onset_s: float | None = None
    x_px: float | None = None
    y_px: float | None = None
    decision: Decision
    kind: Kind | None = None
    note: Annotated[str, Field(max_length=2_000)] = ""
    time_utc: AwareDatetime
    peak_s: float | None = None
    offset_s: float | None = None
    moved: Moved | None = None
    region: str | None = None
    """Which region is said to show none, or not to be assessable; ``*`` is the whole image."""
    start_s: float | None = None
    stop_s: float | None = None
    regions: Annotated[tuple[Region, ...] | None, Field(max_length=256)] = None
    lines: Annotated[tuple[Line, ...] | None, Field(max_length=64)] = None
    of: int | None = None
    """Number of the act that is undone or done again."""
    spent: tuple[Spent, ...] = ()
    """Time since the act before this one, by the event that was looked at."""
    mode: Mode = Mode.GUIDED
    readers: tuple[str, ...] = ()
    """In a consensus: the readers who count this event, as they said before it began."""
    disputed: bool = False
    """In a consensus: not all readers do, so that it is to be decided."""


_ALWAYS: Final = frozenset((*list(Act.model_fields)[:10], "mode"))
"""Written in every line, whether or not they say something."""


def act_fields(act: Act) -> dict[str, Any]:
    """An act as its line holds it: what says nothing is left out, but of a verdict's own fields."""
    whole = act.model_dump(mode="json")
    told = act.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in whole.items() if name in told or name in _ALWAYS}
