"""Where a muscle twitches most: twitches per mm2 and minute, on the mean picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from scipy.ndimage import gaussian_filter

from usfasc.model import Event, Floats, Site
from usfasc.report import style
from usfasc.report.view import View
from usfasc.report.where import write_on

SPREAD_MM: Final = 2.0
"""Width (standard deviation) that a twitch is given: its place is found to 1.3 mm or better
(median), and the tissue that moves reaches a few mm."""

_ASSUMED_MM = 50.0
_SHOWN_FROM = 0.08
"""Share of the largest density from which it is drawn."""
_HEAT = LinearSegmentedColormap.from_list("heat", ["#D55E00", "#E69F00", "#F0E442"])


def density(
    events: Sequence[Event], view: View, spacing_mm: tuple[float, float] | None, minutes: float
) -> Floats:
    """Twitches per mm2 and minute ``(height, width)`` over the view's box.

    Without a scale the picture is taken to be 50 mm wide, which leaves the shape.

    Parameters
    ----------
    events
        Counted twitches.
    view
        What may be shown.
    spacing_mm
        ``(dy, dx)``; None where unknown.
    minutes
        Assessable time.
    """
    x0, y0 = view.box[:2]
    height, width = view.mask.shape
    dy, dx = spacing_mm or (_ASSUMED_MM / width * view.aspect, _ASSUMED_MM / width)
    counts = np.zeros((height, width))
    for event in events:
        row = min(max(round(event.y_px) - y0, 0), height - 1)
        column = min(max(round(event.x_px) - x0, 0), width - 1)
        counts[row, column] += 1
    smooth = gaussian_filter(counts, (SPREAD_MM / dy, SPREAD_MM / dx), mode="constant")
    return np.asarray(smooth / (dy * dx * minutes))


def draw_density(axes: Axes, values: Floats, view: View) -> Any:
    """Lay a density over the picture already drawn; what a colour bar needs."""
    x0, y0, x1, y1 = view.box
    top = max(float(values.max()), 1e-9)
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


def mark_sites(axes: Axes, sites: Sequence[Site]) -> None:
    """The name of each site at its place."""
    for site in sites:
        axes.plot(site.x_px, site.y_px, "+", color="white", ms=7, mew=1.6)
        write_on(axes, site.site, (site.x_px, site.y_px), offset=(0, 9), color=style.OTHER)
