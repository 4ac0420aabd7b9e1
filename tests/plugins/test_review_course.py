"""From event to event, and what each command does: on a viewer's model, without a window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from usfasc.model import Kind
from usfasc.review import Decision, Mode, read_review, review_path

Open = Callable[..., Any]


@pytest.fixture
def course_of(reviewable: Path) -> Open:
    """Open the clip in a new viewer, and let somebody begin."""
    kept: list[Any] = []

    def begin(mode: Mode = Mode.GUIDED, reader: str = "ann") -> Any:
        from napari.components import ViewerModel
        from napari.layers import Layer
        from usfasc_napari.desk import desk_of
        from usfasc_napari.opening import open_layers
        from usfasc_napari.review_course import ReviewCourse

        viewer = ViewerModel()
        kept.append(viewer)
        desk = desk_of(viewer)
        desk.read_as(reader, mode)
        layers = open_layers(reviewable).layers
        viewer.layers.extend(Layer.create(*layer) for layer in layers if desk.may_show(layer))
        return ReviewCourse(desk)

    return begin


def acts(clip: Path, reader: str = "ann") -> list[Any]:
    path = review_path(clip.with_name("two_muscles.usfasc.json"), reader)
    return list(read_review(path, reader).acts) if path.exists() else []


def keys(course: Any) -> list[int]:
    return [row.key for row in course.listed]


def test_a_review_begins_at_the_first_event(course_of: Open) -> None:
    course = course_of()
    assert keys(course) == [1, 2, 3, 4, 5, 6]
    assert course.desk.current.key == 1


def test_steps_stay_within_the_list(course_of: Open) -> None:
    course = course_of()
    for by, key in ((-1, 1), (1, 2), (1, 3), (9, 6), (1, 6), (-2, 4)):
        course.step(by)
        assert course.desk.current.key == key


def test_a_verdict_is_saved_and_leads_to_the_next_event(course_of: Open, reviewable: Path) -> None:
    course = course_of()
    course.judge(Decision.ACCEPT)
    assert [act.decision for act in acts(reviewable)] == ["accept"]
    assert course.desk.current.key == 2
    course.judge(Decision.REJECT)
    course.judge(Decision.UNSURE)
    course.change_kind(Kind.ARTEFACT)
    assert [row.verdict for row in course.listed] == [
        *("accept", "reject", "unsure", "change_kind"),
        *(None, None),
    ]
    assert course.desk.current.key == 5
    course.goes_on = False
    course.judge(Decision.ACCEPT)
    assert course.desk.current.key == 5


def test_a_review_is_taken_up_where_it_was_left(course_of: Open) -> None:
    course = course_of()
    course.judge(Decision.ACCEPT)
    course.step(1)
    course.judge(Decision.REJECT)
    again = course_of()
    assert again.desk.current.key == 2
    assert [row.verdict for row in again.listed][:3] == ["accept", None, "reject"]


def test_next_undecided_goes_round(course_of: Open) -> None:
    course = course_of()
    course.step(4)
    course.judge(Decision.ACCEPT)
    course.judge(Decision.ACCEPT)
    course.next_undecided()
    assert course.desk.current.key == 1
    said: list[str] = []
    course.desk.notice.connect(said.append)
    for _ in range(4):
        course.judge(Decision.REJECT)
    course.next_undecided()
    assert said == ["Every event of the list has a verdict."]


def test_a_narrowed_list_goes_on_past_what_leaves_it(course_of: Open) -> None:
    course = course_of()
    course.show("undecided")
    for left in ([2, 3, 4, 5, 6], [3, 4, 5, 6], [4, 5, 6]):
        course.judge(Decision.REJECT)
        assert (keys(course), course.desk.current.key) == (left, left[0])


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        ("all", [1, 2, 3, 4, 5, 6]),
        ("counted", [1, 2, 4, 6]),
        ("undecided", [1, 2, 3, 4, 5, 6]),
        ("tremor", [5]),
        ("fasciculation", [1, 2, 4, 6]),
        ("unsure", [3]),
    ],
)
def test_the_list_is_narrowed(course_of: Open, only: str, shown: list[int]) -> None:
    course = course_of()
    course.show(only)
    assert keys(course) == shown


def test_the_list_is_sorted(course_of: Open) -> None:
    from usfasc_napari.review_list import columns_of

    course = course_of()
    columns = {column.name: column for column in columns_of(Mode.GUIDED)}
    course.sort(columns["s"], descending=True)
    assert keys(course) == [6, 5, 4, 3, 2, 1]
    course.sort(columns["Score"])
    assert keys(course)[0] == 3
    course.put_doubtful_first(first=True)
    assert keys(course)[0] == 3
    assert course.column is None
    course.put_doubtful_first(first=False)
    assert keys(course) == [1, 2, 3, 4, 5, 6]


def test_what_has_no_value_is_sorted_last(course_of: Open) -> None:
    from usfasc_napari.review_list import columns_of, sorted_by

    course = course_of()
    course.add(100.0, 100.0)
    score = next(each for each in columns_of(Mode.GUIDED) if each.name == "Score")
    for descending in (False, True):
        assert sorted_by(course.listed, score, descending=descending)[-1].own


def test_an_event_is_added_corrected_and_deleted(course_of: Open, reviewable: Path) -> None:
    course = course_of()
    desk = course.desk
    desk.show_time(4.0)
    course.add(y_px=99.5, x_px=120.0)
    added = desk.current
    assert added.own and added.key < 0
    assert (added.event.onset_s, added.event.y_px, added.event.x_px) == (4.0, 99.5, 120.0)
    assert added.event.region == "upper"
    desk.show_time(4.16)
    course.set_time("peak")
    desk.show_time(4.48)
    course.set_time("offset")
    moved = desk.current.event
    assert (moved.onset_s, moved.peak_s, moved.offset_s) == pytest.approx((4.0, 4.16, 4.48))
    course.delete()
    assert len(course.listed) == 6
    assert desk.current is not None
    assert [act.decision for act in acts(reviewable)] == ["add", "move", "move", "delete"]


def test_what_cannot_be_done_is_said_and_not_saved(course_of: Open, reviewable: Path) -> None:
    course = course_of()
    said: list[str] = []
    course.desk.notice.connect(said.append)
    course.delete()
    course.desk.show_time(8.0)
    course.set_time("onset")
    assert said == [
        "Only events that you added can be deleted; reject this one.",
        "An event begins, peaks and ends in this order, not before 0 s.",
    ]
    course.judge(Decision.ACCEPT)
    course.none_seen()
    assert "You counted 1" in said[-1]
    assert [act.decision for act in acts(reviewable)] == ["accept"]


def test_undo_and_redo_go_to_the_event_they_are_of(course_of: Open) -> None:
    course = course_of()
    course.judge(Decision.ACCEPT)
    course.judge(Decision.REJECT)
    course.step(3)
    course.undo()
    assert (course.desk.current.key, course.desk.current.verdict) == (2, None)
    course.redo()
    assert (course.desk.current.key, course.desk.current.verdict) == (2, "reject")
    # Also of a session that ended.
    again = course_of()
    again.undo()
    again.undo()
    assert [row.verdict for row in again.listed] == [None] * 6


def test_an_added_event_is_undone_and_done_again(course_of: Open) -> None:
    course = course_of()
    course.desk.show_time(4.0)
    course.add(y_px=100.0, x_px=100.0)
    key = course.desk.current.key
    course.undo()
    assert len(course.listed) == 6 and course.desk.current is not None
    course.redo()
    assert (len(course.listed), course.desk.current.key) == (7, key)


def test_none_seen_decides_all(course_of: Open) -> None:
    course = course_of()
    course.none_seen()
    course.show("undecided")
    assert course.listed == ()
    course.undo()
    assert len(course.listed) == 6


def test_time_is_taken_out(course_of: Open) -> None:
    course = course_of()
    before = course.desk.result.summaries[-1].assessable_s
    course.not_assessable("*", 5.0, 7.0, "probe moved")
    assert course.desk.result.summaries[-1].assessable_s == pytest.approx(before - 2.0, abs=0.05)


def test_a_note_is_kept_once(course_of: Open, reviewable: Path) -> None:
    course = course_of()
    course.note("small")
    course.note("small")
    assert [(act.decision, act.note) for act in acts(reviewable)] == [("note", "small")]
    assert course.desk.current.note == "small"


def test_a_blinded_reader_has_an_order_that_tells_nothing(course_of: Open) -> None:
    course = course_of(Mode.BLINDED)
    first = keys(course)
    assert sorted(first) == [1, 2, 3, 4, 5, 6]
    assert keys(course_of(Mode.BLINDED)) == first
    assert keys(course_of(Mode.BLINDED, "bob")) != first
    course.put_doubtful_first(first=True)
    assert keys(course) == first


def test_words_of_a_blinded_reader_tell_nothing(course_of: Open) -> None:
    from usfasc_napari.review_list import columns_of, filters_of
    from usfasc_napari.review_words import arrow_words, event_words, progress_words, turn_words

    course = course_of(Mode.BLINDED)
    desk = course.desk
    assert filters_of(desk.rows, desk.mode) == ("all", "undecided")
    words = [progress_words(desk.session, desk.rows)]
    words += [event_words(row, desk.mode, arrow_words(None)) for row in course.listed]
    course.judge(Decision.REJECT)
    words.append(turn_words("Undo", desk.session.to_undo, desk.rows))
    assert words[-1].startswith("Undo: reject, event at ")
    words += [column.text(row) for column in columns_of(desk.mode) for row in course.listed]
    for secret in ("fasciculation", "tremor", "unsure", "doubt", "0.9", "detector", "count"):
        assert not any(secret in said for said in words), secret


def test_annotating_begins_with_nothing(course_of: Open) -> None:
    course = course_of(Mode.ANNOTATE)
    assert course.listed == () and course.desk.current is None
    course.desk.show_time(2.0)
    course.add(y_px=100.0, x_px=100.0)
    assert len(course.listed) == 1


def test_without_a_session_nothing_is_done(reviewable: Path) -> None:
    from napari.components import ViewerModel
    from usfasc_napari.desk import desk_of
    from usfasc_napari.review_course import ReviewCourse

    viewer = ViewerModel()
    course = ReviewCourse(desk_of(viewer))
    course.judge(Decision.ACCEPT)
    course.step(1)
    course.next_undecided()
    course.undo()
    course.add(1.0, 1.0)
    assert acts(reviewable) == []
