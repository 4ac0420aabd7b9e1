"""The table of candidates, `<stem>.candidates.csv`: what every score was made from.

One row for each movement whose frames were looked at, listed or not. Joined by the
event's number with what readers say of the events, it can train the next score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path
from typing import Final

from usfasc.detect.candidates import Candidate
from usfasc.detect.features import Features
from usfasc.detect.group import Movement
from usfasc.io.event_table import round_value
from usfasc.io.write import write_atomically
from usfasc.listing import list_movements
from usfasc.model import Cine, Event, Result
from usfasc.motion.grid import Grid
from usfasc.searching import Analysis

FIRST_COLUMNS: Final = ("event", "kind", "onset_s", "x_px", "y_px", "score")


def write_candidates_csv(path: Path, found: Sequence[Analysis], cine: Cine, result: Result) -> None:
    """Write every candidate that was looked at, in order of onset.

    Parameters
    ----------
    path
        ``<stem>.candidates.csv``. After `FIRST_COLUMNS` come the fields of `Features` by
        name. Event and kind are empty where a candidate is not listed, or is only a part of
        the twitch, or the train, that another one tells.
    found
        What the survey found, picture by picture.
    cine, result
        The clip, and what was concluded of it.

    Raises
    ------
    OutputError
        The table cannot be written; the old one still stands.
    """
    events = {
        (row.picture, row.lead.candidate): row.event for row in list_movements(found, cine, result)
    }
    rows = sorted(_rows(found, events), key=itemgetter(0))
    lines = [",".join((*FIRST_COLUMNS, *Features.names())), *(line for _, line in rows)]
    write_atomically(path, "".join(f"{line}\n" for line in lines).encode())


def _rows(
    found: Sequence[Analysis], events: dict[tuple[int, Candidate], Event]
) -> Iterator[tuple[float, str]]:
    """Onset and line of each candidate."""
    for picture, each in enumerate(found):
        for item in each.movements:
            event = events.get((picture, item.candidate))
            yield item.onset_s, ",".join((*_first(item, event, each.layout.fine), *_values(item)))


def _first(item: Movement, event: Event | None, grid: Grid) -> tuple[str, ...]:
    y_px, x_px = grid.to_pixels(item.y_mm, item.x_mm)
    numbers = {"onset_s": item.onset_s, "x_px": x_px, "y_px": y_px, "score": item.score}
    told = ("", "") if event is None else (str(event.event), event.kind.value)
    return (*told, *(f"{round_value(name, value)}" for name, value in numbers.items()))


def _values(item: Movement) -> Iterator[str]:
    return (f"{value:.6g}" for value in item.features.vector())
