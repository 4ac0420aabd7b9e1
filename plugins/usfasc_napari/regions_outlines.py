"""What a person did to the outlines of regions, with whichever of napari's tools."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from usfasc.model import Floats, Point, Region
from usfasc_napari import regions_edits as edits
from usfasc_napari.layers import regions_of
from usfasc_napari.regions_sketch import Sketch

NOT_REGIONS: Final = "Regions are polygons, rectangles or ellipses; a line or path encloses none."
_ENCLOSING: Final = frozenset({"polygon", "rectangle", "ellipse"})


def take_outlines(layer: Any, sketch: Sketch, regions: Sequence[Region]) -> Sketch | None:
    """The sketch with the outlines that a layer shows.

    An outline that lines had bounded, and that is another now or gone, is held by them no
    more: they become guesses, and all outlines stand by themselves.

    Parameters
    ----------
    layer
        The layer of the regions.
    sketch, regions
        As they were laid out in it.

    Returns
    -------
    Sketch or None
        None where a shape encloses nothing.
    """
    if not set(layer.shape_type) <= _ENCLOSING:
        return None
    shapes = zip(layer.data, layer.shape_type, strict=True)
    data = [_ellipse(corners) if kind == "ellipse" else corners for corners, kind in shapes]
    shown = regions_of(data, layer.features)
    bounded = [region for region in regions if region not in sketch.polygons]
    own = [each for each in shown if not any(_alike(each.polygon, b.polygon) for b in bounded)]
    if len(shown) - len(own) < len(bounded) and any(s.line.proposed for s in sketch.strokes):
        sketch, own = edits.take_whole(sketch), [*shown]
    outlines = edits.fresh_names(own, [region.name for region in regions])
    return sketch if outlines == sketch.polygons else edits.set_polygons(sketch, outlines)


def _alike(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two outlines have the same corners, to within what napari's arithmetic loses."""
    return len(one) == len(other) and bool(np.allclose(one, other, rtol=0, atol=0.01))


def _ellipse(corners: Floats) -> Floats:
    """The outline ``(48, 2)`` of an ellipse that napari keeps by the corners about it."""
    middle, down, across = corners.mean(axis=0), corners[1] - corners[0], corners[2] - corners[1]
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)[:, np.newaxis]
    return np.asarray(middle + 0.5 * (np.cos(turn) * across + np.sin(turn) * down), np.float64)
