"""A train as one row of the result, told by the best seen of its movements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from usfasc.detect.events import KINEMATICS, frame_at
from usfasc.detect.group import Movement
from usfasc.detect.signs import WIDE_MM2, sign_of
from usfasc.detect.train import AROUND_MM, Train
from usfasc.model import AssessableSpan, Event, Floats, Kind

_BACK_S: Final = 0.25
"""From the last discharge's fastest moment to rest."""
_A_BEAT: Final = 2.5
"""More strokes than an artery makes of a beat: one out, and a smaller one at the dicrotic notch."""
_TOLD_FROM_HZ: Final = 25.0
"""Frame rate from which a frequency is told: at a lower one 10 Hz may look like fewer."""
_SLACK_HZ: Final = 0.5
_TOLD_TO: Final = 0.4
"""Of the frame rate, up to which it is: what comes faster than six tenths of the frames looks
as slow, and twitches fuse before that. Beyond, strokes fall between frames."""


def is_of(item: Movement, train: Train) -> bool:
    """Whether a movement is part of a train."""
    start_s, stop_s = train.strokes_s[0] - _BACK_S, train.strokes_s[-1] + _BACK_S
    during = start_s <= item.onset_s <= stop_s
    return during and train.is_near(item.y_mm, item.x_mm, AROUND_MM)


def lead_of(train: Train, movements: Sequence[Movement]) -> Movement | None:
    """The best scored of a train's movements; None where none was verified."""
    own = [item for item in movements if is_of(item, train)]
    return max(own, key=lambda item: (item.score, -item.onset_s), default=None)


def is_surely_else(train: Train, lead: Movement) -> bool:
    """Whether a train's best movement is surely of something else: of a tremor, of a pulse.

    The place itself stirs for longer than a twitch: that loses a train nothing.
    """
    sign = sign_of(lead)
    if sign is None or not sign.sure:
        return False
    return sign.kind is not Kind.PULSATION or not _feigns_beat(train, lead)


def _feigns_beat(train: Train, lead: Movement) -> bool:
    """Whether the beat about a train is its own: of a quick one, every third discharge or so.

    A beat is looked for from 0.4 s on, and what recurs each 0.13 s recurs each 0.5 s as well.
    What is wider than a motor unit is no train at any rate.
    """
    beat = lead.circumstances.beat
    if beat is None or beat.area_mm2 >= WIDE_MM2:
        return False
    return train.frequency_hz > _A_BEAT * beat.rate_hz


def judged_share(train: Train, spans: Sequence[AssessableSpan]) -> float:
    """Share of a train's discharges that lie in judged time."""
    judged = [span for span in spans if span.reason is None]
    held = [any(s.start_s <= t < s.stop_s for s in judged) for t in train.strokes_s]
    return float(np.mean(held))


def as_train(event: Event, train: Train, times_s: Floats) -> Event:
    """The event of a train's best movement, made that of the whole train.

    Parameters
    ----------
    event
        What the best movement tells: place, size, direction, score.
    train
        The train.
    times_s
        ``(t,)`` frame times of the clip.
    """
    onset_s = train.onset_s
    offset_s = min(train.strokes_s[-1] + _BACK_S, float(times_s[-1]))
    told: dict[str, Any] = {
        **dict.fromkeys(KINEMATICS),  # a train is not one twitch
        "kind": Kind.TRAIN,
        "reason": _words(train, offset_s - onset_s, times_s),
        "onset_s": round(onset_s, 4),
        "peak_s": round(min(max(event.peak_s, onset_s), offset_s), 4),
        "offset_s": round(offset_s, 4),
        "start_frame": frame_at(times_s, onset_s),
        "stop_frame": frame_at(times_s, offset_s) + 1,
        "train_hz": _frequency_hz(train, times_s),
        "borderline": False,
    }
    return event.model_copy(update=told)


def _words(train: Train, duration_s: float, times_s: Floats) -> str:
    words = f"{len(train.strokes_s)} discharges of one site in {duration_s:.1f} s"
    rate_hz = _frequency_hz(train, times_s)
    if rate_hz is not None:
        gaps_s = np.diff(train.strokes_s)
        cv = gaps_s.std(ddof=1) / gaps_s.mean()
        return f"{words}, {rate_hz:.1f} Hz, CV of the intervals {cv:.2f}"
    if _frame_rate_hz(times_s) < _TOLD_FROM_HZ - _SLACK_HZ:
        return f"{words}; the frame rate is too low to tell their frequency"
    return f"{words}, at least {_TOLD_TO * _frame_rate_hz(times_s):.0f} Hz"


def _frequency_hz(train: Train, times_s: Floats) -> float | None:
    """Of its discharges, where the frame rate tells it."""
    frame_rate_hz = _frame_rate_hz(times_s)
    told = frame_rate_hz >= _TOLD_FROM_HZ - _SLACK_HZ
    told = told and train.frequency_hz <= _TOLD_TO * frame_rate_hz
    return round(train.frequency_hz, 2) if told else None


def _frame_rate_hz(times_s: Floats) -> float:
    return 1 / float(np.median(np.diff(times_s)))
