"""The course of a review: from event to event, and what each command does; no window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from psygnal import Signal

from usfasc.errors import UsfascError
from usfasc.model import WHOLE_IMAGE, Kind
from usfasc.review import Decision, Key, Order
from usfasc_napari.desk import Desk
from usfasc_napari.review_list import (
    ALL,
    Column,
    columns_of,
    in_order,
    is_undecided,
    narrowed,
    sorted_by,
)

if TYPE_CHECKING:
    from usfasc.review import Row, Session


class ReviewCourse:
    """One reader's way through the events of the clip in hand.

    Parameters
    ----------
    desk
        Of the viewer.

    Attributes
    ----------
    listed_changed
        `listed` is another: other rows, another order, another filter.
    goes_on
        Whether a verdict leads to the next event.
    """

    listed_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.goes_on = True
        self.shown = ALL
        self.column: Column | None = None
        self.descending = False
        self._doubtful_first = False
        self.listed: tuple[Row, ...] = ()
        desk.rows_changed.connect(self._list)
        desk.clip_changed.connect(self.begin)
        self.begin()

    def begin(self) -> None:
        """Take up the clip in hand where its review was left: at the next undecided event."""
        self._list()
        if self.desk.current is None and self.listed:
            first = next((row for row in self.listed if is_undecided(row)), self.listed[0])
            self.desk.go_to(first.key)

    # What the list shows.

    @property
    def doubtful_first(self) -> bool:
        """Whether the events nearest to the counting score come first."""
        return self._doubtful_first

    def show(self, only: str) -> None:
        """Narrow the list; see `review_list.filters_of`."""
        self.shown = only
        self._list()

    def sort(self, column: Column | None, *, descending: bool = False) -> None:
        """Sort the list by a column; None for the order that the session gives."""
        self.column, self.descending, self._doubtful_first = column, descending, False
        self._list()

    def put_doubtful_first(self, *, first: bool) -> None:
        """Sort the list by doubt, or by time again."""
        self.column, self._doubtful_first = None, first
        self._list()

    def _list(self) -> None:
        self.listed = narrowed(self._ordered(), self.shown)
        self.listed_changed.emit()

    def _ordered(self) -> Sequence[Row]:
        session, rows = self.desk.session, self.desk.rows
        if session is None:
            return ()
        if self.column is not None and self.column in columns_of(self.desk.mode):
            return sorted_by(rows, self.column, descending=self.descending)
        by = Order.DOUBTFUL if self._doubtful_first else Order.TIME
        return in_order(rows, session.order(by))

    # From event to event.

    def step(self, by: int) -> None:
        """Go on by so many events of the list, and stay at its ends."""
        keys = [row.key for row in self.listed]
        if not keys:
            return
        here = self._place(keys)
        self.desk.go_to(keys[min(max(here + by, 0), len(keys) - 1)])

    def next_undecided(self) -> None:
        """To the next event without a verdict, after the last one from the top again."""
        keys = [row.key for row in self.listed]
        here = self._place(keys)
        after = (*self.listed[here + 1 :], *self.listed[: max(here, 0)])
        found = next((row.key for row in after if is_undecided(row)), None)
        if found is None:
            self.desk.notice.emit("Every event of the list has a verdict.")
        else:
            self.desk.go_to(found)

    def _place(self, keys: Sequence[Key]) -> int:
        """Place of the current event in the list; before its start where it is not in it."""
        current = self.desk.current
        return keys.index(current.key) if current is not None and current.key in keys else -1

    # Verdicts.

    def judge(self, decision: Decision) -> None:
        """Accept or reject the current event, or leave it open."""
        self._judge(lambda session, key: getattr(session, decision.value)(key))

    def change_kind(self, kind: Kind) -> None:
        """Say what the current event is instead."""
        self._judge(lambda session, key: session.change_kind(key, kind))

    def _judge(self, act: Callable[[Session, Key], object]) -> None:
        keys = [row.key for row in self.listed]
        here = self._place(keys)
        following = keys[here + 1] if 0 <= here < len(keys) - 1 else None
        if self._do_to_current(act) and self.goes_on and following is not None:
            self.desk.go_to(following)

    # Corrections.

    def add(self, y_px: float, x_px: float) -> None:
        """Add an event of the reader's own, beginning at the frame on display."""

        added: list[Key] = []
        at_s = self.desk.time_s
        if self._do(lambda session: added.append(session.add(onset_s=at_s, x_px=x_px, y_px=y_px))):
            self.desk.go_to(added[0])

    def delete(self) -> None:
        """Delete the current event, if it is the reader's own."""
        current = self.desk.current
        if current is not None and not current.own:
            self.desk.notice.emit("Only events that you added can be deleted; reject this one.")
            return
        keys = [row.key for row in self.listed]
        here = self._place(keys)
        if self._do_to_current(lambda session, key: session.delete(key)) and self.listed:
            self.desk.go_to(self.listed[min(here, len(self.listed) - 1)].key)

    def set_time(self, which: str) -> None:
        """Let the current event's ``onset``, ``peak`` or ``offset`` be at the frame on display."""
        at = {f"{which}_s": self.desk.time_s}
        self._do_to_current(lambda session, key: session.move(key, **at))

    def note(self, text: str) -> None:
        """Write a remark to the current event."""
        current = self.desk.current
        if current is not None and text != current.note:
            self._do_to_current(lambda session, key: session.note(key, text))

    # Of the clip.

    def none_seen(self) -> None:
        """Record that the whole clip was reviewed and no fasciculation seen."""
        self._do(lambda session: session.none_seen(WHOLE_IMAGE))

    def not_assessable(
        self, region: str, start_s: float | None, stop_s: float | None, reason: str
    ) -> None:
        """Record that a region, or a stretch of its time, cannot be judged."""
        self._do(
            lambda session: session.not_assessable(
                region, start_s=start_s, stop_s=stop_s, reason=reason
            )
        )

    def undo(self) -> None:
        """Take back the last act, and go to the event that it was of."""
        self._turn_back(lambda session: session.undo(), "There is nothing to undo.")

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._turn_back(lambda session: session.redo(), "There is nothing to redo.")

    def _turn_back(self, act: Callable[[Session], bool], nothing: str) -> None:
        session = self.desk.session
        if session is None:
            return
        before, outlines = {row.key: row for row in session.rows}, session.reviewed.regions
        if not self._do(act):
            return
        if session.reviewed.regions != outlines:
            self.desk.regions_changed.emit()
        changed = [row.key for row in session.rows if before.pop(row.key, None) != row]
        if changed:
            self.desk.go_to(changed[0])
        elif before and self.listed and self.desk.current is None:
            self.desk.go_to(self.listed[0].key)

    # How each act is done.

    def _do_to_current(self, act: Callable[[Session, Key], object]) -> bool:
        current = self.desk.current
        if current is None:
            return False
        return self._do(lambda session: act(session, current.key))

    def _do(self, act: Callable[[Session], object]) -> bool:
        """Do one act on the session in hand; what cannot be done is told in a sentence."""
        session = self.desk.session
        if session is None:
            return False
        try:
            done = act(session)
        except UsfascError as error:
            self.desk.notice.emit(error.sentence)
            return False
        self.desk.tell_rows()
        return done is not False
