"""Muscle regions as a person draws them: lines with muscles between, and outlines beside.

Plain values and pure functions; no window. A sketch is what a clip's regions and lines
come from, and it is told from them again (`sketch_of`, `regions_of`, `lines_of`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np

from usfasc.model import Bmode, Box, Line, Point, Region, Side
from usfasc.regions import picture_of, region_mask, whole_regions
from usfasc.regions.drift import owner_of
from usfasc.regions.layers import layer_names, polygons_below, region_name
from usfasc.regions.snapping import Ridges
from usfasc.tissue import rows_at

_HANDLES: Final = (0.08, 0.5, 0.92)
"""Where on its width a line is taken hold of, until a person adds more."""
_SAME: Final = 0.9
"""Overlap from which two outlines are one region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One picture to draw on: what it is called beside others, and what it says of lines."""

    picture: Bmode
    place: str
    ridges: Ridges

    @property
    def row_mm(self) -> float:
        """Height of a pixel, assumed where it is not known."""
        return self.ridges.spacing_mm[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a region is called: a muscle and a side, as far as they are known."""

    muscle: str | None = None
    side: Side | None = None


NO_NAME: Final = Name()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line, the columns at which it is taken hold of, and the muscle below it."""

    line: Line
    handles_px: tuple[float, ...]
    name: Name = NO_NAME

    @property
    def handles(self) -> dict[int, Point]:
        """``(x_px, y_px)`` of its handles by number, from left to right; of a guess one."""
        numbers = range(len(self.handles_px)) if self.line.proposed else [len(self.handles_px) // 2]
        rows = rows_at(self.line, np.array([self.handles_px[number] for number in numbers]))
        return {n: (self.handles_px[n], y) for n, y in zip(numbers, rows.tolist(), strict=True)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Lines from top to bottom, outlines drawn by themselves, and names of whole pictures."""

    strokes: tuple[Stroke, ...] = ()
    polygons: tuple[Region, ...] = ()
    wholes: tuple[Name, ...]
    drawn: bool = False
    """Whether a person changed any line; else the regions between them are automatic."""


def stroke_of(line: Line, name: Name = NO_NAME, handles_px: Sequence[float] = ()) -> Stroke:
    """A line with its usual three handles, or with others."""
    (left, _), (right, _) = line.points[0], line.points[-1]
    usual = [round(left + share * (right - left), 1) for share in _HANDLES]
    return Stroke(line=line, handles_px=tuple(handles_px or usual), name=name)


def sketch_of(
    regions: Sequence[Region],
    lines: Sequence[Line],
    sheets: Sequence[Sheet],
    before: Sketch | None = None,
) -> Sketch:
    """Tell which lines bound which regions, so that both can be drawn on.

    Parameters
    ----------
    regions, lines
        Of a result or a file.
    sheets
        The clip's pictures.
    before
        The sketch until now: lines that are in it keep their handles.

    Returns
    -------
    Sketch
        A line with a region below it bounds that; below another there is no muscle.
        Regions that no line bounds are outlines.
    """
    kept = {stroke.line.points: stroke.handles_px for stroke in before.strokes} if before else {}
    left = [region for region in regions if region.origin != "whole"]
    strokes: list[Stroke] = []
    for number, sheet in enumerate(sheets):
        own = [line for line in lines if owner_of(line, boxes_of(sheets)) == number]
        sure = _from_top([line for line in own if line.proposed])
        sure = _with_top_edge(sure, left, sheet)
        below = polygons_below([_of_kind(line, "fascia") for line in sure], sheet.picture)
        for line, polygon in zip(sure, below, strict=True):
            region = _same_region(polygon, left, sheet.picture)
            left = [each for each in left if each is not region]
            strokes.append(_bounding(line, region, kept.get(line.points, ())))
        strokes += [stroke_of(line) for line in _from_top(own) if not line.proposed]
    return Sketch(
        strokes=tuple(strokes),
        polygons=tuple(left),
        wholes=tuple(_whole_name(regions, number, sheets) for number in range(len(sheets))),
        drawn=any(region.origin == "drawn" for region in regions),
    )


def regions_of(sketch: Sketch, sheets: Sequence[Sheet]) -> tuple[Region, ...]:
    """The regions to count in: what lies below lines, outlines, else whole pictures."""
    boxes = boxes_of(sheets)
    wholes = whole_regions([sheet.picture for sheet in sheets])
    regions: list[Region] = []
    for number, sheet in enumerate(sheets):
        own = [each for each in sketch.polygons if picture_of(each, boxes) == number]
        here = [*_bands(sketch, number, sheets), *own]
        if not here:
            name = sketch.wholes[number]
            update = {"muscle": name.muscle, "side": name.side}
            called = region_name(name.muscle or "", name.side, sheet.place)
            here = [wholes[number].model_copy(update=update | ({"name": called} if called else {}))]
        regions += here
    return _distinct(regions)


def lines_of(sketch: Sketch) -> tuple[Line, ...]:
    """The lines of a sketch, guesses among them."""
    return tuple(stroke.line for stroke in sketch.strokes)


def bounding(sketch: Sketch, number: int, sheets: Sequence[Sheet]) -> list[int]:
    """Numbers of the strokes that bound regions of one picture, from top to bottom."""
    boxes = boxes_of(sheets)
    return [
        index
        for index, stroke in enumerate(sketch.strokes)
        if stroke.line.proposed and owner_of(stroke.line, boxes) == number
    ]


def band_names(sketch: Sketch, sheets: Sequence[Sheet]) -> dict[int, str]:
    """What the region below each stroke is called, for those that have one."""
    names: dict[int, str] = {}
    regions = {region.polygon: region.name for region in regions_of(sketch, sheets)}
    for number, sheet in enumerate(sheets):
        own = bounding(sketch, number, sheets)
        below = polygons_below([sketch.strokes[index].line for index in own], sheet.picture)
        names |= {i: regions[p] for i, p in zip(own, below, strict=True) if p}
    return names


def _bands(sketch: Sketch, number: int, sheets: Sequence[Sheet]) -> list[Region]:
    """Regions below the lines of one picture."""
    own = [sketch.strokes[index] for index in bounding(sketch, number, sheets)]
    below = polygons_below([stroke.line for stroke in own], sheets[number].picture)
    bounded = [(each.name, polygon) for each, polygon in zip(own, below, strict=True) if polygon]
    layers = layer_names(len(bounded))
    return [
        Region(
            name=region_name(name.muscle or layer, name.side, sheets[number].place),
            muscle=name.muscle,
            side=name.side,
            polygon=polygon,
            origin="drawn" if sketch.drawn else "automatic",
        )
        for (name, polygon), layer in zip(bounded, layers, strict=True)
    ]


def boxes_of(sheets: Sequence[Sheet]) -> list[Box]:
    """Where the pictures lie on the screen."""
    return [sheet.picture.box for sheet in sheets]


def top_edge(sheet: Sheet) -> Line:
    """A picture's own upper edge, above which nothing is shown."""
    x0, y0, x1, _ = sheet.picture.box
    return Line(points=((x0 - 0.5, y0 - 0.5), (x1 - 0.5, y0 - 0.5)))


def line_origin(line: Line, sheet: Sheet) -> str:
    """Where a line that parts muscles comes from."""
    if line.points == top_edge(sheet).points:
        return "upper edge of the picture"
    return "by a person" if line.confidence == 1.0 else f"found, confidence {line.confidence:.2f}"


def _from_top(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: float(np.mean([y for _, y in line.points])))


def _of_kind(line: Line, kind: str) -> Line:
    return line.model_copy(update={"kind": kind})


def _with_top_edge(sure: list[Line], regions: Sequence[Region], sheet: Sheet) -> list[Line]:
    """The lines, below the picture's own edge where a region reaches from there to the first."""
    edge = top_edge(sheet)
    covering = polygons_below([edge, *sure], sheet.picture)[0]
    reaches = bool(sure) and _same_region(covering, regions, sheet.picture) is not None
    return [edge, *sure] if reaches else sure


def _bounding(line: Line, region: Region | None, handles_px: Sequence[float]) -> Stroke:
    if region is None and line.kind == "skin":
        return stroke_of(line.model_copy(update={"proposed": False}))
    if region is None:
        return stroke_of(_of_kind(line, "shadow"), handles_px=handles_px)
    own = _of_kind(line, "fascia") if line.kind == "shadow" else line
    return stroke_of(own, Name(muscle=region.muscle, side=region.side), handles_px)


def _same_region(
    polygon: tuple[Point, ...], regions: Sequence[Region], picture: Bmode
) -> Region | None:
    """The region that has an outline, but for what rounding and other tags make of it."""
    exact = next((region for region in regions if region.polygon == polygon), None)
    if exact is not None or not polygon or not regions:
        return exact
    shape = picture.mask.shape
    mask = region_mask(Region(name="band", polygon=polygon), shape)
    shares = []
    for region in regions:
        other = region_mask(region, shape)
        shares.append(float((mask & other).sum() / max((mask | other).sum(), 1)))
    best = int(np.argmax(shares))
    return regions[best] if shares[best] >= _SAME else None


def _whole_name(regions: Sequence[Region], number: int, sheets: Sequence[Sheet]) -> Name:
    boxes = boxes_of(sheets)
    for region in regions:
        if region.origin == "whole" and picture_of(region, boxes) == number:
            return Name(muscle=region.muscle, side=region.side)
    return NO_NAME


def _distinct(regions: Sequence[Region]) -> tuple[Region, ...]:
    """The regions, those of one name told apart by a number."""
    taken = Counter(region.name for region in regions)
    used: set[str] = set()
    told = []
    for region in regions:
        called = (f"{region.name} ({number})" for number in count(1))
        name = region.name if taken[region.name] == 1 else next(n for n in called if n not in used)
        used.add(name)
        told.append(region.model_copy(update={"name": name}))
    return tuple(told)
