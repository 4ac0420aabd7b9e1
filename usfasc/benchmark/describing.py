"""How much time it adds to outline muscles, and to say what the events tell.

That is kinematics, sites, rhythm, status.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Final

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.speed import speed_clip
from usfasc.model import Reading
from usfasc.params import Parameters
from usfasc.pipeline import outline_and_analyse, read_cine
from usfasc.searching import survey

_MOST_SHARE: Final = 0.2
_LENGTHS_S: Final = (60.0, 10.0)
"""A short clip is outlined as long as a long one."""
_TIMES: Final = 3
_NONE_LISTED: Final = Parameters(list_score=1.0)
"""No movement is listed, and so none is measured: what is left is detection."""


def describing_table() -> Table:
    """Measure it on clips as those of `usfasc.benchmark.speed`."""
    figures = [
        Figure(
            name=f"{length_s:g} s: share of detection's time",
            value=added_share(speed_clip(length_s)),
            at_most=_MOST_SHARE,
        )
        for length_s in _LENGTHS_S
    ]
    title = "time added by outlining and describing: 15 twitches a minute"
    return Table(title=title, figures=tuple(figures))


def added_share(clip: Path) -> float:
    """Processor time of outlining muscles and describing events, over that of finding these.

    The shortest of three times each, after one that loads what is needed.
    """
    _described_s(clip)
    described_s = min(_described_s(clip) for _ in range(_TIMES))
    found_s = min(_found_s(clip) for _ in range(_TIMES))
    return described_s / found_s - 1


def _found_s(clip: Path) -> float:
    begun = process_time()
    survey(read_cine(clip), _NONE_LISTED)
    return process_time() - begun


def _described_s(clip: Path) -> float:
    begun = process_time()
    outline_and_analyse(read_cine(clip), Reading())
    return process_time() - begun
