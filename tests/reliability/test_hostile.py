"""Promises R1 and R2: no hostile file kills, hangs, bloats or deceives the reader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.conftest import A_ROUND
from tests.reliability.mutants import Outcome

NIGHTLY_MUTANTS = 2304
PATIENCE_S = 5.0
HEADROOM_BYTES = 64 << 20


def judge_all(
    clips: Path, checkout: Path, first: int, last: int
) -> tuple[dict[str, Outcome], list[Outcome]]:
    """Outcomes of the clean clips by name, and of the mutants."""
    command = [sys.executable, "-m", "tests.reliability.mutants", str(clips), str(first), str(last)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    outcomes = [Outcome(**json.loads(line)) for line in done.stdout.splitlines()]
    assert done.returncode == 0, f"died after seed {outcomes[-1].seed}: {done.stderr[-500:]}"
    assert done.stderr == "", "a hostile file makes nobody write to stderr"
    clean = {outcome.clip: outcome for outcome in outcomes if outcome.seed < 0}
    return clean, [outcome for outcome in outcomes if outcome.seed >= 0]


def check(clips: Path, checkout: Path, first: int, last: int) -> None:
    clean, mutants = judge_all(clips, checkout, first, last)
    assert len(mutants) == last - first
    assert not [outcome for outcome in clean.values() if outcome.error], "good clips are read"
    assert not [outcome for outcome in mutants if outcome.error.startswith("foreign")]
    assert not [outcome for outcome in mutants if _deceives(outcome, clean[outcome.clip])]
    assert not [
        outcome
        for outcome in mutants
        if outcome.seconds > PATIENCE_S + 3 * clean[outcome.clip].seconds
    ]
    read = [outcome for outcome in mutants if not outcome.error]
    assert len(read) > len(mutants) / 5, "refusing everything is no answer"
    # The peak never falls, so the clean clips set the baseline; none is larger than 2 MB.
    baseline = max(outcome.peak_bytes for outcome in clean.values())
    assert max(outcome.peak_bytes for outcome in mutants) < baseline + HEADROOM_BYTES


def _deceives(outcome: Outcome, clean: Outcome) -> bool:
    """Whether another number or size of frames is given without a word."""
    same = (outcome.frames, outcome.shape) == (clean.frames, clean.shape)
    return not (outcome.error or outcome.told or same)


def test_every_mutation_of_every_clip_is_refused_or_read_whole(clips: Path, checkout: Path) -> None:
    check(clips, checkout, 0, 3 * A_ROUND)


@pytest.mark.nightly
def test_many_mutants(clips: Path, checkout: Path) -> None:
    check(clips, checkout, 3 * A_ROUND, 3 * A_ROUND + NIGHTLY_MUTANTS)
