"""Undo and redo, replayed: as an editor would, whatever the order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from usfasc.review.acts import Act, Decision
from usfasc.review.history import replay

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def act(number: int, decision: Decision = Decision.ACCEPT, **more: Any) -> Act:
    return Act(act=number, result_sha256="0" * 64, decision=decision, time_utc=NOW, **more)


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_replay_is_what_an_editor_does(steps: list[str]) -> None:
    acts: list[Act] = []
    done: list[int] = []
    undone: list[int] = []
    for number, step in enumerate(steps, 1):
        history = replay(acts)
        assert history.undo_of == (done[-1] if done else None)
        assert history.redo_of == (undone[-1] if undone else None)
        if step == "do":
            acts.append(act(number))
            done, undone = [*done, number], []
        elif step == "undo" and done:
            acts.append(act(number, Decision.UNDO, of=done[-1]))
            undone.append(done.pop())
        elif step == "redo" and undone:
            acts.append(act(number, Decision.REDO, of=undone[-1]))
            done.append(undone.pop())
    assert [each.act for each in replay(acts).standing] == done


def test_an_undo_of_what_was_undone_meanwhile_changes_nothing() -> None:
    twice = [act(1), act(2), act(3, Decision.UNDO, of=2), act(4, Decision.UNDO, of=2)]
    assert [each.act for each in replay(twice).standing] == [1]


def test_what_a_consensus_begins_with_cannot_be_undone() -> None:
    history = replay([act(1, readers=("anna", "ben")), act(2)])
    assert history.undo_of == 2
    assert replay([act(1, readers=("anna", "ben"))]).undo_of is None
