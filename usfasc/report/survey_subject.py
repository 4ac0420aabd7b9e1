"""One subject's part of a survey's page: each session, and sessions side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from usfasc.model import Side
from usfasc.report.survey_advice import Trouble, troubles
from usfasc.report.survey_body import BodyView, body_views, without_place
from usfasc.report.survey_pictures import Loop
from usfasc.report.survey_strips import Footage, Raster, raster
from usfasc.report.survey_words import OPTION, muscle_words, review_words
from usfasc.survey.findings import (
    ClipRecord,
    MuscleRecord,
    RatioRecord,
    SubjectRecord,
)
from usfasc.survey.record import OK

BODY_REGIONS: Final = ("bulbar", "cervical", "thoracic", "lumbosacral", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleRows:
    """Both sides of one muscle."""

    muscle: str
    sides: tuple[MuscleRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRows:
    """The muscles of one body region."""

    body_region: str
    muscles: tuple[MuscleRows, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """What is told of one subject in one session."""

    record: SubjectRecord
    anchor: str
    review: str
    whole_review: bool
    regions: tuple[RegionRows, ...]
    views: tuple[BodyView, ...]
    unplaced: tuple[MuscleRecord, ...]
    raster: Raster
    unread: tuple[ClipRecord, ...]
    """Rows whose clip failed."""
    loops: tuple[Loop, ...]
    troubles: tuple[Trouble, ...]
    notes: tuple[tuple[str, str], ...]
    """What else a reader of the figures should know, and of which muscles."""
    clips: int

    @property
    def in_part(self) -> bool:
        """Whether a person reviewed some of it and not the rest."""
        by_muscle = {muscle.reviewed_by is None for muscle in self.record.muscles}
        by_clip = {strip.record.reviewed_by is None for strip in self.raster.strips}
        return len(by_muscle | by_clip) > 1

    @property
    def notes_name_options(self) -> bool:
        """Whether a note names an option of the command line."""
        return any(OPTION.search(note) for note, _ in self.notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One muscle over a subject's sessions; None where a session has it not."""

    muscle: MuscleRecord
    sessions: tuple[MuscleRecord | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectPage:
    """What is told of one subject."""

    name: str
    anchor: str
    identity: str
    """Empty unless it was asked for."""
    mark: str
    """Whether it was reviewed, for every printed page."""
    sessions: tuple[SessionPage, ...]
    courses: tuple[Course, ...]
    ratios: tuple[RatioRecord, ...]
    """Later over earlier sessions."""


def session_page(
    record: SubjectRecord,
    anchor: str,
    clips: Sequence[ClipRecord],
    footage: Sequence[Footage],
    loops: Sequence[Loop],
) -> SessionPage:
    """What is told of one session.

    Parameters
    ----------
    record
        The session's muscles.
    anchor
        What its part of the page is called.
    clips
        Its rows of the manifest.
    footage
        Those whose clip was read.
    loops
        Its clearest twitches.
    """
    review, whole = review_words(muscle.reviewed_by for muscle in record.muscles)
    return SessionPage(
        record=record,
        anchor=anchor,
        review=review,
        whole_review=whole,
        regions=region_rows(record.muscles),
        views=_views(record.muscles),
        unplaced=without_place(record.muscles),
        raster=raster(footage),
        unread=tuple(clip for clip in clips if clip.outcome != OK),
        loops=tuple(loops),
        troubles=troubles(footage, record.muscles),
        notes=tuple(_notes(record.muscles)),
        clips=len({each.clip for each in footage}),
    )


def _views(muscles: Sequence[MuscleRecord]) -> tuple[BodyView, ...]:
    """The figures of the body; none where no muscle has a place in them."""
    views = body_views(muscles)
    return views if any(view.shapes for view in views) else ()


def region_rows(muscles: Sequence[MuscleRecord]) -> tuple[RegionRows, ...]:
    """Muscles by body region, from the head down, the two sides of one together."""
    return tuple(
        RegionRows(body_region=name or "other", muscles=_muscle_rows(found))
        for name in BODY_REGIONS
        if (found := [muscle for muscle in muscles if muscle.body_region == name])
    )


def _muscle_rows(muscles: Iterable[MuscleRecord]) -> tuple[MuscleRows, ...]:
    by_name: dict[str, list[MuscleRecord]] = {}
    for muscle in muscles:
        by_name.setdefault(muscle.muscle, []).append(muscle)
    return tuple(MuscleRows(muscle=name, sides=tuple(sides)) for name, sides in by_name.items())


def courses(sessions: Sequence[SubjectRecord]) -> tuple[Course, ...]:
    """Muscles of one subject that were examined in more than one session."""
    found: dict[tuple[str, Side | None], list[MuscleRecord | None]] = {}
    for place, session in enumerate(sessions):
        for muscle in session.muscles:
            key = muscle.muscle, muscle.side
            if muscle.muscle:
                found.setdefault(key, [None] * len(sessions))[place] = muscle
    return tuple(
        Course(muscle=next(filter(None, course)), sessions=tuple(course))
        for course in found.values()
        if sum(each is not None for each in course) > 1
    )


def _notes(muscles: Sequence[MuscleRecord]) -> Iterator[tuple[str, str]]:
    """Problems, each once, with the muscles that it is of."""
    where: dict[str, list[str]] = {}
    for muscle in muscles:
        for problem in muscle.problems:
            where.setdefault(problem, []).append(muscle_words(muscle))
    for problem, names in where.items():
        whole = len(names) == len(muscles) and len(names) > 1
        told = (name if n == 1 else f"{name} ({n} rows)" for name, n in Counter(names).items())
        yield problem, "All muscles" if whole else "; ".join(told)
