"""What is said of crowded muscle: twitches that come often, or one upon the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from usfasc.benchmark.beds import REAL_CLIPS
from usfasc.benchmark.bootstrap import estimate_difference
from usfasc.benchmark.figures import EVERY, Bars, Chapter, Figure, Table, estimated, said_of
from usfasc.benchmark.finders import Finder, engine
from usfasc.benchmark.implanted import is_named
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.scoring import scored
from usfasc.benchmark.sections import Cases, by_group, chapter_of
from usfasc.benchmark.tally import Tally, counts, recall, tally

_ABOUT: Final = (
    "Muscles that twitch 2 to 100 times a minute, the same units at every rate, and pairs of "
    "twitches of two sites that move at once (onsets within 200 ms, middles within 8 mm), in "
    "phantoms of both families and in real clips. Movements that the notes on a real clip "
    "name are not held against a method."
)
_TOLD: Final = ("recall", "F1", "false alarms per min", "count error, clip")
_PAIRS: Final = Bars(at_least={"recall": 0.8})
_LOSS: Final = Bars(at_least={"recall": -0.05})


def crowded_chapter(cases: Sequence[Judged], rng: np.random.Generator) -> Chapter:
    """All that is said of the crowded cases, and recall by how crowded they are."""

    def tallies_by(finder: Finder) -> list[Tally]:
        return [_tally(case, finder) for case in cases]

    title = "crowded muscle"
    chapter = chapter_of(
        Cases(title=title, about=_ABOUT, members=cases, tallies_by=tallies_by), rng
    )
    rows = tuple(_rows(by_group(tallies_by(engine())), rng))
    table = Table(title=f"{title}: by twitches a minute", figures=rows, layout="wide")
    return replace(
        chapter,
        tables=(table, *chapter.tables),
        summary=tuple(figure for figure in chapter.summary if figure.of == EVERY),
    )


def _rows(groups: dict[str, list[Tally]], rng: np.random.Generator) -> Iterator[Figure]:
    for name, tallies in groups.items():
        bars = _PAIRS if name.endswith("pairs") else Bars()
        yield from said_of(name, [f for f in scored(tallies, bars, rng) if f.name in _TOLD])
    for kind in ("", "implants "):
        fast, slow = groups.get(f"{kind}40/min", []), groups.get(f"{kind}10/min", [])
        if fast and len(fast) == len(slow):  # the same subjects, in the same order
            lost = estimate_difference(counts(fast), counts(slow), recall, rng)
            yield from said_of(f"{kind}40/min less 10/min", [_LOSS.on(estimated("recall", lost))])


def _tally(case: Judged, finder: Finder) -> Tally:
    """Real clips are judged while they are quiet, less the movements that their notes name."""
    found = finder.found(case)
    clip = next((c for c in REAL_CLIPS if c.name == case.facts.get("scene")), None)
    if clip is None:
        return tally(case, found, placed=finder.placed)
    start_s, stop_s = clip.quiet_s
    return tally(
        case,
        found,
        forgiven=[e for e in found if is_named(e, clip)],
        span_s=(start_s, min(stop_s, case.duration_s)),
        placed=finder.placed,
    )
