"""A survey as one page: all subjects together, then each by itself; prints as a report.

The page holds its pictures, runs no script and loads nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from usfasc.errors import Code, UsageError
from usfasc.model import DISCLAIMER
from usfasc.report import survey_words as words
from usfasc.report.html import Filters, environment
from usfasc.report.survey_cohort import Matrix, Spread, matrices, rate_place, spreads
from usfasc.report.survey_detection import CHART, Detection, Wait, detection, wait
from usfasc.report.survey_hatch import hatch, square, tile
from usfasc.report.survey_links import css_text, source_link
from usfasc.report.survey_pictures import clearest_twitches
from usfasc.report.survey_shades import BLIND, LEGEND, SHORT, shade_of
from usfasc.report.survey_strips import LENGTH, Footage
from usfasc.report.survey_subject import SubjectPage, courses, session_page
from usfasc.rules import load_grade, load_rule
from usfasc.survey.findings import ClipRecord, ScanTime, SubjectRecord, SurveyFindings
from usfasc.survey.ratios import session_session
from usfasc.survey.record import OK, read_record
from usfasc.survey.reviewed import read_clip

MOST_WITH_LOOPS: Final = 40
"""Sessions of a page that shows pictures: beyond, it would grow past what a browser opens well."""

_MOST_LISTED: Final = 24
"""Subjects that the contents show at once: of more, the summary would be out of sight."""
SWATCH: Final = 11.0
"""Side of a square that shows a shade, in units of the drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a page is to show."""

    reviewer: str | None = None
    """Whose verdicts the counts follow."""
    subjects: tuple[str, ...] = ()
    """Subjects to be told alone; all of them where none is named."""
    identities: Mapping[str, str] | None = None
    """Who the subjects are, where that is to be printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """What is told of all subjects together."""

    subjects: int
    sessions: int
    clips: int
    unread: int
    muscles: int
    assessable_min: float
    finding: str
    matrices: tuple[Matrix, ...]
    spreads: tuple[Spread, ...]
    detection: Detection | None


def survey_page(folder: Path, findings: SurveyFindings, wish: Wish) -> str:
    """The page's HTML; the same folder and wish give the same text.

    Parameters
    ----------
    folder
        The survey's folder.
    findings
        What `usfasc.survey.gathering.gather_findings` told of it, for the same reviewer.
    wish
        What to show.

    Raises
    ------
    InputError
        The folder's record or a result cannot be read.
    UsageError
        ``BAD_USAGE``: no subject has a name that is wished for.
    """
    record = read_record(folder)
    chosen = _chosen(findings, wish)
    pages, waits = _subject_pages(folder, findings, chosen, wish)
    sessions = [session for page in pages for session in page.sessions]
    template = environment(_FILTERS).get_template("survey.html.j2")
    return template.render(
        record=record,
        pages=pages,
        cohort=_cohort(pages, findings, waits) if len(pages) > 1 else None,
        scan_times=_by_rate(findings.scan_times),
        lean=len(chosen) > MOST_WITH_LOOPS,
        review=words.review_words(m.reviewed_by for s in sessions for m in s.record.muscles),
        disclaimer=DISCLAIMER,
        **_CONSTANTS,
    )


def _chosen(findings: SurveyFindings, wish: Wish) -> list[SubjectRecord]:
    named = {subject.subject for subject in findings.subjects}
    if missing := set(wish.subjects) - named:
        raise UsageError(
            Code.BAD_USAGE, f"--subject: {len(missing)} of the names are not in this survey."
        )
    wanted = set(wish.subjects) or named
    return [subject for subject in findings.subjects if subject.subject in wanted]


def _subject_pages(
    folder: Path, findings: SurveyFindings, chosen: Sequence[SubjectRecord], wish: Wish
) -> tuple[list[SubjectPage], list[Wait]]:
    """The part of each subject, and how long each muscle was observed."""
    clips = _by_session(findings.clips)
    identities = wish.identities or {}
    pages: list[SubjectPage] = []
    waits: list[Wait] = []
    for name in dict.fromkeys(subject.subject for subject in chosen):
        own = [subject for subject in chosen if subject.subject == name]
        anchor = f"subject-{len(pages) + 1}"
        sessions = []
        for number, subject in enumerate(own, start=1):
            rows = clips[name, subject.session]
            footage = list(_footage(folder, rows, wish.reviewer))
            waits += _waits(subject, footage)
            loops = () if len(chosen) > MOST_WITH_LOOPS else clearest_twitches(folder, footage)
            sessions.append(session_page(subject, f"{anchor}-{number}", rows, footage, loops))
        pages.append(
            SubjectPage(
                name=words.subject_words(name),
                anchor=anchor,
                identity=identities.get(name, ""),
                mark=words.review_words(m.reviewed_by for each in own for m in each.muscles)[0],
                sessions=tuple(sessions),
                courses=courses(own),
                ratios=session_session(muscle for each in own for muscle in each.muscles),
            )
        )
    return pages, waits


def _by_session(clips: Iterable[ClipRecord]) -> dict[tuple[str, str], list[ClipRecord]]:
    groups: defaultdict[tuple[str, str], list[ClipRecord]] = defaultdict(list)
    for clip in clips:
        groups[clip.subject, clip.session].append(clip)
    return groups


def _footage(folder: Path, clips: Iterable[ClipRecord], reviewer: str | None) -> Iterator[Footage]:
    for clip in clips:
        if clip.outcome == OK and clip.clip is not None:
            result, _ = read_clip(folder, clip.clip, reviewer)
            yield Footage(record=clip, clip=clip.clip, result=result)


def _waits(subject: SubjectRecord, footage: Sequence[Footage]) -> Iterator[Wait]:
    by_row = {each.record.row: each for each in footage}
    for muscle in subject.muscles:
        found = wait(muscle, [by_row[row] for row in muscle.rows if row in by_row])
        if found is not None and muscle.muscle:
            yield found


def _cohort(
    pages: Sequence[SubjectPage], findings: SurveyFindings, waits: Sequence[Wait]
) -> Cohort:
    sessions = [session for page in pages for session in page.sessions]
    shown = {(each.record.subject, each.record.session) for each in sessions}
    clips = [clip for clip in findings.clips if (clip.subject, clip.session) in shown]
    muscles = [muscle for session in sessions for muscle in session.record.muscles]
    named = [muscle for muscle in muscles if muscle.muscle]
    return Cohort(
        subjects=len(pages),
        sessions=len(sessions),
        clips=len({clip.clip for clip in clips if clip.outcome == OK}),
        unread=sum(clip.outcome != OK for clip in clips),
        muscles=len(named),
        assessable_min=sum(muscle.assessable_s for muscle in muscles) / 60,
        finding=words.headline(named),
        matrices=matrices([each.record for each in sessions], [each.anchor for each in sessions]),
        spreads=spreads(named),
        detection=detection(waits),
    )


def _by_rate(times: Iterable[ScanTime]) -> dict[float, list[ScanTime]]:
    """The table of how long to scan: a row a rate, a column a probability."""
    rows: defaultdict[float, list[ScanTime]] = defaultdict(list)
    for time in times:
        rows[time.rate_per_min].append(time)
    return rows


_FILTERS: Final[Filters] = {
    "muscle": words.muscle_words,
    "short_name": words.short_name,
    "side": words.side_words,
    "status": words.status_words,
    "brief": words.brief_words,
    "counted_by": words.counted_by_words,
    "rate": words.rate_words,
    "count": words.count_words,
    "seconds": words.time_words,
    "grade": words.grade_words,
    "number": words.number_words,
    "share": words.share_words,
    "ratio": words.ratio_words,
    "ratio_interval": words.ratio_interval_words,
    "reading": words.reading_words,
    "headline": words.headline,
    "regions_sentence": words.regions_sentence,
    "session": words.session_words,
    "hand": words.handedness_words,
    "shade": shade_of,
    "link": source_link,
    "css_text": css_text,
    "place": rate_place,
    "tight": words.tight,
    "options": words.options_words,
}
_CONSTANTS: Final[dict[str, Any]] = {
    "interval": words.interval_words,
    "plural": words.plural,
    "legend": LEGEND,
    "short": SHORT,
    "blind": BLIND,
    "swatch": SWATCH,
    "hatch_tile": tile(),
    "swatch_hatch": {
        shade.pattern: hatch(square(SWATCH), crossed=shade is BLIND) for shade in (SHORT, BLIND)
    },
    "strip_length": LENGTH,
    "chart": CHART,
    "rate_marks": (1, 3, 10, 30, 100),
    "rule": load_rule(),
    "grade_rule": load_grade(),
    "most_with_loops": MOST_WITH_LOOPS,
    "most_listed": _MOST_LISTED,
}
