"""A survey's folder when the disk is full, or the process is killed: call by call.

The clips are judged beforehand, so that a run is nothing but its writing.
"""

from __future__ import annotations

import errno
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from fixtures.survey import Here, kept, run_here, write_survey

from usfasc.errors import Code, OutputError
from usfasc.survey.record import RECORD, read_record

WATCHED = ((os, "fsync"), (os, "write"), (Path, "open"), (Path, "mkdir"), (Path, "replace"))
CLIPS = 2


@dataclass(frozen=True)
class Study:
    """A manifest, what became of its clips, and the files that this makes."""

    table: Path
    crew: Here
    files: dict[str, bytes]
    calls: int
    """Watched calls of an undisturbed run."""

    def run(self, out: Path) -> int:
        """Run, and tell how many clips it took on."""
        self.crew.worked_on.clear()
        run_here(self.table, out, self.crew)
        return len(self.crew.worked_on)


@contextmanager
def struck(act: Callable[[], None], at: int, last: int | None = None) -> Iterator[list[int]]:
    """Act at the watched calls from ``at`` to ``last``; tells how many there were."""
    calls = [0]

    def watch(function: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            mode = kwargs.get("mode", args[1] if len(args) > 1 else "")
            if mode not in ("r", "rb"):  # reading is no matter of a full disk
                calls[0] += 1
                if at <= calls[0] <= (last or calls[0]):
                    act()
            return function(*args, **kwargs)

        return watched

    with pytest.MonkeyPatch.context() as patch:
        for place, name in WATCHED:
            patch.setattr(place, name, watch(getattr(place, name)))
        yield calls


def full() -> None:
    raise OSError(errno.ENOSPC, "secret path /clips/DOE^JANE")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("study")
    table = write_survey(folder, CLIPS)
    crew = Here()
    run_here(table, folder / "out", crew)
    with struck(full, at=10**6) as calls:
        run_here(table, folder / "again", crew)
    assert calls[0] > 50  # so many are there to fail
    return Study(table=table, crew=crew, files=kept(folder / "out"), calls=calls[0])


def taken_up(study: Study, out: Path) -> None:
    """Nothing is torn; the next run ends what was begun, and does nothing twice."""
    if (out / RECORD).exists():
        assert len(read_record(out).rows) == CLIPS
    for name, data in kept(out).items():
        assert name == RECORD or name.endswith(".part") or data == study.files[name]
    before = {path: path.stat().st_mtime_ns for path in out.glob("finished/*.json")}
    assert study.run(out) == CLIPS - len(before)
    assert kept(out) == study.files
    assert all(path.stat().st_mtime_ns == written for path, written in before.items())
    journal = (out / "run.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(journal) <= CLIPS


STEPS = [5, pytest.param(1, marks=pytest.mark.nightly)]
"""Between calls that fail; a step that parts no rhythm of the calls meets each kind of them."""


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("once", [True, False], ids=["once", "from then on"])
def test_a_disk_that_fails(study: Study, tmp_path: Path, once: bool, step: int) -> None:
    for at in range(1, study.calls + 1, step):
        out = tmp_path / str(at)
        with struck(full, at, at if once else None), pytest.raises(OutputError) as raised:
            study.run(out)
        assert raised.value.code is Code.NOT_WRITABLE
        assert "DOE" not in str(raised.value)
        assert list(out.rglob("*.part")) == []
        taken_up(study, out)


def _killed_run(study: Study, out: Path, at: int) -> None:
    with struck(kill, at):
        study.run(out)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork")
@pytest.mark.parametrize("step", STEPS)
def test_a_process_that_is_killed(study: Study, tmp_path: Path, step: int) -> None:
    for at in range(1, study.calls + 1, step):
        out = tmp_path / str(at)
        with warnings.catch_warnings():
            # Of threads that a child has not: it needs none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = get_context("fork").Process(target=_killed_run, args=(study, out, at))
            child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        taken_up(study, out)
