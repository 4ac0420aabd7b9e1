"""How fast, and in how much memory: one clip, one core, a process of its own.

``python -m usfasc.benchmark.speed CLIP`` measures itself and prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np

import usfasc.phantom
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io import open_cine
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.model import Reading
from usfasc.phantom import Scene, render

FRAME_RATE_HZ: Final = 30.0
HEIGHT_PX, WIDTH_PX = 480, 640
_SPACING_MM = (0.09, 0.09)
_LOOP_S = 20.0
_SEED = 7
_LEAST_TIMES_REAL: Final = 6.0
_MOST_MB: Final = 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """One measurement of one clip."""

    duration_s: float
    decode_s: float
    """Decoding every frame and nothing else: the floor."""
    analyse_s: float
    """Reading and analysing, decoding included."""
    peak_mb: float
    """Largest resident memory of the process, the interpreter included."""


def speed_table(lengths_s: tuple[float, ...]) -> Table:
    """Measure phantoms of these lengths, 640x480, 30 Hz, JPEG-baseline DICOM, one core."""
    figures: list[Figure] = []
    for length_s in lengths_s:
        speed = measure(speed_clip(length_s))
        figures += [
            Figure(
                name=f"{length_s:g} s: x real time, end to end",
                value=speed.duration_s / speed.analyse_s,
                at_least=_LEAST_TIMES_REAL,
            ),
            Figure(
                name=f"{length_s:g} s: x real time, decoding alone",
                value=speed.duration_s / speed.decode_s,
            ),
            Figure(name=f"{length_s:g} s: peak memory, MB", value=speed.peak_mb, at_most=_MOST_MB),
        ]
    return Table(title="speed: 640x480, 30 Hz, JPEG DICOM, one core", figures=tuple(figures))


def speed_clip(length_s: float) -> Path:
    """A clip of this length, kept: one phantom run to and fro, so that it never jumps."""
    scene = Scene(
        height_px=HEIGHT_PX,
        width_px=WIDTH_PX,
        depth_mm=HEIGHT_PX * _SPACING_MM[0],
        width_mm=WIDTH_PX * _SPACING_MM[1],
        frame_rate_hz=FRAME_RATE_HZ,
        duration_s=_LOOP_S,
        twitches_per_min=15.0,
    )
    name = f"speed-{length_s:g}s-{digest(scene, code_digest(usfasc.phantom))}.dcm"

    def make(path: Path) -> None:
        frames = [frame.grey for frame in render(scene, _SEED).cine.frames.stream()]
        there_and_back = [*frames, *frames[-2:0:-1]]
        count = round(length_s * FRAME_RATE_HZ)
        write_ultrasound_cine(
            path,
            (there_and_back[k % len(there_and_back)] for k in range(count)),
            times_s=np.arange(count) / FRAME_RATE_HZ,
            spacing_mm=_SPACING_MM,
            bmode_box=(0, 0, WIDTH_PX, HEIGHT_PX),
        )

    return kept(cache_folder() / "phantoms", name, make)


def measure(clip: Path) -> Speed:
    """Measure one clip in a process of its own."""
    command = [sys.executable, "-m", "usfasc.benchmark.speed", str(clip)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Speed(**json.loads(answer))


def _measure_here(clip: Path) -> Speed:
    from usfasc.pipeline import analyse, read_cine

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cine = open_cine(clip, Reading())
    begun = perf_counter()
    for _ in cine.frames.stream():
        pass
    decoded = perf_counter()
    cine = read_cine(clip)
    analyse(cine)
    done = perf_counter()
    return Speed(
        duration_s=cine.duration_s or 0.0,
        decode_s=decoded - begun,
        analyse_s=done - decoded,
        peak_mb=_peak_mb(),
    )


def _peak_mb() -> float:
    """Largest resident memory of this process; NaN where the system does not say."""
    try:
        import resource
    except ImportError:
        return float("nan")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    measured = _measure_here(Path(sys.argv[1]))
    sys.stdout.write(json.dumps({k: getattr(measured, k) for k in Speed.__slots__}))
