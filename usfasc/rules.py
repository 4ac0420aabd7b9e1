"""Published rules as data, and what a count allows to be said by them.

The numbers stand in ``rules/*.json``, each with its source; nothing in the code
repeats them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import Field

from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Event,
    Region,
    RegionSummary,
    Status,
    Value,
)
from usfasc.regions.counting import (
    counted_in,
    judged_before_s,
    judged_s,
    poisson_rate,
    spans_of,
)

DEFAULT_RULE = "noto2017"


class Rule(Value):
    """One published rule for the status of a muscle."""

    name: str
    source: str
    sentence: str
    least_count: int = Field(ge=1)
    window_s: float = Field(gt=0)
    least_assessable_s: float = Field(gt=0)
    """Below this much assessable time a muscle is not assessable."""
    ours: str = ""
    """Which of the numbers are not the paper's."""


@cache
def load_rule(name: str = DEFAULT_RULE) -> Rule:
    """Load a rule by the name of its file."""
    return Rule.model_validate_json((files("usfasc") / "rules" / f"{name}.json").read_bytes())


def status(onsets_s: Sequence[float], spans: Sequence[AssessableSpan], rule: Rule) -> Status:
    """What the twitches of one muscle allow to be said.

    Present as soon as enough of them fall within the rule's window of assessable
    time, also in a short clip; absent only after a whole window was assessable.

    Parameters
    ----------
    onsets_s
        Onsets of the counted twitches.
    spans
        The muscle's spans, judged and not.
    rule
        The rule.
    """
    assessable_s = judged_s(spans)
    if assessable_s < rule.least_assessable_s:
        return Status.NOT_ASSESSABLE
    clock_s = sorted(judged_before_s(onset_s, spans) for onset_s in onsets_s)
    first_and_last = zip(clock_s, clock_s[rule.least_count - 1 :], strict=False)
    if any(last_s - first_s <= rule.window_s for first_s, last_s in first_and_last):
        return Status.PRESENT
    return Status.ABSENT if assessable_s >= rule.window_s else Status.SHORT


def summarise(
    regions: Sequence[Region],
    events: Sequence[Event],
    assessable: Sequence[AssessableSpan],
    rule: Rule | None = None,
) -> tuple[RegionSummary, ...]:
    """Count, rate and status of every region, and of the whole image ``*``.

    Parameters
    ----------
    regions
        The clip's regions.
    events
        Its events, each with the name of its region (`usfasc.regions.assign`).
    assessable
        Spans of every region and of ``*``.
    rule
        The rule for the status; Noto 2017 where none is given.

    Returns
    -------
    tuple of RegionSummary
        In the order of the regions, ``*`` last. Where nothing could be judged
        there is no rate.
    """
    rule = rule or load_rule()
    names = [*(region.name for region in regions), WHOLE_IMAGE]
    return tuple(
        _summary(name, counted_in(name, events), spans_of(name, assessable), rule) for name in names
    )


def _summary(
    name: str, counted: Sequence[Event], spans: Sequence[AssessableSpan], rule: Rule
) -> RegionSummary:
    verdict = status([event.onset_s for event in counted], spans, rule)
    assessable_s = judged_s(spans)
    rate = low = high = None
    if verdict is not Status.NOT_ASSESSABLE:
        rate, low, high = poisson_rate(len(counted), assessable_s)
    return RegionSummary(
        region=name,
        count=len(counted),
        assessable_s=assessable_s,
        rate_per_min=rate,
        rate_low=low,
        rate_high=high,
        status=verdict,
    )
