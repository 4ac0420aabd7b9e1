"""How fast, and in how much memory: one clip, one core, a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import numpy as np

import usfasc.phantom
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.stopwatch import Speed
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.phantom import Scene, render

FRAME_RATE_HZ: Final = 30.0
HEIGHT_PX, WIDTH_PX = 480, 640
_SPACING_MM = (0.09, 0.09)
_LOOP_S = 20.0
_SEED = 7
_LEAST_TIMES_REAL: Final = 6.0
_MOST_MB: Final = 400.0


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
    command = [sys.executable, "-m", "usfasc.benchmark.stopwatch", str(clip)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Speed(**json.loads(answer))
