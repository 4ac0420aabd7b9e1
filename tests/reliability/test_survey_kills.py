"""A survey killed at random moments, then taken up, has the bytes of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pytest
from fixtures.survey import kept, manifest, row, run_here, write_clip

from usfasc.survey.record import read_record

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")

CLIPS = 5
USFASC = Path(sys.executable).parent / "usfasc"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    for number in range(CLIPS):
        write_clip(folder / "clips" / f"{number}.dcm", number)
    return manifest(folder, *(row(f"clips/{number}.dcm") for number in range(CLIPS)))


@pytest.fixture(scope="module")
def undisturbed(table: Path) -> dict[str, bytes]:
    run_here(table, table.parent / "undisturbed")
    return kept(table.parent / "undisturbed")


Moment = Callable[[], bool]
"""Whether it has come."""


def after(delay_s: float) -> Moment:
    until_s = time.monotonic() + delay_s
    return lambda: time.monotonic() >= until_s


def killed_at(moment: Moment, table: Path, out: Path) -> bool:
    """Run in two workers and kill all of a sudden; false where the run was done before."""
    command = [USFASC, "survey", "run", table, "--out", out, "--workers", "2", "--quiet"]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(table.parent)}) as running:
        while running.poll() is None and not moment():
            time.sleep(0.01)
        if running.poll() is None:
            workers = psutil.Process(running.pid).children(recursive=True)
            running.send_signal(signal.SIGKILL)
            _, left = psutil.wait_procs(workers, timeout=10)
            assert left == []
    return running.returncode == -signal.SIGKILL


def disturbed(table: Path, out: Path, expected: dict[str, bytes], moments: Iterable[Moment]) -> int:
    """Kill a survey at these moments, run by run, then let it end; how many kills there were."""
    kills = 0
    for moment in moments:
        finished = {path: path.stat().st_mtime_ns for path in out.glob("finished/*.json")}
        if not killed_at(moment, table, out):
            break
        kills += 1
        for path, written in finished.items():
            assert path.stat().st_mtime_ns == written
        for name, data in kept(out).items():
            assert name == "survey.json" or name.endswith(".part") or data == expected[name]
        if (out / "survey.json").exists():
            assert len(read_record(out).rows) == CLIPS
    run_here(table, out)
    assert kept(out) == expected
    journal = (out / "run.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(journal) <= CLIPS
    assert not [path for path in table.parent.iterdir() if path.name.startswith(("usfasc-", "."))]
    return kills


def test_one_kill(table: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"

    def one_is_finished() -> bool:
        return any(out.glob("finished/*.json"))

    assert disturbed(table, out, undisturbed, [one_is_finished]) == 1


@pytest.mark.nightly
def test_45_kills(table: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    draw = random.Random(20)
    kills = rounds = 0
    while kills < 45:
        # From its start on, which takes a second, to shortly before it would be done.
        moments = (after(draw.uniform(0.3, 3.5)) for _ in range(min(6, 45 - kills)))
        kills += disturbed(table, tmp_path / str(rounds), undisturbed, moments)
        rounds += 1
    assert kills == 45
