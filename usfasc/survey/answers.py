"""What became of each row, from what became of its clip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from usfasc.errors import Code, InputError, UsfascError
from usfasc.params import Parameters
from usfasc.provenance import engine, parameters_digest
from usfasc.regions.vocabulary import muscle_name
from usfasc.survey.outlines import NamedRegion, region_of
from usfasc.survey.plan import PlannedRow
from usfasc.survey.record import NAME_DIGITS, OK, RecordRow, SurveyRecord

Answer = tuple[NamedRegion, ...] | UsfascError
"""Regions of a clip's result, or why there is none."""


def record_of(
    planned: Sequence[PlannedRow], answers: Mapping[str, Answer], parameters: Parameters
) -> SurveyRecord:
    """The record of a survey as far as it is.

    Parameters
    ----------
    planned
        Every row.
    answers
        Of clips, by the SHA-256 of their content; those without one are pending.
    parameters
        Of the run.
    """
    return SurveyRecord(
        engine=engine(),
        parameters=parameters.model_dump(),
        parameters_digest=parameters_digest(parameters),
        rows=tuple(_rows(planned, answers)),
    )


def _rows(planned: Sequence[PlannedRow], answers: Mapping[str, Answer]) -> Iterator[RecordRow]:
    first_row: dict[tuple[str | None, str], int] = {}
    for each in planned:
        try:
            region, muscle = _region(each, answers)
            first = first_row.setdefault((each.sha256, region), each.number)
            if first != each.number:
                raise InputError(
                    Code.LISTED_TWICE,
                    f"This is the clip and the region of row {first}; they count there.",
                )
        except UsfascError as error:
            yield _row(each, outcome=str(error.code), sentence=error.sentence)
        else:
            yield _row(each, region=region, muscle=muscle, outcome=OK)


def _region(each: PlannedRow, answers: Mapping[str, Answer]) -> tuple[str, str]:
    """Name and muscle of the region that answers a row."""
    if each.error is not None:
        raise each.error
    answer = answers.get(each.sha256 or "")
    if answer is None:
        raise InputError(Code.PENDING, "Not judged yet; run the same again to go on.")
    if isinstance(answer, UsfascError):
        raise answer
    region = region_of(each.row, answer, each.shared)
    drawn = next((one.muscle for one in answer if one.name == region), None)
    return region, each.row.muscle or drawn or ""


def _row(
    each: PlannedRow, *, outcome: str, sentence: str = "", region: str = "", muscle: str = ""
) -> RecordRow:
    row = each.row
    return RecordRow(
        row=each.number,
        clip=each.sha256 and each.sha256[:NAME_DIGITS],
        subject=row.subject,
        session=row.session,
        muscle=muscle_name(muscle or row.muscle),
        side=row.side,
        handedness=row.handedness,
        region=region,
        outcome=outcome,
        sentence=sentence,
    )
