"""Long work beside the window: in order, with progress, stopped, failed, told in one thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from usfasc_napari.jobs import Job, JobQueue, Progress, State

from usfasc.errors import Code, InputError


def finish(queue: JobQueue) -> None:
    """Look, as a window's clock does, until nothing is left."""
    until = time.monotonic() + 10
    while queue.busy and time.monotonic() < until:
        queue.look()
        time.sleep(0.002)
    assert not queue.busy


def test_jobs_are_done_in_order_and_their_sequels_here() -> None:
    queue, done, told = JobQueue(), [], []

    def work(number: int) -> Callable[[Progress], int]:
        def count(progress: Progress) -> int:
            progress(1, 1)
            done.append((number, threading.current_thread()))
            return number

        return count

    def sequel(value: Any) -> None:
        told.append((value, threading.current_thread()))

    for number in range(3):
        queue.add(Job(name=str(number), work=work(number), sequel=sequel))
    finish(queue)
    here = threading.current_thread()
    assert [number for number, _ in done] == [0, 1, 2]
    assert told == [(0, here), (1, here), (2, here)]
    assert here not in [thread for _, thread in done]
    assert [job.state for job in queue.jobs] == [State.DONE] * 3
    queue.clear()
    assert queue.jobs == []


def test_a_job_is_stopped_at_its_next_step_and_the_rest_goes_on() -> None:
    queue, begun = JobQueue(), threading.Event()

    def endless(progress: Progress) -> None:
        step = 0
        while True:
            step += 1
            progress(step, 10**9)
            begun.set()
            time.sleep(0.001)

    first = Job(name="endless", work=endless)
    waiting = Job(name="waiting", work=endless)
    last = Job(name="last", work=lambda _: "done")
    for job in (first, waiting, last):
        queue.add(job)
    assert begun.wait(5)
    queue.stop(waiting)
    assert waiting.state is State.STOPPED
    assert first.state is State.RUNNING
    queue.stop(first)
    finish(queue)
    assert (first.state, last.value) == (State.STOPPED, "done")
    assert first.done > 0


FAILURES = {
    "of ours": (InputError(Code.CORRUPT, "The file is damaged."), "The file is damaged."),
    "unforeseen": (ValueError("DOE^JANE"), "Something unexpected went wrong inside usfasc"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_is_a_sentence_and_no_sequel(name: str) -> None:
    error, sentence = FAILURES[name]
    queue, told = JobQueue(), []

    def fail(_: Progress) -> None:
        raise error

    job = Job(name="bad", work=fail, sequel=told.append)
    queue.add(job)
    finish(queue)
    assert job.state is State.FAILED
    assert job.sentence.startswith(sentence)
    assert "JANE" not in job.sentence
    assert told == []


def test_closing_waits_for_what_runs() -> None:
    queue, ended = JobQueue(), threading.Event()

    def slow(progress: Progress) -> None:
        try:
            for step in range(10_000):
                progress(step, 10_000)
                time.sleep(0.001)
        finally:
            ended.set()

    job = Job(name="slow", work=slow)
    queue.add(job)
    queue.close()
    assert ended.is_set()
    assert job.state is State.STOPPED


def test_what_changes_is_told_once() -> None:
    queue, told = JobQueue(), []
    queue.changed.connect(lambda: told.append(1))
    queue.add(Job(name="quick", work=lambda _: None))
    finish(queue)
    before = len(told)
    queue.look()
    assert len(told) == before
