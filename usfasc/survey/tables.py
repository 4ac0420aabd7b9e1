"""A survey's tables for statistics: events, clips, muscles, subjects, rules, ratios.

Which columns they have, in which units, and what each means stands in ``columns.json``,
and is written beside them as ``dictionary.csv``. The same survey and reviews give the same
bytes. Text cells are guarded against spreadsheets that run them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from usfasc.io.cells import guarded, table_bytes
from usfasc.io.event_table import round_value
from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER, WHOLE_IMAGE, Kind, Status, Value
from usfasc.survey.findings import ClipRecord, SubjectRecord, SurveyFindings
from usfasc.survey.record import OK, SurveyRecord, read_record
from usfasc.survey.reviewed import Read, read_clip

FOLDER: Final = "tables"
Cell = str | int | float | bool | None
TableRow = dict[str, Cell]


class Column(Value):
    """One column of a table."""

    name: str
    unit: str
    kind: Literal["text", "whole", "number", "yes or no"]
    meaning: str


@cache
def table_columns() -> dict[str, tuple[Column, ...]]:
    """Columns of each table, in their order."""
    text = files("usfasc.survey").joinpath("columns.json").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, tuple[Column, ...]]).validate_python(json.loads(text))


def write_tables(
    folder: Path, findings: SurveyFindings, *, reviewer: str | None = None, parquet: bool = False
) -> tuple[Path, ...]:
    """Write a survey's tables into the sub-folder `FOLDER`.

    Parameters
    ----------
    folder
        The survey's folder; results are read once more, for their events.
    findings
        What `usfasc.survey.gathering.gather_findings` told, with the same reviewer.
    reviewer
        Whose verdicts the findings follow.
    parquet
        Whether each table is written as Parquet too, with types.

    Returns
    -------
    tuple of Path
        What was written, the dictionary last.

    Raises
    ------
    UsageError
        ``MISSING_EXTRA``: Parquet needs pyarrow.
    OutputError
        ``NOT_WRITABLE``.
    """
    if parquet:
        from usfasc.survey.parquet import check_parquet

        check_parquet()
    written = []
    for name, rows in table_rows(folder, findings, reviewer).items():
        columns = table_columns()[name]
        path = folder / FOLDER / f"{name}.csv"
        write_atomically(path, _csv(columns, rows))
        written.append(path)
        if parquet:
            from usfasc.survey.parquet import parquet_bytes

            path = path.with_suffix(".parquet")
            write_atomically(path, parquet_bytes(columns, rows))
            written.append(path)
    dictionary = folder / FOLDER / "dictionary.csv"
    write_atomically(dictionary, _dictionary(read_record(folder)))
    return (*written, dictionary)


def table_rows(
    folder: Path, findings: SurveyFindings, reviewer: str | None
) -> dict[str, list[TableRow]]:
    """Rows of every table, by its name; numbers are rounded by their unit."""
    ratios = [ratio for subject in findings.subjects for ratio in subject.ratios]
    makers: dict[str, Iterable[TableRow]] = {
        "events": _events(folder, findings.clips, reviewer),
        "clips": map(_clip, findings.clips),
        "muscles": (_muscle(m) for subject in findings.subjects for m in subject.muscles),
        "subjects": map(_subject, findings.subjects),
        "rules": (row for subject in findings.subjects for row in _rules(subject)),
        "ratios": map(_ratio, (*ratios, *findings.session_ratios)),
    }
    return {name: [_picked(name, row) for row in rows] for name, rows in makers.items()}


def _picked(table: str, values: TableRow) -> TableRow:
    """The table's columns of a row, in their order."""
    return {column.name: _rounded(column, values[column.name]) for column in table_columns()[table]}


def _rounded(column: Column, value: Cell) -> Cell:
    return round_value(column.name, value) if isinstance(value, float) else value


def _events(folder: Path, clips: Iterable[ClipRecord], reviewer: str | None) -> Iterator[TableRow]:
    """Movements of every kind in the regions that rows are of, each region once."""

    @lru_cache(maxsize=4)
    def read(clip: str) -> Read:
        return read_clip(folder, clip, reviewer)

    seen = set()
    for clip in clips:
        if clip.outcome != OK or clip.clip is None or (clip.clip, clip.region) in seen:
            continue
        seen.add((clip.clip, clip.region))
        own = clip.model_dump(mode="json")
        for event in read(clip.clip)[0].events:
            if clip.region in (WHOLE_IMAGE, event.region):
                counted = event.kind is Kind.FASCICULATION
                values = event.model_dump(mode="json", exclude={"course", "region", "box_px"})
                yield values | _labels(own) | {"counted": counted}


def _labels(record: dict[str, Any]) -> TableRow:
    names = ("subject", "session", "muscle", "side", "clip", "row", "region", "reviewed_by")
    return {name: record[name] for name in names}


def _clip(clip: ClipRecord) -> TableRow:
    return clip.model_dump(mode="json") | {"problems": _together(clip.problems)}


def _muscle(muscle: Value) -> TableRow:
    values = muscle.model_dump(mode="json")
    return values | {
        "clips": len(values["clips"]),
        "problems": _together(values["problems"]),
    }


def _subject(subject: SubjectRecord) -> TableRow:
    named = [muscle for muscle in subject.muscles if muscle.muscle]
    statuses = Counter(muscle.status for muscle in named)
    regions = {region.body_region: region for region in subject.body_regions}
    row: TableRow = {
        "subject": subject.subject,
        "session": subject.session,
        "handedness": subject.handedness,
        "muscles": len(named),
        "count": sum(muscle.count for muscle in named),
        "assessable_s": sum((muscle.assessable_s for muscle in named), 0.0),
        "reviewed": sum(muscle.reviewed_by is not None for muscle in named),
        "missing": _together(subject.missing),
    }
    row |= {f"muscles_{status}": statuses[status] for status in Status}
    for name in ("bulbar", "cervical", "thoracic", "lumbosacral"):
        region = regions.get(name)
        row[f"{name}_examined"] = region.examined if region else 0
        row[f"{name}_present"] = region.positive if region else 0
    return row


def _rules(subject: SubjectRecord) -> Iterator[TableRow]:
    for rule in subject.comparisons:
        compared = rule.comparison
        reached = compared.reached if compared else None
        yield rule.model_dump(mode="json") | {
            "subject": subject.subject,
            "session": subject.session,
            "rule": rule.name,
            "value": compared.value if compared else None,
            "at_least": compared.at_least if compared else None,
            "reached": None if reached is None else "yes" if reached else "no",
            "open_muscles": compared.open_muscles if compared else None,
        }


def _ratio(ratio: Value) -> TableRow:
    values = ratio.model_dump(mode="json")
    renamed = {"comparison": "kind", "ratio": "value", "ratio_low": "low", "ratio_high": "high"}
    return values | {name: values[old] for name, old in renamed.items()}


def _together(sentences: Sequence[str]) -> str:
    return " ".join(sentences)


def _csv(columns: Sequence[Column], rows: Sequence[TableRow]) -> bytes:
    header = [column.name for column in columns]
    return table_bytes([header, *([_text(cell) for cell in row.values()] for row in rows)])


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return guarded(cell) if isinstance(cell, str) else str(cell)


def _dictionary(record: SurveyRecord) -> bytes:
    rows = [
        [table, column.name, column.unit, column.kind, column.meaning]
        for table, columns in table_columns().items()
        for column in columns
    ]
    head = ["table", "column", "unit", "kind", "meaning"]
    made = (
        f"Made by usfasc {record.engine.version} with the parameters of digest"
        f" {record.parameters_digest}; all of them, and the libraries, stand in survey.json."
    )
    return table_bytes([head, *rows, *(["all", "", "", "", text] for text in (made, DISCLAIMER))])
