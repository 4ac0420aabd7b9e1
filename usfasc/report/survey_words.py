"""What a survey's page says of a muscle, a clip and a subject, in few words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from math import floor
from typing import Final

from usfasc.model import Side, Status
from usfasc.regions.vocabulary import find_muscle
from usfasc.rules import load_grade, load_rule
from usfasc.survey.findings import (
    ClipRecord,
    MuscleRecord,
    RatioRecord,
    SubjectRecord,
)

NOT_GIVEN: Final = "muscle not given"
DASH: Final = "–"
_LONGEST_NAME: Final = 14
_MANY: Final = 100
OPTION: Final = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
"""An option of the command line, as a warning names it."""
_COMPARED: Final = {
    "left/right": ("left", "right"),
    "distal/proximal": ("distal", "proximal"),
    "session/session": ("later", "earlier"),
}
"""What the two rates of a ratio are of, by its kind."""


def muscle_words(muscle: MuscleRecord | ClipRecord) -> str:
    """A muscle and its side, as "biceps brachii, left"."""
    name = muscle.muscle or NOT_GIVEN
    return name if muscle.side in (None, Side.MIDLINE) else f"{name}, {muscle.side}"


def short_name(muscle: str) -> str:
    """A muscle's usual abbreviation, or the beginning of its name."""
    known = find_muscle(muscle)
    if known is None or not known.abbreviations:
        return muscle if len(muscle) <= _LONGEST_NAME else f"{muscle[: _LONGEST_NAME - 1]}…"
    return known.abbreviations[0]


def side_words(muscle: MuscleRecord | ClipRecord) -> str:
    """The side, in a column of sides."""
    return muscle.side.value if muscle.side else "not given"


def status_words(muscle: MuscleRecord) -> str:
    """The status in a word or two."""
    match muscle.status:
        case Status.SHORT:
            return "not observed long enough"
        case Status.NOT_ASSESSABLE:
            return "not assessable"
        case Status.ABSENT:
            return f"fewer than {load_rule().least_count} seen"
        case _:
            return "present"


def brief_words(muscle: MuscleRecord) -> str:
    """What stands beside a small picture of the muscle: its rate, or why there is none."""
    if muscle.status is Status.NOT_ASSESSABLE or muscle.rate_per_min is None:
        return "n/a"
    return "short" if muscle.status is Status.SHORT else rate_words(muscle)


def rate_words(muscle: MuscleRecord) -> str:
    """The rate a minute, with a mark where it is a lower bound."""
    if muscle.rate_per_min is None:
        return DASH
    return f"{'≥ ' if muscle.saturated else ''}{number_words(muscle.rate_per_min)}"


def interval_words(low: float | None, high: float | None) -> str:
    """An interval; open above where it has no upper bound."""
    if low is None and high is None:
        return DASH
    least = DASH if low is None else number_words(low)
    return f"{least} to {'∞' if high is None else number_words(high)}"


def number_words(value: float | None) -> str:
    """A number to a tenth, from a hundred on to the whole."""
    if value is None:
        return DASH
    return f"{value:.0f}" if value >= _MANY else f"{value:.1f}"


def time_words(seconds: float) -> str:
    """Seconds, rounded down: 59.7 s is no full minute."""
    return str(floor(round(seconds, 3)))


def share_words(share: float | None) -> str:
    """A share in per cent."""
    return DASH if share is None else tight(f"{100 * share:.0f} %")


def count_words(muscle: MuscleRecord) -> str:
    """The count, with a mark where it is a lower bound; none where nothing was judged."""
    if muscle.status is Status.NOT_ASSESSABLE:
        return DASH
    return f"{'≥ ' if muscle.saturated else ''}{muscle.count}"


def grade_words(muscle: MuscleRecord) -> str:
    """The usfasc grade with its word."""
    return DASH if muscle.grade is None else f"{muscle.grade} {load_grade().words[muscle.grade]}"


def ratio_words(ratio: RatioRecord) -> str:
    """A ratio of rates, or why there is none."""
    return "none seen in the second" if ratio.value is None else _ratio_number(ratio.value)


def ratio_interval_words(ratio: RatioRecord) -> str:
    """The interval of a ratio; open above where it has no upper bound."""
    if ratio.low is None and ratio.high is None:
        return DASH
    least = DASH if ratio.low is None else _ratio_number(ratio.low)
    return f"{least} to {'∞' if ratio.high is None else _ratio_number(ratio.high)}"


def reading_words(ratio: RatioRecord) -> str:
    """What the interval of a ratio tells; it never tells that two rates are the same."""
    first, second = _COMPARED[ratio.kind]
    if ratio.low is not None and ratio.low > 1:
        return f"{first} is higher"
    if ratio.high is not None and ratio.high < 1:
        return f"{second} is higher"
    return "no difference shown"


def _ratio_number(value: float) -> str:
    return f"{value:.2f}" if value < 10 else number_words(value)


def headline(muscles: Iterable[MuscleRecord]) -> str:
    """How many muscles twitch, and of how many it cannot be told yet; never what it means."""
    counts = Counter(muscle.status for muscle in muscles if muscle.muscle)
    text = f"Fasciculations present in {counts[Status.PRESENT]} of {_muscles(counts.total())}."
    if counts[Status.SHORT]:
        text += f" {counts[Status.SHORT]} not observed long enough."
    if counts[Status.NOT_ASSESSABLE]:
        text += f" {counts[Status.NOT_ASSESSABLE]} not assessable."
    return text


def regions_sentence(subject: SubjectRecord) -> str:
    """Body regions with their muscles, those that twitch of those examined."""
    told = [
        f"{each.body_region} {each.positive} of {each.examined}" for each in subject.body_regions
    ]
    return f"Muscles with fasciculations by body region: {', '.join(told)}." if told else ""


def review_words(reviewed: Iterable[str | None]) -> tuple[str, bool]:
    """Who reviewed what the page shows, and whether all of it was.

    Parameters
    ----------
    reviewed
        Of each muscle or clip, reviewer and date, or None.
    """
    told = list(reviewed)
    names = sorted({each for each in told if each})
    done = sum(each is not None for each in told)
    if not done:
        return "Automatic, not reviewed.", False
    by = "; ".join(names)
    if done == len(told):
        return f"Reviewed by {by}.", True
    return f"Reviewed in part: {done} of {len(told)}, by {by}. The rest is automatic.", False


def counted_by_words(counted: MuscleRecord | ClipRecord) -> str:
    """Whose count it is, where a page has both kinds."""
    return counted.reviewed_by or "automatic"


def session_words(session: str) -> str:
    """A session's name."""
    return f"session {session}" if session else "session not given"


def subject_words(subject: str) -> str:
    """A subject's name in the survey."""
    return subject or "Subject not given"


def _muscles(number: int) -> str:
    return f"{number} muscle examined" if number == 1 else f"{number} muscles examined"


def plural(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def handedness_words(subject: SubjectRecord) -> str:
    """The hand that the subject writes with."""
    hand = subject.handedness
    return "handedness not given" if hand is None else f"{hand}-handed"


def tight(text: str) -> str:
    """A text whose per cent signs stay with their numbers."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def options_words(text: str) -> str:
    """A text whose names of options are told apart, and never broken; as HTML, escaped."""
    from markupsafe import Markup, escape

    return Markup(OPTION.sub(r"<code>\g<0></code>", str(escape(text))))
