"""What the twitches of one muscle allow to be said: status, grade, chance to have missed it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from scipy.special import gammaincc, gammainccinv

from usfasc.model import AssessableSpan, Status
from usfasc.regions.counting import judged_before_s, judged_s
from usfasc.rules.published import GradeRule, Rule

Clip = tuple[Sequence[float], Sequence[AssessableSpan]]
"""Onsets of a muscle's counted twitches in one clip, and the muscle's spans there."""


def status(onsets_s: Sequence[float], spans: Sequence[AssessableSpan], rule: Rule) -> Status:
    """What the twitches of one muscle in one clip allow to be said; see `pooled_status`."""
    return pooled_status([(onsets_s, spans)], rule)


def pooled_status(clips: Sequence[Clip], rule: Rule) -> Status:
    """What the twitches of one muscle allow to be said, over all its clips.

    Present as soon as enough of them fall within the rule's window of assessable
    time, also in a short clip; absent only after a whole window was assessable.

    Parameters
    ----------
    clips
        The muscle's clips in the order they were taken; their assessable times add.
    rule
        The rule.
    """
    assessable_s = sum(judged_s(spans) for _, spans in clips)
    if assessable_s < rule.least_assessable_s:
        return Status.NOT_ASSESSABLE
    if positive_after_s(clips, rule) is not None:
        return Status.PRESENT
    return Status.ABSENT if assessable_s >= rule.window_s else Status.SHORT


def positive_after_s(clips: Sequence[Clip], rule: Rule) -> float | None:
    """Assessable time after which a muscle had shown enough twitches; None where it never did.

    Parameters
    ----------
    clips
        The muscle's clips in the order they were taken; their assessable times add.
    rule
        The rule.
    """
    clock_s: list[float] = []
    passed_s = 0.0
    for onsets_s, spans in clips:
        clock_s += [passed_s + judged_before_s(onset_s, spans) for onset_s in onsets_s]
        passed_s += judged_s(spans)
    clock_s.sort()
    first_and_last = zip(clock_s, clock_s[rule.least_count - 1 :], strict=False)
    enough_s = (last_s for first_s, last_s in first_and_last if last_s - first_s <= rule.window_s)
    return next(enough_s, None)


def miss_probability(assessable_s: float, rule: Rule) -> float | None:
    """Probability that a fasciculating muscle shows too few twitches in the observed time.

    The model: twitches come at random (Poisson) at the rate m a window with which the
    rule's probability of detection holds, P(N >= n | m) = 0.9 for Noto 2017 with n = 2,
    m = 3.89 in 60 s. In a time t then P(N < n | m t / window), for n = 2
    exp(-m t / window) (1 + m t / window): 0.86 in 10 s, 0.63 in 20 s, 0.42 in 30 s.

    Parameters
    ----------
    assessable_s
        Observed time.
    rule
        The rule.

    Returns
    -------
    float or None
        None where the rule tells no probability of detection.
    """
    per_window = expected_in_window(rule)
    if per_window is None:
        return None
    return float(gammaincc(rule.least_count, per_window * assessable_s / rule.window_s))


@cache
def expected_in_window(rule: Rule) -> float | None:
    """Twitches that a muscle shows in the rule's window, on average, for its detection to hold."""
    if rule.detection_probability is None:
        return None
    return float(gammainccinv(rule.least_count, 1 - rule.detection_probability))


def grade(
    count: int, rate_per_min: float | None, covered_share: float, verdict: Status, rule: GradeRule
) -> int | None:
    """The usfasc grade: 0 none, 1 isolated, 2 multiple, 3 continuous.

    Parameters
    ----------
    count, rate_per_min
        Counted twitches of a muscle and their rate.
    covered_share
        Share of the assessable time inside them.
    verdict
        The muscle's status.
    rule
        The cut-offs.

    Returns
    -------
    int or None
        None where nothing could be judged, and where nothing was seen in too short a time.
    """
    if rate_per_min is None or (count == 0 and verdict is not Status.ABSENT):
        return None
    if count == 0:
        return 0
    if covered_share > rule.continuous_from_share:
        return 3
    return 2 if verdict is Status.PRESENT and rate_per_min > rule.multiple_above_per_min else 1
