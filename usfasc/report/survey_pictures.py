"""The clearest twitches of a session, as loops inside the page."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.io.bounded import read_bounded
from usfasc.io.results import read_result
from usfasc.model import Event, Side
from usfasc.report.html import data_address
from usfasc.report.survey_strips import Footage
from usfasc.report.survey_words import muscle_words
from usfasc.survey.record import event_path, result_path

SHOWN: Final = 3
_MOST_BYTES: Final = 2_000_000

Twitch = tuple[Footage, Event, int]
"""A clip, one of its twitches, and the number that the detector gave it."""
Mark = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """One twitch in a picture that moves; prints as a still."""

    address: str
    still: str
    """For those who asked their system for less movement."""
    title: str
    facts: str


def clearest_twitches(folder: Path, footage: Sequence[Footage]) -> tuple[Loop, ...]:
    """The clearest twitches that have a loop: of each muscle one, while there are others.

    Parameters
    ----------
    folder
        The survey's folder.
    footage
        The clips of one session.
    """
    ranked = sorted(_with_loop(folder, footage), key=_clarity, reverse=True)
    of_muscle: Counter[tuple[str, Side | None]] = Counter()
    turns: list[tuple[int, Twitch]] = []
    for twitch in ranked:
        muscle = twitch[0].record.muscle, twitch[0].record.side
        turns.append((of_muscle[muscle], twitch))
        of_muscle[muscle] += 1
    # Sorting keeps the order of those whose turn is the same.
    turns.sort(key=lambda turn: turn[0])
    return tuple(_loop(folder, *twitch) for _, twitch in turns[:SHOWN])


def _with_loop(folder: Path, footage: Iterable[Footage]) -> Iterator[Twitch]:
    for each in footage:
        numbers = _detected_numbers(folder, each)
        for event in each.counted:
            number = numbers.get(_mark(event))
            if number is not None and event_path(folder, each.clip, number).is_file():
                yield each, event, number


def _detected_numbers(folder: Path, footage: Footage) -> dict[Mark, int]:
    """What the detector called each event: its loop is called so, a review numbers anew."""
    result = footage.result
    if result.review is not None:
        result = read_result(result_path(folder, footage.clip))
    return {_mark(event): event.event for event in result.events}


def _mark(event: Event) -> Mark:
    """What tells an event that nobody moved."""
    return event.onset_s, event.x_px, event.y_px


def _clarity(twitch: Twitch) -> tuple[float, float, str, int]:
    footage, event, number = twitch
    # The clip's name and the number part those that are equally clear, the same on every run.
    return (
        event.score or 0.0,
        event.peak_displacement_mm or 0.0,
        footage.clip,
        -number,
    )


def _loop(folder: Path, footage: Footage, event: Event, number: int) -> Loop:
    data = read_bounded(event_path(folder, footage.clip, number), _MOST_BYTES)
    facts = [
        f"at {event.onset_s:.2f} s of clip {footage.clip}",
        "" if event.peak_displacement_mm is None else f"{event.peak_displacement_mm:.2f} mm",
        "" if event.score is None else f"score {event.score:.2f}",
    ]
    return Loop(
        address=data_address(data, "image/webp"),
        still=data_address(_first_frame(data), "image/webp"),
        title=muscle_words(footage.record),
        facts=", ".join(filter(None, facts)),
    )


def _first_frame(webp: bytes) -> bytes:
    from PIL import Image

    still = io.BytesIO()
    with Image.open(io.BytesIO(webp)) as loop:
        loop.convert("L").save(still, "WEBP", quality=60)
    return still.getvalue()
