"""What a survey found: clips pooled to muscles, muscles beside published rules, and no verdict."""

from __future__ import annotations

from usfasc.model import Side, Status, Value
from usfasc.regions.vocabulary import BodyRegion
from usfasc.rules import Comparison
from usfasc.survey.manifest import Handedness


class ClipRecord(Value):
    """One row of the manifest: one muscle of one clip."""

    row: int
    """Of the manifest, from 1."""
    clip: str | None
    """First 12 hexadecimal digits of the clip's digest; None where it could not be read."""
    subject: str
    session: str
    muscle: str
    side: Side | None
    region: str
    """Name of the region in the clip's result; ``*`` for the whole image."""
    outcome: str
    """``ok``, or the code of what went wrong."""
    sentence: str
    """What went wrong; empty where nothing did."""
    observed_s: float | None = None
    assessable_s: float | None = None
    count: int | None = None
    status: Status | None = None
    reviewed_by: str | None = None
    """A reviewer's short name and the day of the last verdict; None where automatic."""
    problems: tuple[str, ...] = ()


class MuscleRecord(Value):
    """One muscle of one side, of one subject in one session, over all its clips."""

    subject: str
    session: str
    muscle: str
    """By the vocabulary's name where it has one; empty where it was not given."""
    side: Side | None
    body_region: BodyRegion | None
    clips: tuple[str, ...]
    """Clips that were read, in the order of the manifest."""
    rows: tuple[int, ...]
    count: int
    assessable_s: float
    rate_per_min: float | None
    rate_low: float | None
    rate_high: float | None
    status: Status
    saturated: bool
    grade: int | None
    miss_probability: float | None
    sites: int | None
    """The most firing sites that one of its clips shows."""
    median_displacement_mm: float | None
    reviewed_by: str | None
    problems: tuple[str, ...]
    sentence: str


class RuleRecord(Value):
    """One published rule beside this survey's figure."""

    name: str
    source: str
    scope: str
    reported: str
    """What its authors report of it."""
    validated_on: str
    """On whom."""
    comparison: Comparison | None
    """None where it cannot be evaluated."""
    sentence: str
    """The figure beside the cut-off, or "cannot be evaluated, because ..."."""


class RegionRecord(Value):
    """One body region: its muscles examined, and those that twitch."""

    body_region: BodyRegion
    examined: int
    positive: int
    open: int
    """Muscles not observed long enough, or not assessable."""


class RatioRecord(Value):
    """How many times one rate is another, with its exact 95 % interval."""

    subject: str
    session: str
    """Empty where two sessions are compared."""
    name: str
    """As "biceps brachii, left / right"."""
    kind: str
    """``left/right``, ``distal/proximal`` or ``session/session``."""
    first_count: int
    first_s: float
    second_count: int
    second_s: float
    value: float | None
    """None where the second rate is 0."""
    low: float | None
    """None where nothing was counted in either."""
    high: float | None
    """None where there is no upper bound."""


class SubjectRecord(Value):
    """One subject in one session."""

    subject: str
    session: str
    handedness: Handedness | None
    muscles: tuple[MuscleRecord, ...]
    comparisons: tuple[RuleRecord, ...]
    body_regions: tuple[RegionRecord, ...]
    ratios: tuple[RatioRecord, ...]
    missing: tuple[str, ...]
    """Sentences: planned muscles that were not given, not readable, or observed too shortly."""
    problems: tuple[str, ...] = ()


class ScanTime(Value):
    """How long to scan until two twitches are seen with some probability, at one rate."""

    rate_per_min: float
    probability: float
    seconds: float


class SurveyFindings(Value):
    """Everything that a survey's report and tables tell."""

    subjects: tuple[SubjectRecord, ...]
    clips: tuple[ClipRecord, ...]
    scan_times: tuple[ScanTime, ...]
    session_ratios: tuple[RatioRecord, ...] = ()
    """Later over earlier sessions of one muscle."""
