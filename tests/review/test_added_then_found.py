"""What a reader added, and a later result has by itself; time of a reader who only looks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.io.results import read_result, write_result
from usfasc.model import Result
from usfasc.review import Decision, Mode, Session, counted, read_review, review_path

STEM = "clip"
ADDED = {"onset_s": 2.0, "x_px": 50.0, "y_px": 40.0}


def detected(folder: Path, *onsets_s: float) -> Path:
    events = [
        make_event(number, onset_s, x_px=50.0, y_px=40.0)
        for number, onset_s in enumerate(onsets_s, 1)
    ]
    path, _ = write_result(make_result(events), folder, STEM)
    return path


def reviewed_by(path: Path, reader: str) -> Result:
    return counted(read_result(path), read_review(review_path(path, reader), reader))


def test_an_added_event_that_is_found_later_is_one_event(tmp_path: Path) -> None:
    session = Session.open(detected(tmp_path, 1.0), "ann")
    session.add(**ADDED)
    again = Session.open(path := detected(tmp_path, 1.0, 2.03), "ann")
    assert [(row.key, row.verdict, row.carried, row.own) for row in again.rows] == [
        (1, None, False, False),
        (2, Decision.ADD, True, False),
    ]
    assert sum(event.kind == "fasciculation" for event in reviewed_by(path, "ann").events) == 1
    again.reject(2)
    assert [row.verdict for row in again.rows] == [None, Decision.REJECT]
    again.undo()
    assert [row.verdict for row in again.rows] == [None, Decision.ADD]
    again.undo()
    assert [row.verdict for row in again.rows] == [None, None]


@pytest.mark.parametrize("onsets_s", [(1.0,), (1.0, 2.6), (2.6, 3.5)])
def test_one_that_is_not_found_stays_the_reader_s_own(
    tmp_path: Path, onsets_s: tuple[float, ...]
) -> None:
    Session.open(detected(tmp_path, 1.0), "ann").add(**ADDED)
    again = Session.open(detected(tmp_path, *onsets_s), "ann")
    assert [(row.own, row.event.onset_s) for row in again.rows if row.own] == [(True, 2.0)]
    assert len(again.rows) == len(onsets_s) + 1


def test_one_beside_an_event_that_has_a_verdict_stays(tmp_path: Path) -> None:
    session = Session.open(detected(tmp_path, 1.95), "ann")
    session.reject(1)
    session.add(**ADDED)
    again = Session.open(detected(tmp_path, 1.96, 3.0), "ann")
    assert [(row.own, row.verdict) for row in again.rows] == [
        (False, Decision.REJECT),
        (True, Decision.ADD),
        (False, None),
    ]


def test_what_was_added_and_deleted_finds_nothing(tmp_path: Path) -> None:
    session = Session.open(detected(tmp_path, 1.0), "ann")
    session.delete(session.add(**ADDED))
    again = Session.open(detected(tmp_path, 1.0, 2.03), "ann")
    assert [(row.own, row.verdict) for row in again.rows] == [(False, None), (False, None)]


def test_what_was_marked_without_sight_of_events_stays_as_marked(tmp_path: Path) -> None:
    Session.open(detected(tmp_path, 1.0), "ann", Mode.ANNOTATE).add(**ADDED)
    again = Session.open(detected(tmp_path, 1.0, 2.03), "ann")
    assert [row.event.onset_s for row in again.rows if row.own] == [2.0]


class Clock:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(Session.__init__, "__defaults__", (clock,))
    return clock


def test_who_only_looks_once_more_has_that_time_too(tmp_path: Path, clock: Clock) -> None:
    path = detected(tmp_path, 1.0, 2.0)
    session = Session.open(path, "ann")
    session.attend(1)
    clock.now_s = 5.0
    session.accept(1)
    session.undo()
    session.attend(2)
    clock.now_s = 12.0
    session.rest()
    clock.now_s = 40.0
    session.rest()
    review = read_review(review_path(path, "ann"), "ann")
    assert [act.decision for act in review.acts] == [
        Decision.ACCEPT,
        Decision.UNDO,
        Decision.LOOKED,
    ]
    note = reviewed_by(path, "ann").review
    assert note is not None and note.spent_s == 12.0
    # It says nothing, so what was undone can still be done again.
    assert session.can_redo and not session.can_undo
    session.redo()
    assert [row.verdict for row in session.rows] == [Decision.ACCEPT, None]


def test_who_only_looked_is_no_reader(tmp_path: Path, clock: Clock) -> None:
    path = detected(tmp_path, 1.0)
    session = Session.open(path, "ann")
    session.attend(1)
    clock.now_s = 30.0
    session.rest()
    assert not review_path(path, "ann").exists()


def test_a_glance_is_not_written(tmp_path: Path, clock: Clock) -> None:
    path = detected(tmp_path, 1.0)
    session = Session.open(path, "ann")
    session.accept(1)
    session.attend(1)
    clock.now_s = 0.5
    session.rest()
    assert len(session.review.acts) == 1
