"""A figure of agreement with its 95 % interval."""

from __future__ import annotations

from typing import Final

from scipy.special import betaincinv

from usfasc.model import Value

_TAIL: Final = 0.025


class Estimate(Value):
    """A figure and its 95 % interval; None where it has no base, or no interval."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def share(part: int, whole: int) -> Estimate:
    """A share with its exact interval (Clopper and Pearson 1934)."""
    if not whole:
        return Estimate()
    low = float(betaincinv(part, whole - part + 1, _TAIL)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - _TAIL)) if part < whole else 1.0
    return Estimate(value=part / whole, low=low, high=high)


def specific_agreement(both: int, one_alone: int) -> Estimate:
    """Agreement on one category, 2 both / (2 both + one alone), of two equal readers.

    It is 2 J / (1 + J) of the share J = both / (both + one alone), a binomial one among what
    either reader saw, so that the exact interval of J gives its own. On events it is F1.

    Parameters
    ----------
    both
        What both readers put into the category.
    one_alone
        What one of them did.
    """
    jaccard = share(both, both + one_alone)

    def folded(value: float | None) -> float | None:
        return None if value is None else 2 * value / (1 + value)

    return Estimate(value=folded(jaccard.value), low=folded(jaccard.low), high=folded(jaccard.high))
