"""A survey on several machines, here two worker processes on loopback, one of which is killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from fixtures.survey import kept, manifest, row, run_here, write_clip

from usfasc.errors import Code
from usfasc.survey.record import OK, read_record

BIN = Path(sys.executable).parent
CLIPS = 6
HERE = ("--host", "127.0.0.1", "--no-dashboard")


@contextmanager
def process(*words: str | Path, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as told, subprocess.Popen(words, stdout=told, stderr=told) as running:
        try:
            yield running
        finally:
            running.kill()


def address(log: Path) -> str:
    """Where a scheduler or worker listens, by its log."""
    for _ in range(600):
        found = re.search(r"(tcp://127\.0\.0\.1:\d+)", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail("the scheduler never listened")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("logs")


@dataclass(frozen=True)
class Cluster:
    """A scheduler, where it listens, and its two workers."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(logs: Path) -> Iterator[Cluster]:
    log = logs / "scheduler.log"
    local = ("--nthreads", "1", "--no-nanny", "--local-directory", logs)
    with ExitStack() as stack:

        def started(*words: str | Path, log: Path) -> subprocess.Popen[bytes]:
            return stack.enter_context(process(BIN / "dask", *words, *HERE, log=log))

        scheduler = started("scheduler", "--port", "0", log=log)
        where = address(log)
        workers = [started("worker", where, *local, log=logs / f"{n}.log") for n in range(2)]
        yield Cluster(address=where, scheduler=scheduler, workers=workers)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("TOKENNAME")
    for number in range(CLIPS):
        write_clip(folder / "clips" / f"TOKENFILE{number}.dcm", number)
    (folder / "clips" / "TOKENBROKEN.dcm").write_text("not a clip", encoding="utf-8")
    names = [*(f"TOKENFILE{number}" for number in range(CLIPS)), "TOKENBROKEN"]
    return manifest(folder, *(row(f"clips/{name}.dcm") for name in names))


def start(table: Path, out: Path, scheduler: str) -> subprocess.Popen[str]:
    words = ("survey", "run", table, "--out", out, "--dask", scheduler)
    return subprocess.Popen(
        [BIN / "usfasc", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def until_finished(running: subprocess.Popen[str], out: Path, clips: int) -> None:
    while running.poll() is None and len(list(out.glob("finished/*.json"))) < clips:
        time.sleep(0.02)


@pytest.fixture(scope="module")
def expected(table: Path) -> dict[str, bytes]:
    """What one process makes of it."""
    run_here(table, table.parent / "here")
    return kept(table.parent / "here")


def test_a_lost_worker(
    table: Path, expected: dict[str, bytes], cluster: Cluster, logs: Path, tmp_path: Path
) -> None:
    with start(table, tmp_path / "out", cluster.address) as running:
        until_finished(running, tmp_path / "out", 2)
        cluster.workers[0].send_signal(signal.SIGKILL)
        told, errors = running.communicate(timeout=180)
    assert running.returncode == 1
    assert errors == "NOT_A_CINE: The file is neither a DICOM file nor a video (row 7).\n"
    assert "7 rows: 6 answered, 1 failed." in told
    assert kept(tmp_path / "out") == expected
    # Schedulers and workers keep logs: nothing that may be a name is in what they get to see.
    assert [log.name for log in logs.glob("*.log") if b"TOKEN" in log.read_bytes()] == []


@pytest.mark.nightly
def test_a_lost_scheduler(
    table: Path, expected: dict[str, bytes], cluster: Cluster, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with start(table, out, cluster.address) as running:
        until_finished(running, out, 1)
        cluster.scheduler.send_signal(signal.SIGKILL)
        _, errors = running.communicate(timeout=180)
    assert running.returncode == 1
    assert errors.startswith("NO_CLUSTER: The Dask scheduler was lost")
    assert {each.outcome for each in read_record(out).rows} >= {OK, Code.PENDING}
    run_here(table, out)
    assert kept(out) == expected
