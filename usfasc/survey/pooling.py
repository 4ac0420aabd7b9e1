"""Clips of one subject, session, muscle and side add up: counts, times, and what they allow.

A muscle is not a clip. Rows whose subject or muscle is not given are told one by one, since
nobody knows what they would add up to; what a clip shows of one region counts once, however
many rows name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from usfasc.model import AssessableSpan, Event, RegionSummary, Side, Status
from usfasc.regions.counting import covered_share, judged_s, poisson_rate
from usfasc.regions.vocabulary import find_muscle
from usfasc.rules import grade, load_grade, load_rule, miss_probability, pooled_status
from usfasc.rules.wording import UNREVIEWED, finding_sentence, trains_words, unjudged_reasons
from usfasc.survey.findings import ClipRecord, MuscleRecord
from usfasc.survey.record import OK

_WORTH_TELLING: Final = 0.2
"""Share of a muscle's time that was lost for one reason."""

Key = tuple[str, str, str, Side | None, int]
"""Subject, session, muscle, side; and the row, where subject or muscle is not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What one row of a survey shows of its muscle; a row that failed shows nothing."""

    clip: ClipRecord
    counted: tuple[Event, ...] = ()
    trains: int = 0
    spans: tuple[AssessableSpan, ...] = ()
    sites: int = 0

    @property
    def key(self) -> Key:
        """What it adds up with."""
        clip = self.clip
        known = bool(clip.subject and clip.muscle)
        return clip.subject, clip.session, clip.muscle, clip.side, 0 if known else clip.row


def pool(pieces: Iterable[Piece]) -> tuple[MuscleRecord, ...]:
    """Muscles of all pieces, in the order in which they are first met; see `Piece.key`.

    A muscle all of whose rows failed is no muscle examined, and is not among them.
    """
    groups: dict[Key, list[Piece]] = {}
    for piece in pieces:
        if piece.clip.outcome == OK:
            groups.setdefault(piece.key, []).append(piece)
    return tuple(_muscle(group) for group in groups.values())


def _muscle(pieces: Sequence[Piece]) -> MuscleRecord:
    once = list(_each_once(pieces))
    summary = _summary(once)
    spans = [span for piece in once for span in piece.spans]
    first = pieces[0].clip
    known = find_muscle(first.muscle)
    reviewed_by = _reviewed_by(once)
    parts = (
        finding_sentence(summary, spans),
        trains_words(sum(piece.trains for piece in once)),
        _whose(reviewed_by),
    )
    return MuscleRecord(
        subject=first.subject,
        session=first.session,
        muscle=first.muscle,
        side=first.side,
        body_region=known.body_region if known else None,
        clips=tuple(dict.fromkeys(piece.clip.clip for piece in pieces if piece.clip.clip)),
        rows=tuple(piece.clip.row for piece in pieces),
        count=summary.count,
        assessable_s=summary.assessable_s,
        rate_per_min=summary.rate_per_min,
        rate_low=summary.rate_low,
        rate_high=summary.rate_high,
        status=summary.status,
        saturated=summary.saturated,
        grade=summary.grade,
        miss_probability=summary.miss_probability,
        sites=max(piece.sites for piece in once),
        median_displacement_mm=_median_mm(once),
        reviewed_by=reviewed_by,
        problems=tuple(_problems(pieces, once, spans)),
        sentence=" ".join(part for part in parts if part),
    )


def _each_once(pieces: Sequence[Piece]) -> Iterator[Piece]:
    seen = set()
    for piece in pieces:
        what = piece.clip.clip, piece.clip.region
        if what not in seen:
            seen.add(what)
            yield piece


def _summary(pieces: Sequence[Piece]) -> RegionSummary:
    """Count, rate and status of one muscle over its clips, by the rules of a single one."""
    rule, cut_offs = load_rule(), load_grade()
    status = pooled_status(
        [([event.onset_s for event in piece.counted], piece.spans) for piece in pieces], rule
    )
    count = sum(len(piece.counted) for piece in pieces)
    times_s = [judged_s(piece.spans) for piece in pieces]
    assessable_s = sum(times_s)
    rate = low = high = None
    if status is not Status.NOT_ASSESSABLE:
        rate, low, high = poisson_rate(count, assessable_s)
    covered_s = sum(
        covered_share(piece.counted, time_s) * time_s
        for piece, time_s in zip(pieces, times_s, strict=True)
    )
    covered = covered_s / assessable_s if assessable_s else 0.0
    unseen = status in (Status.ABSENT, Status.SHORT)
    return RegionSummary(
        region=pieces[0].clip.region,
        count=count,
        assessable_s=assessable_s,
        rate_per_min=rate,
        rate_low=low,
        rate_high=high,
        status=status,
        saturated=covered > cut_offs.continuous_from_share,
        grade=grade(count, rate, covered, status, cut_offs),
        miss_probability=miss_probability(assessable_s, rule) if unseen else None,
    )


def _median_mm(pieces: Sequence[Piece]) -> float | None:
    moved = [event.peak_displacement_mm for piece in pieces for event in piece.counted]
    known = [each for each in moved if each is not None]
    return median(known) if known else None


def _reviewed_by(pieces: Sequence[Piece]) -> str | None:
    """Reader and last day, where every clip was reviewed."""
    names = [piece.clip.reviewed_by for piece in pieces]
    told = sorted({name for name in names if name})
    return "; ".join(told) if told and all(names) else None


def _whose(reviewed_by: str | None) -> str:
    return f"Reviewed by {reviewed_by}." if reviewed_by else UNREVIEWED


def _problems(
    pieces: Sequence[Piece], once: Sequence[Piece], spans: Sequence[AssessableSpan]
) -> Iterator[str]:
    """What a reader of the muscle's figures should know of them."""
    known = find_muscle(pieces[0].clip.muscle)
    if pieces[0].clip.side is None and known is not None and known.paired:
        yield "Side not given: clips of both sides may be added up here."
    if len(once) < len(pieces):
        yield "The same clip and region stand in several rows; they count once."
    done = sum(piece.clip.reviewed_by is not None for piece in once)
    if 0 < done < len(once):
        yield f"Reviewed in part: {done} of {len(once)} clips; the others count automatically."
    total_s = sum(span.stop_s - span.start_s for span in spans)
    for reason, lost_s in unjudged_reasons(spans):
        if lost_s > _WORTH_TELLING * total_s:
            yield f"Time lost: {reason} ({lost_s:.0f} of {total_s:.0f} s)."
    yield from dict.fromkeys(problem for piece in once for problem in piece.clip.problems)
