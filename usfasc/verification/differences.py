"""What differs between two results of one clip, field by field, in words.

Both are taken apart into named things: an event by its number, a region by its name, a
summary by its region. Events are paired one to one by time and place, so that one which is
not found again does not make all that follow it differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, Final

from usfasc.match import match_events, spacing_of
from usfasc.model import WHOLE_IMAGE, Event, Kind, Result, Value
from usfasc.verification.nearness import is_near, numbers_of

_NOTHING: Final = "nothing"
_APART: Final = frozenset({"engine", "given", "schema_version", "disclaimer"})
"""What made it is told apart; what it was made of is what both were made of."""
_NAMED: Final = {
    "regions": ("region", "name"),
    "summaries": ("result of", "region"),
    "sites": ("site", "site"),
}
"""Rows that have a name: words for one, and the field that names it."""
_NUMBERED: Final = {"lines": "line", "vessels": "vessel", "pictures": "picture"}


class Difference(Value):
    """One field that is not the same."""

    field: str
    """Where it is, as ``event 3, onset_s``."""
    stored: str
    now: str
    near: bool
    """By no more than another processor may make."""


def differences(stored: Result, fresh: Result) -> tuple[Difference, ...]:
    """What is not the same in two results of one clip.

    Parameters
    ----------
    stored, fresh
        As it was read, and as it comes out now (`usfasc.io.results.as_written`). Fields that
        an older usfasc did not write are not compared.

    Returns
    -------
    tuple of Difference
        In the order of a result's fields.
    """
    old, new = _events(stored, fresh)
    old |= _things(stored, stored.model_fields_set)
    new |= _things(fresh, stored.model_fields_set)
    names = (*old, *(name for name in new if name not in old))
    return tuple(d for name in names for d in _compared(name, old.get(name), new.get(name)))


def _things(result: Result, fields: Set[str]) -> dict[str, Any]:
    """These fields of a result, without its events, by what its things are called."""
    tree = result.model_dump(
        mode="json", include=set(fields) - {"events", *_APART}, exclude_unset=True
    )
    things: dict[str, Any] = {}
    for name, value in tree.items():
        if name in _NAMED:
            words, key = _NAMED[name]
            things |= {f"{words} {_region_words(row[key])}": row for row in value}
        elif name in _NUMBERED:
            things |= {f"{_NUMBERED[name]} {number}": row for number, row in enumerate(value, 1)}
        elif name == "assessable":
            things |= _spans(value)
        elif name == "warnings":
            things |= {f'warning "{sentence}"': "told" for sentence in value}
        else:
            things[name] = value
    return things


def _spans(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Assessable time: the spans of each region, numbered."""
    named: dict[str, Any] = {}
    counts: dict[str, int] = {}
    for row in rows:
        region = _region_words(row["region"])
        counts[region] = counts.get(region, 0) + 1
        named[f"assessable time of {region}, span {counts[region]}"] = row
    return named


def _region_words(name: str) -> str:
    return "the whole image" if name == WHOLE_IMAGE else name


def _events(stored: Result, fresh: Result) -> tuple[dict[str, Any], dict[str, Any]]:
    """The events of both, each pair under one name."""
    matching = match_events(
        stored.events, fresh.events, spacing_mm=spacing_of(stored), kinds=set(Kind)
    )
    same_number = len(stored.events) == len(fresh.events) == len(matching.pairs)
    left_out = None if same_number else {"event"}
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for one, other in sorted(matching.pairs, key=lambda pair: pair[0].event):
        name = f"event {one.event}" + (", borderline" if one.borderline or other.borderline else "")
        old[name] = one.model_dump(mode="json", exclude=left_out, exclude_unset=True)
        new[name] = other.model_dump(mode="json", exclude=left_out)
    old |= {f"event {event.event}": _event_words(event) for event in matching.missed}
    new |= {
        f"new event at {event.onset_s:.2f} s": _event_words(event) for event in matching.surplus
    }
    return old, new


def _event_words(event: Event) -> str:
    border = ", borderline" if event.borderline else ""
    return f"{event.kind.value} at {event.onset_s:.2f} s{border}"


def _compared(where: str, old: Any, new: Any) -> Iterator[Difference]:
    """Differences of two trees, thing by thing and field by field."""
    if old == new and type(old) is type(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old:
            yield from _compared(f"{where}, {name}", old[name], new.get(name))
        return
    yield Difference(field=where, **_words(old, new), near=is_near(where, old, new))


def _words(old: Any, new: Any) -> dict[str, str]:
    """The two values; of long lists of numbers, how far they are apart."""
    one, other = numbers_of(old), numbers_of(new)
    if one is not None and other is not None and len(one) == len(other) > 4:
        apart = max(abs(a - b) for a, b in zip(one, other, strict=True))
        return {"stored": f"{len(one)} numbers", "now": f"up to {apart:.4g} away"}
    return {"stored": _said(old), "now": _said(new)}


def _said(value: Any) -> str:
    if value is None or value == "":
        return _NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return f"{len(value)} fields"
    numbers = numbers_of(value)
    if isinstance(value, list) and (numbers is None or len(numbers) > 4):
        return f"{len(numbers or value)} values"
    text = str(value)
    return text if len(text) <= 120 else f"{len(text)} letters"
