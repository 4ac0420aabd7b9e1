"""Clips, events and muscle regions as napari's layers, and back: plain data, no window.

A layer is ``(data, keywords, type)``. All layers of a clip stand in its own frames and
pixels, so that one scale brings them all into seconds and millimetres.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from usfasc.model import Cine, Event, Floats, Kind, Reading, Region, Vessel
from usfasc.report.sentences import kind_words
from usfasc.report.style import OTHER, region_look
from usfasc_napari.frames import LazyFrames

LayerData = tuple[Any, dict[str, Any], str]
METADATA_KEY: Final = "usfasc"
"""Under which a clip's layer keeps its `OpenClip`, and a layer over a clip its `Over`."""

# Okabe and Ito (2008), as in the printed pictures: told apart with any colour vision.
KIND_COLOURS: Final[Mapping[str, str]] = {
    Kind.FASCICULATION: "#F0E442",
    Kind.TRAIN: "#E69F00",
    Kind.PULSATION: "#D55E00",
    Kind.CONTRACTION: "#56B4E9",
    Kind.TREMOR: "#CC79A7",
    Kind.BREATHING: "#009E73",
    Kind.SWALLOWING: "#009E73",
    Kind.PROBE_MOTION: "#0072B2",
    Kind.ARTEFACT: "#0072B2",
    Kind.UNSURE: "#FFFFFF",
}
_RING_MM: Final = 3.0
_RING_PX: Final = 24.0
"""Where the scale is not known."""
_TEXT_PT: Final = 10
_DASHES: Final = 24
"""Of a vessel's outline: napari takes each for a shape, at a millisecond or two."""
_BOX: Final = ("box_x0_px", "box_y0_px", "box_x1_px", "box_y1_px")
_EVENT_FEATURES: Final = tuple(
    name for name in Event.model_fields if name not in ("x_px", "y_px", "box_px")
)
_LABEL: Final = "label"
"""Feature of what is written beside a ring: to put it together in napari takes far longer."""
_REGION_FEATURES: Final = ("name", "muscle", "side", "origin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """What one step along ``(t, y, x)`` is; frames and pixels where that is not known."""

    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    units: tuple[str, str, str] = ("pixel", "pixel", "pixel")
    labels: tuple[str, str, str] = ("frame", "y", "x")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenClip:
    """What a clip's layer remembers: the clip, and where to open it again (None: a sample)."""

    cine: Cine
    path: Path | None = None
    result_path: Path | None = None
    """Its result, where one was found."""
    reading: Reading = field(default_factory=Reading)
    """What was said of it as it was opened, or for the result that was laid over it."""
    stored: Cine | None = None
    """The clip as its file alone tells it; None where that is `cine`."""

    @property
    def axes(self) -> Axes:
        """Its scale in the world."""
        return axes_of(self.cine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """What a layer over a clip remembers: of which clip it is, what it shows, and whence."""

    sha256: str
    role: Literal["events", "regions", "vessels"]
    result_path: Path | None = None
    """The result that it was read from."""


def axes_of(cine: Cine) -> Axes:
    """Scale, units and labels of a clip.

    napari knows even steps only: where frame times vary, the mean step stands for all,
    so that first and last frame are where they belong.
    """
    times_s, spacing_mm = cine.times_s, cine.spacing_mm
    timed = times_s is not None and len(times_s) > 1
    step_s = float(times_s[-1] / (len(times_s) - 1)) if timed and times_s is not None else 1.0
    dy, dx = spacing_mm or (1.0, 1.0)
    across = "pixel" if spacing_mm is None else "mm"
    return Axes(
        scale=(step_s, dy, dx),
        units=("s" if timed else "pixel", across, across),
        labels=("time" if timed else "frame", "y", "x"),
    )


def clip_layer(clip: OpenClip, name: str) -> LayerData:
    """A clip as an image ``(t, y, x)``; no frame is decoded."""
    keywords = {
        **_placed(name, clip.axes),
        "rgb": False,
        "multiscale": False,
        # One frame at a time, as it was stored: no average, no copy.
        "projection_mode": "none",
        "colormap": "gray",
        # Of the pixels' type: no frame is measured, and none flickers.
        "contrast_limits": (0, 255),
        "metadata": {METADATA_KEY: clip},
    }
    return LazyFrames(clip.cine.frames, clip.cine.key_frames), keywords, "image"


def event_layer(
    events: Sequence[Event], axes: Axes, name: str, over: Over | None = None
) -> LayerData:
    """Events as rings, each shown for the frames that it lasts.

    Returns
    -------
    LayerData
        Points ``(frame, y, x)``, one for each frame of each event, with the event's
        values as features.
    """
    shown = [(event, frame) for event in events for frame in _frames_of(event)]
    data = np.array([(frame, e.y_px, e.x_px) for e, frame in shown], float).reshape(-1, 3)
    ring_px = _RING_MM / axes.scale[2] if axes.units[2] == "mm" else _RING_PX
    keywords = {
        **_placed(name, axes, over=over),
        "features": _event_features(events),
        "face_color": "transparent",
        "border_color": "kind",
        "border_color_cycle": dict(KIND_COLOURS),
        "border_width": 0.08,
        "size": ring_px,
        "text": _label({"feature": _LABEL}, (0.0, 0.2 * ring_px, 0.6 * ring_px)),
    }
    return data, keywords, "points"


def events_of(data: Floats, features: Mapping[str, Any]) -> tuple[Event, ...]:
    """The events of a layer; undoes `event_layer`."""
    rows = _rows(features, (*_EVENT_FEATURES, *_BOX))
    events: dict[int, Event] = {}
    for (_, y, x), row in zip(data, rows, strict=True):
        if row["event"] not in events:
            box = tuple(row.pop(column) for column in _BOX)
            fields = {**row, "x_px": float(x), "y_px": float(y), "box_px": box}
            events[row["event"]] = Event.model_validate(fields)
    return tuple(events.values())


def region_layer(
    regions: Sequence[Region], axes: Axes, name: str, over: Over | None = None
) -> LayerData:
    """Muscle regions as polygons ``(y, x)``, shown in every frame."""
    rows = [region.model_dump(mode="json") for region in regions]
    keywords = {
        **_placed(name, axes, ndim=2, over=over),
        "ndim": 2,
        "shape_type": "polygon",
        "features": {c: np.array([row[c] for row in rows], object) for c in _REGION_FEATURES},
        # What is drawn next is another region, not a copy of the last one.
        "feature_defaults": {"name": "", "muscle": None, "side": None, "origin": "drawn"},
        "opacity": 1.0,
        "face_color": "transparent",
        "edge_color": [region_look(number)[0] for number in range(len(regions))],
        "edge_width": 1.5,
        "text": _label("{name}", (20.0, 3.0)),
    }
    return [np.array(region.polygon, float)[:, ::-1] for region in regions], keywords, "shapes"


def vessel_layer(
    vessels: Sequence[Vessel], axes: Axes, name: str, over: Over | None = None
) -> LayerData:
    """Dark lumens in broken lines, shown in every frame; they are tags, and part nothing."""
    keywords = {
        **_placed(name, axes, ndim=2, over=over),
        "ndim": 2,
        "shape_type": "path",
        "opacity": 1.0,
        "face_color": "transparent",
        "edge_color": OTHER,
        "edge_width": 1.0,
    }
    return [dash for vessel in vessels for dash in _dashed(vessel)], keywords, "shapes"


def _dashed(vessel: Vessel) -> list[Floats]:
    """Every other piece ``(y, x)`` of an outline."""
    corners = np.array([*vessel.polygon, vessel.polygon[0]])
    along = np.r_[0.0, np.hypot(*np.diff(corners, axis=0).T).cumsum()]
    at = np.linspace(0.0, along[-1], 2 * _DASHES + 1)
    points = np.stack([np.interp(at, along, column) for column in corners.T[::-1]], axis=1)
    return [points[start : start + 2] for start in range(0, 2 * _DASHES, 2)]


def regions_of(polygons: Iterable[Floats], features: Mapping[str, Any]) -> tuple[Region, ...]:
    """The regions of a layer; undoes `region_layer`, and names what was drawn without a name.

    Parameters
    ----------
    polygons
        Vertices ``(..., y, x)`` in pixels of the stored frame.
    features
        The layer's features; those of a region may be missing.

    Raises
    ------
    pydantic.ValidationError
        A polygon has fewer than three corners, or a feature is none of a region's.
    """
    polygons = list(polygons)
    rows = _rows(features, [name for name in _REGION_FEATURES if name in features])
    rows = rows or [{} for _ in polygons]
    taken = {row.get("name") for row in rows}
    fresh = (name for number in count(1) if (name := f"region {number}") not in taken)
    return tuple(
        Region.model_validate(
            {
                **{name: value for name, value in row.items() if value is not None},
                "name": row.get("name") or next(fresh),
                "polygon": [(float(x), float(y)) for y, x in np.asarray(vertices)[:, -2:]],
            }
        )
        for vertices, row in zip(polygons, rows, strict=True)
    )


def _column(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Text as it is, since numpy's own drops what it takes for padding; unknown numbers as NaN."""
    if any(isinstance(value, str) for value in values):
        return np.array(values, object)
    return np.array([np.nan if value is None else value for value in values])


def _label(text: str | dict[str, str], offset_px: tuple[float, ...]) -> dict[str, Any]:
    look = {"string": text, "color": "white", "size": _TEXT_PT}
    return {**look, "anchor": "upper_left", "translation": offset_px}


def _placed(name: str, axes: Axes, ndim: int = 3, over: Over | None = None) -> dict[str, Any]:
    """Name and place of a layer, and of which clip it is; one of two axes stands in every frame."""
    return {
        "metadata": {} if over is None else {METADATA_KEY: over},
        "name": name,
        "scale": axes.scale[-ndim:],
        "units": axes.units[-ndim:],
        "axis_labels": axes.labels[-ndim:],
    }


def _frames_of(event: Event) -> range:
    return range(event.start_frame, max(event.stop_frame, event.start_frame + 1))


def _event_features(events: Sequence[Event]) -> dict[str, np.ndarray[Any, Any]]:
    """What is known of each event, for each frame that it lasts."""
    rows, counts = [_event_row(event) for event in events], [len(_frames_of(e)) for e in events]
    names = (*_EVENT_FEATURES, *_BOX, _LABEL)
    return {name: np.repeat(_column([row[name] for row in rows]), counts) for name in names}


def _event_row(event: Event) -> dict[str, Any]:
    row = event.model_dump(mode="json")
    label = f"{event.event} {kind_words(event.kind)}"
    return {**row, **dict(zip(_BOX, row["box_px"], strict=True)), _LABEL: label}


def _rows(features: Mapping[str, Any], names: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a table; what napari holds as NaN was None."""
    columns = [[_known(value) for value in features[name]] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _known(value: Any) -> Any:
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return None
    return value.item() if isinstance(value, np.generic) else value
