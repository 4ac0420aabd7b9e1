"""Measure the analysis of one clip, in this process, and print it as JSON.

Run as ``python -m usfasc.benchmark.stopwatch CLIP`` on one core. It imports what an
analysis imports and no more, since what is imported counts as memory. Times are
processor time: on a busy machine the clock on the wall tells of the others.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time

from usfasc.pipeline import analyse, read_cine


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One measurement of one clip; times are processor time."""

    duration_s: float
    decode_s: float
    """Decoding every frame and nothing else: the floor."""
    analyse_s: float
    """Reading and analysing, decoding included."""
    peak_mb: float
    """Largest resident memory of the process, the interpreter included."""


def measure_here(clip: Path) -> Speed:
    """Analyse a clip on one core, then decode it once more without analysing it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    begun = process_time()
    cine = read_cine(clip)
    analyse(cine)
    analysed = process_time()
    peak_mb = _peak_mb()
    for _ in cine.frames.stream():
        pass
    return Speed(
        duration_s=cine.duration_s or 0.0,
        decode_s=process_time() - analysed,
        analyse_s=analysed - begun,
        peak_mb=peak_mb,
    )


def _peak_mb() -> float:
    """Largest resident memory of this process; NaN where the system does not say.

    Not the rusage figure: a child inherits there what its parent once held.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return float("nan")
    line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(measure_here(Path(sys.argv[1])))))
