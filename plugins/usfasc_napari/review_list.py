"""Which events the list of a review shows, in which order, and in which words; no window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from usfasc.model import Kind
from usfasc.report.sentences import kind_words
from usfasc.review import Decision, Key, Mode, Row

COUNTED, UNDECIDED, ALL = "counted", "undecided", "all"

_VERDICT_WORDS: Final[Mapping[Decision | None, str]] = {
    None: "",
    Decision.ACCEPT: "✓ accepted",
    Decision.REJECT: "✗ rejected",
    Decision.UNSURE: "? unsure",
    Decision.ADD: "+ added",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is called, says of a row, sorts by, and explains."""

    name: str
    text: Callable[[Row], str]
    value: Callable[[Row], Any]
    help: str
    is_number: bool = False


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def kind_of(row: Row) -> Kind:
    """What the event is taken for: by the reader, before a verdict by the detector."""
    undecided = row.verdict is None and row.counted
    return Kind.FASCICULATION if undecided else row.event.kind


def verdict_words(row: Row) -> str:
    """The verdict on an event; a kind that the reader gave is the verdict itself."""
    if row.verdict is Decision.CHANGE_KIND:
        return f"→ {kind_words(row.event.kind)}"
    words = _VERDICT_WORDS[row.verdict]
    return f"{words} (carried over)" if row.carried and words else words


_TIME: Final = Column(
    name="s",
    text=lambda row: f"{row.event.onset_s:.2f}",
    value=lambda row: row.event.onset_s,
    help="When it begins, in seconds",
    is_number=True,
)
_KIND: Final = Column(
    name="Kind",
    text=lambda row: kind_words(kind_of(row)),
    value=lambda row: kind_of(row).value,
    help="What it is taken for; with a dot where it is counted",
)
_REGION: Final = Column(
    name="Region",
    text=lambda row: row.event.region,
    value=lambda row: row.event.region,
    help="The muscle region that it lies in",
)
_SCORE: Final = Column(
    name="Score",
    text=lambda row: _number(row.event.score, ".2f"),
    value=lambda row: row.event.score,
    help="How sure the detector is that it is a twitch, 0 to 1",
    is_number=True,
)
_MOVED: Final = Column(
    name="mm",
    text=lambda row: _number(row.event.peak_displacement_mm, ".2f"),
    value=lambda row: row.event.peak_displacement_mm,
    help="How far the tissue moved at the peak, in mm",
    is_number=True,
)
_VERDICT: Final = Column(
    name="Verdict", text=verdict_words, value=verdict_words, help="What you decided"
)

_COLUMNS: Final[Mapping[Mode, tuple[Column, ...]]] = {
    Mode.GUIDED: (_TIME, _KIND, _REGION, _SCORE, _MOVED, _VERDICT),
    Mode.BLINDED: (_TIME, _VERDICT),
    Mode.ANNOTATE: (_TIME, _KIND, _REGION, _VERDICT),
}


def columns_of(mode: Mode) -> tuple[Column, ...]:
    """What a reader of this mode may see."""
    return _COLUMNS[mode]


def filters_of(rows: Sequence[Row], mode: Mode) -> tuple[str, ...]:
    """What the list can be narrowed to: what is counted, undecided, or of one kind."""
    if mode is Mode.BLINDED:
        return (ALL, UNDECIDED)
    there = {kind_of(row) for row in rows}
    kinds = tuple(kind.value for kind in Kind if kind in there)
    return (ALL, COUNTED, UNDECIDED, *kinds) if mode is Mode.GUIDED else (ALL, *kinds)


def is_counted(row: Row) -> bool:
    """Whether it counts as things stand: by the reader's verdict, before one by the detector."""
    return row.counted if row.verdict is None else row.event.kind is Kind.FASCICULATION


def is_undecided(row: Row) -> bool:
    """Whether a verdict is still due; a reader's own event is one itself."""
    return not row.decided


def narrowed(rows: Sequence[Row], to: str) -> tuple[Row, ...]:
    """The rows of one filter."""
    match to:
        case "all":
            return tuple(rows)
        case "counted":
            return tuple(row for row in rows if is_counted(row))
        case "undecided":
            return tuple(row for row in rows if is_undecided(row))
        case _:
            return tuple(row for row in rows if kind_of(row) == to)


def sorted_by(rows: Sequence[Row], column: Column, *, descending: bool) -> tuple[Row, ...]:
    """The rows by one column; equal ones stay as they were, those without a value come last."""
    known = [row for row in rows if column.value(row) not in (None, "")]
    unknown = [row for row in rows if column.value(row) in (None, "")]
    return (*sorted(known, key=column.value, reverse=descending), *unknown)


def in_order(rows: Sequence[Row], keys: Sequence[Key]) -> tuple[Row, ...]:
    """The rows in the order of their keys."""
    by_key = {row.key: row for row in rows}
    return tuple(by_key[key] for key in keys if key in by_key)
