"""A sketch as napari's layers: lines, the handles they are pulled by; plain data, no window.

Handles know their line by a feature, so that whatever a person does to them with napari's
own tools can be told: pulled, put, pasted or taken away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from usfasc.model import Floats, Line, Point
from usfasc.tissue import rows_at
from usfasc_napari.layers import Axes, LayerData
from usfasc_napari.regions_sketch import Sketch, Stroke

LINE_COLOUR: Final = "#F0E442"
"""Yellow is for what lies on an ultrasound image (Okabe and Ito 2008)."""
GUESS_COLOUR: Final = "#FFFFFF"
_DASHES: Final = 12
"""Of a guess, from side to side: napari takes each for a shape, at a millisecond or two."""
_LINE_MM: Final = 0.25
_HANDLE_MM: Final = 1.5
_HANDLE_PT: Final = (9, 48)
"""Size of a handle on the screen: never too small to take, nor hidden by its line up close."""
ID: Final = "handle"
"""Feature of a handle: ``stroke:handle``, empty for a new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was done to handles: pulled ones, lost ones, new ones."""

    pulled: tuple[tuple[int, int, Point], ...] = ()
    """``(stroke, handle, to)``."""
    lost: Mapping[int, tuple[int, ...]]
    """Handles that are gone, by stroke."""
    put: tuple[Point, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.pulled or self.lost or self.put)


def line_paths(strokes: Sequence[Stroke]) -> tuple[list[Floats], list[str]]:
    """Lines as paths ``(y, x)`` with a colour each: whole where they part muscles, else dashed."""
    paths: list[Floats] = []
    colours: list[str] = []
    for stroke in strokes:
        parts = [_path(stroke.line)] if stroke.line.proposed else _dashes(stroke.line)
        paths += parts
        colours += [LINE_COLOUR if stroke.line.proposed else GUESS_COLOUR] * len(parts)
    return paths, colours


def line_layer(strokes: Sequence[Stroke], axes: Axes, row_mm: float, name: str) -> LayerData:
    """Lines, shown in every frame; they are pulled by their handles, not drawn on."""
    paths, colours = line_paths(strokes)
    keywords = {
        **_placed(name, axes),
        "ndim": 2,
        "shape_type": "path",
        "edge_color": colours or LINE_COLOUR,
        "face_color": "transparent",
        "edge_width": _LINE_MM / row_mm,
        "opacity": 0.9,
    }
    return paths, keywords, "shapes"


def handle_layer(strokes: Sequence[Stroke], axes: Axes, row_mm: float, name: str) -> LayerData:
    """The handles of lines as points ``(y, x)``, shown in every frame."""
    data, features = handle_points(strokes)
    colours = handle_colours(strokes)
    keywords = {
        **_placed(name, axes),
        "ndim": 2,
        "features": features,
        "feature_defaults": {ID: ""},
        "face_color": "transparent",
        "border_color": colours or LINE_COLOUR,
        "border_width": 0.2,
        "size": _HANDLE_MM / row_mm,
        "canvas_size_limits": _HANDLE_PT,
        "symbol": "disc",
    }
    return data, keywords, "points"


def handle_points(strokes: Sequence[Stroke]) -> tuple[Floats, dict[str, Any]]:
    """Places ``(y, x)`` of all handles, and whose they are."""
    rows = [
        (y, x, f"{number}:{handle}")
        for number, stroke in enumerate(strokes)
        for handle, (x, y) in stroke.handles.items()
    ]
    data = np.array([(y, x) for y, x, _ in rows], float).reshape(-1, 2)
    return data, {ID: np.array([own for *_, own in rows], object)}


def handle_colours(strokes: Sequence[Stroke]) -> list[str]:
    """Colours of all handles: those of their lines."""
    return [
        LINE_COLOUR if stroke.line.proposed else GUESS_COLOUR
        for stroke in strokes
        for _ in stroke.handles
    ]


def changes_of(sketch: Sketch, data: Floats, features: Mapping[str, Any]) -> Changes:
    """What became of the handles of a sketch.

    Parameters
    ----------
    sketch
        As it was when the handles were laid out.
    data, features
        Of the points as they are now; a new one may have taken on the features of another.
    """
    before, known = handle_points(sketch.strokes)
    where = dict(zip(known[ID], before, strict=True))
    pulled: list[tuple[int, int, Point]] = []
    put: list[Point] = []
    seen: set[str] = set()
    for own, (y, x) in zip(features[ID], np.asarray(data)[:, -2:], strict=True):
        place = (float(x), float(y))
        if own not in where or own in seen:
            put.append(place)
        elif not np.array_equal(where[own], (y, x)):
            number, handle = map(int, str(own).split(":"))
            pulled.append((number, handle, place))
        seen.add(own)
    lost: dict[int, tuple[int, ...]] = {}
    for own in [own for own in known[ID] if own not in seen]:
        number, handle = map(int, str(own).split(":"))
        lost[number] = (*lost.get(number, ()), handle)
    return Changes(pulled=tuple(pulled), lost=lost, put=tuple(put))


def _path(line: Line) -> Floats:
    return np.array(line.points, float)[:, ::-1]


def _dashes(line: Line) -> list[Floats]:
    """Every other piece of a line."""
    left, right = line.points[0][0], line.points[-1][0]
    edges = np.linspace(left, right, 2 * _DASHES)
    pieces = [np.linspace(a, b, 4) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [np.stack([rows_at(line, x), x], axis=1) for x in pieces]


def _placed(name: str, axes: Axes) -> dict[str, Any]:
    return {
        "name": name,
        "scale": axes.scale[1:],
        "units": axes.units[1:],
        "axis_labels": axes.labels[1:],
    }
