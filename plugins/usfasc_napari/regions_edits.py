"""What a person does to a sketch: each edit is a function from one sketch to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Final

import numpy as np

from usfasc.model import Line, Point, Region
from usfasc.regions.drift import nearest, owner_of
from usfasc.regions.layers import region_name
from usfasc.regions.snapping import draw_through, snap
from usfasc.tissue import rows_at
from usfasc_napari.regions_sketch import (
    Name,
    Sheet,
    Sketch,
    Stroke,
    bounding,
    boxes_of,
    stroke_of,
)

_LEAST_APART_PX: Final = 4.0
"""Between two handles of a line."""
_ONE_PX: Final = 16.0
"""A handle that is put so near to another one is that."""
MOST_LINES: Final = 64
"""As many as a file of lines holds."""


def draw_line(
    sketch: Sketch, point: Point, sheets: Sequence[Sheet], *, snapping: bool = True
) -> Sketch:
    """A new line through a point, from side to side of its picture."""
    sheet = sheets[nearest(point, boxes_of(sheets))]
    if snapping:
        points = draw_through(point, sheet.ridges)
    else:
        x0, _, x1, _ = sheet.picture.box
        points = ((x0 - 0.5, point[1]), (x1 - 0.5, point[1]))
    strokes = (*sketch.strokes, stroke_of(Line(points=points)))
    return ordered(replace(sketch, strokes=strokes, drawn=True))


def pull(
    sketch: Sketch,
    number: int,
    handle: int,
    to: Point,
    sheets: Sequence[Sheet],
    *,
    snapping: bool = True,
) -> Sketch:
    """A line whose handle was dragged; it is laid anew as far as the handles on either side.

    Parameters
    ----------
    sketch, sheets
        What is drawn, and on what.
    number, handle
        Which stroke, and which of its handles.
    to
        ``(x_px, y_px)`` where it was let go.
    snapping
        Whether the line is laid on the fascia beside it, or goes where it was put.
    """
    pulled = pull_stroke(sketch.strokes[number], handle, to, sheets, snapping=snapping)
    return ordered(_with_stroke(sketch, number, pulled))


def pull_stroke(
    stroke: Stroke, handle: int, to: Point, sheets: Sequence[Sheet], *, snapping: bool
) -> Stroke:
    """The line alone, as it is shown while the handle is on its way."""
    sheet = _sheet_of(stroke.line, sheets)
    left, right = _neighbours(stroke, handle)
    x = float(np.clip(to[0], left + _LEAST_APART_PX, right - _LEAST_APART_PX))
    guide = _bent(stroke.line, (left, x, right), to[1])
    points = snap(guide, sheet.ridges, (left, right)) if snapping else guide
    handles = [*stroke.handles_px]
    handles[handle] = round(x, 1)
    return replace(stroke, line=_owned(stroke.line, points), handles_px=tuple(handles))


def hold(
    sketch: Sketch, number: int, point: Point, sheets: Sequence[Sheet], *, snapping: bool = True
) -> Sketch:
    """A line with one more handle, pulled to where it was put; or with a near one pulled there."""
    stroke = sketch.strokes[number]
    away = [abs(x - point[0]) for x in stroke.handles_px]
    if min(away) < _ONE_PX:
        return pull(sketch, number, away.index(min(away)), point, sheets, snapping=snapping)
    handles = sorted([*stroke.handles_px, point[0]])
    held = _with_stroke(sketch, number, replace(stroke, handles_px=tuple(handles)))
    return pull(held, number, handles.index(point[0]), point, sheets, snapping=snapping)


def let_go(
    sketch: Sketch,
    number: int,
    handles: Sequence[int],
    sheets: Sequence[Sheet],
    *,
    snapping: bool = True,
) -> Sketch:
    """A line without some of its handles; gone, where fewer than two are left.

    What lay between the others is laid anew: whoever takes a handle away does not want
    the bend that it made.
    """
    stroke = sketch.strokes[number]
    left = [x for index, x in enumerate(stroke.handles_px) if index not in set(handles)]
    if len(left) < 2 or not stroke.line.proposed:
        return remove(sketch, number)
    rows = rows_at(stroke.line, np.array(left)).tolist()
    guide = _to_sides(list(zip(left, rows, strict=True)), stroke.line)
    ridges = _sheet_of(stroke.line, sheets).ridges
    laid = snap(guide, ridges) if snapping else guide
    fewer = replace(stroke, line=_owned(stroke.line, laid), handles_px=tuple(left))
    return _with_stroke(sketch, number, fewer)


def remove(sketch: Sketch, number: int) -> Sketch:
    """The sketch without one of its lines."""
    strokes = [each for index, each in enumerate(sketch.strokes) if index != number]
    return replace(sketch, strokes=tuple(strokes), drawn=True)


def take_up(sketch: Sketch, number: int) -> Sketch:
    """A guess becomes a line that parts muscles."""
    stroke = sketch.strokes[number]
    taken = replace(stroke, line=_owned(stroke.line, stroke.line.points))
    return ordered(_with_stroke(sketch, number, taken))


def name_below(sketch: Sketch, number: int, name: Name, sheets: Sequence[Sheet]) -> Sketch:
    """Name the muscle below a line; the first side that is given is that of its whole picture."""
    own = bounding(sketch, owner_of(sketch.strokes[number].line, boxes_of(sheets)), sheets)
    strokes = list(sketch.strokes)
    strokes[number] = replace(strokes[number], name=name)
    if name.side is not None and not any(sketch.strokes[index].name.side for index in own):
        for index in own:
            with_side = replace(strokes[index].name, side=name.side)
            strokes[index] = replace(strokes[index], name=with_side)
    return replace(sketch, strokes=tuple(strokes))


def set_muscle_below(sketch: Sketch, number: int, *, is_muscle: bool) -> Sketch:
    """Say whether there is muscle below a line, or bone, its shadow, fat."""
    stroke = sketch.strokes[number]
    line = stroke.line.model_copy(update={"kind": "fascia" if is_muscle else "shadow"})
    return replace(_with_stroke(sketch, number, replace(stroke, line=line)), drawn=True)


def take_whole(sketch: Sketch) -> Sketch:
    """Each picture as one region: lines become guesses, outlines go."""
    strokes = tuple(
        replace(s, line=s.line.model_copy(update={"proposed": False})) for s in sketch.strokes
    )
    return replace(sketch, strokes=strokes, polygons=(), drawn=True)


def name_whole(sketch: Sketch, number: int, name: Name) -> Sketch:
    """Name the muscle that one picture shows as a whole."""
    wholes = [name if index == number else each for index, each in enumerate(sketch.wholes)]
    return replace(sketch, wholes=tuple(wholes))


def set_polygons(sketch: Sketch, polygons: Sequence[Region]) -> Sketch:
    """The outlines that were drawn by themselves."""
    return replace(sketch, polygons=tuple(polygons))


def name_outline(sketch: Sketch, number: int, name: Name) -> Sketch:
    """Name the muscle in an outline."""
    region = sketch.polygons[number]
    called = region_name(name.muscle or "outline", name.side, "")
    update = {"muscle": name.muscle, "side": name.side, "name": called}
    named = region.model_copy(update=update)
    outlines = [named if index == number else each for index, each in enumerate(sketch.polygons)]
    return replace(sketch, polygons=tuple(outlines))


def remove_outline(sketch: Sketch, number: int) -> Sketch:
    """The sketch without one of its outlines."""
    kept = [each for index, each in enumerate(sketch.polygons) if index != number]
    return set_polygons(sketch, kept)


def fresh_names(outlines: Sequence[Region], taken: Sequence[str]) -> tuple[Region, ...]:
    """Outlines as a person drew them; a copy of a known region is one without a name."""
    unnamed = (f"outline {number}" for number in count(1) if f"outline {number}" not in taken)
    used: set[str] = set()
    told = []
    for region in outlines:
        fresh = region.name in used or region.name not in taken
        update = {"name": next(unnamed), "muscle": None, "side": None} if fresh else {}
        told.append(region.model_copy(update=update | {"origin": "drawn"}))
        used.add(told[-1].name)
    return tuple(told)


def dated(sketch: Sketch, before: Sequence[Line], time_s: float) -> Sketch:
    """Lines that a person has drawn or moved are as tissue lay in the frame on display.

    One that found itself keeps its course: tissue drifts as it did.
    """

    def date(stroke: Stroke) -> Stroke:
        line = stroke.line
        if line in before or line.course is not None or line.confidence < 1:
            return stroke
        return replace(stroke, line=line.model_copy(update={"drawn_s": max(time_s, 0.0)}))

    return replace(sketch, strokes=tuple(map(date, sketch.strokes)))


def stroke_near(sketch: Sketch, point: Point, reach_px: float) -> int | None:
    """Number of the line that parts muscles and passes nearest to a point, if any does."""
    away = [
        abs(float(rows_at(stroke.line, np.array(point[0]))) - point[1])
        if stroke.line.proposed
        and stroke.line.points[0][0] <= point[0] <= stroke.line.points[-1][0]
        else np.inf
        for stroke in sketch.strokes
    ]
    best = int(np.argmin(away)) if away else 0
    return best if away and away[best] <= reach_px else None


def ordered(sketch: Sketch) -> Sketch:
    """The lines from top to bottom, as they now lie."""

    def depth(stroke: Stroke) -> float:
        return float(np.mean([y for _, y in stroke.line.points]))

    return replace(sketch, strokes=tuple(sorted(sketch.strokes, key=depth)))


def _with_stroke(sketch: Sketch, number: int, stroke: Stroke) -> Sketch:
    strokes = tuple(stroke if n == number else each for n, each in enumerate(sketch.strokes))
    return replace(sketch, strokes=strokes, drawn=True)


def _owned(line: Line, points: Sequence[Point]) -> Line:
    """A line as a person has it: sure, and where it lies is theirs to say."""
    update = {"points": tuple(points), "confidence": 1.0, "proposed": True}
    kind = "fascia" if line.kind == "skin" else line.kind
    return line.model_copy(update=update | {"kind": kind})


def _sheet_of(line: Line, sheets: Sequence[Sheet]) -> Sheet:
    return sheets[owner_of(line, boxes_of(sheets))]


def _neighbours(stroke: Stroke, handle: int) -> tuple[float, float]:
    """Columns of the handles on either side, or the ends of the line."""
    (first, _), (last, _) = stroke.line.points[0], stroke.line.points[-1]
    ends = (first - _LEAST_APART_PX, *stroke.handles_px, last + _LEAST_APART_PX)
    return ends[handle], ends[handle + 2]


def _bent(line: Line, at_px: tuple[float, float, float], row_px: float) -> tuple[Point, ...]:
    """A line that is bent to a row at one column, and less so towards those on either side.

    Beyond its last handle it goes along as a whole.
    """
    left, x, right = at_px
    by_px = row_px - float(rows_at(line, np.array(x)))
    ends = line.points[0][0], line.points[-1][0]
    shares = (float(left < ends[0]), 1.0, float(right > ends[1]))
    columns = sorted({*(px for px, _ in line.points), *(c for c in at_px if ends[0] < c < ends[1])})
    rows = rows_at(line, np.array(columns)) + by_px * np.interp(columns, at_px, shares)
    return tuple((round(c, 2), round(y, 2)) for c, y in zip(columns, rows.tolist(), strict=True))


def _to_sides(points: Sequence[Point], line: Line) -> tuple[Point, ...]:
    """Points, and level beyond them as far as a line reaches."""
    (first, _), (last, _) = line.points[0], line.points[-1]
    inner = [point for point in points if first < point[0] < last]
    return ((first, points[0][1]), *inner, (last, points[-1][1]))
