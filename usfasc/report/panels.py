"""The panels of an overview: image, M-mode strip, raster of events over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Polygon, Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from usfasc.model import WHOLE_IMAGE, AssessableSpan, Bmode, Cine, Event, Floats, Kind, Result
from usfasc.regions.counting import spans_of
from usfasc.report import style
from usfasc.report.footage import Footage
from usfasc.report.sentences import kind_words

OUTSIDE: Final = "outside regions"
"""Name of the row of twitches that lie in no region."""
OTHER: Final = "not counted"
"""Name of the row of movements of other kinds."""
_MARKERS = {
    Kind.TRAIN: "s",
    Kind.PULSATION: "^",
    Kind.CONTRACTION: "D",
    Kind.TREMOR: "*",
    Kind.BREATHING: "o",
    Kind.SWALLOWING: "v",
    Kind.PROBE_MOTION: "P",
    Kind.ARTEFACT: "+",
    Kind.UNSURE: "x",
}

_TICK_MM = 10.0
_DISPLAYED_PERCENT = (1.0, 99.7)
_MARKER_AREA = (220.0, 1200.0)
"""Marker areas in square points for no displacement and for the largest shown."""
_LARGEST_SHOWN_MM = 1.0
_RIM = (withStroke(linewidth=2.5, foreground="black"),)
"""A dark rim makes any text readable on any tissue."""
_LABEL_GAP = 0.045
"""Least distance of two numbers, as a share of the panel's width."""


def draw_image(axes: Axes, footage: Footage, cine: Cine, bmode: Bmode, result: Result) -> None:
    """Mean image with regions, numbered twitches, other movements and the M-mode line."""
    x0, y0, x1, y1 = bmode.box
    dy, dx = cine.spacing_mm or (1.0, 1.0)
    axes.imshow(
        _grey_rgb(footage.mean),
        extent=(x0 - 0.5, x1 - 0.5, y1 - 0.5, y0 - 0.5),
        aspect=dy / dx,
        interpolation="bilinear",
    )
    for number, region in enumerate(result.regions):
        if region.origin != "whole":
            _outline(axes, region.polygon, region.name, style.region_look(number))
    if footage.line is not None:
        axes.plot(footage.line.x_px, footage.line.y_px, color="white", lw=1.2, ls=(0, (2, 2)))
    _mark_events(axes, result, x1 - x0)
    axes.set(xlim=(x0 - 0.5, x1 - 0.5), ylim=(y1 - 0.5, y0 - 0.5), anchor="NW")
    _rule(axes, cine, bmode)
    axes.set_title("Where (mean image)")


def draw_strip(axes: Axes, footage: Footage) -> None:
    """M-mode through the strongest twitch: its line from top to bottom, time to the right."""
    line = footage.line
    if line is None or footage.strip.size == 0:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "No movement stood out.", ha="center", color=style.MUTED)
        return
    times_s = footage.strip_times_s
    axes.imshow(
        _grey_rgb(footage.strip),
        extent=(times_s[0], times_s[-1], line.offset[-1], line.offset[0]),
        aspect="auto",
        interpolation="bilinear",
    )
    for moment_s in (line.event.onset_s, line.event.offset_s):
        axes.axvline(moment_s, color=style.REGION_COLOURS[0], lw=1.2, ls="--")
    axes.set(xlabel="Time (s)", ylabel=f"Along the dashed line ({line.unit})")
    axes.set_title(f"M-mode through {_strip_words(line.event)}")


def draw_raster(axes: Axes, result: Result, duration_s: float) -> None:
    """Events over time, one row a region; grey where nothing could be judged, and why."""
    rows = raster_rows(result)
    for number, (name, spans) in enumerate(rows):
        for span in spans:
            if span.reason is not None:
                _grey_out(axes, span, number, "" if name == OTHER else span.reason, duration_s)
        if name != OTHER:
            _tick_row(axes, result, name, number)
    _other_row(axes, result, [name for name, _ in rows])
    labels = [_row_label(result, name) for name, _ in rows]
    axes.set(xlim=(0, duration_s), ylim=(len(rows) - 0.5, -0.5), xlabel="Time (s)")
    axes.set_yticks(range(len(rows)), labels)
    axes.tick_params(axis="y", length=0)
    axes.set_title("When: one stroke a twitch; grey = not judged")


def raster_rows(result: Result) -> list[tuple[str, tuple[AssessableSpan, ...]]]:
    """Names of the raster's rows, each with the spans that are greyed in it."""
    rows = [(r.name, spans_of(r.name, result.assessable)) for r in result.regions]
    whole = spans_of(WHOLE_IMAGE, result.assessable)
    if any(event.kind is Kind.FASCICULATION and not event.region for event in result.events):
        rows.append((OUTSIDE, whole))
    if any(event.kind is not Kind.FASCICULATION for event in result.events):
        rows.append((OTHER, whole))
    return rows


def _grey_rgb(values: Floats) -> NDArray[np.float64]:
    """Grey levels stretched for the eye; what was not judged in one flat tone."""
    known = np.isfinite(values)
    if not known.any():
        return np.broadcast_to(to_rgb(style.BLANK), (*values.shape, 3)).copy()
    low, high = np.percentile(values[known], _DISPLAYED_PERCENT)
    grey = np.clip((values - low) / max(high - low, 1.0), 0, 1)
    return np.where(known[..., None], np.repeat(grey[..., None], 3, axis=2), to_rgb(style.BLANK))


def _outline(
    axes: Axes, polygon: Sequence[tuple[float, float]], name: str, look: tuple[str, str]
) -> None:
    colour, line = look
    axes.add_patch(Polygon(polygon, closed=True, fill=False, ec=colour, ls=line, lw=2))
    x, y = min(polygon, key=lambda point: point[0] + point[1])
    axes.annotate(
        name,
        (x, y),
        (6, -6),
        textcoords="offset points",
        va="top",
        annotation_clip=False,
        color=colour,
        size=style.SMALL,
        weight="bold",
        path_effects=_RIM,
    )


def _mark_events(axes: Axes, result: Result, width_px: int) -> None:
    colours = _colours(result) | {"": "white"}
    counted = [event for event in result.events if event.kind is Kind.FASCICULATION]
    others = [event for event in result.events if event.kind is not Kind.FASCICULATION]
    axes.scatter(
        [e.x_px for e in others], [e.y_px for e in others], marker="x", s=28, color="#c8c8c8", lw=1
    )
    for event in counted:
        axes.scatter(
            event.x_px, event.y_px, s=_area(event), fc="none", ec=colours[event.region], lw=1.8
        )
    for event in _spaced(counted, _LABEL_GAP * width_px):
        axes.text(
            event.x_px,
            event.y_px,
            str(event.event),
            ha="center",
            va="center",
            color="white",
            size=style.SMALL,
            weight="bold",
            path_effects=_RIM,
            clip_on=True,
        )


def _area(event: Event) -> float:
    share = min((event.peak_displacement_mm or 0.0) / _LARGEST_SHOWN_MM, 1.0)
    return _MARKER_AREA[0] + share * (_MARKER_AREA[1] - _MARKER_AREA[0])


def _spaced(events: Sequence[Event], gap_px: float) -> list[Event]:
    """The strongest events of each place: those whose numbers do not cover each other."""
    kept: list[Event] = []
    for event in sorted(events, key=lambda e: (-(e.peak_displacement_mm or 0.0), e.event)):
        if all(np.hypot(event.x_px - k.x_px, event.y_px - k.y_px) >= gap_px for k in kept):
            kept.append(event)
    return kept


def _rule(axes: Axes, cine: Cine, bmode: Bmode) -> None:
    """Ticks in mm from the area's top left, or in pixels of the frame without a scale."""
    axes.tick_params(length=3, pad=2)
    if cine.spacing_mm is None:
        axes.set_xlabel("pixels, no scale known", size=style.SMALL)
        return
    x0, y0, x1, y1 = bmode.box
    dy, dx = cine.spacing_mm
    across_mm = np.arange(0, (x1 - x0) * dx + 1e-6, _TICK_MM)
    down_mm = np.arange(0, (y1 - y0) * dy + 1e-6, _TICK_MM)
    axes.set_xticks(x0 - 0.5 + across_mm / dx, [f"{mm:.0f}" for mm in across_mm])
    axes.set_yticks(y0 - 0.5 + down_mm / dy, [f"{mm:.0f}" for mm in down_mm])
    axes.set_xlabel("mm; ring size = displacement", size=style.SMALL)
    axes.set_ylabel("Depth in the picture (mm)", size=style.SMALL)


def _strip_words(event: Event) -> str:
    if event.kind is not Kind.FASCICULATION:
        return f"the strongest movement: no. {event.event}, {kind_words(event.kind)}"
    moved = event.peak_displacement_mm
    size = f", {moved:.2f} mm" if moved is not None else ""
    return f"the strongest twitch: no. {event.event}{size}"


def _grey_out(axes: Axes, span: AssessableSpan, row: int, words: str, duration_s: float) -> None:
    width_s = span.stop_s - span.start_s
    axes.add_patch(Rectangle((span.start_s, row - 0.46), width_s, 0.92, fc=style.PALE, ec="none"))
    # About 110 letters of this size fit across the panel.
    if len(words) <= 110 * width_s / duration_s:
        middle_s = (span.start_s + span.stop_s) / 2
        axes.text(middle_s, row, words, ha="center", va="center", size=9, color=style.MUTED)


def _tick_row(axes: Axes, result: Result, name: str, row: int) -> None:
    region = "" if name == OUTSIDE else name
    events = [e for e in result.events if e.kind is Kind.FASCICULATION and e.region == region]
    colour = _colours(result)[region]
    axes.vlines([e.peak_s for e in events], row - 0.38, row + 0.38, color=colour, lw=2.2)


def _other_row(axes: Axes, result: Result, names: Sequence[str]) -> None:
    if OTHER not in names:
        return
    row = names.index(OTHER)
    kinds = sorted({e.kind for e in result.events if e.kind is not Kind.FASCICULATION})
    for kind in kinds:
        times_s = [e.peak_s for e in result.events if e.kind is kind]
        axes.plot(
            times_s,
            [row] * len(times_s),
            _MARKERS[kind],
            color=style.MUTED,
            ms=7,
            label=kind_words(kind),
        )
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1, 0.98),
        ncols=len(kinds),
        frameon=False,
        fontsize=style.SMALL,
        borderaxespad=0.1,
        handletextpad=0.1,
    )


def _row_label(result: Result, name: str) -> str:
    region = "" if name == OUTSIDE else name
    if name == OTHER:
        count = sum(e.kind is not Kind.FASCICULATION for e in result.events)
    else:
        count = sum(e.kind is Kind.FASCICULATION and e.region == region for e in result.events)
    short = name if len(name) <= 26 else f"{name[:25]}..."
    return f"{short}: {count}"


def _colours(result: Result) -> dict[str, str]:
    """Colour of each region; of what lies outside all of them, white's opposite on paper."""
    looks = {region.name: style.region_look(n)[0] for n, region in enumerate(result.regions)}
    return {"": style.MUTED} | looks
