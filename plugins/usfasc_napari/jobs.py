"""Long work beside the window: one job after another in a thread, watched and stopped from it.

No window stands here. Whoever shows the jobs calls `JobQueue.look` now and then, in the
window's own thread; only there is anything told, and only there does a job's sequel run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock, Thread
from typing import Any, Final

from psygnal import Signal

from usfasc.errors import UsfascError, internal_failure

Progress = Callable[[int, int], None]
"""Called with (steps done, steps in all); raises `Stopped` once the job shall end."""
_PATIENCE_S: Final = 20.0
"""Of a window that closes: a job stops at its next step, which may be a search."""


_LOOK_S: Final = 0.05
_ENGINE: Final = Lock()


@contextmanager
def engine_alone(progress: Progress) -> Iterator[None]:
    """The engine for one thread at a time: its searches keep their solvers between calls.

    Parameters
    ----------
    progress
        Asked while another thread is at it, so that what waits can be stopped.
    """
    while not _ENGINE.acquire(timeout=_LOOK_S):
        progress(0, 0)
    try:
        yield
    finally:
        _ENGINE.release()


class State(StrEnum):
    """What a job has come to."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Stopped(Exception):  # noqa: N818 - no error: somebody wished it
    """Raised within a job that shall end."""


@dataclass(eq=False, kw_only=True)
class Job:
    """Something to do, and what has become of it.

    Attributes
    ----------
    name
        What it is called where it is listed.
    work
        Does it, in another thread; what it returns becomes ``value``.
    sequel
        Called with ``value`` in the window's thread.
    """

    name: str
    work: Callable[[Progress], Any]
    sequel: Callable[[Any], None] | None = None
    state: State = State.WAITING
    done: int = 0
    total: int = 0
    value: Any = None
    sentence: str = ""
    """Why it failed."""
    stopping: bool = field(default=False, repr=False)

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in (State.WAITING, State.RUNNING)

    def run(self) -> None:
        """Do it; whatever fails is kept as a sentence."""
        self.state = State.RUNNING
        try:
            self.value = self.work(self._step)
        except Stopped:
            self.state = State.STOPPED
        except UsfascError as error:
            self._fail(error)
        except Exception as error:
            # First of all over: for someone who debugs the next line raises.
            self.state = State.FAILED
            self._fail(internal_failure(error))
        else:
            self.state = State.DONE

    def _step(self, done: int, total: int) -> None:
        if self.stopping:
            raise Stopped
        self.done, self.total = done, total

    def _fail(self, error: UsfascError) -> None:
        self.sentence = error.sentence
        self.state = State.FAILED


class JobQueue:
    """Jobs of one viewer, done one after another.

    Attributes
    ----------
    changed
        The list of jobs, or one of them, is another than at the last look.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self._untold: list[Job] = []
        self._thread: Thread | None = None
        self._seen: tuple[object, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether something is still to be done, or to be told."""
        return bool(self._untold)

    def add(self, job: Job) -> None:
        """Put a job at the end."""
        self.jobs.append(job)
        self._untold.append(job)
        self._go_on()
        self.changed.emit()

    def stop(self, job: Job) -> None:
        """End a job: at once where it waits, at its next step where it runs."""
        job.stopping = True
        if job.state is State.WAITING:
            job.state = State.STOPPED
        self.look()

    def clear(self) -> None:
        """Forget the jobs that are over."""
        self.jobs = [job for job in self.jobs if not job.over]
        self.changed.emit()

    def look(self) -> None:
        """Tell what is new; to be called in the window's thread."""
        over = [job for job in self._untold if job.over]
        self._untold = [job for job in self._untold if not job.over]
        self._go_on()
        now = tuple((id(job), job.state, job.done, job.total) for job in self.jobs)
        if now != self._seen:
            self._seen = now
            self.changed.emit()
        for job in over:
            if job.state is State.DONE and job.sequel is not None:
                job.sequel(job.value)

    def close(self) -> None:
        """Stop everything and wait for it: the window closes."""
        for job in self.jobs:
            self.stop(job)
        if self._thread is not None:
            self._thread.join(_PATIENCE_S)

    def _go_on(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        job = next((job for job in self.jobs if job.state is State.WAITING), None)
        if job is not None:
            # Set here: between a thread's start and its first step nobody may take the job twice.
            job.state = State.RUNNING
            self._thread = Thread(target=job.run, name="usfasc job", daemon=True)
            self._thread.start()
