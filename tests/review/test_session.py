"""One reader at one clip: verdicts, own events, regions, modes, time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fixtures.outcomes import UPPER, make_event, make_region, make_result

from usfasc.errors import UsageError, UsfascError
from usfasc.io.results import read_events_csv, read_result, write_result
from usfasc.model import Kind, Result, Status, TwitchCourse
from usfasc.review import (
    Mode,
    Order,
    Row,
    Session,
    counted,
    note_sentences,
    read_review,
    review_path,
)
from usfasc.review.journal import Journal

VERDICTS: dict[str, tuple[Callable[[Session], object], int, Kind, str]] = {
    "nothing said": (lambda s: None, 1, Kind.UNSURE, "Not decided by anna; the detector"),
    "accepted": (lambda s: s.accept(1), 1, Kind.FASCICULATION, "Accepted by anna, 20"),
    "rejected": (lambda s: s.reject(1), 1, Kind.UNSURE, "Rejected by anna, 20"),
    "unsure": (lambda s: s.unsure(1), 1, Kind.UNSURE, "Called unsure by anna, 20"),
    "a pulse": (lambda s: s.change_kind(1, Kind.PULSATION), 1, Kind.PULSATION, "Called pulsation"),
    "a candidate accepted": (lambda s: s.accept(4), 4, Kind.FASCICULATION, "Accepted by anna"),
    "a pulse accepted": (lambda s: s.accept(5), 5, Kind.FASCICULATION, "Accepted by anna"),
    "a pulse rejected": (lambda s: s.reject(5), 5, Kind.PULSATION, "Rejected by anna"),
    "called a twitch": (
        lambda s: s.change_kind(4, Kind.FASCICULATION),
        4,
        Kind.FASCICULATION,
        "Called fasciculation by anna",
    ),
    "a pulse left": (lambda s: None, 5, Kind.PULSATION, "it beats"),
    "the last word": (lambda s: [s.accept(1), s.reject(1)], 1, Kind.UNSURE, "Rejected by anna"),
}


def row_of(session: Session, key: int) -> Row:
    return next(row for row in session.rows if row.key == key)


@pytest.mark.parametrize(("act", "key", "kind", "reason"), VERDICTS.values(), ids=VERDICTS.keys())
def test_what_a_verdict_makes_of_an_event(
    result_path: Path, act: Callable[[Session], object], key: int, kind: Kind, reason: str
) -> None:
    session = Session.open(result_path, "anna")
    act(session)
    event = session.reviewed.events[key - 1]
    assert event.kind is kind
    assert event.reason.startswith(reason)
    total = session.reviewed.summaries[-1].count
    assert total == (1 if kind is Kind.FASCICULATION else 0)


def test_an_undecided_row_shows_what_the_detector_thinks(result_path: Path) -> None:
    rows = Session.open(result_path, "anna").rows
    assert [row.event.kind for row in rows[:5]] == [
        *[Kind.FASCICULATION] * 3,
        Kind.UNSURE,
        Kind.PULSATION,
    ]
    assert [row.counted for row in rows] == [True, True, True, False, False]
    assert not any(row.decided for row in rows)


def test_the_result_itself_is_left_as_it_was(result_path: Path) -> None:
    before = result_path.read_bytes()
    session = Session.open(result_path, "anna")
    session.accept(1)
    assert session.detected == read_result(result_path)
    assert result_path.read_bytes() == before


def test_undo_and_redo_after_a_restart(result_path: Path) -> None:
    Session.open(result_path, "anna").accept(1)
    again = Session.open(result_path, "anna")
    assert (again.can_undo, again.can_redo) == (True, False)
    assert again.undo()
    third = Session.open(result_path, "anna")
    assert row_of(third, 1).verdict is None
    assert (third.can_undo, third.can_redo) == (False, True)
    assert not third.undo()
    assert third.redo()
    assert row_of(Session.open(result_path, "anna"), 1).verdict == "accept"
    said = [act.decision.value for act in third.review.acts]
    assert said == ["accept", "undo", "redo"]


def test_an_own_event_is_counted_moved_and_deleted(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    key = session.add(onset_s=0.8, x_px=50, y_px=40)
    row = row_of(session, key)
    assert (row.own, row.counted, row.verdict) == (True, False, "add")
    assert (row.event.kind, row.event.origin) == (Kind.FASCICULATION, "annotated")
    assert (row.event.event, row.event.region, row.event.start_frame) == (2, UPPER.name, 16)
    assert (row.event.peak_s, row.event.offset_s) == (pytest.approx(0.9), pytest.approx(1.1))
    session.move(key, onset_s=0.75, x_px=52)
    assert row_of(session, key).event.onset_s == 0.75
    assert session.reviewed.review is not None
    assert session.reviewed.review.added == 1
    session.delete(key)
    assert key not in [row.key for row in session.rows]
    session.undo()
    assert row_of(session, key).event.x_px == 52


def test_an_own_event_can_be_called_something_else(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    key = session.add(onset_s=0.8, x_px=50, y_px=40, kind=Kind.TRAIN)
    assert session.reviewed.summaries[-1].count == 0
    session.accept(key)
    assert session.reviewed.summaries[-1].count == 1


def test_a_moved_event_has_other_frames_and_durations(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.move(1, onset_s=0.45, peak_s=0.65)
    session.accept(1)
    event = row_of(session, 1).event
    assert (event.onset_s, event.peak_s, event.start_frame, event.peak_frame) == (0.45, 0.65, 9, 13)
    session.move(1, x_px=45.0)
    moved = row_of(session, 1).event
    assert (moved.onset_s, moved.x_px, moved.box_px) == (0.45, 45.0, (37, 22, 53, 38))


def test_the_course_of_a_moved_event_stays_where_it_was(tmp_path: Path) -> None:
    course = TwitchCourse(time_s=(0.0, 0.1, 0.2), moved_mm=(0.0, 0.3, 0.0))
    result = make_result([make_event(1, 0.5, course=course)])
    session = Session.open(write_result(result, tmp_path, "clip")[0], "anna")
    session.move(1, onset_s=0.45)
    event = row_of(session, 1).event
    assert [event.onset_s + time_s for time_s in event.course.time_s] == pytest.approx(
        [0.5, 0.6, 0.7]
    )
    session.move(1, offset_s=0.9)
    assert row_of(session, 1).event.course == event.course


WRONG: dict[str, Callable[[Session], object]] = {
    "no such event": lambda s: s.accept(77),
    "no such own event": lambda s: s.accept(-1),
    "deleting what was detected": lambda s: s.delete(1),
    "a peak before the onset": lambda s: s.move(1, peak_s=0.1),
    "before the clip": lambda s: s.add(onset_s=-1, x_px=1, y_px=1),
    "not a time": lambda s: s.add(onset_s=float("nan"), x_px=1, y_px=1),
    "not a place": lambda s: s.move(1, x_px=float("inf")),
    "a long note": lambda s: s.note(1, "x" * 2_001),
    "half a letter": lambda s: s.note(1, "\ud800"),
    "time inside out": lambda s: s.not_assessable(start_s=2, stop_s=1),
}


@pytest.mark.parametrize("act", WRONG.values(), ids=WRONG.keys())
def test_what_cannot_be_done_is_a_sentence_and_leaves_no_act(
    result_path: Path, act: Callable[[Session], object]
) -> None:
    session = Session.open(result_path, "anna")
    with pytest.raises(UsfascError):
        act(session)
    assert session.review.acts == ()


def test_none_seen_settles_a_region(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    with pytest.raises(UsageError, match="You counted 1 there"):
        session.none_seen()
    session.none_seen("brachialis")
    decided = {row.key for row in session.rows if row.decided}
    assert decided == {1, *(r.key for r in session.rows if r.event.region == "brachialis")}
    assert session.reviewed.review is not None
    assert session.reviewed.review.none_seen == ("brachialis",)
    key = session.add(onset_s=0.8, x_px=50, y_px=60)
    assert row_of(session, key).event.region == "brachialis"
    assert session.reviewed.review.none_seen == ()


def test_time_called_not_assessable_goes_with_its_events(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.accept(2)
    before = session.reviewed.summaries[-1]
    session.not_assessable(stop_s=0.7, reason="probe lifted")
    after = session.reviewed.summaries[-1]
    assert (before.count, after.count) == (2, 1)
    assert after.assessable_s == pytest.approx(before.assessable_s - 0.5)
    said = {span.reason for span in session.reviewed.assessable}
    assert "called not assessable by anna: probe lifted" in said
    session.undo()
    assert session.reviewed.summaries[-1] == before
    session.not_assessable()
    assert session.reviewed.summaries[-1].status is Status.NOT_ASSESSABLE


def test_what_a_reader_counts_in_time_that_was_not_judged_is_told(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.add(onset_s=3.2, x_px=40, y_px=30)
    note = session.reviewed.review
    assert note is not None
    assert (session.reviewed.summaries[-1].count, note.unjudged) == (2, 1)
    assert "1 of the counted begins in time that could not be judged" in " ".join(
        note_sentences(note, session.review)
    )


def test_what_cannot_be_judged_wants_no_verdict(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.not_assessable("brachialis")
    assert [row.key for row in session.rows if not row.decided] == [2, 4, 5]
    session.not_assessable()
    assert all(row.decided for row in session.rows)
    note = session.reviewed.review
    assert note is not None
    assert (note.accepted, note.unsure, note.undecided, note.undecided_counted) == (0, 0, 0, 0)


def test_other_regions_count_at_once(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    for key in (1, 2, 3):
        session.accept(key)
    left = make_region("deltoid", (10, 8, 50, 70))
    session.set_regions([left])
    assert [(s.region, s.count) for s in session.reviewed.summaries] == [("deltoid", 2), ("*", 3)]
    assert row_of(session, 2).event.region == ""
    session.undo()
    assert session.reviewed.summaries[0].region == UPPER.name


def test_notes_are_kept_and_exported_safely(result_path: Path, tmp_path: Path) -> None:
    session = Session.open(result_path, "anna")
    for payload in ('=HYPERLINK("x")', "\x1b[31mred", "<script>1</script>", "a\nb\r\nc", "@SUM(1)"):
        session.note(1, payload)
        assert row_of(session, 1).note == payload
        session.accept(1)
        _, table = write_result(session.reviewed, tmp_path / "out", "clip")
        assert read_events_csv(table)[0].reason.endswith(f"Note: {payload}")
        assert not any(cell.startswith(("=", "@")) for cell in table.read_text().split(","))
    assert len(session.review.acts) == 10


def test_a_note_of_the_clip_is_of_no_event(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.note(None, "restless")
    assert session.review.acts[0].event is None
    assert not any(row.note for row in session.rows)


SECRET = {"score", "flow_share", "site", "train_hz"}


def test_blinded_rows_hold_nothing_that_the_detector_thinks(result_path: Path) -> None:
    session = Session.open(result_path, "anna", Mode.BLINDED)
    for result in (session.detected, session.reviewed):
        for event in result.events:
            assert event.kind is Kind.UNSURE
            assert event.reason == ""
            assert all(getattr(event, name) is None for name in SECRET)
            assert not event.borderline
    assert session.detected.summaries == session.detected.sites == ()
    assert not any(row.counted for row in session.rows)
    assert session.reviewed.summaries[-1].count == 0


def test_blinded_readers_meet_events_in_an_order_of_their_own(result_path: Path) -> None:
    orders = {
        name: Session.open(result_path, name, Mode.BLINDED).order(Order.SCORE)
        for name in ("anna", "ben", "cleo")
    }
    assert all(sorted(keys) == [1, 2, 3, 4, 5] for keys in orders.values())
    assert len(set(orders.values())) > 1
    again = Session.open(result_path, "anna", Mode.BLINDED)
    again.accept(2)
    assert again.order(Order.TIME) == orders["anna"]


def test_annotating_readers_see_their_own_events_only(result_path: Path) -> None:
    session = Session.open(result_path, "anna", Mode.ANNOTATE)
    assert session.rows == ()
    key = session.add(onset_s=0.5, x_px=40, y_px=30)
    assert [row.key for row in session.rows] == [key]
    assert session.reviewed.summaries[-1].count == 1
    assert session.detected.events == ()
    both = counted(read_result(result_path), session.review)
    assert both.review is not None
    assert (both.summaries[-1].count, both.review.modes) == (1, ("annotate",))
    assert both == session.reviewed
    assert both.review.undecided == 0
    # Who looks at what was detected after all is asked about it.
    later = Session.open(result_path, "anna")
    assert [row.decided for row in later.rows if row.key != key] == [False] * 5
    later.reject(5)
    all_of_them = counted(read_result(result_path), later.review)
    assert all_of_them.review is not None
    assert (len(all_of_them.events), all_of_them.review.undecided) == (6, 4)


def test_orders(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    assert session.order() == (1, 2, 3, 4, 5)
    assert session.order(Order.SCORE) == (1, 3, 2, 4, 5)
    assert session.order(Order.DOUBTFUL) == (2, 3, 4, 1, 5)
    assert session.order(Order.REGION) == (1, 2, 4, 5, 3)


def test_no_reader_sees_anothers_verdicts(result_path: Path) -> None:
    Session.open(result_path, "anna").accept(1)
    assert row_of(Session.open(result_path, "ben"), 1).verdict is None


def other_result(folder: Path, events: list[Any], **more: Any) -> Path:
    result: Result = make_result(events, **more)
    path, _ = write_result(result, folder, "clip")
    return path


def test_verdicts_find_their_events_in_another_result(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.reject(3)
    session.accept(2)
    key = session.add(onset_s=2.0, x_px=50, y_px=40)
    events = [make_event(1, 0.2), make_event(2, 0.53, x_px=41.0), make_event(3, 1.62, y_px=60.0)]
    path = other_result(result_path.parent, events)
    again = Session.open(path, "anna")
    said = {row.key: (row.verdict, row.carried) for row in again.rows}
    assert said == {
        1: (None, False),
        2: ("accept", True),
        3: ("reject", True),
        key: ("add", True),
    }
    assert [act.event for act in again.unmatched] == [2]
    note = again.reviewed.review
    assert note is not None
    assert (note.carried, note.unmatched) == (3, 1)
    again.unsure(2)
    assert not row_of(again, 2).carried
    result_back = other_result(result_path.parent, list(read_result(path).events))
    assert len(read_review(review_path(result_back, "anna"), "anna").acts) == 5


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_time_is_told_by_event_and_pauses_are_cut(result_path: Path) -> None:
    result, clock = read_result(result_path), Clock()
    journal = Journal(review_path(result_path, "anna"), "anna", result.source.sha256)
    session = Session(result, journal, Mode.GUIDED, clock)
    clock.now_s += 4
    session.attend(1)
    clock.now_s += 3
    session.attend(2)
    clock.now_s += 2
    session.accept(2)
    clock.now_s += 3_600
    session.reject(2)
    first, second = (act.spent for act in session.review.acts)
    assert [(each.event, each.seconds) for each in first] == [(None, 4.0), (1, 3.0), (2, 2.0)]
    assert [(each.event, each.seconds) for each in second] == [(2, 60.0)]
    assert session.reviewed.review is not None
    assert session.reviewed.review.spent_s == 69.0


def test_a_reviewed_result_is_written_and_read_again(result_path: Path, tmp_path: Path) -> None:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.add(onset_s=0.1, x_px=20, y_px=20)
    path, table = write_result(session.reviewed, tmp_path / "out", "clip")
    assert read_result(path).review == session.reviewed.review
    events = read_events_csv(table)
    assert [event.event for event in events] == list(range(1, 7))
    assert sum(event.kind is Kind.FASCICULATION for event in events) == 2
    once = counted(read_result(result_path), session.review)
    assert write_result(once, tmp_path / "b", "clip")[0].read_bytes() == path.read_bytes()
    line = json.loads(review_path(result_path, "anna").read_text().splitlines()[1])
    assert once.review is not None
    assert line["result_sha256"] == once.review.result_sha256
