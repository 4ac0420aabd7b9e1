"""One reader at one clip: acts in, rows and counts out, everything saved as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from usfasc.errors import Code, InputError, UsageError
from usfasc.io.results import read_result
from usfasc.model import WHOLE_IMAGE, Kind, Line, Region, Result
from usfasc.regions.counting import counted_in
from usfasc.review.acts import CONSENSUS, Act, Decision, Key, Mode, Moved
from usfasc.review.history import replay
from usfasc.review.journal import Journal
from usfasc.review.kept import Review, next_number, review_path
from usfasc.review.placing import check_order
from usfasc.review.timing import Stopwatch
from usfasc.review.view import View

_WORTH_S: Final = 1.0
"""Less time than this, looked at events without an act, is not worth a line."""
_USUAL_PEAK_S: Final = 0.1
_USUAL_OFFSET_S: Final = 0.3
"""Of a twitch since its onset, where a reader marks its onset alone."""


class Session(View):
    """A review that is open: `open` it, act, and read `rows` and `reviewed` again.

    Every act is appended to the review's file and synced before the method returns; where
    that fails, nothing has changed. What another window of the same reader
    appended meanwhile is kept, and seen after the next act.

    Parameters
    ----------
    result
        The clip's result.
    journal
        The reader's file.
    mode
        What the reader may see.
    now_s
        A clock that never goes back, for the time spent.
    """

    def __init__(
        self,
        result: Result,
        journal: Journal,
        mode: Mode,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(result, journal, mode)
        self._watch = Stopwatch(now_s)

    @classmethod
    def open(cls, result_path: Path, reviewer: str, mode: Mode = Mode.GUIDED) -> Session:
        """Open a reader's review of a result; nothing is written before the first act.

        Parameters
        ----------
        result_path
            ``<clip>.usfasc.json``; the review stands beside it.
        reviewer
            The reader's name: a-z, 0-9 and hyphens. As ``consensus`` the disagreements of
            the other readers are settled (`usfasc.review.begin_consensus`).
        mode
            What the reader may see.

        Raises
        ------
        InputError
            The result or the review cannot be used.
        UsageError
            ``BAD_USAGE``: no such name of a reader, or a consensus that has not begun.
        """
        result = read_result(result_path)
        path = review_path(result_path, reviewer)
        if reviewer == CONSENSUS and not path.exists():
            raise UsageError(
                Code.BAD_USAGE,
                "There is no consensus yet; `usfasc agree --consensus` begins one.",
            )
        return cls(result, Journal(path, reviewer, result.source.sha256), mode)

    def attend(self, key: Key | None) -> None:
        """Note that the reader now looks at an event, or at the clip as a whole (None)."""
        self._watch.attend(key)

    def rest(self) -> None:
        """Note that the reader looks away; time spent on events since the last act is kept.

        A review that has not begun stays so: who only looked is no reader of the clip.
        """
        looked_s = sum(each.seconds for each in self._watch.read() if each.event is not None)
        if looked_s >= _WORTH_S and self.review.acts:
            self._act(Decision.LOOKED)
        self._watch.attend(None)

    def accept(self, key: Key) -> None:
        """Count an event: it is a fasciculation."""
        self._say(key, Decision.ACCEPT)

    def reject(self, key: Key) -> None:
        """Do not count an event: it is none."""
        self._say(key, Decision.REJECT)

    def unsure(self, key: Key) -> None:
        """Do not count an event: it may be one or not."""
        self._say(key, Decision.UNSURE)

    def change_kind(self, key: Key, kind: Kind) -> None:
        """Say what an event is; as a fasciculation it is counted."""
        self._say(key, Decision.CHANGE_KIND, kind=kind)

    def note(self, key: Key | None, text: str) -> None:
        """Write a note to an event, in the place of an older one, or to the clip (None)."""
        if key is None:
            self._act(Decision.NOTE, note=text)
        else:
            self._say(key, Decision.NOTE, note=text)

    def move(
        self,
        key: Key,
        *,
        onset_s: float | None = None,
        peak_s: float | None = None,
        offset_s: float | None = None,
        x_px: float | None = None,
        y_px: float | None = None,
    ) -> None:
        """Give an event other times or another place; what is None stays.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: the times are not in order, or outside the clip.
        """
        times = {"onset_s": onset_s, "peak_s": peak_s, "offset_s": offset_s}
        said = {**times, "x_px": x_px, "y_px": y_px}
        given = {name: value for name, value in said.items() if value is not None}
        if given:
            event = self._judged(key).event
            check_order(**({name: getattr(event, name) for name in said} | given))
            self._say(key, Decision.MOVE, moved=Moved(**given))

    def delete(self, key: Key) -> None:
        """Take an own event away.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: the detector found it; it can be rejected.
        """
        if not self._judged(key).own:
            raise UsageError(
                Code.BAD_USAGE, "Only an event of your own can be deleted; reject this one."
            )
        self._say(key, Decision.DELETE)

    def add(
        self,
        *,
        onset_s: float,
        x_px: float,
        y_px: float,
        peak_s: float | None = None,
        offset_s: float | None = None,
        kind: Kind = Kind.FASCICULATION,
    ) -> Key:
        """Add an event that was missed; the key to name it by.

        Where only its onset is given, it peaks 0.1 s and ends 0.3 s later.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: the times are not in order.
        """
        peak_s = onset_s + _USUAL_PEAK_S if peak_s is None else peak_s
        offset_s = max(peak_s, onset_s + _USUAL_OFFSET_S) if offset_s is None else offset_s
        times = {"onset_s": onset_s, "peak_s": peak_s, "offset_s": offset_s}
        place = {"x_px": x_px, "y_px": y_px}
        check_order(**times, **place)

        def numbered(review: Review) -> dict[str, Any]:
            return {"event": -next_number(review)}

        self._act(Decision.ADD, numbered, kind=kind, **times, **place)
        added = self.review.acts[-1].event
        assert added is not None
        return added

    def set_regions(self, regions: Sequence[Region], lines: Sequence[Line] = ()) -> None:
        """Count in other regions, or between other lines, without a new detection."""
        self._act(Decision.REGIONS, regions=tuple(regions), lines=tuple(lines))

    def none_seen(self, region: str = WHOLE_IMAGE) -> None:
        """Say that a region was looked through, and none was seen.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: events of it are counted.
        """
        counted = len(counted_in(region, self.reviewed.events))
        if counted:
            raise UsageError(
                Code.BAD_USAGE,
                f"You counted {counted} there; reject what is none before you say none seen.",
            )
        self._act(Decision.NONE_SEEN, region=region)

    def not_assessable(
        self,
        region: str = WHOLE_IMAGE,
        start_s: float | None = None,
        stop_s: float | None = None,
        reason: str = "",
    ) -> None:
        """Take time out of a region's: what is None reaches to the end of the clip.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: it stops before it starts.
        """
        if start_s is not None and stop_s is not None and not start_s < stop_s:
            raise UsageError(Code.BAD_USAGE, "The time must start before it stops.")
        self._act(
            Decision.NOT_ASSESSABLE, region=region, start_s=start_s, stop_s=stop_s, note=reason
        )

    def undo(self) -> bool:
        """Undo the last act, also one of an earlier session; whether there was one."""
        return self._turn(Decision.UNDO)

    def redo(self) -> bool:
        """Do the last undone act again; whether there was one."""
        return self._turn(Decision.REDO)

    def _turn(self, decision: Decision) -> bool:
        if not (self.can_undo if decision is Decision.UNDO else self.can_redo):
            return False

        def last(review: Review) -> dict[str, Any]:
            history = replay(review.acts)
            return {"of": history.undo_of if decision is Decision.UNDO else history.redo_of}

        self._act(decision, last)
        return True

    def _say(self, key: Key, decision: Decision, **more: Any) -> None:
        """An act on an event, which it names as it was detected or added."""
        base = self._named(key)
        self._act(decision, None, **(base | more))

    def _named(self, key: Key) -> dict[str, Any]:
        """Number, times and place of an event before anything was done to it."""
        self._judged(key)
        if key < 0:
            named: Any = next(a for a in self.review.acts if a.event == key and _adds(a))
        else:
            named = next(event for event in self.detected.events if event.event == key)
        names = ("onset_s", "peak_s", "offset_s", "x_px", "y_px")
        return {"event": key} | {name: getattr(named, name) for name in names}

    def _act(
        self,
        decision: Decision,
        late: Callable[[Review], dict[str, Any]] | None = None,
        **fields: Any,
    ) -> None:
        """Append an act; ``late`` tells what depends on the acts before it."""

        def make(review: Review) -> Act:
            try:
                return Act(
                    act=next_number(review),
                    result_sha256=self._digest,
                    decision=decision,
                    time_utc=datetime.now(UTC),
                    spent=self._watch.read(),
                    mode=self.mode,
                    **fields,
                    **(late(review) if late else {}),
                )
            except ValidationError:
                raise InputError(
                    Code.BAD_REVIEW,
                    "The act is not valid: a number that is none, or a text of more than 2,000"
                    " letters.",
                ) from None

        self._journal.append(make)
        self._watch.empty()
        self._look_again()


def _adds(act: Act) -> bool:
    return act.decision is Decision.ADD
