"""Processes of this machine: all tasks answered, deaths told, none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from fixtures import workers
from fixtures.workers import jobs

from usfasc.survey import pool
from usfasc.survey.pool import Processes, usable_cores

SLOW_RUN = """
import sys
from pathlib import Path
from fixtures import workers
from usfasc.survey.pool import Processes
if __name__ == "__main__":
    list(Processes(workers.slow, 1).outputs(workers.jobs(1, Path(sys.argv[1]))))
"""


def answered(crew: Processes, count: int, path: Path = Path("clip")) -> dict[int, bool]:
    """Which jobs were answered, by their numbers."""
    return {
        job.number: answer is not None and answer.number == job.number
        for job, answer in crew.outputs(jobs(count, path))
    }


def wait_for(path: Path) -> str:
    for _ in range(600):
        if path.exists() and path.read_text():
            return path.read_text()
        time.sleep(0.05)
    pytest.fail("the worker never began")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_every_task_is_answered_by_so_many_processes() -> None:
    answers = [answer for _, answer in Processes(workers.quick, 2).outputs(jobs(9))]
    assert sorted(answer.number for answer in answers) == list(range(9))
    assert len({answer.pid for answer in answers}) == 2
    assert active_children() == []


def test_nothing_to_do_starts_nothing() -> None:
    assert answered(Processes(workers.quick, 4), 0) == {}


def test_a_death_costs_its_own_task_alone() -> None:
    told = answered(Processes(workers.deadly, 2), 5)
    assert told == {0: True, 1: False, 2: True, 3: True, 4: False}
    assert active_children() == []


def test_a_task_is_tried_once_more(tmp_path: Path) -> None:
    assert answered(Processes(workers.deadly_once, 1), 2, tmp_path / "tried") == {0: True, 1: True}


def test_what_ctrl_c_means_is_not_for_workers_to_say() -> None:
    assert answered(Processes(workers.ignores_interrupts, 1), 1) == {0: True}


def test_stopped_in_the_midst_of_a_clip(tmp_path: Path) -> None:
    outputs = Processes(workers.quick, 1).outputs(jobs(2))
    next(outputs)
    (child,) = active_children()
    outputs.close()
    assert not child.is_alive()
    assert active_children() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_workers_end_with_the_process_that_asked(tmp_path: Path) -> None:
    script, begun = tmp_path / "slow_run.py", tmp_path / "begun"
    script.write_text(SLOW_RUN, encoding="utf-8")
    paths = os.pathsep.join(path for path in sys.path if path)
    with subprocess.Popen(
        [sys.executable, script, begun], env=os.environ | {"PYTHONPATH": paths}
    ) as asking:
        worker = int(wait_for(begun))
        assert alive(worker)
        asking.send_signal(signal.SIGKILL)
    for _ in range(100):
        if not alive(worker):
            break
        time.sleep(0.05)
    assert not alive(worker)


@pytest.mark.parametrize(("free_mb", "cores"), [(100, 1), (700, 1), (1_300, 2), (10**6, 8)])
def test_no_more_processes_than_memory(
    monkeypatch: pytest.MonkeyPatch, free_mb: int, cores: int
) -> None:
    monkeypatch.setattr(pool, "_free_bytes", lambda: free_mb * 2**20)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    assert usable_cores() == cores


def test_this_machine_has_a_core() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
