"""How true the kinematics of the found twitches are, by family and by how far tissue moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc.benchmark.figures import EVERY, Figure, Table, said_of
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.true_motion import TrueMotion, true_motions
from usfasc.match import match_events
from usfasc.model import Event

BANDS_MM: Final = ((0.05, 0.15), (0.15, 0.3), (0.3, 10.0), (0.1, 10.0), (0.15, 10.0))
"""The last two are those that figures were set for: displacement, and all else."""
_MOST_SHARE: Final = 0.2
_MOST_SPEED: Final = 0.25
_MOST_ANISOTROPY: Final = 0.1
_MOST_S: Final = 0.015
_MOST_DEG: Final = 20.0
_MOST_AREA: Final = 0.4
_ONE_WAY: Final = 0.5
"""True anisotropy from which tissue is said to go one way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One twitch that was found: what is true of it, what was said, and a frame's length."""

    true: TrueMotion
    found: Event
    frame_s: float


Error = Callable[[Pair], float | None]


def kinematics_table(cases: Sequence[Judged]) -> Table:
    """Median and 90 % point of the error of each kinematic figure, in a row a band.

    Shares are of the true value. Twitches count that were found and could be measured;
    contraction and relaxation are allowed 15 ms and a frame. A true relaxation ends at a
    tenth of the peak, an implant's at a twentieth. Directions are compared where the tissue
    has one: a bulge goes every way.
    """
    families: dict[str, list[Pair]] = defaultdict(list)
    for case in cases:
        for pair in pairs_of(case):
            families[family_named(case)].append(pair)
            families[EVERY].append(pair)
    names = [name for name in families if name != EVERY]
    figures = [
        figure
        for name in [*names, *([EVERY] if len(names) > 1 else [])]
        for band in BANDS_MM
        for figure in _row(name, band, families[name])
    ]
    count = len(families[EVERY])
    return Table(
        title=f"kinematics: {count} twitches found and measured",
        figures=tuple(figures),
        layout="wide",
    )


def family_named(case: Judged) -> str:
    """Family of a case: of its phantom, or implants."""
    return str(case.facts.get("family", case.group))


def pairs_of(case: Judged) -> Iterator[Pair]:
    """Twitches that stand in the truth, were counted, and were measured."""
    known = true_motions(case)
    frame_s = 1 / float(case.facts.get("frame_rate_hz", np.inf))
    matching = match_events(case.truth, case.counted, spacing_mm=case.spacing_mm)
    for true, found in matching.pairs:
        if true.event in known and found.contraction_s is not None:
            yield Pair(true=known[true.event], found=found, frame_s=frame_s)


def _row(family: str, band: tuple[float, float], pairs: Sequence[Pair]) -> tuple[Figure, ...]:
    low, high = band
    inside = [pair for pair in pairs if low <= pair.true.displacement_mm < high]
    if not inside:
        return ()
    words = f">= {low:g} mm" if high >= 10 else f"{low:g}-{high:g} mm"
    frame_s = float(np.median([pair.frame_s for pair in inside]))
    figures = (
        Figure(name="displacement, found/true", value=_median(inside, _displacement_ratio)),
        *_errors("displacement", inside, _displacement, _MOST_SHARE if low >= 0.1 else None),
        *_errors("velocity", inside, _velocity, _MOST_SPEED if low >= 0.15 else None),
        *_errors(
            "contraction, s", inside, _contraction, _MOST_S + frame_s if low >= 0.15 else None
        ),
        *_errors("relaxation, s", inside, _relaxation, _MOST_S + frame_s if low >= 0.15 else None),
        *_errors("anisotropy", inside, _anisotropy, _MOST_ANISOTROPY if low >= 0.15 else None),
        *_errors("onset spread, s", inside, _onset_spread, None),
        *_errors("direction, deg", inside, _direction, _MOST_DEG if low >= 0.15 else None),
        *_errors("area", inside, _area, _MOST_AREA if low >= 0.15 else None),
    )
    return said_of(f"{words} ({len(inside)})", figures, under=family)


def _errors(
    name: str, pairs: Sequence[Pair], error: Error, at_most: float | None
) -> tuple[Figure, Figure]:
    return (
        Figure(name=f"{name}: median |error|", value=_median(pairs, error), at_most=at_most),
        Figure(name=f"{name}: 90 %", value=_percentile(pairs, error, 90)),
    )


def _median(pairs: Sequence[Pair], error: Error) -> float | None:
    return _percentile(pairs, error, 50)


def _percentile(pairs: Sequence[Pair], error: Error, percent: float) -> float | None:
    known = [value for value in map(error, pairs) if value is not None]
    return float(np.percentile(np.abs(known), percent)) if known else None


def _share(found: float | None, true: float | None) -> float | None:
    return None if found is None or not true else found / true - 1


def _apart(found: float | None, true: float | None) -> float | None:
    return None if found is None or true is None else found - true


def _displacement_ratio(pair: Pair) -> float | None:
    found = pair.found.peak_displacement_mm
    return None if found is None else found / pair.true.displacement_mm


def _displacement(pair: Pair) -> float | None:
    return _share(pair.found.peak_displacement_mm, pair.true.displacement_mm)


def _velocity(pair: Pair) -> float | None:
    return _share(pair.found.peak_velocity_mm_s, pair.true.velocity_mm_s)


def _contraction(pair: Pair) -> float | None:
    return _apart(pair.found.contraction_s, pair.true.contraction_s)


def _relaxation(pair: Pair) -> float | None:
    return _apart(pair.found.relaxation_s, pair.true.relaxation_s)


def _onset_spread(pair: Pair) -> float | None:
    return _apart(pair.found.onset_spread_s, pair.true.onset_spread_s)


def _anisotropy(pair: Pair) -> float | None:
    return _apart(pair.found.directional_anisotropy, pair.true.anisotropy)


def _area(pair: Pair) -> float | None:
    return _share(pair.found.area_mm2, pair.true.area_mm2)


def _direction(pair: Pair) -> float | None:
    if pair.true.anisotropy is not None and pair.true.anisotropy < _ONE_WAY:
        return None
    apart_deg = _apart(pair.found.direction_deg, pair.true.direction_deg)
    return None if apart_deg is None else turned_deg(apart_deg)


def turned_deg(apart_deg: float) -> float:
    """A difference of directions, the short way round: -180 to 180."""
    return (apart_deg + 180) % 360 - 180
