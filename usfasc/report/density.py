"""Where a muscle twitches most: the result's map of density, laid over the mean picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from scipy.ndimage import map_coordinates

from usfasc.describe.density import density_map
from usfasc.model import WHOLE_IMAGE, Box, DensityMap, Event, Floats, Result, Site
from usfasc.regions.counting import counted_in, judged_s, spans_of
from usfasc.report import style
from usfasc.report.view import View
from usfasc.report.where import write_on

_SHOWN_FROM = 0.08
"""Share of the largest density from which it is drawn."""
_EDGE = 0.9
"""Share of the width from which a name stands to the left of its place, to stay in the picture."""
_HEAT = LinearSegmentedColormap.from_list("heat", ["#D55E00", "#E69F00", "#F0E442"])


def densities(result: Result) -> tuple[list[tuple[Box, DensityMap]], bool]:
    """The maps of a result's pictures, and whether they are in twitches per mm2 and minute.

    Where no scale is known the map is made with the one that was assumed, which leaves its
    shape. There is none where nothing was counted or could be judged.
    """
    counted = counted_in(WHOLE_IMAGE, result.events)
    minutes = judged_s(spans_of(WHOLE_IMAGE, result.assessable)) / 60
    if not counted or not minutes:
        return [], False
    known = all(picture.spacing_mm is not None for picture in result.pictures)
    maps = [
        picture.density
        if known
        else density_map(counted, picture.box_px, picture.analysed_spacing_mm, minutes)
        for picture in result.pictures
    ]
    pairs = zip(result.pictures, maps, strict=True)
    return [(picture.box_px, drawn) for picture, drawn in pairs if drawn is not None], known


def draw_density(
    axes: Axes, maps: Sequence[tuple[Box, DensityMap]], view: View, *, known: bool
) -> Any:
    """Lay maps over the picture already drawn.

    Parameters
    ----------
    axes
        Where the picture is drawn, in pixels of the stored frame.
    maps
        At least one, each with the box of its picture.
    view
        What may be shown.
    known
        Whether they are per mm2; else they are drawn as shares of the largest.

    Returns
    -------
    Any
        What a colour bar needs.
    """
    x0, y0, x1, y1 = view.box
    values = np.zeros(view.mask.shape)
    for (left, upper, right, lower), drawn in maps:
        values[upper - y0 : lower - y0, left - x0 : right - x0] = at_pixels(
            drawn, (lower - upper, right - left)
        )
    top = max(float(values.max()), 1e-9)
    if not known:
        values, top = values / top, 1.0
    seen = np.where(view.mask & (values >= _SHOWN_FROM * top), values, np.nan)
    return axes.imshow(
        seen,
        extent=(x0 - 0.5, x1 - 0.5, y1 - 0.5, y0 - 0.5),
        aspect=view.aspect,
        cmap=_HEAT,
        vmin=0,
        vmax=top,
        alpha=np.where(np.isfinite(seen), 0.25 + 0.45 * values / top, 0.0),
        interpolation="bilinear",
    )


def at_pixels(drawn: DensityMap, shape: tuple[int, int]) -> Floats:
    """A map's values ``(height, width)`` at the pixels of its picture, by cubic splines."""
    places = [
        (np.arange(size) + 0.5) / cell - 0.5
        for size, cell in zip(shape, drawn.cell_px, strict=True)
    ]
    grid = np.meshgrid(*places, indexing="ij")
    found = map_coordinates(np.array(drawn.per_mm2_min), grid, order=3, mode="nearest")
    return np.asarray(np.maximum(found, 0.0), np.float64)


def mark_sites(axes: Axes, sites: Sequence[Site], events: Sequence[Event]) -> None:
    """Each twitch as a dot, and the name of each site beside it: above stand those of regions."""
    left, right = axes.get_xlim()
    places = [(event.x_px, event.y_px) for event in counted_in(WHOLE_IMAGE, events)]
    if places:
        axes.plot(*zip(*places, strict=True), "o", color="white", ms=2.6, mec="black", mew=0.5)
    for site in sites:
        place = (site.x_px, site.y_px)
        side, anchor = (-8, "right") if site.x_px > left + _EDGE * (right - left) else (8, "left")
        axes.plot(*place, "+", color="white", ms=7, mew=1.6)
        write_on(axes, site.site, place, offset=(side, 0), color=style.OTHER, ha=anchor)
