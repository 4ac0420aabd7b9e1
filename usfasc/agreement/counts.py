"""Agreement of readers on counts: intraclass correlation, Bland and Altman's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.special import fdtri, stdtrit

from usfasc.agreement.estimate import Estimate
from usfasc.model import Floats, Value

_TAIL: Final = 0.025
_LEAST_FREEDOM: Final = 0.01
"""Degrees of freedom below which the quantiles of F are no numbers any more."""
_LIMIT: Final = 1.96
"""Standard deviations within which 95 % of differences lie."""


class BlandAltman(Value):
    """Differences of two readers' counts, first less second."""

    bias: Estimate
    """Mean difference."""
    lower: Estimate
    upper: Estimate
    """Limits of agreement: 95 % of differences lie between them."""
    slope: Estimate
    """Change of the difference with the mean of both: other than 0, the bias is proportional."""


def icc(counts: Floats) -> Estimate:
    """Intraclass correlation ICC(2,1): absolute agreement of readers drawn at random.

    Of Shrout and Fleiss (1979), case 2, one rating each; the interval is that of McGraw and
    Wong (1996) for ICC(A,1).

    Parameters
    ----------
    counts
        ``(subjects, readers)``, at least two of each.

    Returns
    -------
    Estimate
        Without a value where there are too few, or where all counts are one and the same;
        without an interval where nothing but the readers tells the counts apart, or nothing
        but the subjects.
    """
    n, k = counts.shape
    if n < 2 or k < 2:
        return Estimate()
    between, readers, rest = _mean_squares(np.asarray(counts, float))
    whole = between + (k - 1) * rest + k * (readers - rest) / n
    if whole <= 0:
        return Estimate()
    value = (between - rest) / whole
    low, high = _icc_interval(value, (between, readers, rest), (n, k))
    return Estimate(value=value, low=low, high=high)


def _mean_squares(counts: Floats) -> tuple[float, float, float]:
    """Of subjects, of readers, and of what neither explains."""
    n, k = counts.shape
    mean, rows, columns = counts.mean(), counts.mean(axis=1), counts.mean(axis=0)
    between = k * ((rows - mean) ** 2).sum() / (n - 1)
    readers = n * ((columns - mean) ** 2).sum() / (k - 1)
    left = counts - rows[:, np.newaxis] - columns + mean
    return float(between), float(readers), float((left**2).sum() / ((n - 1) * (k - 1)))


def _icc_interval(
    value: float, squares: tuple[float, float, float], size: tuple[int, int]
) -> tuple[float | None, float | None]:
    (between, readers, rest), (n, k) = squares, size
    if value >= 1 or rest <= 0:
        return None, None
    a, b = k * value / (n * (1 - value)), 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * readers) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * readers + b * rest) ** 2 / spread if spread > 0 else 0.0
    if freedom < _LEAST_FREEDOM:
        return None, None
    others = k * readers + (k * n - k - n) * rest
    above, below = fdtri(n - 1, freedom, 1 - _TAIL), fdtri(freedom, n - 1, 1 - _TAIL)
    low = n * (between - above * rest) / (above * others + n * between)
    high = n * (below * between - rest) / (others + n * below * between)
    return float(low), float(high)


def bland_altman(first: Sequence[float], second: Sequence[float]) -> BlandAltman:
    """Bias and limits of agreement, with intervals (Bland and Altman 1986, 1999).

    The standard error of a limit is s sqrt(1 / n + 1.96^2 / (2 (n - 1))). A proportional bias
    shows in the regression of the differences on the means (1999).

    Parameters
    ----------
    first, second
        What two readers counted in the same clips and regions, at least two.

    Returns
    -------
    BlandAltman
        Without values where there are fewer than two; without a slope where there are fewer
        than three, or all means are one and the same.
    """
    differences = np.subtract(first, second, dtype=float)
    n = len(differences)
    if n < 2:
        return BlandAltman(bias=Estimate(), lower=Estimate(), upper=Estimate(), slope=Estimate())
    bias, deviation = float(differences.mean()), float(differences.std(ddof=1))
    reach = float(stdtrit(n - 1, 1 - _TAIL))
    of_bias = reach * deviation / n**0.5
    of_limit = reach * deviation * (1 / n + _LIMIT**2 / (2 * (n - 1))) ** 0.5
    away = _LIMIT * deviation
    return BlandAltman(
        bias=_around(bias, of_bias),
        lower=_around(bias - away, of_limit),
        upper=_around(bias + away, of_limit),
        slope=_slope(np.add(first, second, dtype=float) / 2, differences),
    )


def _slope(means: Floats, differences: Floats) -> Estimate:
    """Least squares, with the interval of Student's t."""
    away = means - means.mean()
    squares, freedom = float((away**2).sum()), len(means) - 2
    if freedom < 1 or squares <= 0:
        return Estimate()
    slope = float((away * differences).sum()) / squares
    left = differences - differences.mean() - slope * away
    error = (float((left**2).sum()) / freedom / squares) ** 0.5
    return _around(slope, float(stdtrit(freedom, 1 - _TAIL)) * error)


def _around(value: float, reach: float) -> Estimate:
    return Estimate(value=value, low=value - reach, high=value + reach)
