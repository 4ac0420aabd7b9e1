"""Muscles between lines: from the edges of the layers to regions, or to why there are none.

Lines propose and never exclude: whatever moves outside every region is still counted in
the whole image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from usfasc.model import Bmode, Floats, Line, Point, Region, Side
from usfasc.tissue import rows_at

MOST_LAYERS: Final = 3
"""Muscles that one picture is taken to show: more is a picture of bright fascicles."""
_THICK_MM: Final = 10.0
"""Above a first fascia deeper than this there is muscle too, and not only fat."""
_THINNEST_MM: Final = 3.0
_LEAST_SHOWN_MM: Final = 6.0
"""Of a layer that the picture cuts off below: less is often what a bone repeats of itself."""
_COLUMNS: Final = 48
"""In which outlines are drawn."""
_NAMES: Final = {
    1: ("muscle",),
    2: ("superficial muscle", "deep muscle"),
    3: ("superficial muscle", "middle muscle", "deep muscle"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a picture's layers are called: muscles from top to bottom, their side, the place.

    ``only`` is the muscle of a layer that is the only one; ``place`` is the name of a picture
    beside others, else empty.
    """

    muscles: tuple[str, ...] = ()
    only: str | None = None
    side: Side | None = None
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Regions of one picture; none where ``reason`` says why."""

    regions: tuple[Region, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """Tissue between two lines, or between a line and the picture's own edge."""

    upper: Line | None
    lower: Line | None


def lay_layers(
    lines: Sequence[Line], picture: Bmode, spacing_mm: tuple[float, float], naming: Naming
) -> Layers:
    """Regions between found lines, where these can be relied on.

    Parameters
    ----------
    lines
        Lines of one picture, from top to bottom.
    picture
        The picture.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    naming
        What the layers are called.
    """
    likely = [line for line in lines if line.kind != "skin"]
    sure = [line for line in likely if line.proposed]
    if not sure:
        return Layers(reason="no fascia crosses the picture clearly enough")
    # One that is left in doubt may part what would be one muscle: 0.98 of the places well within
    # muscles lie in the right region without it, 0.94 with it (600 hard pictures, split dev).
    if len(sure) < len(likely):
        return Layers(reason="a streak in it may be a fascia or not")
    skin = next((line for line in lines if line.kind == "skin" and line.proposed), None)
    bands = [
        band
        for band in _bands(sure, skin, picture, spacing_mm[0])
        if _thickness_mm(band, picture, spacing_mm[0])
        >= (_THINNEST_MM if band.lower is not None else _LEAST_SHOWN_MM)
        and (band.upper is None or band.upper.kind != "shadow")
    ]
    return _named([_polygon(band, picture) for band in bands], naming, "automatic")


def layers_between(lines: Sequence[Line], picture: Bmode, naming: Naming) -> Layers:
    """Regions between lines that a person drew; nothing lies above the first one.

    Parameters
    ----------
    lines
        From top to bottom; below a ``shadow`` there is no muscle.
    picture
        The picture that they cross.
    naming
        What the layers are called; those without a name are told by their place.
    """
    polygons = [polygon for polygon in polygons_below(lines, picture) if polygon]
    return _named(polygons, naming, "drawn")


def polygons_below(lines: Sequence[Line], picture: Bmode) -> tuple[tuple[Point, ...], ...]:
    """Outline of what lies below each line, down to the next one or to the picture's end.

    Parameters
    ----------
    lines
        From top to bottom.
    picture
        The picture that they cross.

    Returns
    -------
    tuple
        ``(x_px, y_px)`` of the corners, line by line; none below a ``shadow``, and where two
        lines leave nothing between them.
    """
    return tuple(
        () if upper.kind == "shadow" else _polygon(_Band(upper=upper, lower=lower), picture)
        for upper, lower in pairwise([*lines, None])
        if upper is not None
    )


def region_name(muscle: str, side: Side | None, place: str) -> str:
    """What a region is called: its muscle or layer, the side, its picture beside others."""
    return ", ".join(word for word in (muscle, side, place) if word)


def layer_names(count: int) -> tuple[str, ...]:
    """What so many layers are called from top to bottom, where their muscles are not known."""
    return _NAMES.get(count) or tuple(f"layer {number}" for number in range(1, count + 1))


def _bands(sure: Sequence[Line], skin: Line | None, picture: Bmode, row_mm: float) -> list[_Band]:
    """Bands from top to bottom; what covers the first fascia only where it is thick."""
    bands = [_Band(upper=upper, lower=lower) for upper, lower in pairwise([*sure, None])]
    covering = _Band(upper=skin, lower=sure[0])
    thick = _thickness_mm(covering, picture, row_mm) > _THICK_MM
    return [covering, *bands] if thick else bands


def _named(polygons: Sequence[tuple[Point, ...]], naming: Naming, origin: str) -> Layers:
    if not polygons:
        return Layers(reason="no layer of muscle lies between the lines")
    if len(polygons) > MOST_LAYERS and origin == "automatic":
        return Layers(reason=f"more than {MOST_LAYERS} layers would be muscles")
    if naming.muscles and len(naming.muscles) != len(polygons):
        named = f"{len(naming.muscles)} muscles are named"
        return Layers(reason=f"{named}, but {len(polygons)} layers were found")
    unnamed = (naming.only if len(polygons) == 1 else None,) * len(polygons)
    muscles: tuple[str | None, ...] = naming.muscles or unnamed
    return Layers(
        regions=tuple(
            Region.model_validate(
                {
                    "name": region_name(muscle or layer, naming.side, naming.place),
                    "muscle": muscle,
                    "side": naming.side,
                    "polygon": polygon,
                    "origin": origin,
                }
            )
            for polygon, muscle, layer in zip(
                polygons, muscles, layer_names(len(polygons)), strict=True
            )
        )
    )


def _thickness_mm(band: _Band, picture: Bmode, row_mm: float) -> float:
    """Median thickness of a band within its picture."""
    x_px, top, bottom = _edges(band, picture)
    return float(np.median(bottom - top) * row_mm) if len(x_px) else 0.0


def _polygon(band: _Band, picture: Bmode) -> tuple[Point, ...]:
    """Outline of a band, clockwise from its upper left; none where it has no width."""
    x_px, top, bottom = _edges(band, picture)
    if len(x_px) < 2:
        return ()
    x = np.concatenate([x_px, x_px[::-1]])
    y = np.concatenate([top, bottom[::-1]])
    return tuple(zip(x.round(2).tolist(), y.round(2).tolist(), strict=True))


def _edges(band: _Band, picture: Bmode) -> tuple[Floats, Floats, Floats]:
    """Columns, and a band's first and last row in each, where the picture shows any of it."""
    x0, y0, x1, y1 = picture.box
    column = np.unique(np.linspace(x0, x1 - 1, _COLUMNS).astype(int))
    shown = picture.mask[y0:y1, column]
    column, shown = column[shown.any(axis=0)], shown[:, shown.any(axis=0)]
    first = y0 + shown.argmax(axis=0) - 0.5
    last = y1 - shown[::-1].argmax(axis=0) - 0.5
    # To the very side of the picture, not to the middle of its last pixels.
    x_px = column + np.where(column == x0, -0.5, np.where(column == x1 - 1, 0.5, 0.0))
    top = first if band.upper is None else np.clip(rows_at(band.upper, x_px), first, last)
    bottom = last if band.lower is None else np.clip(rows_at(band.lower, x_px), first, last)
    kept = _longest_run(bottom - top > 1.0)
    return x_px[kept], top[kept], bottom[kept]


def _longest_run(inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> slice:
    """The longest stretch of true values."""
    edges = np.flatnonzero(np.diff(np.r_[False, inside, False]))
    if not len(edges):
        return slice(0, 0)
    starts, stops = edges[::2], edges[1::2]
    longest = int(np.argmax(stops - starts))
    return slice(int(starts[longest]), int(stops[longest]))
