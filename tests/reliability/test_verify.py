"""R7: one flipped bit in a clip, a result or its table is found (damage, not forgery)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from usfasc.cli import run
from usfasc.derive import derive
from usfasc.io.results import write_result
from usfasc.model import Reading
from usfasc.pipeline import read_cine
from usfasc.verification import Check, GivenClip, Sources, Verdict, Verification, verify

ENDINGS: Final = (".usfasc.json", ".events.csv", ".dcm")
FOUND_BY: Final = {
    ".usfasc.json": Check.FILE,
    ".events.csv": Check.TABLE,
    ".dcm": Check.CLIP,
}


@pytest.fixture(scope="module")
def judged(sample_videos: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip with its result and table, in one folder."""
    folder = tmp_path_factory.mktemp("judged")
    clip = Path(shutil.copy(sample_videos / "two_muscles.dcm", folder))
    result, _ = derive(read_cine(clip), Reading())
    write_result(result, folder, clip.stem)
    return folder


def looked_at(folder: Path, *, recompute: bool = False) -> Verification:
    sources = Sources(clips=GivenClip(folder / "two_muscles.dcm"), recompute=recompute)
    return verify(folder / "two_muscles.usfasc.json", sources)


def failed(verification: Verification) -> frozenset[Check]:
    return frozenset(each.check for each in verification.findings if each.holds is False)


def flip(path: Path, rng: np.random.Generator) -> bytes:
    """Flip one bit of a file; what it held before."""
    data = path.read_bytes()
    flipped = bytearray(data)
    flipped[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
    path.write_bytes(flipped)
    return data


def flips(folder: Path, seeds: range) -> Counter[tuple[str, bool]]:
    """By file: how many flips its own check found, and how many were not found at all."""
    tally: Counter[tuple[str, bool]] = Counter()
    for seed in seeds:
        ending = ENDINGS[seed % len(ENDINGS)]
        path = folder / f"two_muscles{ending}"
        before = flip(path, np.random.default_rng([7, seed]))
        seen = looked_at(folder)
        path.write_bytes(before)
        tally[ending, FOUND_BY[ending] in failed(seen)] += 1
        assert seen.verdict is Verdict.DIFFERS, (ending, seed)
    return tally


def test_what_is_whole_is_called_whole(judged: Path) -> None:
    assert failed(looked_at(judged)) == frozenset()
    assert looked_at(judged).verdict is Verdict.WHOLE


def test_a_flipped_bit_is_found(judged: Path) -> None:
    assert flips(judged, range(180)) == {(ending, True): 60 for ending in ENDINGS}


@pytest.mark.nightly
def test_a_thousand_flipped_bits_are_found(judged: Path) -> None:
    assert flips(judged, range(999)) == {(ending, True): 333 for ending in ENDINGS}


def test_every_byte_about_the_digest_is_guarded(judged: Path) -> None:
    path = judged / "two_muscles.usfasc.json"
    data = path.read_bytes()
    for back in range(1, 82):
        flipped = bytearray(data)
        flipped[-back] ^= 1 << back % 8
        path.write_bytes(flipped)
        assert Check.FILE in failed(looked_at(judged)), back
    path.write_bytes(data)


def test_a_file_that_was_cut_short_or_written_anew_is_found(judged: Path) -> None:
    path = judged / "two_muscles.usfasc.json"
    data = path.read_bytes()
    anew = json.dumps(json.loads(data), indent=2).encode()
    for other in (data[:-1], data[:-40], data[: len(data) // 2], data + b"\n", anew, b""):
        path.write_bytes(other)
        assert Check.FILE in failed(looked_at(judged))
    path.write_bytes(data)


@pytest.mark.nightly
def test_what_a_digest_would_have_found_is_mostly_found_by_deriving_again(judged: Path) -> None:
    """Results of an older usfasc have none: a flip that still reads as a result shows itself."""
    path = judged / "two_muscles.usfasc.json"
    data = path.read_bytes()
    older = json.loads(data)
    del older["digest"]
    path.write_text(json.dumps(older, indent=1, ensure_ascii=False), encoding="utf-8")
    found = 0
    for seed in range(40):
        before = flip(path, np.random.default_rng([8, seed]))
        seen = looked_at(judged, recompute=True)
        path.write_bytes(before)
        found += seen.verdict is not Verdict.SAME
    path.write_bytes(data)
    assert found >= 36


OTHER_PROCESSOR: Final = """
import sys
from usfasc._cv import cv2
cv2.setUseOptimized(False)
from usfasc.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.nightly
def test_without_the_processors_own_instructions_results_are_near(
    sample_videos: Path, tmp_path: Path
) -> None:
    """R6: last digits alone, but for events that are called borderline."""
    clips = sorted(str(path) for path in sample_videos.glob("*.dcm"))
    assert run(["detect", *clips, "--out", str(tmp_path), "--quiet"]) == 0
    line = ["verify", str(tmp_path), "--clips", str(sample_videos), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROCESSOR, *line],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    rows = [json.loads(row) for row in done.stdout.splitlines()]
    assert len(rows) == len(clips)
    assert {row["verdict"] for row in rows} == {"same", "near"}, done.stderr
