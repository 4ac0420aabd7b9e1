"""How much time it adds to say what the events tell: kinematics, sites, rhythm, status."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Final

from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.speed import speed_clip
from usfasc.params import Parameters
from usfasc.pipeline import conclude, read_cine
from usfasc.searching import survey

_MOST_SHARE: Final = 0.2
_NONE_LISTED: Final = Parameters(list_score=1.0)
"""No movement is listed, and so none is measured: what is left is detection."""


def describing_table() -> Table:
    """Measure it on the minute of `usfasc.benchmark.speed`."""
    share = added_share(speed_clip(60.0))
    figure = Figure(name="share of detection's time", value=share, at_most=_MOST_SHARE)
    return Table(title="time added by describing: 60 s, 15 twitches a minute", figures=(figure,))


def added_share(clip: Path) -> float:
    """Processor time of describing a clip's events, as a share of that of finding them."""
    described_s = _described_s(clip)
    found_s = _found_s(clip)
    # Once more: the first time also loads what is needed.
    described_s = min(described_s, _described_s(clip))
    return described_s / found_s - 1


def _found_s(clip: Path) -> float:
    begun = process_time()
    survey(read_cine(clip), _NONE_LISTED)
    return process_time() - begun


def _described_s(clip: Path) -> float:
    begun = process_time()
    cine, parameters = read_cine(clip), Parameters()
    conclude(cine, (), parameters, survey(cine, parameters))
    return process_time() - begun
