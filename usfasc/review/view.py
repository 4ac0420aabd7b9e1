"""What a reader sees of an open review: rows, counts, what can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from usfasc.errors import Code, UsageError
from usfasc.io.results import result_digest
from usfasc.model import Event, Result
from usfasc.review.acts import Act, Decision, Key, Mode
from usfasc.review.blinding import shown
from usfasc.review.counting import Counted, asked, conclude
from usfasc.review.history import replay
from usfasc.review.journal import Journal
from usfasc.review.kept import Review
from usfasc.review.ordering import Order, shuffled, sort_events
from usfasc.review.standing import Judged, Standing, stand


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One event as a list shows it, in the reader's mode."""

    event: Event
    """As it stands now, with its number in `Session.reviewed`; while it is undecided with the
    detector's kind and reason."""
    key: Key
    """Its name in the session, whatever becomes of its number."""
    verdict: Decision | None
    """None while it is undecided."""
    decided: bool
    """Whether it has a verdict, or lies where none was seen or nothing can be judged."""
    counted: bool
    """Whether the detector counts it; False where the mode hides that."""
    own: bool
    note: str
    carried: bool
    """Whether its verdict was given on an earlier result of the clip."""
    readers: tuple[str, ...] = ()
    """In a consensus: those who count it."""


class View:
    """An open review to look at, in the reader's mode.

    Attributes
    ----------
    mode
        What the reader may see.
    detected
        The result as the engine gave it, without what the mode hides.
    """

    def __init__(self, result: Result, journal: Journal, mode: Mode) -> None:
        self.mode = mode
        self.detected = shown(result, mode)
        self._digest = result_digest(result)
        self._journal = journal

    @property
    def reviewer(self) -> str:
        """The reader's name."""
        return self._journal.review.reviewer

    @property
    def review(self) -> Review:
        """The review as its file holds it."""
        return self._journal.review

    @property
    def reviewed(self) -> Result:
        """The result with the reader's verdicts, counted anew; see `usfasc.review.counted`."""
        return self._counted.result

    @property
    def rows(self) -> tuple[Row, ...]:
        """What a list shows, in order of onset; a consensus shows what is disputed."""
        found = self._counted
        return tuple(
            _row(judged, event, decided=judged.key not in found.waiting)
            for judged, event in zip(found.judged, found.result.events, strict=True)
            if asked(judged, self.reviewer)
        )

    @property
    def unmatched(self) -> tuple[Act, ...]:
        """Acts on an earlier result whose event is not in this one; they are kept."""
        # Without events shown, none of them can be told from one that is gone.
        return () if self.mode is Mode.ANNOTATE else self._standing.unmatched

    @property
    def to_undo(self) -> Act | None:
        """The act that is undone next, also one of an earlier session."""
        return self._act_of(replay(self.review.acts).undo_of)

    @property
    def to_redo(self) -> Act | None:
        """The undone act that is done again next."""
        return self._act_of(replay(self.review.acts).redo_of)

    @property
    def can_undo(self) -> bool:
        """Whether there is an act to undo."""
        return self.to_undo is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone act to do again."""
        return self.to_redo is not None

    def _act_of(self, number: int | None) -> Act | None:
        return next((act for act in self.review.acts if act.act == number), None)

    def order(self, by: Order = Order.TIME) -> tuple[Key, ...]:
        """Keys of the rows in an order; blinded readers have a random one, always the same."""
        rows = [(row.key, row.event) for row in self.rows]
        if self.mode is Mode.BLINDED:
            keys = [key for key, _ in rows]
            return shuffled(keys, self.reviewer, self.detected.source.sha256)
        count_score = float(self.detected.parameters.get("count_score", 0.5))
        return sort_events(rows, by, count_score)

    def _judged(self, key: Key) -> Judged:
        for judged in self._standing.judged:
            if judged.key == key:
                return judged
        raise UsageError(Code.BAD_USAGE, "There is no such event in this review.")

    def _look_again(self) -> None:
        """After an act: what stands is found anew when it is asked for."""
        self.__dict__.pop("_standing", None)
        self.__dict__.pop("_counted", None)

    @cached_property
    def _standing(self) -> Standing:
        return stand(self.detected, self._digest, self.review)

    @cached_property
    def _counted(self) -> Counted:
        return conclude(self.detected, self._standing, self.review, self._digest)


def _row(judged: Judged, event: Event, *, decided: bool) -> Row:
    if judged.verdict is None:
        proposed = judged.proposed
        event = event.model_copy(update={"kind": proposed.kind, "reason": proposed.reason})
    return Row(
        event=event,
        key=judged.key,
        verdict=judged.verdict,
        decided=decided,
        counted=judged.counted_by_detector,
        own=judged.own,
        note=judged.note,
        carried=judged.carried,
        readers=judged.readers,
    )
