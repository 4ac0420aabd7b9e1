"""Which twitches go into a real clip: how many, when, where, how large, of which model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.fields import draw_arc, draw_spline, draw_window
from usfasc.benchmark.patches import draw_patch
from usfasc.benchmark.twitches import Site, Tissue, Twitch, draw_site, tissue_of

Model = Literal["patch", "window", "spline", "arc"]
Draw = Callable[[Tissue, Site, float, float, np.random.Generator], Twitch]

AMPLITUDES_MM: Final = (0.05, 1.0)
RATE_PER_MIN: Final = 20.0
SITES: Final = 4
_DRAWN_BY: Final[dict[Model, Draw]] = {
    "patch": draw_patch,
    "window": draw_window,
    "spline": draw_spline,
    "arc": draw_arc,
}
_HEAD_S, _TAIL_S = 0.5, 0.8
"""No implant begins in the first, or in the last part of the quiet stretch."""
_APART_S = 1.0
PAIR_MM: Final = (4.0, 7.5)
PAIR_WITHIN_S: Final = 0.2
"""Two sites so far apart that twitch within this time overlap; a reader still sees two."""
_REACH: Final = 1.5
"""Half the extent of a Gaussian territory, to a third of its peak, in its lengths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to implant: how often, when, from how many sites, how large."""

    seed: int
    rate_per_min: float
    span_s: tuple[float, float]
    apart_s: tuple[float, ...] = ()
    """Times near which none begins."""
    sites: int = SITES
    amplitudes_mm: tuple[float, float] = AMPLITUDES_MM
    model: Model = "patch"
    pairs: bool = False
    """Whether a second site twitches near each and with it."""

    @property
    def twitches_per_min(self) -> float:
        """Twitches a minute, both of a pair counted."""
        return self.rate_per_min * (1 + self.pairs)


def plan_for(clip: RealClip, seed: int) -> Plan:
    """Implants all over the quiet stretch of a clip."""
    return Plan(seed=seed, rate_per_min=RATE_PER_MIN, span_s=clip.quiet_s, apart_s=clip.moves_s)


def nothing_for(clip: RealClip) -> Plan:
    """No implant: for the plain copy of a clip."""
    return Plan(seed=0, rate_per_min=0, span_s=clip.quiet_s, sites=0)


def plant(shape: tuple[int, int], clip: RealClip, plan: Plan) -> tuple[Twitch, ...]:
    """Draw the twitches of a clip, in the order in which they begin.

    Parameters
    ----------
    shape
        ``(height, width)`` of its frames.
    """
    rng = np.random.default_rng(plan.seed)
    tissue = tissue_of(clip.tissue, shape, clip.spacing_mm, clip.fascicles_deg)
    draw = _DRAWN_BY[plan.model]
    units = [_draw_unit(tissue, plan, rng) for _ in range(plan.sites)]
    planted: list[Twitch] = []
    for starts_s, amplitude_mm in _draw_times(plan, rng):
        first, *beside = units[rng.integers(len(units))]
        planted.append(draw(tissue, first, starts_s, amplitude_mm, rng))
        for site in beside:
            with_it_s = starts_s + rng.uniform(0, PAIR_WITHIN_S)
            planted.append(draw(tissue, site, with_it_s, _draw_amplitude(plan, rng), rng))
    return tuple(sorted(planted, key=lambda twitch: twitch.starts_s))


def _draw_unit(tissue: Tissue, plan: Plan, rng: np.random.Generator) -> Sequence[Site]:
    """A site, and with it the other one of a pair."""
    if not plan.pairs:
        return (draw_site(tissue, rng),)
    while True:
        pair = draw_site(tissue, rng), draw_site(tissue, rng)
        apart_mm = tissue.spacing_mm * np.hypot(*np.subtract(pair[0].centre_px, pair[1].centre_px))
        reach_mm = _REACH * max(site.along_mm for site in pair)
        # Neither territory reaches the other's middle.
        if PAIR_MM[0] <= apart_mm <= PAIR_MM[1] and reach_mm <= apart_mm:
            return pair


def _draw_times(plan: Plan, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Starts with exponential gaps, and amplitudes uniform in their logarithm."""
    if not plan.rate_per_min:
        return
    starts_s = plan.span_s[0] + _HEAD_S + rng.exponential(30 / plan.rate_per_min)
    while starts_s < plan.span_s[1] - _TAIL_S:
        amplitude_mm = _draw_amplitude(plan, rng)
        if all(abs(starts_s - time_s) > _APART_S for time_s in plan.apart_s):
            yield starts_s, amplitude_mm
        starts_s += rng.exponential(60 / plan.rate_per_min)


def _draw_amplitude(plan: Plan, rng: np.random.Generator) -> float:
    low, high = np.log(plan.amplitudes_mm)
    return float(np.exp(rng.uniform(low, high)))
