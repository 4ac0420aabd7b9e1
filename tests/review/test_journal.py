"""The file of a review: torn, hostile, older and newer, and written by two at once."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.errors import Code, OutputError, UsfascError
from usfasc.io.results import read_result
from usfasc.review import Session, counted, read_review, review_path, reviewers_of
from usfasc.review.kept import parse_review

FIXTURES = Path(__file__).parent / "fixtures"


def journal_of(result_path: Path, reviewer: str = "anna") -> Path:
    return review_path(result_path, reviewer)


def reviewed_twice(result_path: Path) -> bytes:
    session = Session.open(result_path, "anna")
    session.accept(1)
    session.reject(2)
    return journal_of(result_path).read_bytes()


def test_nothing_is_written_before_the_first_act(result_path: Path) -> None:
    session = Session.open(result_path, "anna")
    assert session.rows
    assert not journal_of(result_path).exists()
    assert reviewers_of(result_path) == ()


def test_the_first_line_says_what_it_is_and_each_act_is_a_line(result_path: Path) -> None:
    head, first, second = map(json.loads, reviewed_twice(result_path).splitlines())
    assert (head["schema_version"], head["reviewer"]) == (1, "anna")
    assert "Not a medical device" in head["disclaimer"]
    assert (first["act"], first["decision"], first["event"]) == (1, "accept", 1)
    fields = [
        "act",
        "result_sha256",
        "event",
        "onset_s",
        "x_px",
        "y_px",
        "decision",
        "kind",
        "note",
        "time_utc",
    ]
    assert list(second)[: len(fields)] == fields
    assert reviewers_of(result_path) == ("anna",)


def test_cut_anywhere_at_most_the_last_act_is_lost(result_path: Path) -> None:
    whole = reviewed_twice(result_path)
    path = journal_of(result_path)
    ends = [0, *(i + 1 for i, byte in enumerate(whole) if byte == 10)]
    for length in (*range(0, len(whole), 37), *ends, *(end - 1 for end in ends[1:])):
        path.write_bytes(whole[:length])
        complete = sum(end <= length for end in ends[2:])
        kept = read_review(path, "anna")
        assert len(kept.acts) >= complete
        session = Session.open(result_path, "anna")
        session.unsure(3)
        after = read_review(path, "anna")
        assert len(after.acts) == len(kept.acts) + 1
        assert after.set_aside == kept.set_aside
        assert path.read_bytes().startswith(whole[:length])


def test_a_torn_line_is_told_and_kept(result_path: Path) -> None:
    path = journal_of(result_path)
    whole = reviewed_twice(result_path)
    path.write_bytes(whole[:-30])
    session = Session.open(result_path, "anna")
    assert (len(session.review.acts), session.review.set_aside) == (1, 1)
    session.reject(2)
    assert whole[:-30] in path.read_bytes()
    assert [act.act for act in session.review.acts] == [1, 2]


def test_two_windows_of_one_reader_lose_nothing(result_path: Path) -> None:
    one, other = Session.open(result_path, "anna"), Session.open(result_path, "anna")
    one.accept(1)
    other.reject(2)
    one.unsure(3)
    acts = read_review(journal_of(result_path), "anna").acts
    assert [(act.act, act.event) for act in acts] == [(1, 1), (2, 2), (3, 3)]
    assert {row.key: row.verdict for row in one.rows}[2] == "reject"


NO_REVIEW = {
    "binary": bytes(range(256)) * 64,
    "text": b"a\nb\n",
    "another JSON": b'{"a": 1}\n{"b": 2}\n',
    "an act first": b'{"act": 1, "result_sha256": "' + b"0" * 64 + b'", "decision": "accept",'
    b' "time_utc": "2026-11-23T09:00:00Z"}\n',
    "deep": b"[" * 100_000 + b"\n",
    "another reader's": b'{"schema_version": 1, "reviewer": "ben", "clip_sha256": "a"}\n',
    "two clips": b'{"schema_version": 1, "reviewer": "anna", "clip_sha256": "a"}\n'
    b'{"schema_version": 1, "reviewer": "anna", "clip_sha256": "b"}\n',
}


@pytest.mark.parametrize("content", NO_REVIEW.values(), ids=NO_REVIEW.keys())
def test_what_is_no_review_is_one_sentence_and_stays_as_it_is(
    result_path: Path, content: bytes
) -> None:
    path = journal_of(result_path)
    path.write_bytes(content)
    with pytest.raises(UsfascError) as caught:
        Session.open(result_path, "anna")
    assert caught.value.code is Code.BAD_REVIEW
    assert path.read_bytes() == content


def test_a_review_of_another_clip_is_refused(result_path: Path) -> None:
    head = {"schema_version": 1, "reviewer": "anna", "clip_sha256": "0" * 64}
    journal_of(result_path).write_text(f"{json.dumps(head)}\n")
    with pytest.raises(UsfascError, match="another clip"):
        Session.open(result_path, "anna")


def test_what_another_clip_was_said_to_show_is_not_counted(result_path: Path) -> None:
    Session.open(result_path, "anna").accept(1)
    path = review_path(result_path, "anna")
    said = path.read_text(encoding="utf-8").replace(
        read_result(result_path).source.sha256, "0" * 64
    )
    path.write_text(said, encoding="utf-8")
    with pytest.raises(UsfascError, match="of another clip's content"):
        counted(read_result(result_path), read_review(path, "anna"))


def test_an_oversized_review_is_refused(result_path: Path) -> None:
    with journal_of(result_path).open("wb") as file:
        file.truncate(33 * 2**20)
    with pytest.raises(UsfascError) as caught:
        Session.open(result_path, "anna")
    assert caught.value.code is Code.TOO_LARGE


@given(st.binary(max_size=400))
def test_any_bytes_are_a_review_or_one_sentence(data: bytes) -> None:
    try:
        assert not parse_review(data, "anna").acts
    except UsfascError as error:
        assert error.code is Code.BAD_REVIEW


HOSTILE_LINES = {
    "no number": {"act": "one"},
    "infinity": {"act": 2, "onset_s": "Infinity"},
    "unknown decision": {"act": 2, "decision": "explode"},
    "no digest": {"act": 2, "result_sha256": "../../x"},
    "long note": {"act": 2, "note": "x" * 3_000},
    "no time zone": {"act": 2, "time_utc": "2026-11-23T09:00:00"},
}


@pytest.mark.parametrize("fields", HOSTILE_LINES.values(), ids=HOSTILE_LINES.keys())
def test_a_line_that_is_no_act_is_set_aside(result_path: Path, fields: dict[str, object]) -> None:
    head, act, _ = reviewed_twice(result_path).splitlines()
    bad = json.dumps(json.loads(act) | fields).encode()
    review = parse_review(b"\n".join([head, act, bad, b""]), "anna")
    assert (len(review.acts), review.set_aside) == (1, 1)


@pytest.mark.parametrize("name", ["", "Anna", "a b", "../a", "a" * 33, "ä", "a\n"])
def test_names_that_a_reader_cannot_have(result_path: Path, name: str) -> None:
    with pytest.raises(UsfascError, match="BAD_USAGE"):
        Session.open(result_path, name)


def test_a_full_disk_changes_nothing(result_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = reviewed_twice(result_path)
    session = Session.open(result_path, "anna")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="NOT_WRITABLE"):
            session.accept(3)
    assert journal_of(result_path).read_bytes() == before
    assert {row.key: row.verdict for row in session.rows}[3] is None
    session.accept(3)
    assert {row.key: row.verdict for row in session.rows}[3] == "accept"


def test_a_review_of_the_released_version_is_read() -> None:
    review = parse_review((FIXTURES / "v1.review.anna.jsonl").read_bytes(), "anna")
    assert (review.schema_version, review.set_aside) == (1, 0)
    said = [act.decision.value for act in review.acts]
    assert said == ["accept", "reject", "change_kind", "add", "move", "note", "undo", "redo"]
    assert review.acts[4].moved is not None


def test_a_newer_review_is_read_but_not_written(result_path: Path) -> None:
    clip = Session.open(result_path, "anna").detected.source.sha256
    newer = (FIXTURES / "v9.review.anna.jsonl").read_text().replace("CLIP", clip)
    journal_of(result_path).write_text(newer)
    session = Session.open(result_path, "anna")
    assert session.review.schema_version == 9
    assert (len(session.review.acts), session.review.set_aside) == (1, 1)
    with pytest.raises(UsfascError) as caught:
        session.accept(1)
    assert caught.value.code is Code.NEWER_SCHEMA
    assert journal_of(result_path).read_text() == newer


def test_unknown_fields_survive(result_path: Path) -> None:
    head, act, _ = reviewed_twice(result_path).splitlines()
    more = json.dumps(json.loads(act) | {"confidence": 0.7}).encode()
    journal_of(result_path).write_bytes(b"\n".join([head, more, b""]))
    session = Session.open(result_path, "anna")
    assert session.review.acts[0].model_extra == {"confidence": 0.7}
    session.reject(2)
    assert journal_of(result_path).read_bytes().splitlines()[1] == more
