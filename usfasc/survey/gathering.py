"""A survey's folder, read: rows to muscles, muscles to subjects, and what may be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import quantiles
from typing import Final, TypeVar

from usfasc.errors import Code, UsageError, UsfascError
from usfasc.model import RegionSummary, Result, Status
from usfasc.regions.counting import counted_in, spans_of, trains_in
from usfasc.regions.vocabulary import BodyRegion, muscle_name
from usfasc.rules import Protocol, expected_in_window, load_protocols, load_rule
from usfasc.rules.scan_time import scan_time_s
from usfasc.rules.wording import reader_words
from usfasc.survey.findings import (
    ClipRecord,
    MuscleRecord,
    RatioRecord,
    RegionRecord,
    ScanTime,
    SubjectRecord,
    SurveyFindings,
)
from usfasc.survey.pooling import Piece, pool
from usfasc.survey.protocols import missing_muscles, set_beside
from usfasc.survey.ratios import distal_proximal, left_right, session_order, session_session
from usfasc.survey.record import OK, RecordRow, read_record
from usfasc.survey.reviewed import Read, read_clip

PROBABILITIES: Final = (0.5, 0.8, 0.9, 0.95)
"""Of the table that tells how long to scan."""
_BODY: Final[tuple[BodyRegion, ...]] = ("bulbar", "cervical", "thoracic", "lumbosacral")
Told = TypeVar("Told", MuscleRecord, ClipRecord)
_KEPT: Final = 4
"""Results kept at a time: the rows of one clip mostly stand together."""


def gather_findings(
    folder: Path, *, reviewer: str | None = None, protocol: str | None = None
) -> SurveyFindings:
    """Read a survey's folder and tell what it found.

    Parameters
    ----------
    folder
        Where ``usfasc survey run`` wrote.
    reviewer
        Whose verdicts are followed where they exist, `reviewed.ANY_READER` for anybody's;
        None for the detector's counts alone.
    protocol
        Name of the published protocol that was planned.

    Raises
    ------
    InputError
        The folder's record cannot be read.
    UsageError
        ``BAD_USAGE``: no protocol has this name, or it names no muscles.
    """
    planned = None if protocol is None else find_protocol(protocol)
    record = read_record(folder)

    @lru_cache(maxsize=_KEPT)
    def read(clip: str) -> Read:
        return read_clip(folder, clip, reviewer)

    pieces = [_piece(row, read) for row in record.rows]
    muscles = pool(pieces)
    clips = tuple(piece.clip for piece in pieces)
    return SurveyFindings(
        subjects=tuple(_subjects(record.rows, muscles, clips, planned)),
        clips=clips,
        scan_times=tuple(_scan_times(muscles)),
        session_ratios=tuple(_session_ratios(muscles)),
    )


def find_protocol(name: str) -> Protocol:
    """The published protocol of a name, as one that can be planned.

    Raises
    ------
    UsageError
        ``BAD_USAGE``.
    """
    plannable = {each.name.casefold(): each for each in load_protocols() if each.examines}
    if name.casefold() not in plannable:
        names = ", ".join(f'"{each.name}"' for each in plannable.values())
        raise UsageError(Code.BAD_USAGE, f"Protocols whose muscles are known: {names}.")
    return plannable[name.casefold()]


def _piece(row: RecordRow, read: Callable[[str], Read]) -> Piece:
    """What one row shows; a result that cannot be read is a row that failed."""
    if row.outcome != OK or row.clip is None:
        return Piece(clip=_clip(row, row.outcome, row.sentence))
    try:
        result, notes = read(row.clip)
    except UsfascError as error:
        return Piece(clip=_clip(row, str(error.code), error.sentence))
    summary = _summary_of(row, result)
    if summary is None:
        sentence = "The reviewed result has no region of this row's muscle."
        return Piece(clip=_clip(row, str(Code.NO_REGION), sentence))
    spans = spans_of(summary.region, result.assessable)
    clip = _clip(row, OK, "").model_copy(
        update={
            "region": summary.region,
            "observed_s": sum(span.stop_s - span.start_s for span in spans),
            "assessable_s": summary.assessable_s,
            "count": summary.count,
            "status": summary.status,
            "reviewed_by": reader_words(result.review) if result.review else None,
            "problems": (*notes, *result.warnings),
        }
    )
    return Piece(
        clip=clip,
        counted=counted_in(summary.region, result.events),
        trains=len(trains_in(summary.region, result.events)),
        spans=spans,
        sites=summary.sites or 0,
    )


def _clip(row: RecordRow, outcome: str, sentence: str) -> ClipRecord:
    return ClipRecord(
        row=row.row,
        clip=row.clip,
        subject=row.subject,
        session=row.session,
        muscle=row.muscle,
        side=row.side,
        region=row.region,
        outcome=outcome,
        sentence=sentence,
    )


def _summary_of(row: RecordRow, result: Result) -> RegionSummary | None:
    """The row's summary, by its region; by its muscle, where a reader drew the regions anew."""
    named = {region.name for region in result.regions if _is_muscle(region.muscle, row)}
    for wanted in ({row.region}, named):
        found = [summary for summary in result.summaries if summary.region in wanted]
        if len(found) == 1:
            return found[0]
    return None


def _is_muscle(muscle: str | None, row: RecordRow) -> bool:
    return bool(muscle) and bool(row.muscle) and muscle_name(muscle or "") == row.muscle


def _subjects(
    rows: Sequence[RecordRow],
    muscles: Sequence[MuscleRecord],
    clips: Sequence[ClipRecord],
    planned: Protocol | None,
) -> Iterator[SubjectRecord]:
    """Subjects in the order of the manifest, each session by itself, sessions in their order."""
    hands = {row.subject: row.handedness for row in rows if row.subject and row.handedness}
    muscles_of = _by_session(muscles)
    clips_of = _by_session(clips)
    first = {subject: place for place, (subject, _) in reversed(list(enumerate(clips_of)))}
    for who in sorted(clips_of, key=lambda who: (first[who[0]], session_order(who[1]))):
        own = muscles_of.get(who, [])
        named = [muscle for muscle in own if muscle.subject and muscle.muscle]
        yield SubjectRecord(
            subject=who[0],
            session=who[1],
            handedness=hands.get(who[0]),
            muscles=tuple(own),
            comparisons=set_beside(named) if who[0] else (),
            body_regions=tuple(_body_regions(named)),
            ratios=(*left_right(named), *distal_proximal(named)),
            missing=missing_muscles(own, clips_of[who], planned) if who[0] else (),
            problems=tuple(_problems(own, clips_of[who])),
        )


def _by_session(records: Iterable[Told]) -> dict[tuple[str, str], list[Told]]:
    groups: defaultdict[tuple[str, str], list[Told]] = defaultdict(list)
    for record in records:
        groups[record.subject, record.session].append(record)
    return dict(groups)


def _body_regions(muscles: Sequence[MuscleRecord]) -> Iterator[RegionRecord]:
    for name in _BODY:
        here = [muscle.status for muscle in muscles if muscle.body_region == name]
        if here:
            yield RegionRecord(
                body_region=name,
                examined=len(here),
                positive=here.count(Status.PRESENT),
                open=here.count(Status.SHORT) + here.count(Status.NOT_ASSESSABLE),
            )


def _problems(muscles: Sequence[MuscleRecord], clips: Sequence[ClipRecord]) -> Iterator[str]:
    """What holds of the whole session."""
    unnamed = sum(not muscle.muscle for muscle in muscles)
    if unnamed:
        yield f"Muscle not given in {unnamed} rows: each is told by itself, in no comparison."
    if clips and not clips[0].subject:
        yield "Subject not given: nothing is added up here."
    failed = sum(clip.outcome != OK for clip in clips)
    if failed:
        yield f"{failed} of {len(clips)} rows could not be judged."


def _session_ratios(muscles: Iterable[MuscleRecord]) -> Iterator[RatioRecord]:
    subjects: defaultdict[str, list[MuscleRecord]] = defaultdict(list)
    for muscle in muscles:
        if muscle.subject:
            subjects[muscle.subject].append(muscle)
    for own in subjects.values():
        yield from session_session(own)


def _scan_times(muscles: Iterable[MuscleRecord]) -> Iterator[ScanTime]:
    """How long to scan at low, middle and high ones of the rates seen, and at the rule's own."""
    rule = load_rule()
    seen = [
        muscle.rate_per_min
        for muscle in muscles
        if muscle.status is Status.PRESENT and muscle.rate_per_min
    ]
    rates = {60 * (expected_in_window(rule) or 0.0) / rule.window_s}
    rates |= set(quantiles(seen, n=4)) if len(seen) > 1 else set(seen)
    for rate in sorted({round(rate, 1) for rate in rates if rate >= 0.1}):
        for probability in PROBABILITIES:
            seconds = scan_time_s(rate, probability, rule)
            yield ScanTime(rate_per_min=rate, probability=probability, seconds=seconds)
