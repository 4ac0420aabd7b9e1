"""What was taken for the B-mode area: in its place on an empty screen, with masks and vessels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from usfasc.model import Cine, Floats, Line, Mask, Vessel
from usfasc.report import style
from usfasc.report.view import View
from usfasc.report.where import draw_lines, draw_scale, frame_axes, show_frame
from usfasc.tissue import Hidden, why_masked

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Patch

_SCREEN: Final = "#f4f4f4"
_HATCH: Final = "#444444"
_LOOKS: Final[dict[Hidden, tuple[str, str]]] = {
    "dark or outside the sector": ("#8c8c8c", "...."),
    "drawn over it": ("#E69F00", "////"),
    "coloured": ("#CC79A7", "xxxx"),
}
"""Colour and hatching of what is masked."""
_VESSEL: Final = "#56B4E9"
_VESSEL_WORDS: Final = "dark lumen, as of a vessel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What may be shown: a frame ``(y, x)`` of the view, what is masked in it, vessels, lines."""

    still: Floats
    hidden: dict[Hidden, Mask]
    vessels: tuple[Vessel, ...]
    lines: tuple[Line, ...]


def look(cine: Cine, view: View, lines: Sequence[Line], vessels: Sequence[Vessel]) -> Found:
    """Decode the middle frame, and see what is masked for which reason.

    Parameters
    ----------
    cine, view
        The clip, and what of it may be shown.
    lines, vessels
        Those that a detection would tell.
    """
    middle = cine.frames.count // 2
    (frame,) = cine.frames.stream(middle, middle + 1)
    x0, y0, x1, y1 = view.box
    parts = [why_masked(cine, picture) for picture in cine.pictures]
    hidden = {
        reason: np.logical_or.reduce([part[reason] for part in parts])[y0:y1, x0:x1]
        for reason in _LOOKS
    }
    still = np.where(view.mask, view.shown(frame.grey), np.nan)
    return Found(still=still, hidden=hidden, vessels=tuple(vessels), lines=tuple(lines))


def draw_screen(axes: Axes, found: Found, cine: Cine, view: View) -> None:
    """The whole screen, empty but for the B-mode pictures."""
    height, width = cine.frames.shape
    meanings = _draw_pictures(axes, found, cine, view)
    axes.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5), facecolor=_SCREEN)
    draw_lines(axes, found.lines)
    axes.tick_params(length=3, pad=2)
    axes.set_xlabel("pixels of the stored frame; outside the blue box nothing is shown")
    axes.set_title(f"What was taken for the B-mode area ({_origins(cine)})", pad=22)
    if meanings:
        place: style.Look = {"loc": "lower left", "bbox_to_anchor": (-0.01, 0.99)}
        type_: style.Look = {"fontsize": style.TINY, "frameon": False, "ncols": len(meanings)}
        axes.legend(handles=meanings, borderaxespad=0.2, handletextpad=0.4, **place, **type_)


def draw_enlarged(axes: Axes, found: Found, cine: Cine, view: View) -> None:
    """The B-mode pictures alone, as large as the panel."""
    _draw_pictures(axes, found, cine, view)
    axes.set_axis_off()
    frame_axes(axes, view)
    draw_lines(axes, found.lines)


def _draw_pictures(axes: Axes, found: Found, cine: Cine, view: View) -> list[Artist]:
    """Pictures at their place, their masks, boxes and scales; what the colours mean."""
    from matplotlib.patches import Rectangle

    show_frame(axes, found.still, view)
    meanings: list[Artist | None] = [
        _tint(axes, reason, mask, view) for reason, mask in found.hidden.items()
    ]
    meanings.append(_outline(axes, found.vessels))
    for picture in cine.pictures:
        left, top, right, bottom = picture.box
        edge: style.Look = {"fill": False, "ec": style.REGION_COLOURS[1], "lw": 2}
        axes.add_patch(Rectangle((left - 0.5, top - 0.5), right - left, bottom - top, **edge))
        draw_scale(axes, picture, cine.spacing_of(picture))
    return [meaning for meaning in meanings if meaning is not None]


def _outline(axes: Axes, vessels: Sequence[Vessel]) -> Artist | None:
    """Outlines of the vessels, and their meaning; None where there are none."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Polygon

    line: style.Look = {"lw": 1.5, "ls": "--"}
    for vessel in vessels:
        axes.add_patch(Polygon(np.array(vessel.polygon), fill=False, ec=_VESSEL, **line))
    return Line2D([], [], color=_VESSEL, label=_VESSEL_WORDS, **line) if vessels else None


def _tint(axes: Axes, reason: Hidden, mask: Mask, view: View) -> Patch | None:
    """A flat colour, hatched, over what is masked, and its meaning; None where nothing is."""
    from matplotlib.patches import Patch

    if not mask.any():
        return None
    colour, hatch = _LOOKS[reason]
    x0, y0, x1, y1 = view.box
    filled = axes.contourf(
        np.arange(x0, x1), np.arange(y0, y1), mask.astype(float), [0.5, 1.5], colors=[colour]
    )
    filled.set(hatch=hatch, edgecolor=_HATCH, linewidth=0)
    words = f"{reason} ({100 * mask.mean():.0f} %)"
    return Patch(fc=colour, hatch=hatch, ec=_HATCH, lw=0, label=words)


def _origins(cine: Cine) -> str:
    words = {"tag": "by the file's tag", "found": "found in the frames", "given": "as given"}
    said = dict.fromkeys(words.get(p.origin, "the whole frame") for p in cine.pictures)
    return ", ".join(said)
