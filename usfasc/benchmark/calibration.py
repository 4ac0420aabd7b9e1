"""Whether a score of 0.7 is true seven times in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.benchmark.bootstrap import Estimate, estimate_pooled
from usfasc.benchmark.tally import Tally
from usfasc.model import Floats

_BINS: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Movements of like score."""

    score: float
    """Their mean."""
    share_true: float
    movements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """How the listed movements' scores agree with the truth."""

    name: str
    bins: tuple[Bin, ...]
    error: Estimate
    """Expected calibration error."""
    movements: int


def reliability(name: str, tallies: Sequence[Tally], rng: np.random.Generator) -> Reliability:
    """Compare scores with truth in ten bins of equally many movements.

    The expected calibration error is the mean distance of the bins' share of true
    movements from their mean score (Naeini 2015; equal mass after Nguyen 2015).

    Parameters
    ----------
    name
        What the movements are from.
    tallies
        Of every listed movement, one a clip.
    rng
        Draws the clips of the interval.
    """
    clips = [_rated(each) for each in tallies]
    rated = np.concatenate([np.empty((0, 2)), *clips])
    return Reliability(
        name=name,
        bins=tuple(
            Bin(score=float(s), share_true=float(t), movements=int(n)) for s, t, n in _bins(rated)
        ),
        error=estimate_pooled(clips, calibration_error, rng),
        movements=len(rated),
    )


def calibration_error(rated: Floats) -> float:
    """Expected calibration error of rows ``(n, 2)``: score, and 1 where it is true."""
    scores, shares, sizes = _bins(rated).T
    return float(np.average(np.abs(scores - shares), weights=sizes))


def _bins(rated: Floats) -> Floats:
    """Mean score, share true and size of each bin, ``(bins, 3)``; like scores share a bin."""
    scores, ordered = rated[:, 0], np.sort(rated[:, 0])
    ranks = (np.searchsorted(ordered, scores) + np.searchsorted(ordered, scores, "right")) / 2
    bins = np.floor(_BINS * ranks / max(len(rated), 1)).astype(int)
    sizes = np.bincount(bins)
    filled = sizes > 0
    sums = [np.bincount(bins, weights=column)[filled] for column in rated.T]
    return np.stack([*(each / sizes[filled] for each in sums), sizes[filled]], axis=1)


def _rated(each: Tally) -> Floats:
    """Score of every movement of a clip, and whether it is true, ``(n, 2)``."""
    rows = [(found.score or 0.0, 1.0) for _, found in each.pairs]
    rows += [(found.score or 0.0, 0.0) for found in each.surplus]
    return np.array(rows).reshape(-1, 2)
