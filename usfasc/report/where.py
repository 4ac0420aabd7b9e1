"""Where: a frame with regions and numbered twitches, and the M-mode strip of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from usfasc.model import Bmode, Cine, Event, Floats, Kind, Line, Region, Result, Vessel
from usfasc.regions.drift import regions_at
from usfasc.report import style
from usfasc.report.footage import Footage, StripLine
from usfasc.report.letters import cut
from usfasc.report.sentences import kind_words, line_words
from usfasc.report.view import View

_TICKS_MM: Final = (10.0, 20.0, 50.0)
_MOST_TICKS: Final = 9
_LATE: Final = 0.06
"""Share of a strip at its end that has no room for a word."""
_BARS_MM: Final = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
_LONGEST_BAR = 0.34
"""Of the scale bar, as a share of the picture's width."""
_DISPLAYED_PERCENT = (1.0, 99.7)
_RING_AREA = (220.0, 1200.0)
"""Areas of a ring in square points for no displacement and for the largest shown."""
_LARGEST_SHOWN_MM = 1.0
_RIM = (withStroke(linewidth=2.5, foreground="black"),)
"""A dark rim makes any text readable on any tissue."""
_PLACE_GAP = 0.06
"""Twitches nearer to each other than this share of the panel's width are one place."""
_MOST_NUMBERS = 2


def draw_image(axes: Axes, footage: Footage, cine: Cine, view: View, result: Result) -> None:
    """One frame with regions, numbered twitches, other movements and the M-mode line."""
    show_frame(axes, footage.still, view)
    boxes = [picture.box for picture in cine.pictures]
    draw_regions(axes, regions_at(result.regions, result.lines, boxes, footage.still_s))
    _draw_vessels(axes, result.vessels)
    draw_line(axes, footage.line)
    _mark_others(axes, result.events)
    _mark_twitches(axes, result.events, view)
    for picture in cine.pictures:
        draw_scale(axes, picture, cine.spacing_of(picture))
    rule(axes, cine, view, "; ring size = displacement")
    axes.set_title(f"Where (frame at {footage.still_s:.2f} s)")


def draw_line(axes: Axes, line: StripLine) -> None:
    """Where an M-mode strip was taken, dashed."""
    axes.plot(line.x_px, line.y_px, color="white", lw=1.2, ls=(0, (2, 2)))


def draw_strip(axes: Axes, footage: Footage) -> None:
    """M-mode through the strongest twitch: its line from top to bottom, time to the right."""
    line, times_s = footage.line, footage.strip_times_s
    axes.imshow(
        grey_rgb(footage.strip),
        extent=(times_s[0], times_s[-1], line.offset[-1], line.offset[0]),
        aspect="auto",
        interpolation="bilinear",
    )
    if line.event is not None:
        _mark_moment(axes, line.event.onset_s, "onset ", ha="right")
        # Where the event ends with the strip, its word stands inside, above the onset's.
        late = line.event.offset_s > times_s[-1] - _LATE * (times_s[-1] - times_s[0])
        look: style.Look = {"height": 0.07, "ha": "right"} if late else {"ha": "left"}
        _mark_moment(axes, line.event.offset_s, "end " if late else " end", **look)
    axes.set(xlabel="Time (s)", ylabel=f"Along the dashed line ({line.unit})")
    axes.set_title(f"M-mode {_strip_words(line.event)}")


def show_frame(axes: Axes, still: Floats, view: View) -> None:
    """A frame in pixels of the stored one; what was not judged in one flat tone."""
    x0, y0, x1, y1 = view.box
    axes.imshow(
        grey_rgb(still),
        extent=(x0 - 0.5, x1 - 0.5, y1 - 0.5, y0 - 0.5),
        aspect=view.aspect,
        interpolation="bilinear",
    )
    frame_axes(axes, view)


def frame_axes(axes: Axes, view: View) -> None:
    """Make a panel's coordinates those of the stored frame."""
    x0, y0, x1, y1 = view.box
    axes.set(xlim=(x0 - 0.5, x1 - 0.5), ylim=(y1 - 0.5, y0 - 0.5), anchor="NW")


def draw_regions(axes: Axes, regions: Sequence[Region]) -> None:
    """Outlines and names; a region that is the whole of the only picture has none."""
    for number, region in enumerate(regions):
        if region.origin != "whole" or len(regions) > 1:
            _outline(axes, region, style.region_look(number))


def draw_lines(axes: Axes, lines: Sequence[Line]) -> None:
    """Edges of layers with their names: whole where they are proposed, dashed where guessed."""
    left, right = axes.get_xlim()
    for line in lines:
        x, y = np.array(line.points).T
        colour, dashes = (style.TWITCH, "-") if line.proposed else (style.OTHER, (0, (4, 3)))
        axes.plot(x, y, color=colour, ls=dashes, lw=1.5, path_effects=_RIM)
        room = (x[-1] - x[0]) / (right - left) * style.points_wide(axes) - 10
        words = cut(line_words(line), room, style.SMALL, bold=True)
        place: style.Look = {"offset": (6, 3), "ha": "left", "va": "bottom"}
        write_on(axes, words, (float(x[0]), float(y[0])), color=colour, **place)


def draw_scale(axes: Axes, picture: Bmode, spacing_mm: tuple[float, float] | None) -> None:
    """A scale bar at the lower right of a picture whose scale is known."""
    if spacing_mm is None:
        return
    x0, y0, x1, y1 = picture.box
    width_mm = (x1 - x0) * spacing_mm[1]
    fitting = [length for length in _BARS_MM if length <= _LONGEST_BAR * width_mm]
    bar_mm = max(fitting, default=_BARS_MM[0])
    stop, height = x1 - 0.03 * (x1 - x0), y1 - 0.035 * (y1 - y0)
    start = stop - bar_mm / spacing_mm[1]
    axes.plot([start, stop], [height, height], color="black", lw=5, solid_capstyle="butt")
    axes.plot([start, stop], [height, height], color="white", lw=3, solid_capstyle="butt")
    write_on(axes, f"{bar_mm:g} mm", ((start + stop) / 2, height), offset=(0, 5), va="bottom")


def rule(axes: Axes, cine: Cine, view: View, note: str = "") -> None:
    """Ticks in mm from the view's top left where one scale holds, else none."""
    axes.tick_params(length=3, pad=2)
    if cine.spacing_mm is None:
        axes.set(xticks=[], yticks=[])
        if not any(cine.spacing_of(picture) for picture in cine.pictures):
            axes.set_xlabel("no scale known")
        return
    x0, y0, x1, y1 = view.box
    dy, dx = cine.spacing_mm
    width_mm, height_mm = (x1 - x0) * dx, (y1 - y0) * dy
    step_mm = next((mm for mm in _TICKS_MM if width_mm / mm <= _MOST_TICKS), _TICKS_MM[-1])
    across_mm = np.arange(0, width_mm + 1e-6, step_mm)
    down_mm = np.arange(0, height_mm + 1e-6, step_mm)
    axes.set_xticks(x0 - 0.5 + across_mm / dx, [f"{mm:.0f}" for mm in across_mm])
    axes.set_yticks(y0 - 0.5 + down_mm / dy, [f"{mm:.0f}" for mm in down_mm])
    axes.set(xlabel=f"mm{note}", ylabel="Depth in the picture (mm)")


def grey_rgb(values: Floats) -> NDArray[np.float64]:
    """Grey levels stretched for the eye; what was not judged in one flat tone."""
    known = np.isfinite(values)
    if not known.any():
        return np.broadcast_to(to_rgb(style.BLANK), (*values.shape, 3)).copy()
    low, high = np.percentile(values[known], _DISPLAYED_PERCENT)
    grey = np.clip((values - low) / max(high - low, 1.0), 0, 1)
    return np.where(known[..., None], np.repeat(grey[..., None], 3, axis=2), to_rgb(style.BLANK))


def _draw_vessels(axes: Axes, vessels: Sequence[Vessel]) -> None:
    for vessel in vessels:
        look: style.Look = {"ec": style.OTHER, "ls": (0, (1, 2)), "lw": 1.2}
        axes.add_patch(Polygon(np.array(vessel.polygon), fill=False, path_effects=_RIM, **look))


def _outline(axes: Axes, region: Region, look: tuple[str, str]) -> None:
    colour, line = look
    shape = np.array(region.polygon)
    axes.add_patch(Polygon(shape, closed=True, fill=False, ec="black", lw=3, alpha=0.6))
    axes.add_patch(Polygon(shape, closed=True, fill=False, ec=colour, ls=line, lw=2))
    left, right = axes.get_xlim()
    share = np.ptp(shape[:, 0]) / (right - left)
    room = share * style.points_wide(axes) - 10
    corner = shape[np.argmin(shape.sum(axis=1))]
    words = cut(region.name, room, style.SMALL, bold=True)
    write_on(axes, words, tuple(corner), offset=(6, -6), va="top", ha="left", color=colour)


def _mark_others(axes: Axes, events: Sequence[Event]) -> None:
    for event in events:
        if event.kind is not Kind.FASCICULATION:
            mark = style.MARKERS[event.kind]
            look: style.Look = {"color": style.OTHER, "ms": 6, "mew": 1.2, "mfc": "none"}
            axes.plot(event.x_px, event.y_px, mark, path_effects=_RIM, **look)


def _mark_twitches(axes: Axes, events: Sequence[Event], view: View) -> None:
    places = _places(events, _PLACE_GAP * (view.box[2] - view.box[0]))
    for place in places:
        lead, rest = place.events[0], place.events[1:]
        dots = axes.scatter([e.x_px for e in rest], [e.y_px for e in rest], s=5, lw=0)
        dots.set(facecolor=style.TWITCH)
        ring = axes.scatter(lead.x_px, lead.y_px, s=_area(lead), fc="none", lw=1.6)
        ring.set(edgecolor=style.TWITCH, path_effects=_RIM)
    for place in places:
        write_on(axes, place.words, (place.events[0].x_px, place.events[0].y_px))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Twitches of one site, or so near to each other that their numbers would cover each other."""

    events: list[Event]
    """The strongest leads."""

    @property
    def words(self) -> str:
        numbers = sorted(event.event for event in self.events)
        if len(numbers) <= _MOST_NUMBERS:
            return ",".join(map(str, numbers))
        return f"{numbers[0]} +{len(numbers) - 1}"


def _places(events: Sequence[Event], gap_px: float) -> list[_Place]:
    """Places of the counted twitches, the strongest of each first."""
    places: list[_Place] = []
    counted = (event for event in events if event.kind is Kind.FASCICULATION)
    for event in sorted(counted, key=lambda e: (-(e.peak_displacement_mm or 0.0), e.event)):
        near = [p for p in places if _together(p.events[0], event, gap_px)]
        if near:
            min(near, key=lambda p: _apart_px(p.events[0], event)).events.append(event)
        else:
            places.append(_Place(events=[event]))
    return places


def _together(one: Event, other: Event, gap_px: float) -> bool:
    same_site = one.site is not None and one.site == other.site
    return same_site or _apart_px(one, other) < gap_px


def _apart_px(one: Event, other: Event) -> float:
    return float(np.hypot(one.x_px - other.x_px, one.y_px - other.y_px))


def _area(event: Event) -> float:
    share = min((event.peak_displacement_mm or 0.0) / _LARGEST_SHOWN_MM, 1.0)
    return _RING_AREA[0] + share * (_RING_AREA[1] - _RING_AREA[0])


def _strip_words(event: Event | None) -> str:
    if event is None:
        return "down the middle: no movement stood out"
    if event.kind is not Kind.FASCICULATION:
        return f"through the strongest: no. {event.event}, {kind_words(event.kind)}"
    moved = event.peak_displacement_mm
    size = f", {moved:.2f} mm" if moved is not None else ""
    return f"through the strongest twitch: no. {event.event}{size}"


def _mark_moment(
    axes: Axes, moment_s: float, words: str, *, height: float = 0.02, **look: Any
) -> None:
    axes.axvline(moment_s, color=style.TWITCH, lw=1.2, ls="--")
    look |= {"color": style.TWITCH, "size": style.TINY, "transform": axes.get_xaxis_transform()}
    text = axes.text(moment_s, height, words, va="bottom", clip_on=True, **look)
    text.set_path_effects(list(_RIM))


def write_on(
    axes: Axes,
    words: str,
    place: tuple[float, float],
    *,
    offset: tuple[float, float] = (0, 0),
    **look: Any,
) -> None:
    """Words on an image, at a place in its pixels, moved by so many points."""
    look = {"ha": "center", "va": "center", "color": "white"} | look
    axes.annotate(
        words,
        place,
        offset,
        textcoords="offset points",
        annotation_clip=False,
        size=style.SMALL,
        weight="bold",
        path_effects=_RIM,
        **look,
    )
