"""Hostile files: seeded mutants of good clips, opened and decoded in a process of their own.

Run as ``python -m tests.reliability.mutants FOLDER FIRST LAST``: opens the mutants
of the clips in FOLDER with these seeds and prints one JSON line each, so that the
parent sees at which seed the process died.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from usfasc.errors import UsfascError
from usfasc.io import open_cine
from usfasc.model import Reading

ADDRESS_SPACE_BYTES = 6 << 30


@dataclass(frozen=True)
class Outcome:
    """What became of one file; ``frames`` and ``shape`` where it could be decoded."""

    seed: int
    clip: str
    mutation: str
    error: str
    frames: int
    shape: tuple[int, int]
    told: bool
    """Whether a warning or a damaged frame tells that something is wrong."""
    seconds: float
    peak_bytes: int


def flip(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    for _ in range(int(rng.integers(1, 6))):
        raw[int(rng.integers(stop))] ^= 1 << int(rng.integers(8))


def overwrite(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    for _ in range(int(rng.integers(1, 4))):
        raw[int(rng.integers(stop))] = int(rng.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF]))


def inflate(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    at = int(rng.integers(max(stop - 4, 1)))
    raw[at : at + 4] = bytes(rng.choice([0xFF, 0x7F, 0x00], 4).astype(np.uint8))


def insert(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    at = int(rng.integers(stop))
    raw[at:at] = rng.bytes(int(rng.integers(1, 64)))


def delete(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    at = int(rng.integers(stop))
    del raw[at : at + int(rng.integers(1, 64))]


def repeat(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    at, size = int(rng.integers(stop)), int(rng.integers(4, 400))
    raw[at:at] = raw[at : at + size]


def cut(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    del raw[int(rng.integers(len(raw))) :]


def blank(raw: bytearray, rng: np.random.Generator, stop: int) -> None:
    at, size = int(rng.integers(len(raw))), int(rng.integers(1, 4096))
    raw[at : at + size] = bytes(len(raw[at : at + size]))


MUTATIONS: tuple[Callable[[bytearray, np.random.Generator, int], None], ...] = (
    flip,
    overwrite,
    inflate,
    insert,
    delete,
    repeat,
    cut,
    blank,
)


def mutant(raw: bytes, seed: int) -> tuple[bytes, str]:
    """The mutant of a file with this seed, and the name of the mutation."""
    rng = np.random.default_rng(seed)
    mutate = MUTATIONS[seed % len(MUTATIONS)]
    changed = bytearray(raw)
    # Three of four in the header, which is where a reader can be led astray.
    header = min(len(raw), 4096)
    mutate(changed, rng, header if rng.random() < 0.75 else len(raw))
    return bytes(changed), mutate.__name__


def judge(path: Path, seed: int, clip: str, mutation: str) -> Outcome:
    """Open and decode one file wholly."""
    began = time.perf_counter()
    error, frames, shape, told = "", 0, (0, 0), False
    try:
        cine = open_cine(path, Reading())
        told = bool(cine.warnings)
        shapes = set()
        for frame in cine.frames.stream():
            frames += 1
            told |= frame.damaged
            shapes.add(frame.grey.shape)
        (shape,) = shapes
        assert frames == cine.frames.count and shape == cine.frames.shape
        cine.frames.colour(frames - 1)
    except UsfascError as refusal:
        error = str(refusal.code)
    except Exception as foreign:
        error = f"foreign {type(foreign).__name__}: {foreign}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = time.perf_counter() - began
    return Outcome(seed, clip, mutation, error, frames, shape, told, seconds, peak)


def say(outcome: Outcome) -> None:
    """Print at once, since the next file may be the last."""
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
    sys.stdout.flush()


def main(folder: Path, first: int, last: int) -> None:
    """Judge every clean clip, then the mutants ``first`` to ``last`` of them in turn."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    clips = sorted(path for path in folder.iterdir() if path.name != "mutant")
    for clip in clips:
        say(judge(clip, -1, clip.name, "none"))
    scratch = folder / "mutant"
    for seed in range(first, last):
        clip = clips[seed // len(MUTATIONS) % len(clips)]
        data, mutation = mutant(clip.read_bytes(), seed)
        scratch.write_bytes(data)
        say(judge(scratch, seed, clip.name, mutation))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
