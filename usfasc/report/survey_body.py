"""A schematic map of the body: front, head and back, each muscle shaded by what was found.

The drawing is ours, and its places are data (``body_map.json``): the outline of one half,
mirrored, and an ellipse for each muscle of the vocabulary, ``[x, y, half its width, half
its height, degrees that it is turned]``, x from the midline. What is on the midline is
halved where a side is given. Each muscle that was examined is named beside the figure,
with its shade, since its place may be too small to tell it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians, sin
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from usfasc.model import Side, Value
from usfasc.regions.vocabulary import find_muscle
from usfasc.report.survey_hatch import Ellipse, Point, around, half_around, hatch
from usfasc.report.survey_shades import BLIND, Shade, shade_of
from usfasc.report.survey_words import brief_words, muscle_words, short_name
from usfasc.survey.findings import MuscleRecord

_COLUMN: Final = 100.0
"""Room for names, left and right of a figure."""
_GAP: Final = 15.0
"""Between the names of one column."""
_CLEAR: Final = 4.0
"""Between a figure and the names beside it."""


class _Place(Value):
    """One view of the body, as the data have it."""

    outline: str
    left_is: int
    """Of the patient, in the picture: 1 to the right, as seen from the front; else -1."""
    half_width: float
    height: float
    muscles: dict[str, Ellipse]


class _Outline(NamedTuple):
    """Of one muscle in a view: as a path, as points around it, and its centre."""

    path: str
    corners: tuple[Point, ...]
    centre: Point


class _Atlas(Value):
    outlines: dict[str, str]
    views: dict[str, _Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One examined muscle in its place."""

    path: str
    hatch: str
    """Strokes upon it, empty where its shade has no pattern."""
    shade: Shade
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The name of one muscle beside the figure, with a line to its place."""

    words: str
    shade: Shade
    to_left: bool
    x: float
    y: float
    centre: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyView:
    """One figure; lengths are in units of the drawing."""

    name: str
    left_is: int
    """1 where the patient's left is to the right, as seen from the front; else -1."""
    half_width: float
    """Of the figure itself, without the names beside it."""
    width: float
    height: float
    outline: str
    """Of one half, from the midline to the right."""
    blank: str
    """Places of all muscles, whether or not they were examined."""
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]


def body_views(muscles: Sequence[MuscleRecord]) -> tuple[BodyView, ...]:
    """The figures of one subject in one session: front, head, back."""
    return tuple(_view(name, place, muscles) for name, place in _atlas().views.items())


def without_place(muscles: Iterable[MuscleRecord]) -> tuple[MuscleRecord, ...]:
    """Muscles that the map does not show: not in it, or paired and without a side."""
    views = _atlas().views.values()
    return tuple(
        muscle for muscle in muscles if not any(_outline_of(muscle, place) for place in views)
    )


@cache
def _atlas() -> _Atlas:
    text = files("usfasc.report").joinpath("body_map.json").read_text(encoding="utf-8")
    return TypeAdapter(_Atlas).validate_python(json.loads(text))


def _view(name: str, place: _Place, muscles: Sequence[MuscleRecord]) -> BodyView:
    shapes = []
    labels = []
    for muscle in muscles:
        found = _outline_of(muscle, place)
        if found is None:
            continue
        shapes.append(_shape(muscle, found))
        labels.append(_label(muscle, shade_of(muscle), found.centre, place))
    return BodyView(
        name=name,
        left_is=place.left_is,
        half_width=place.half_width,
        width=2 * (place.half_width + _COLUMN),
        height=place.height,
        outline=_atlas().outlines[place.outline],
        blank=_blank(name),
        shapes=tuple(shapes),
        labels=(*_apart(labels, place, to_left=True), *_apart(labels, place, to_left=False)),
    )


def _shape(muscle: MuscleRecord, found: _Outline) -> Shape:
    shade = shade_of(muscle)
    crossed = shade.pattern == BLIND.pattern
    return Shape(
        path=found.path,
        hatch=hatch(found.corners, crossed=crossed) if shade.pattern else "",
        shade=shade,
        words=f"{muscle_words(muscle)}: {brief_words(muscle)}",
    )


def _label(muscle: MuscleRecord, shade: Shade, centre: Point, place: _Place) -> Label:
    to_left = centre[0] < 0
    edge = place.half_width + _CLEAR
    words = f"{short_name(muscle.muscle)} {brief_words(muscle)}"
    return Label(
        words=words,
        shade=shade,
        to_left=to_left,
        x=-edge if to_left else edge,
        y=centre[1],
        centre=centre,
    )


def _apart(labels: Sequence[Label], place: _Place, *, to_left: bool) -> list[Label]:
    """The names of one column, moved so that none lies upon another."""
    column = sorted((each for each in labels if each.to_left is to_left), key=lambda each: each.y)
    heights: list[float] = []
    for label in column:
        heights.append(max(label.y, heights[-1] + _GAP if heights else _GAP / 2))
    lowest = place.height - _GAP / 2
    for index in reversed(range(len(heights))):
        heights[index] = min(heights[index], lowest)
        lowest = heights[index] - _GAP
    return [
        Label(
            words=label.words,
            shade=label.shade,
            to_left=to_left,
            x=label.x,
            y=round(y, 1),
            centre=label.centre,
        )
        for label, y in zip(column, heights, strict=True)
    ]


def _outline_of(muscle: MuscleRecord, place: _Place) -> _Outline | None:
    """Where a muscle is in one view; None where it has no place there."""
    known = find_muscle(muscle.muscle)
    ellipse = place.muscles.get(known.name) if known else None
    if ellipse is None:
        return None
    x, y, half_width, _, _ = ellipse
    if muscle.side in (None, Side.MIDLINE):
        return None if x else _Outline(_ellipse(ellipse), around(ellipse), (x, y))
    sign = place.left_is if muscle.side is Side.LEFT else -place.left_is
    if x:
        return _Outline(_ellipse(ellipse, sign), around(ellipse, sign), (sign * x, y))
    middle = sign * half_width / 2, y
    return _Outline(_half(ellipse, sign), half_around(ellipse, sign), middle)


@cache
def _blank(name: str) -> str:
    place = _atlas().views[name]
    return "".join(
        _ellipse(ellipse, sign)
        for ellipse in place.muscles.values()
        for sign in ((1, -1) if ellipse[0] else (1,))
    )


def _ellipse(ellipse: Ellipse, sign: int = 1) -> str:
    """A turned ellipse as an SVG path; mirrored where the sign is -1."""
    x, y, rx, ry, turned = ellipse
    angle = radians(turned * sign)
    dx, dy = rx * cos(angle), rx * sin(angle)
    arc = f"A{rx:g} {ry:g} {turned * sign:g} 1 0"
    ends = [f"{sign * x + way * dx:.1f} {y + way * dy:.1f}" for way in (-1, 1)]
    return f"M{ends[0]}{arc} {ends[1]}{arc} {ends[0]}Z"


def _half(ellipse: Ellipse, sign: int) -> str:
    """The half of an upright ellipse on one side of the midline."""
    x, y, rx, ry, _ = ellipse
    sweep = 1 if sign > 0 else 0
    return f"M{x:g} {y - ry:g}A{rx:g} {ry:g} 0 0 {sweep} {x:g} {y + ry:g}Z"
