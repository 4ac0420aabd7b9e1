"""What is said of implants: twitches of known truth in real clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from usfasc.benchmark.beds import BEDS, RealClip
from usfasc.benchmark.figures import Bars, Chapter, Figure, per_min, said_of
from usfasc.benchmark.finders import Finder
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.sections import Cases, chapter_of
from usfasc.benchmark.tally import Tally, tally
from usfasc.model import Event

WITHOUT_IMPLANTS: Final = "counted/min without implants"
_MOST_WITHOUT: Final = 2.0
_NAMED_WITHIN_S: Final = 0.5
_ABOUT: Final = (
    "Real clips with twitches of known truth put in, by displacement models other than the "
    "phantoms', and coded anew. Only the quiet stretch of each clip is judged. What the copy "
    "without implants shows of itself is not held against a method there, but counted on "
    "its own, less the movements that the notes on the clip name."
)
_BARS: Final = Bars(
    at_least={
        "F1": 0.92,
        "recall, isolated >= 0.2 mm": 0.97,
        "recall, isolated 0.1-0.2 mm": 0.85,
        "recall, isolated 0.05-0.1 mm": 0.5,
    },
    at_most={
        "place error, mm": 1.5,
        "ECE": 0.05,
        "peak displacement, error": 0.2,
    },
)


def implant_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """Implants in real clips, pooled and clip by clip, and each clip without them."""
    return implants_told("implants", _ABOUT, cases, rng)


def implants_told(
    title: str, about: str, cases: Sequence[Judged], rng: np.random.Generator
) -> Chapter:
    """The same, under a title.

    Parameters
    ----------
    title, about
        What the cases are.
    cases
        Copies with implants, and one without of each real clip.
    rng
        Draws the clips of the intervals.
    """
    plain = {c.group: c for c in cases if _is_plain(c)}
    planted = [c for c in cases if not _is_plain(c)]

    def tallies_by(finder: Finder) -> list[Tally]:
        return [_tally(c, finder, plain[c.group]) for c in planted]

    told = Cases(title=title, about=about, members=planted, tallies_by=tallies_by, bars=_BARS)
    chapter = chapter_of(told, rng)
    without = [f for name, c in plain.items() for f in said_of(name, [_without_implants(c)])]
    return replace(chapter, summary=(*chapter.summary, *without))


def _is_plain(case: Judged) -> bool:
    return case.name == f"{case.group}-plain"


def _tally(case: Judged, finder: Finder, plain: Judged) -> Tally:
    """Only the quiet stretch is judged; what the plain copy shows too is forgiven."""
    return tally(
        case,
        finder.found(case),
        forgiven=finder.own(plain),
        span_s=_real_clip(case).quiet_s,
        placed=finder.placed,
    )


def _without_implants(plain: Judged) -> Figure:
    start_s, stop_s = _real_clip(plain).quiet_s
    counted = [
        e
        for e in plain.counted
        if start_s <= e.onset_s < stop_s and not is_named(e, _real_clip(plain))
    ]
    rate = per_min(len(counted), stop_s - start_s)
    return Figure(name=WITHOUT_IMPLANTS, value=rate, at_most=_MOST_WITHOUT)


def _real_clip(case: Judged) -> RealClip:
    return next(clip for clip in BEDS if clip.name == case.group)


def is_named(event: Event, clip: RealClip) -> bool:
    """Whether it is a movement that the notes on the clip name."""
    return any(abs(event.peak_s - time_s) <= _NAMED_WITHIN_S for time_s in clip.moves_s)
