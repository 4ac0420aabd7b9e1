"""A survey killed at random moments, then taken up, has the bytes of an undisturbed one."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
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


def killed_after(delay_s: float, table: Path, out: Path) -> bool:
    """Run in two workers and kill all of a sudden; false where the run was done before."""
    command = [USFASC, "survey", "run", table, "--out", out, "--workers", "2", "--quiet"]
    with subprocess.Popen(command, env=os.environ | {"TMPDIR": str(table.parent)}) as running:
        try:
            running.wait(delay_s)
        except subprocess.TimeoutExpired:
            workers = psutil.Process(running.pid).children(recursive=True)
            running.send_signal(signal.SIGKILL)
            _, left = psutil.wait_procs(workers, timeout=10)
            assert left == []
    return running.returncode == -signal.SIGKILL


def disturbed(table: Path, out: Path, expected: dict[str, bytes], moments: list[float]) -> int:
    """Kill a survey at these moments, run by run, then let it end; how many kills there were."""
    kills = 0
    for delay_s in moments:
        finished = {path: path.stat().st_mtime_ns for path in out.glob("finished/*.json")}
        if not killed_after(delay_s, table, out):
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
    assert disturbed(table, tmp_path / "out", undisturbed, [1.8]) == 1


@pytest.mark.nightly
def test_45_kills(table: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    draw = random.Random(20)
    kills = rounds = 0
    while kills < 45:
        moments = [draw.uniform(0.3, 3.5) for _ in range(6)]
        kills += disturbed(table, tmp_path / str(rounds), undisturbed, moments[: 45 - kills])
        rounds += 1
    assert kills == 45
