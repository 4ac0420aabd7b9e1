"""How many times one rate is another, with an exact interval."""

from __future__ import annotations

from typing import Final, NamedTuple

from scipy.special import betaincinv

_TAIL: Final = 0.025


class RateRatio(NamedTuple):
    """A ratio of two rates and its 95 % interval."""

    value: float | None
    """None where nothing was counted in the second time."""
    low: float | None
    """None where nothing was counted at all: the two say nothing of each other."""
    high: float | None
    """None where it has no upper bound."""


def rate_ratio(first: int, first_s: float, second: int, second_s: float) -> RateRatio:
    """Compare two Poisson rates by their counts.

    Given both counts together, the first is binomial, with a probability p that tells the
    ratio of the rates: p / (1 - p) x second_s / first_s (Przyborowski and Wilenski,
    Biometrika 1940;31:313). The bounds of p are Clopper's and Pearson's (Biometrika
    1934;26:404). They hold where twitches come at random, one by one; grouped ones make
    the true interval wider.

    Parameters
    ----------
    first, second
        Counts.
    first_s, second_s
        Times that they were counted in, more than 0 s.
    """
    if first == second == 0:
        return RateRatio(None, None, None)
    per_time = second_s / first_s
    low = float(betaincinv(first, second + 1, _TAIL)) if first else 0.0
    high = float(betaincinv(first + 1, second, 1 - _TAIL)) if second else 1.0
    return RateRatio(
        value=first / second * per_time if second else None,
        low=low / (1 - low) * per_time,
        high=high / (1 - high) * per_time if second else None,
    )
