"""What a count allows to be said, sentence by sentence: of one clip, or of a muscle's clips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from math import floor

from usfasc.model import AssessableSpan, RegionSummary, ReviewNote, Status
from usfasc.rules.published import Rule, load_rule

UNREVIEWED = "Automatic, not reviewed."


def finding_sentence(summary: RegionSummary, spans: Iterable[AssessableSpan]) -> str:
    """What a count allows to be said by the rule for the status.

    Parameters
    ----------
    summary
        Count, time and status.
    spans
        The times that they rest on; they tell why nothing could be judged.
    """
    rule = load_rule()
    match summary.status:
        case Status.PRESENT:
            return _present(summary, rule)
        case Status.ABSENT:
            return _absent(summary, rule)
        case Status.SHORT:
            return (
                f"Not observed long enough: {summary.count} in {below_s(summary.assessable_s)}"
                f" of {rule.window_s:.0f} s."
            )
        case Status.NOT_ASSESSABLE:
            return _not_assessable(list(spans))


def trains_words(number: int) -> str:
    """How many trains were seen, of which a count says nothing; empty without any."""
    return f"{number} train{'' if number == 1 else 's'}, not counted." if number else ""


def whose_words(review: ReviewNote | None) -> str:
    """Whether a count is the detector's, or a reader's and when."""
    if review is None:
        return UNREVIEWED
    return f"Reviewed by {reader_words(review)}."


def reader_words(review: ReviewNote) -> str:
    """A reader and the day of the last verdict: "anna, 2026-11-23"."""
    return f"{review.reviewer}, {review.date}" if review.date else review.reviewer


def unjudged_reasons(spans: Iterable[AssessableSpan]) -> list[tuple[str, float]]:
    """Why time was not judged, with the seconds of each reason, the longest first."""
    seconds: defaultdict[str, float] = defaultdict(float)
    for span in spans:
        if span.reason is not None:
            seconds[span.reason] += span.stop_s - span.start_s
    return sorted(seconds.items(), key=lambda item: (-item[1], item[0]))


def rate_words(summary: RegionSummary) -> str:
    """Rate per minute and its interval; empty where there is none."""
    if summary.rate_per_min is None:
        return ""
    return f"{summary.rate_per_min:.1f}/min, 95 % CI {summary.rate_low:.1f}-{summary.rate_high:.1f}"


def below_s(seconds: float) -> str:
    """Whole seconds, so that 59.7 s never reads as the full minute."""
    # Sums of floats may fall a hair short.
    return str(floor(round(seconds, 3)))


def _present(summary: RegionSummary, rule: Rule) -> str:
    count = f"at least {summary.count}, continuous," if summary.saturated else f"{summary.count}"
    return (
        f"Fasciculations present: {count} in {_whole_s(summary.assessable_s)} s of assessable"
        f" recording ({rate_words(summary)}; rule: {rule.name})."
    )


def _absent(summary: RegionSummary, rule: Rule) -> str:
    seconds = _whole_s(summary.assessable_s)
    if summary.count < rule.least_count:
        return f"Fewer than {rule.least_count} seen in {seconds} s assessable."
    return (
        f"Fewer than {rule.least_count} seen in any {rule.window_s:.0f} s assessable:"
        f" {summary.count} in {seconds} s."
    )


def _not_assessable(spans: list[AssessableSpan]) -> str:
    reasons = unjudged_reasons(spans)
    if not reasons:
        return "Not assessable: nothing could be judged."
    reason, seconds = reasons[0]
    total_s = sum(span.stop_s - span.start_s for span in spans)
    return f"Not assessable: {reason} ({_whole_s(seconds)} of {_whole_s(total_s)} s)."


def _whole_s(seconds: float) -> str:
    return f"{seconds:.0f}"
