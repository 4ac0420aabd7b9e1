"""Several readers of one clip: what they share, what they do not, and the consensus."""

from __future__ import annotations

from pathlib import Path

import pytest

from usfasc.errors import UsageError
from usfasc.io.results import read_result
from usfasc.review import (
    Merged,
    Session,
    begin_consensus,
    counted,
    merge,
    read_review,
    readers_of,
    review_path,
    reviewers_of,
)


def merged(result_path: Path) -> Merged:
    names = readers_of(result_path)
    return merge(
        read_result(result_path),
        [read_review(review_path(result_path, name), name) for name in names],
    )


@pytest.fixture
def two_readers(result_path: Path) -> Path:
    """Both count 1; anna alone 2; ben alone 3; both add one; ben adds another; both reject 5."""
    anna, ben = Session.open(result_path, "anna"), Session.open(result_path, "ben")
    for key in (1, 2):
        anna.accept(key)
    for key in (1, 3):
        ben.accept(key)
    anna.reject(3)
    ben.reject(2)
    for each in (anna, ben):
        each.reject(5)
    anna.move(1, onset_s=0.48)
    anna.add(onset_s=2.0, x_px=50, y_px=40)
    ben.add(onset_s=2.04, x_px=53, y_px=40)
    ben.add(onset_s=2.8, x_px=50, y_px=40)
    return result_path


def test_what_readers_share_and_what_they_do_not(two_readers: Path) -> None:
    found = merged(two_readers)
    assert [(each.judged.event.onset_s, each.readers) for each in found.counted] == [
        (0.48, ("anna", "ben")),
        (1.0, ("anna",)),
        (1.6, ("ben",)),
        (2.0, ("anna", "ben")),
        (2.8, ("ben",)),
    ]
    assert [each.judged.key for each in found.disagreements] == [2, 3, -6]
    assert found.rejected == (5,)


def test_merging_does_not_depend_on_the_order_of_acts_in_time(two_readers: Path) -> None:
    assert merged(two_readers) == merged(two_readers)
    result = read_result(two_readers)
    names = tuple(reversed(readers_of(two_readers)))
    other = merge(result, [read_review(review_path(two_readers, n), n) for n in names])
    both = [set(each.readers) for each in other.counted]
    assert both == [set(each.readers) for each in merged(two_readers).counted]


def test_a_consensus_asks_for_what_is_disputed_only(two_readers: Path) -> None:
    begun = begin_consensus(two_readers)
    assert (begun.readers, begun.disputed, begun.begun_before) == (("anna", "ben"), 3, False)
    session = Session.open(two_readers, "consensus")
    assert [(row.event.onset_s, row.readers, row.verdict) for row in session.rows] == [
        (1.0, ("anna",), None),
        (1.6, ("ben",), None),
        (2.8, ("ben",), None),
    ]
    assert not session.can_undo
    assert session.reviewed.summaries[-1].count == 2
    note = session.reviewed.review
    assert note is not None
    assert (note.accepted, note.added, note.rejected, note.undecided) == (1, 1, 1, 3)


def test_a_consensus_is_settled_and_counted_like_any_review(two_readers: Path) -> None:
    begin_consensus(two_readers)
    session = Session.open(two_readers, "consensus")
    first, second, third = (row.key for row in session.rows)
    session.accept(first)
    session.reject(second)
    session.accept(third)
    session.undo()
    review = read_review(review_path(two_readers, "consensus"), "consensus")
    result = counted(read_result(two_readers), review)
    assert result.review is not None
    assert (result.summaries[-1].count, result.review.undecided) == (3, 1)
    assert next(e.onset_s for e in result.events if e.event == 1) == 0.48


def test_a_consensus_that_has_begun_is_left_as_it_is(two_readers: Path) -> None:
    begin_consensus(two_readers)
    Session.open(two_readers, "consensus").accept(2)
    before = review_path(two_readers, "consensus").read_bytes()
    Session.open(two_readers, "anna").reject(2)
    assert begin_consensus(two_readers).begun_before
    assert review_path(two_readers, "consensus").read_bytes() == before


def test_regions_that_both_drew_and_time_that_one_took_out(two_readers: Path) -> None:
    regions = read_result(two_readers).regions[:1]
    for name in ("anna", "ben"):
        Session.open(two_readers, name).set_regions(regions)
    Session.open(two_readers, "ben").not_assessable(start_s=2.5)
    assert begin_consensus(two_readers).disputed == 2
    session = Session.open(two_readers, "consensus")
    reviewed = session.reviewed
    assert [row.key for row in session.rows] == [2, 3]
    assert reviewed.regions == regions
    assert max(s.stop_s for s in reviewed.assessable if s.reason is None) == 2.5


def test_a_consensus_waits_for_every_reader_and_takes_what_was_decided_last(
    two_readers: Path,
) -> None:
    carl = Session.open(two_readers, "carl")
    carl.accept(1)
    with pytest.raises(UsageError, match="No consensus yet: carl has not decided on all"):
        begin_consensus(two_readers)
    assert "consensus" not in reviewers_of(two_readers)
    carl.accept(2)
    carl.reject(3)
    assert begin_consensus(two_readers).readers == ("anna", "ben", "carl")


def test_a_consensus_of_one_and_one_that_has_not_begun(result_path: Path) -> None:
    Session.open(result_path, "anna").accept(1)
    with pytest.raises(UsageError, match="two readers"):
        begin_consensus(result_path)
    with pytest.raises(UsageError, match="agree --consensus"):
        Session.open(result_path, "consensus")
