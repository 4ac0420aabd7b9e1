"""How far a figure could have come out otherwise: clips are drawn anew, with replacement.

Clips are what differs between one hospital and the next; twitches of one clip share its
machine, its noise and its muscle, so they are never drawn one by one (Efron and Tibshirani
1993, percentile intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np

from usfasc.model import Floats

_DRAWS: Final = 1000

Estimate = tuple[float | None, float | None, float | None]
"""Value, low and high end of the 95 % interval."""

OfSums = Callable[[Floats], Floats]
"""A figure of sums ``(..., k)``; NaN where it has no base."""


def estimate(rows: Floats, figure: OfSums, rng: np.random.Generator) -> Estimate:
    """A figure of the sums over all clips.

    Parameters
    ----------
    rows
        ``(clips, k)``: what each clip adds to the sums.
    figure
        Takes the sums.
    rng
        Draws the clips.
    """
    if not len(rows):
        return None, None, None
    return _estimate(figure(rows.sum(axis=0)), figure(_drawn(rows, rng)), len(rows))


def estimate_difference(
    ours: Floats, theirs: Floats, figure: OfSums, rng: np.random.Generator
) -> Estimate:
    """How much larger a figure is for ours; the same clips are drawn for both."""
    columns = ours.shape[1] if len(ours) else 0
    both = np.hstack([ours, theirs])

    def less(sums: Floats) -> Floats:
        return figure(sums[..., :columns]) - figure(sums[..., columns:])

    return estimate(both, less, rng)


def estimate_pooled(
    clips: Sequence[Floats], figure: Callable[[Floats], float], rng: np.random.Generator
) -> Estimate:
    """A figure of all clips' values put together, where sums do not say it: a median, an error.

    Parameters
    ----------
    clips
        Values of each clip, ``(n, ...)``.
    figure
        Takes all values.
    rng
        Draws the clips.
    """
    filled = [values for values in clips if len(values)]
    if not filled:
        return None, None, None
    picked = rng.integers(len(filled), size=(_DRAWS, len(filled)))
    drawn = [figure(np.concatenate([filled[k] for k in row])) for row in picked]
    return _estimate(figure(np.concatenate(filled)), np.array(drawn), len(filled))


def ratio(part: Floats, whole: Floats) -> Floats:
    """Share of sums; NaN where there is no whole."""
    known = np.asarray(whole) > 0
    shares: Floats = np.where(known, part / np.where(known, whole, 1), np.nan)
    return shares


def rows_of(rows: Iterable[Sequence[float]], columns: int) -> Floats:
    """Clips' rows as one array ``(clips, columns)``."""
    return np.array(list(rows), float).reshape(-1, columns)


def _drawn(rows: Floats, rng: np.random.Generator) -> Floats:
    """Sums over clips drawn with replacement, a row a draw."""
    times = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=_DRAWS)
    sums: Floats = times @ rows
    return sums


def _estimate(value: float | Floats, drawn: Floats, clips: int) -> Estimate:
    """Value and the middle 95 %; no interval where nothing could have come out otherwise."""
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value):
        return None, None, None
    if clips < 2 or not len(known):
        return float(value), None, None
    low, high = np.percentile(known, (2.5, 97.5)).tolist()
    return (float(value), low, high) if low < high else (float(value), None, None)
