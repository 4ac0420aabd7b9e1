"""What spoilt a survey's clips, for how long, and how to record better next time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.detect.loss import Loss
from usfasc.model import Status
from usfasc.report.survey_strips import Footage
from usfasc.report.survey_words import muscle_words
from usfasc.rules import load_rule
from usfasc.rules.recording import UNJUDGED_S, recording_words
from usfasc.rules.wording import unjudged_reasons
from usfasc.survey.findings import MuscleRecord

_ADVICE: Final = {
    Loss.PROBE: "Rest the hand that holds the probe; plenty of gel, no pressure; do not search "
    "while the clip runs.",
    Loss.MOVED: "Support the limb and wait until it rests; ask the subject to let go; leave "
    "stretches of contraction out.",
    Loss.UNSTEADY: "Support the limb and the probe; wait until the muscle rests before the clip "
    "begins.",
    Loss.NOISE: "Raise the gain, lower the depth to 3 to 5 cm, put the focus on the muscle; "
    "low persistence and compounding.",
    Loss.FROZEN: "Record a running loop: not a still, not a frozen screen.",
    Loss.MISSING: "Store the loop from the scanner itself; screen recorders drop frames.",
    Loss.DARK: "More gel; keep the probe on the skin until the clip has ended.",
    Loss.SHORT: f"Record {recording_words(load_rule())}.",
}
"""By the reason for which time was lost; the ends of a clip are always lost."""
_LONGER: Final = (
    "Record on: {clips} give the {window_s:.0f} s of assessable time that a muscle without "
    "twitches needs, since {lost_s:g} s of each clip cannot be judged."
)
_WORTH_TELLING_S: Final = 0.5
_MOST_NAMED: Final = 6
"""Muscles that one line of trouble names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One kind of trouble: what, where, how much, and what helps."""

    what: str
    where: str
    advice: str


def troubles(footage: Sequence[Footage], muscles: Sequence[MuscleRecord]) -> tuple[Trouble, ...]:
    """What spoilt the clips of one session, the costliest first.

    Parameters
    ----------
    footage
        Its clips.
    muscles
        Its muscles, pooled.
    """
    seconds: defaultdict[str, float] = defaultdict(float)
    spoilt: defaultdict[str, list[Footage]] = defaultdict(list)
    for each in footage:
        for reason, lost_s in unjudged_reasons(each.spans):
            if reason in _ADVICE and lost_s >= _WORTH_TELLING_S:
                seconds[reason] += lost_s
                spoilt[reason].append(each)
    by_cost = sorted(seconds, key=lambda reason: (-seconds[reason], reason))
    lost = [
        Trouble(
            what=_capital(reason),
            where=f"{seconds[reason]:.0f} s in {_where(spoilt[reason])}",
            advice=_ADVICE[Loss(reason)],
        )
        for reason in by_cost
    ]
    return (*lost, *_short(muscles))


def _where(footage: Sequence[Footage]) -> str:
    """How many clips, and of which muscles."""
    number = len({each.clip for each in footage})
    names = list(dict.fromkeys(muscle_words(each.record) for each in footage))
    more = len(names) - _MOST_NAMED
    told = [*names[:_MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
    return f"{number} clip{'' if number == 1 else 's'}: {'; '.join(told)}"


def _short(muscles: Iterable[MuscleRecord]) -> list[Trouble]:
    short = [muscle for muscle in muscles if muscle.status is Status.SHORT]
    if not short:
        return []
    number = f"{len(short)} muscle{'' if len(short) == 1 else 's'}"
    rule = load_rule()
    advice = _LONGER.format(clips=recording_words(rule), window_s=rule.window_s, lost_s=UNJUDGED_S)
    return [Trouble(what="Not observed long enough", where=number, advice=advice)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
