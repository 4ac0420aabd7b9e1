"""How a method does on windows of 0.2 s (`usfasc.agreement.windows`).

Windows flatter: most hold nothing, so that one who never reports a twitch is right in most of
them. That one stands beside every accuracy; Matthews' coefficient (1975) is 0 for him.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from usfasc.agreement.windows import touched, window_starts_s
from usfasc.benchmark.bootstrap import ratio, rows_of
from usfasc.benchmark.tally import Tally
from usfasc.model import Floats


def window_counts(tallies: Sequence[Tally]) -> Floats:
    """``(clips, 4)``: windows found and true, found only, true only, neither."""
    return rows_of((_counts(each) for each in tallies), 4)


def accuracy(sums: Floats) -> Floats:
    """Share of windows that are right."""
    return ratio(sums[..., 0] + sums[..., 3], sums.sum(axis=-1))


def accuracy_of_never(sums: Floats) -> Floats:
    """Share of windows without a twitch: what never finding any would score."""
    return ratio(sums[..., 1] + sums[..., 3], sums.sum(axis=-1))


def correlation(sums: Floats) -> Floats:
    """Matthews' correlation coefficient."""
    both, found_only, true_only, neither = np.moveaxis(sums, -1, 0)
    product = (
        (both + found_only) * (both + true_only) * (neither + found_only) * (neither + true_only)
    )
    return ratio(both * neither - found_only * true_only, np.sqrt(product))


def _counts(each: Tally) -> tuple[int, int, int, int]:
    starts_s = window_starts_s(*each.span_s)
    true, found = touched(each.truth, starts_s), touched(each.found, starts_s)
    return (
        int((true & found).sum()),
        int((~true & found).sum()),
        int((true & ~found).sum()),
        int((~true & ~found).sum()),
    )
