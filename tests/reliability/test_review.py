"""R10 and R11: reviews that are killed at any moment, and readers who work at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.io.results import read_result, write_result
from usfasc.review import Session, merge, read_review, review_path

# A reader who never stops; each number is printed only when the act has been recorded.
SCRIPT = """
import sys
from pathlib import Path
from usfasc.review import Session
session = Session.open(Path(sys.argv[1]), sys.argv[2])
print("ready", flush=True)
for turn in range(int(sys.argv[3])):
    key = 1 + turn % 3
    step = turn % 6
    if step == 0:
        session.add(onset_s=0.1 * (turn % 30), x_px=40, y_px=30)
    elif step == 1:
        session.undo()
    elif step == 2:
        session.redo()
    elif step == 3:
        session.note(key, "seen " * 20)
    else:
        session.accept(key) if step == 4 else session.reject(key)
    print(turn + 1, flush=True)
"""


@pytest.fixture
def result_path(tmp_path: Path) -> Path:
    events = [make_event(1, 0.5), make_event(2, 1.2), make_event(3, 2.0)]
    path, _ = write_result(make_result(events), tmp_path, "clip")
    return path


def start(result_path: Path, reviewer: str, turns: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", SCRIPT, str(result_path), reviewer, str(turns)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def kill_after(process: subprocess.Popen[str], lines: int) -> int:
    """Kill a reader once it told of so many acts; how many it had told of in all."""
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    for _ in range(lines):
        process.stdout.readline()
    process.kill()
    told = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    return lines + len(told)


def killed(result_path: Path, moments: list[int]) -> None:
    """Kill one reader again and again: nothing that was told of is ever lost."""
    recorded = 0
    for lines in moments:
        told = kill_after(start(result_path, "anna", 10_000), lines)
        review = read_review(review_path(result_path, "anna"), "anna")
        assert len(review.acts) - recorded in (told, told + 1)
        assert [act.act for act in review.acts] == list(range(1, len(review.acts) + 1))
        recorded = len(review.acts)
    session = Session.open(result_path, "anna")
    session.accept(1)
    assert len(session.review.acts) == recorded + 1
    assert session.reviewed.events


def test_a_killed_review_loses_at_most_the_last_act(result_path: Path) -> None:
    killed(result_path, [0, 7, 40])


@pytest.mark.nightly
def test_many_killed_reviews_lose_at_most_the_last_act(result_path: Path) -> None:
    rng = Random(10)
    killed(result_path, [rng.randrange(120) for _ in range(45)])


@pytest.mark.parametrize("reviewers", [("anna", "ben"), ("anna", "anna")], ids=["two", "one"])
def test_two_processes_at_once_keep_every_act(
    result_path: Path, reviewers: tuple[str, str]
) -> None:
    """One file a reader; and one reader's two windows append to one file in turn."""
    for process in [start(result_path, name, 100) for name in reviewers]:
        assert process.communicate()[0].split()[-1] == "100"
    names = sorted(set(reviewers))
    reviews = [read_review(review_path(result_path, name), name) for name in names]
    assert sum(len(review.acts) for review in reviews) == 200
    assert sum(review.set_aside for review in reviews) == 0
    for review in reviews:
        assert [act.act for act in review.acts] == list(range(1, len(review.acts) + 1))
    merged = merge(read_result(result_path), reviews)
    assert merged == merge(read_result(result_path), reviews)
    assert all(len(each.readers) < len(names) for each in merged.disagreements)
