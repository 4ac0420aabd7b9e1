"""Clips side by side on this machine: one process a core, one clip at a time in each.

Each process has a pipe of its own, so one that dies takes only its own clip along, and it is
known which. Such a clip is tried once more, when nothing else runs: a clip that needs all
of the memory may then have it.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from usfasc.survey.tasks import ClipOutput, ClipTask, Done

Work: TypeAlias = "Callable[[ClipTask], ClipOutput]"

_CLIP_BYTES: Final = 600 * 2**20
"""Memory that one process may want; 400 MB are measured at 640x480."""
_CONTEXT: Final = get_context("spawn")
"""Fresh processes: a forked one would inherit threads and locks of libraries."""


def usable_cores() -> int:
    """Cores that this process may use, but no more than there is free memory for."""
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    return max(1, min(cores, _free_bytes() // _CLIP_BYTES))


class Processes:
    """Worker processes of this machine.

    Parameters
    ----------
    work
        What is done with each task; found by its name in a fresh process.
    size
        How many work side by side.
    """

    def __init__(self, work: Work, size: int) -> None:
        self._work = work
        self.size = size

    def outputs(self, tasks: Iterable[ClipTask]) -> Generator[Done, None, None]:
        """What comes of each task, as it comes; the processes end with the iteration."""
        waiting = deque(tasks)
        died: deque[ClipTask] = deque()
        for task, output in self._side_by_side(waiting, min(self.size, len(waiting))):
            if output is None:
                died.append(task)
            else:
                yield task, output
        yield from self._side_by_side(died, 1)

    def _side_by_side(self, waiting: deque[ClipTask], size: int) -> Generator[Done, None, None]:
        with ExitStack() as stack:
            idle = [stack.enter_context(_Worker(self._work)) for _ in range(size)]
            busy: dict[Connection, _Worker] = {}
            while waiting or busy:
                while idle and waiting:
                    worker = idle.pop()
                    busy[worker.give(waiting.popleft())] = worker
                for connection in wait(list(busy)):
                    assert isinstance(connection, Connection)
                    worker = busy.pop(connection)
                    yield worker.take()
                    idle.append(worker)


class _Worker:
    """A process, started when it gets something to do, and the task it is at."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._process: BaseProcess | None = None

    def __enter__(self) -> _Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def give(self, task: ClipTask) -> Connection:
        """Set it to work; what it says comes by this connection."""
        if self._process is None:
            self._start()
        self._task = task
        # Where it died while it was idle, the end of the connection will tell so.
        with suppress(OSError):
            self._connection.send(task)
        return self._connection

    def take(self) -> Done:
        """What came of its task; None where the process died of it."""
        try:
            return self._task, self._connection.recv()
        except (EOFError, OSError):
            self._end()
            return self._task, None

    def _start(self) -> None:
        self._connection, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, self._work), daemon=True)
        self._process.start()
        theirs.close()

    def _end(self) -> None:
        """End it at once: what it was at has written nothing."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
            self._connection.close()


def _serve(connection: Connection, work: Work) -> None:
    """Work on what comes until nobody asks any more."""
    # Ctrl-C goes to the whole group of processes; the first of them decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()
    while True:
        try:
            connection.send(work(connection.recv()))
        except (EOFError, OSError):
            return


def _follow() -> None:
    """End with the process that asks, also in the midst of a clip."""
    asking = parent_process()
    assert asking is not None, "this is a process that was started"
    asking.join()
    os._exit(1)


def _free_bytes() -> int:
    """Memory that is free for new work; without bound where the system does not say."""
    path = Path("/proc/meminfo")
    if not path.is_file():
        return 2**63
    lines = path.read_text().splitlines()
    told = next((line for line in lines if line.startswith("MemAvailable")), None)
    return 2**63 if told is None else int(told.split()[1]) * 1024
