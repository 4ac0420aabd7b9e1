"""Rhythm: how regularly a site or a region fires, and whether regions fire together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import Final

import numpy as np
from scipy.special import gammainc

from usfasc.model import AssessableSpan, Coincidence, Floats, Rhythm

DOUBLET_S: Final = 0.3
"""Two firings of one site nearer than this are a doublet: ours, about twice the time in
which two jerks are one visible twitch."""
TOGETHER_S: Final = 0.1
"""Onsets of two regions nearer than this are one moment: ours, four times the error of an onset."""
FEWEST_INTERVALS: Final = 5
"""Below these no rhythm is told: three or four of a random site are too often even."""

_EVEN_CV = 0.6
"""Most that all intervals vary by: where one twitch in ten is missed, and an interval looks
twice as long, even firing of 15 % comes to 0.3-0.6."""
_EVEN_USUALLY = 0.3
"""Most that the interval of a motor unit's steady firing varies by; twitches that are missed
widen the coefficient of variation, but not this median."""
_BY_CHANCE = 0.01
_NORMAL = 1.4826
"""Standard deviation of a normal distribution over its median deviation."""
_LEAST_S = 1e-3
"""Two twitches of one moment, in a region, are this far apart: a log needs it."""


def intervals_s(onsets_s: Sequence[float], spans: Sequence[AssessableSpan]) -> Floats:
    """Intervals ``(n,)`` between neighbouring onsets during all of which one could judge.

    What precedes the first onset and follows the last is censored, and so is an
    interval that holds unjudged time: a firing may have gone unseen in it.

    Parameters
    ----------
    onsets_s
        Onsets in any order.
    spans
        Spans of their region, judged and not.
    """
    lost = [span for span in spans if span.reason is not None]
    whole = [
        later - sooner
        for sooner, later in pairwise(sorted(onsets_s))
        if not any(span.start_s < later and span.stop_s > sooner for span in lost)
    ]
    return np.array(whole, float)


def rhythm(onsets_s: Sequence[float], spans: Sequence[AssessableSpan]) -> Rhythm:
    """Name the rhythm of some twitches, with the figures behind it.

    Regular is what Poisson firing gives less than once in a hundred times (Moran's
    test of exponential intervals against gamma ones; Cox and Lewis 1966), whose intervals
    usually vary by less than 0.3 (median deviation over the median, as a normal
    distribution's standard deviation), and by a coefficient of variation below 0.6 in all.
    The first alone would not do: of two random twitches close together detection may miss
    one, which evens what is left.

    Parameters
    ----------
    onsets_s
        Onsets of one site, or of one region.
    spans
        Spans of its region, judged and not.
    """
    gaps_s = np.maximum(intervals_s(onsets_s, spans), _LEAST_S)
    doublets = int((gaps_s < DOUBLET_S).sum())
    censored = len(onsets_s) + 1 - len(gaps_s) if onsets_s else 0
    if len(gaps_s) < FEWEST_INTERVALS:
        words = f"too few to say ({_number(len(gaps_s))})"
        return Rhythm(
            label=words,
            pattern="too_few",
            intervals=len(gaps_s),
            doublets=doublets,
            censored=censored,
        )
    median_s, cv = float(np.median(gaps_s)), float(gaps_s.std(ddof=1) / gaps_s.mean())
    chance = chance_as_even(gaps_s)
    usually = _NORMAL * float(np.median(np.abs(gaps_s - median_s))) / median_s
    regular = chance < _BY_CHANCE and usually < _EVEN_USUALLY and cv < _EVEN_CV
    figures = f"CV {cv:.2f} over {_number(len(gaps_s))}"
    return Rhythm(
        label=f"regular {1 / median_s:.1f} Hz, {figures}" if regular else f"irregular, {figures}",
        pattern="regular" if regular else "irregular",
        intervals=len(gaps_s),
        median_interval_s=round(median_s, 4),
        cv=round(cv, 3),
        chance=round(chance, 4),
        doublets=doublets,
        frequency_hz=round(1 / median_s, 3) if regular else None,
        censored=censored,
    )


def chance_as_even(gaps_s: Floats) -> float:
    """Probability that Poisson firing gives intervals as even as these, or more so.

    Moran's statistic, twice the intervals' number times the log of their arithmetic
    over their geometric mean, is chi-squared with one degree less than there are
    intervals, after Bartlett's correction.

    Parameters
    ----------
    gaps_s
        ``(n,)`` intervals, at least two, each more than 0 s.
    """
    count = len(gaps_s)
    spread = max(float(np.log(gaps_s.mean()) - np.log(gaps_s).mean()), 0.0)
    moran = 2 * count * spread / (1 + (count + 1) / (6 * count))
    return float(gammainc((count - 1) / 2, moran / 2))


def coincidences(
    onsets_s: Mapping[str, Sequence[float]], assessable_s: float
) -> tuple[Coincidence, ...]:
    """Pairs of twitches of two regions at one moment, for every two regions that twitch.

    Parameters
    ----------
    onsets_s
        Onsets of the counted twitches by region.
    assessable_s
        Assessable time of the whole image.
    """
    twitching = {name: np.array(times) for name, times in onsets_s.items() if len(times)}
    if not assessable_s:
        return ()
    return tuple(
        Coincidence(
            regions=(one, other),
            pairs=_pairs(first, second),
            expected=round(2 * TOGETHER_S * len(first) * len(second) / assessable_s, 3),
        )
        for (one, first), (other, second) in combinations(twitching.items(), 2)
    )


def _pairs(first_s: Floats, second_s: Floats) -> int:
    """Twitches at one moment, each in one pair at most, whichever region is named first."""
    near = np.abs(first_s[:, None] - second_s) <= TOGETHER_S
    return int(min(near.any(axis=0).sum(), near.any(axis=1).sum()))


def _number(count: int) -> str:
    return f"{count} interval{'' if count == 1 else 's'}"
