"""One motor unit that fires again and again in a real clip: in a train, or at random.

It stands among single twitches of other sites. Each of its firings moves the tissue alike
but for its size, as those of one unit do, and firings that overlap add.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.fields import draw_window
from usfasc.benchmark.firing_scenes import FEWEST_FIRINGS
from usfasc.benchmark.patches import draw_patch
from usfasc.benchmark.planting import Draw, Model, Plan
from usfasc.benchmark.twitches import VISIBLE, Tissue, Twitch, draw_site, tissue_of, true_event
from usfasc.model import Event, Floats, Kind

Firing = Literal["train", "poisson"]

_DRAWN_BY: Final[dict[Model, Draw]] = {"patch": draw_patch, "window": draw_window}
"""Models with twitches that are over before the next; the tails of the others are too slow."""
_UNIT_MM: Final = (0.2, 0.6)
"""Of a unit's single twitch."""
_TRAIN_S: Final = (2.5, 5.0)
_JITTER: Final = 0.1
"""Standard deviation of a train's intervals over their mean."""
_STRONGER: Final = 0.15
"""Standard deviation of a firing's size, in its logarithm."""
_CLEAR_S: Final = 1.0
"""From the ends of the quiet stretch, and from what the clip does of itself."""
_LONGEST_S: Final = 0.3
"""Of what shows of a twitch: slower ones fuse at the rates of a train."""
_ROOM: Final = 2.0
"""Tissue bears so many times a twitch without folding over itself: firings add."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPlan(Plan):
    """A plan of single twitches, and beside them one unit that fires; ``patch`` or ``window``."""

    firing: Firing
    rate_hz: float


def fire(shape: tuple[int, int], clip: RealClip, plan: UnitPlan) -> tuple[Twitch, ...]:
    """Draw a unit's firings, in order.

    Parameters
    ----------
    shape
        ``(height, width)`` of the clip's frames.
    """
    rng = np.random.default_rng([plan.seed, 1])
    tissue = tissue_of(clip.tissue, shape, clip.spacing_mm, clip.fascicles_deg)
    onsets_s = _train_s(plan, rng) if plan.firing == "train" else _poisson_s(plan, rng)
    unit = _draw_unit(tissue, plan, rng)
    return tuple(_fired(unit, onset_s, rng) for onset_s in onsets_s)


def true_firings(
    fired: Sequence[Twitch], plan: UnitPlan, times_s: Floats, spacing_mm: float
) -> tuple[Event, ...]:
    """What a perfect detector would say of a unit: of a train one event, else one a firing.

    Parameters
    ----------
    fired, plan
        The unit's firings, and what they were drawn by.
    times_s
        ``(t,)`` frame times of the clip.
    spacing_mm
        Of its pixels.
    """
    single = [true_event(twitch, 1, times_s, spacing_mm) for twitch in fired]
    if plan.firing == "poisson":
        return tuple(single)
    first, last = single[0], single[-1]
    train = {
        "kind": Kind.TRAIN,
        "offset_s": last.offset_s,
        "stop_frame": last.stop_frame,
        "train_hz": (len(single) - 1) / (last.onset_s - first.onset_s),
    }
    return (first.model_copy(update=train),)


def _train_s(plan: UnitPlan, rng: np.random.Generator) -> list[float]:
    """A few seconds of even firing, amid rest."""
    count = round(plan.rate_hz * rng.uniform(*_TRAIN_S))
    gaps_s = rng.normal(1 / plan.rate_hz, _JITTER / plan.rate_hz, count)
    begins_s = gaps_s.cumsum() - gaps_s[0]
    latest_s = plan.span_s[1] - begins_s[-1]
    while True:
        onsets_s = rng.uniform(plan.span_s[0], latest_s) + begins_s
        if all(_is_clear(plan, time_s) for time_s in onsets_s):
            return list(onsets_s.tolist())


def _poisson_s(plan: UnitPlan, rng: np.random.Generator) -> list[float]:
    """Random firing all over the quiet stretch, at least eight times."""
    while True:
        count = rng.poisson(plan.rate_hz * (plan.span_s[1] - plan.span_s[0]))
        drawn_s = np.sort(rng.uniform(*plan.span_s, count)).tolist()
        onsets_s = [time_s for time_s in drawn_s if _is_clear(plan, time_s)]
        if len(onsets_s) >= FEWEST_FIRINGS:
            return onsets_s


def _is_clear(plan: UnitPlan, time_s: float) -> bool:
    return all(abs(time_s - other_s) > _CLEAR_S for other_s in (*plan.span_s, *plan.apart_s))


def _draw_unit(tissue: Tissue, plan: UnitPlan, rng: np.random.Generator) -> Twitch:
    """A twitch quick enough to be told from the next."""
    site, amplitude_mm = draw_site(tissue, rng), rng.uniform(*_UNIT_MM)
    while True:
        twitch = _DRAWN_BY[plan.model](tissue, site, 0.0, _ROOM * amplitude_mm, rng)
        since_s = np.arange(0, twitch.waveform.ends_s, 1e-3)
        if since_s[twitch.waveform.at(since_s) >= VISIBLE][-1] <= _LONGEST_S:
            return _scaled(twitch, 1 / _ROOM)


def _fired(unit: Twitch, onset_s: float, rng: np.random.Generator) -> Twitch:
    stronger = float(np.exp(rng.normal(0, _STRONGER)))
    return replace(_scaled(unit, stronger), starts_s=onset_s)


def _scaled(twitch: Twitch, times: float) -> Twitch:
    return replace(
        twitch,
        amplitude_mm=times * twitch.amplitude_mm,
        prompt=np.float32(times) * twitch.prompt,
        late=np.float32(times) * twitch.late,
    )
