"""Whether the standard errors of the kinematics are honest: how often they hold the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc.benchmark.figures import EVERY, Figure, Table, said_of
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.kinematics import Pair, family_named, pairs_of, turned_deg

_BANDS_MM: Final = ((0.05, 0.15), (0.15, 10.0))
_WITHIN: Final = 1.96
"""Standard errors that hold the truth in 95 of 100, where they are honest."""
_LEAST: Final = 0.9
_FEWEST: Final = 40
"""Twitches from which a share is held against a bar: of fewer chance moves it by more than 5 %."""
_TOLD: Final = (
    ("displacement", "peak_displacement_mm", "peak_displacement_error_mm", "displacement_mm"),
    ("velocity", "peak_velocity_mm_s", "peak_velocity_error_mm_s", "velocity_mm_s"),
    ("contraction", "contraction_s", "contraction_error_s", "contraction_s"),
    ("relaxation", "relaxation_s", "relaxation_error_s", "relaxation_s"),
    ("total", "total_s", "total_error_s", "total_s"),
    ("anisotropy", "directional_anisotropy", "directional_anisotropy_error", "anisotropy"),
    ("onset spread", "onset_spread_s", "onset_spread_error_s", "onset_spread_s"),
    ("direction", "direction_deg", "direction_error_deg", "direction_deg"),
    ("area", "area_mm2", "area_error_mm2", "area_mm2"),
)
"""Name, the event's value and standard error, and the truth's value."""


def coverage_table(cases: Sequence[Judged]) -> Table:
    """Share of twitches whose truth lies within 1.96 standard errors, a row a family and band.

    A true direction is that of the place that moves furthest: in a bulge others move as far,
    the opposite way, and only a large error holds it.

    Parameters
    ----------
    cases
        Clips with truth; twitches count that were found and measured.
    """
    families: dict[str, list[Pair]] = defaultdict(list)
    for case in cases:
        pairs = list(pairs_of(case))
        families[family_named(case)] += pairs
        families[EVERY] += pairs
    figures = [
        figure
        for name in sorted(families, key=lambda name: name == EVERY)
        for band in _BANDS_MM
        for figure in _row(name, band, families[name])
    ]
    title = "kinematics: share of the truth within 1.96 standard errors"
    return Table(title=title, figures=tuple(figures), layout="wide")


def _row(family: str, band: tuple[float, float], pairs: Sequence[Pair]) -> tuple[Figure, ...]:
    low, high = band
    inside = [pair for pair in pairs if low <= pair.true.displacement_mm < high]
    if not inside:
        return ()
    words = f">= {low:g} mm" if high >= 10 else f"{low:g}-{high:g} mm"
    held = family == EVERY and low >= 0.15
    figures = [_share(inside, *told, held=held) for told in _TOLD]
    return said_of(f"{words} ({len(inside)})", figures, under=family)


def _share(
    pairs: Sequence[Pair], name: str, value: str, error: str, true: str, *, held: bool
) -> Figure:
    """Share of pairs whose truth is held, where value, error and truth are all known."""
    rows = [
        (getattr(pair.found, value), getattr(pair.found, error), getattr(pair.true, true))
        for pair in pairs
    ]
    known = [(got, off, is_so) for got, off, is_so in rows if None not in (got, off, is_so)]
    apart = turned_deg if value.endswith("_deg") else float
    holds = [abs(apart(got - is_so)) <= _WITHIN * off for got, off, is_so in known]
    return Figure(
        name=name,
        value=float(np.mean(holds)) if known else None,
        at_least=_LEAST if held and len(known) >= _FEWEST else None,
    )
