"""How a survey of many clips fares on two cores: throughput against one core, memory, litter.

The command itself is run, in processes of its own, as a user would.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from typing import Final

import usfasc.phantom
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.phantom import Scene, render

LENGTH_S: Final = 10.0
_DISTINCT: Final = 12
"""Phantoms; the clips are these, each under many identities."""
_SPACING_MM: Final = (0.12, 0.12)
_HEIGHT_PX, _WIDTH_PX = 240, 280
_RATE_HZ: Final = 25.0
_LEAST_GAIN: Final = 1.6
_MOST_GROWTH: Final = 1.1
_SAMPLES_S: Final = 0.25
_UID: Final = re.compile(rb"2\.25\.\d+")
_COMMAND: Final = (
    "import os, sys; os.sched_setaffinity(0, {cores}); from usfasc.cli import main; main()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the command."""

    seconds: float
    memory_mb: tuple[float, ...]
    """Resident memory of all its processes together, a quarter of a second apart."""
    leftovers: int
    """Temporary files that it left."""

    @property
    def growth(self) -> float:
        """Most memory of the second half over that of the first."""
        half = len(self.memory_mb) // 2
        return max(self.memory_mb[half:]) / max(self.memory_mb[: half + 1])


def scale_table(clips: int, times: int) -> Table:
    """Throughput, memory and litter of a survey."""
    with TemporaryDirectory(prefix="usfasc-scale-") as folder:
        manifest = write_clips(Path(folder), clips, phantoms(clips))
        pairs = [tuple(run_once(manifest, cores) for cores in (1, 2)) for _ in range(times)]
    one_s, two_s = (median(pair[n].seconds for pair in pairs) for n in (0, 1))
    runs = [run for pair in pairs for run in pair]
    figures = (
        Figure(name="clips a minute, one core", value=clips / one_s * 60),
        Figure(name="clips a minute, two cores", value=clips / two_s * 60),
        Figure(name="x real time, two cores", value=clips * LENGTH_S / two_s),
        Figure(name="two cores over one", value=one_s / two_s, at_least=_LEAST_GAIN),
        Figure(name="peak memory of two, MB", value=max(max(two.memory_mb) for _, two in pairs)),
        Figure(
            name="memory, second half over first",
            value=max(run.growth for run in runs),
            at_most=_MOST_GROWTH,
        ),
        Figure(name="files left over", value=sum(run.leftovers for run in runs), at_most=0),
    )
    return Table(title=f"survey: {clips} clips of {LENGTH_S:g} s", figures=figures)


def phantoms(most: int) -> tuple[bytes, ...]:
    """A few synthetic clips of 10 s."""
    return tuple(_phantom(seed).read_bytes() for seed in range(min(most, _DISTINCT)))


def write_clips(folder: Path, count: int, models: Sequence[bytes]) -> Path:
    """A manifest of clips that differ by their identity at least, none of which is judged twice."""
    (folder / "clips").mkdir()
    lines = ["clip,subject,session,muscle"]
    for number in range(count):
        data = models[number % len(models)]
        uid = _UID.search(data)
        assert uid is not None, "a synthetic clip has a UID of this kind"
        other = uid[0][:-6] + b"%06d" % number
        (folder / "clips" / f"{number}.dcm").write_bytes(data.replace(uid[0], other))
        lines.append(f"clips/{number}.dcm,S{number // 10:03d},1,biceps brachii")
    (folder / "survey.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "survey.csv"


def run_once(manifest: Path, cores: int) -> Run:
    """Survey anew on so many cores, a process on each."""
    out, temporary = manifest.parent / "out", manifest.parent / "temporary"
    temporary.mkdir()
    words = ("run", manifest, "--out", out, "--workers", str(cores))
    seconds, memory_mb = measured(words, cores, temporary)
    leftovers = [*temporary.iterdir(), *out.rglob("*.part")]
    shutil.rmtree(out)
    shutil.rmtree(temporary)
    return Run(seconds=seconds, memory_mb=memory_mb, leftovers=len(leftovers))


def measured(
    words: Sequence[str | Path], cores: int, temporary: Path
) -> tuple[float, tuple[float, ...]]:
    """Seconds and memory in MB of one ``usfasc survey`` command, as it runs in a terminal.

    Raises
    ------
    RuntimeError
        It failed.
    """
    usable = sorted(os.sched_getaffinity(0))[:cores]
    memory_mb: list[float] = []
    begun_s = monotonic()
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND.format(cores=set(usable)), "survey", *words, "--quiet"],
        env=os.environ | {"TMPDIR": str(temporary)},
    ) as running:
        done = Event()
        watcher = Thread(target=_watch, args=(running.pid, memory_mb, done))
        watcher.start()
        code = running.wait()
        seconds = monotonic() - begun_s
        done.set()
        watcher.join()
    if code:
        raise RuntimeError(f"usfasc survey {words[0]} ended with exit code {code}")
    return seconds, tuple(memory_mb)


def _phantom(seed: int) -> Path:
    scene = Scene(
        height_px=_HEIGHT_PX,
        width_px=_WIDTH_PX,
        depth_mm=_HEIGHT_PX * _SPACING_MM[0],
        width_mm=_WIDTH_PX * _SPACING_MM[1],
        frame_rate_hz=_RATE_HZ,
        duration_s=LENGTH_S,
        twitches_per_min=20.0,
    )
    name = f"survey-{seed}-{digest(scene, code_digest(usfasc.phantom))}.dcm"
    return kept(cache_folder() / "phantoms", name, partial(_render, scene, seed))


def _render(scene: Scene, seed: int, path: Path) -> None:
    cine = render(scene, seed).cine
    assert cine.times_s is not None, "a phantom has times"
    write_ultrasound_cine(
        path,
        (frame.grey for frame in cine.frames.stream()),
        times_s=cine.times_s,
        spacing_mm=_SPACING_MM,
        bmode_box=(0, 0, _WIDTH_PX, _HEIGHT_PX),
    )


def _watch(pid: int, memory_mb: list[float], done: Event) -> None:
    """Note the memory of a process and of those that it started, until told that it is done."""
    while not done.wait(_SAMPLES_S):
        memory_mb.append(sum(_resident_mb(one) for one in _family(pid)))


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
