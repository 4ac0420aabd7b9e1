"""Over how much assessable time the muscles of a survey show that they twitch."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, Final

from usfasc.model import Status
from usfasc.report.survey_strips import Footage
from usfasc.rules import load_rule, positive_after_s
from usfasc.survey.findings import MuscleRecord

CHART: Final = (1000.0, 300.0)
"""Width and height of the curve, in units of the drawing."""
_TIMES_S: Final = (5, 10, 15, 20, 30, 40, 60, 90, 120)
_LEAST: Final = 2
"""Muscles that a curve is drawn of."""

Step = tuple[float, float]
"""From a time on, in seconds, a share holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """How long one muscle was observed, and whether it had shown enough twitches then."""

    time_s: float
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One row of the table."""

    time_s: int
    at_risk: int
    """Muscles observed at least so long, and not called present before."""
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """Share of muscles in which enough twitches were seen, over assessable time."""

    muscles: int
    curve: str
    """Of the estimate, as an SVG path in a drawing of `CHART`."""
    band: str
    ticks: tuple[tuple[float, str], ...]
    table: tuple[Share, ...]


def wait(muscle: MuscleRecord, clips: Iterable[Footage]) -> Wait | None:
    """How long a muscle was observed until it had shown enough; None where nothing was judged."""
    if muscle.status is Status.NOT_ASSESSABLE:
        return None
    told = [([event.onset_s for event in each.counted], each.spans) for each in clips]
    time_s = positive_after_s(told, load_rule())
    return Wait(time_s=muscle.assessable_s if time_s is None else time_s, seen=time_s is not None)


def detection(waits: Sequence[Wait]) -> Detection | None:
    """Share of muscles that are called positive after so much assessable time.

    Muscles were not all observed equally long: those that ended without enough twitches
    are censored there, and the share is the estimate of Kaplan and Meier (1958) with its
    95 % interval (log-log), as `scipy.stats.ecdf` gives it.

    Returns
    -------
    Detection or None
        None where fewer than two muscles were judged, or none was positive.
    """
    from scipy.stats import CensoredData, ecdf

    seen_s = [each.time_s for each in waits if each.seen]
    ended_s = [each.time_s for each in waits if not each.seen]
    if len(waits) < _LEAST or not seen_s:
        return None
    estimate = ecdf(CensoredData(uncensored=seen_s, right=ended_s)).cdf
    return _drawn(waits, *_courses(estimate))


def _courses(estimate: Any) -> tuple[list[Step], list[Step], list[Step]]:
    """The estimate and the bounds of its interval, as steps."""
    with warnings.catch_warnings():
        # Where none or all were seen the transform has no bounds.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = estimate.confidence_interval(method="log-log")
    times_s = [float(time_s) for time_s in estimate.quantiles]
    shares = [float(share) for share in estimate.probabilities]
    low = _carried(interval.low.probabilities)
    high = [
        1.0 if share == 1 else bound
        for share, bound in zip(shares, _carried(interval.high.probabilities), strict=True)
    ]
    course, lower, upper = (list(zip(times_s, each, strict=True)) for each in (shares, low, high))
    return course, lower, upper


def _carried(bounds: Iterable[float]) -> list[float]:
    """Bounds, each that is none as the one before it."""
    held: list[float] = []
    for bound in bounds:
        held.append((held[-1] if held else 0.0) if isnan(bound) else float(bound))
    return held


def _drawn(
    waits: Sequence[Wait], course: list[Step], low: list[Step], high: list[Step]
) -> Detection:
    longest_s = max(each.time_s for each in waits)
    times_s = [time_s for time_s in _TIMES_S if time_s <= longest_s]
    rim = [*_stairs(low, longest_s), *reversed(_stairs(high, longest_s))]
    return Detection(
        muscles=len(waits),
        curve=f"M{'L'.join(_stairs(course, longest_s))}",
        band=f"M{'L'.join(rim)}Z",
        ticks=tuple((round(CHART[0] * each / longest_s, 1), str(each)) for each in times_s),
        table=tuple(
            Share(
                time_s=time_s,
                at_risk=sum(each.time_s >= time_s for each in waits),
                share=_at(course, time_s),
                low=_at(low, time_s),
                high=_at(high, time_s),
            )
            for time_s in times_s
        ),
    )


def _at(steps: Sequence[Step], time_s: float) -> float:
    return next((share for begun_s, share in reversed(steps) if begun_s <= time_s), 0.0)


def _stairs(steps: Sequence[Step], longest_s: float) -> list[str]:
    """Corners of a course that stays until it steps."""
    width, height = CHART
    points, share = [f"0 {height:g}"], 0.0
    for begun_s, risen in steps:
        x = width * begun_s / longest_s
        points += [f"{x:.1f} {height * (1 - share):.1f}", f"{x:.1f} {height * (1 - risen):.1f}"]
        share = risen
    return [*points, f"{width:.1f} {height * (1 - share):.1f}"]
