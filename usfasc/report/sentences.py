"""What a result says, in the words that terminal, pictures and reports share.

Every finding says whether it is automatic or reviewed; a diagnosis is never among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from usfasc.model import (
    WHOLE_IMAGE,
    Kind,
    Line,
    Region,
    RegionSummary,
    Result,
    Shown,
    Status,
    Vessel,
)
from usfasc.regions.counting import counted_in, spans_of, trains_in
from usfasc.regions.neighbours import NEAR_MM
from usfasc.rules import expected_in_window, load_grade, load_rule
from usfasc.rules.wording import below_s, finding_sentence, trains_words, whose_words

WHOLE_IMAGE_WORDS = "whole image"
_LINE_WORDS: Final = {"skin": "skin", "fascia": "fascia", "shadow": "surface of bone, air or fluid"}

_SAID_BY: Final = {
    "user": "as you said",
    "code": "coded in its header",
    "text": "named in its header",
}


def told(result: Result) -> list[RegionSummary]:
    """Regions worth telling: the whole image, last, unless it is itself the one region."""
    one_region = len(result.regions) == 1 and result.regions[0].origin == "whole"
    return [s for s in result.summaries if not (one_region and s.region == WHOLE_IMAGE)]


def region_words(region: str) -> str:
    """A region's name as a person reads it."""
    return WHOLE_IMAGE_WORDS if region == WHOLE_IMAGE else region


def findings(result: Result) -> dict[str, str]:
    """One sentence for each region and for the whole image ``*``, in the result's order."""
    return {summary.region: finding(summary, result) for summary in result.summaries}


def finding(summary: RegionSummary, result: Result) -> str:
    """What one region's count allows to be said, by the rule it was judged by.

    Parameters
    ----------
    summary
        One of ``result.summaries``.
    result
        The result; its events and spans give the reasons.
    """
    text = finding_sentence(summary, spans_of(summary.region, result.assessable))
    trains = trains_words(len(trains_in(summary.region, result.events)))
    return " ".join(part for part in (text, trains, whose_words(result.review)) if part)


def count_words(summary: RegionSummary) -> str:
    """The count, with a mark where twitches follow so closely that it is a lower bound."""
    return f"{'>= ' if summary.saturated else ''}{summary.count}"


def status_words(summary: RegionSummary) -> str:
    """The status, and of one that is short by how much."""
    if summary.status is Status.SHORT:
        return f"short: {below_s(summary.assessable_s)} of {load_rule().window_s:.0f} s"
    return summary.status.value.replace("_", " ")


def miss_words(result: Result) -> str:
    """How likely a fasciculating muscle is to be missed in the time that it was observed.

    Of every region where fasciculations are not present; empty where they are in all.
    """
    rule = load_rule()
    missed = {
        region_words(summary.region): f"{summary.miss_probability:.2f}"
        for summary in told(result)
        if summary.miss_probability is not None
    }
    if not missed:
        return ""
    rate_per_min = 60 * (expected_in_window(rule) or 0.0) / rule.window_s
    alike = len(set(missed.values())) == 1 and len(missed) == len(told(result))
    each = [f"{chance} ({region})" for region, chance in missed.items()]
    return (
        f"A muscle that twitches {rate_per_min:.1f} times a minute at random shows fewer than"
        f" {rule.least_count} in this time with probability"
        f" {next(iter(missed.values())) if alike else ', '.join(each)}"
        f" (Poisson; at this rate the {rule.detection_probability:g} in {rule.window_s:.0f} s of"
        f" {rule.name} holds)."
    )


def grade_words(summary: RegionSummary) -> str:
    """The usfasc grade and its word; empty where there is none."""
    if summary.grade is None:
        return ""
    return f"{summary.grade} ({load_grade().words[summary.grade]})"


def line_words(line: Line) -> str:
    """What a line across the picture is, or may be."""
    return f"{'' if line.proposed else 'perhaps '}{_LINE_WORDS[line.kind]}"


def outline_words(regions: Sequence[Region]) -> str:
    """That regions found themselves; empty where a person drew or chose them."""
    if all(region.origin != "automatic" for region in regions):
        return ""
    return "Regions found automatically: check their outlines by eye."


def shown_words(shown: Shown | None) -> str:
    """Muscle and side of a clip as a whole, and who says so; empty where nobody does."""
    if shown is None:
        return ""
    said = ((shown.muscle, shown.muscle_origin), (shown.side, shown.side_origin))
    return ", ".join(f"{name} ({_SAID_BY[how]})" for name, how in said if name and how)


def vessel_words(vessels: Sequence[Vessel]) -> str:
    """What the dotted outlines of a picture are; empty where there are none."""
    return f"Dotted: dark lumens, as of vessels ({len(vessels)})." if vessels else ""


def places_words(result: Result) -> str:
    """Why the counts of the regions are not all that is counted, or not surely theirs.

    Empty where every twitch lies well within a region. A twitch has one region at most, so
    that those outside and the counts of the regions add up to the whole image's.
    """
    twitches = counted_in(WHOLE_IMAGE, result.events)
    outside = sum(not event.region for event in twitches)
    near = sum(bool(event.near_line or event.other_region) for event in twitches)
    said = []
    if outside and result.regions:
        said.append(f"{outside} outside every region (whole image's count only)")
    if near:
        said.append(f"{near} within {NEAR_MM:g} mm of a line (columns near_line, other_region)")
    return f"Of the {len(twitches)}: {', '.join(said)}." if said else ""


def not_counted(result: Result) -> str:
    """How many movements of other kinds were seen, empty where there were none."""
    kinds = Counter(e.kind for e in result.events if e.kind is not Kind.FASCICULATION)
    words = [f"{kind_words(kind)} ({number})" for kind, number in sorted(kinds.items())]
    return f"Seen, not counted: {', '.join(words)}." if words else ""


def kind_words(kind: Kind) -> str:
    """A kind as a person says it."""
    return kind.value.replace("_", " ")
