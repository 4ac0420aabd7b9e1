"""How long to record a muscle, so that a muscle without twitches can be called quiet."""

from __future__ import annotations

from math import ceil
from typing import Final

from usfasc.detect.assess import END_S, START_S
from usfasc.rules.published import Rule

CLIPS: Final = 3
"""Clips that a muscle's time is divided into: each shorter than a patient lies still."""
UNJUDGED_S: Final = START_S + END_S
"""Of each clip, since a twitch at its very start or end cannot be told."""


def clip_length_s(rule: Rule) -> int:
    """Whole seconds of each clip, so that together they give the rule's window.

    Parameters
    ----------
    rule
        The rule whose window of assessable time is wanted.
    """
    return ceil(rule.window_s / CLIPS + UNJUDGED_S)


def recording_words(rule: Rule) -> str:
    """What to record of a muscle, as "3 clips of 21 s a muscle"."""
    return f"{CLIPS} clips of {clip_length_s(rule)} s a muscle"


def clips_wanted(assessable_s: float, rule: Rule) -> int:
    """How many more clips of `clip_length_s` a muscle wants, after so much assessable time."""
    missing_s = max(0.0, rule.window_s - assessable_s)
    return ceil(missing_s / (clip_length_s(rule) - UNJUDGED_S))


def more_words(assessable_s: float, rule: Rule) -> str:
    """What to record on, as "record 2 more clips of 21 s"."""
    number = clips_wanted(assessable_s, rule)
    return f"record {number} more clip{'' if number == 1 else 's'} of {clip_length_s(rule)} s"
