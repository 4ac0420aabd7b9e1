"""The one composition, from a file to a result; it reads like a methods section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc._cv import cv2
from usfasc.detect.assess import join, spans
from usfasc.detect.classify import classify
from usfasc.detect.group import Movement, separate
from usfasc.detect.search import Findings, search
from usfasc.errors import Code, InputError
from usfasc.io import open_cine
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Bmode,
    Cine,
    Event,
    Floats,
    Kind,
    Mask,
    Reading,
    Region,
    Result,
)
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import ClipStream, FrameTrace, Setting, setting
from usfasc.params import Parameters
from usfasc.provenance import engine, parameters_digest
from usfasc.regions import assign, region_mask
from usfasc.rules import summarise
from usfasc.tissue import find_bmode

_BORDER_SCORE = 0.02

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all)."""


def read_cine(path: Path | str, reading: Reading | None = None) -> Cine:
    """Open a clip: lazy grey frames, time axis, spacing, B-mode area.

    Parameters
    ----------
    path
        A DICOM file or a video.
    reading
        What the user says of the clip; it beats what the file says.

    Raises
    ------
    InputError
        The file cannot be used; the code says why.
    """
    reading = reading or Reading()
    cine = open_cine(Path(path), reading)
    cine = replace(cine, bmode=find_bmode(cine, reading.bmode))
    if reading.depth_mm is not None and reading.spacing_mm is None and cine.bmode is not None:
        step_mm = reading.depth_mm / (cine.bmode.box[3] - cine.bmode.box[1])
        origin = f"given: B-mode area {reading.depth_mm:g} mm high"
        return replace(cine, spacing_mm=(step_mm, step_mm), spacing_origin=origin)
    return cine


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that one pass over a clip found, before kinds and counts."""

    movements: tuple[Movement, ...]
    spans: Mapping[str, tuple[AssessableSpan, ...]]
    trace: FrameTrace
    layout: Setting
    spacing_mm: tuple[float, float]


def analyse(
    cine: Cine,
    regions: Sequence[Region] = (),
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find, sort and count the movements of a clip.

    Parameters
    ----------
    cine
        A clip with times and a B-mode area, as `read_cine` gives it.
    regions
        Muscle regions to count in.
    parameters
        Thresholds; the defaults where None.
    progress
        Called with (frames done, frames in all).

    Raises
    ------
    InputError
        The clip has no time base, or no B-mode area to judge.
    """
    parameters = parameters or Parameters()
    found = survey(cine, regions, parameters, progress)
    events = assign(regions, _events(found, cine, parameters))
    assessable = tuple(span for row in found.spans.values() for span in row)
    return Result(
        source=cine.source,
        engine=engine(),
        parameters=parameters.model_dump(),
        parameters_digest=parameters_digest(parameters),
        regions=tuple(regions),
        events=events,
        assessable=assessable,
        summaries=summarise(regions, events, assessable),
        warnings=_warnings(cine, parameters),
    )


def survey(
    cine: Cine,
    regions: Sequence[Region],
    parameters: Parameters,
    progress: Progress | None = None,
) -> Analysis:
    """Stream the clip once: movements with their features and scores, and what could be judged."""
    bmode, duration_s = _judgeable(cine)
    spacing_mm = _spacing_mm(cine, bmode, parameters)
    layout = setting(bmode, spacing_mm)
    inside = {WHOLE_IMAGE: layout.coverage > 0}
    inside |= {region.name: _cells_of(region, cine, layout) for region in regions}
    findings: list[Findings] = []
    # One thread of linear algebra: more only spin at this size, and sums must not depend on them.
    with FrameStore(layout.fine.shape) as store, threadpool_limits(1, "blas"):
        clip = ClipStream(cine, layout, store, parameters.statistics_window_s, progress)
        for window in clip.windows():
            found = search(window, layout, store, inside, parameters.candidates_per_s)
            findings += [found] if found is not None else []
            del window  # its evidence would else stay until the next window is full
    trace = clip.trace()
    movements = [item for found in findings for item in found.movements]
    return Analysis(
        movements=tuple(movements),
        spans={
            name: spans(
                name,
                join([found.courses[name] for found in findings]),
                trace,
                duration_s,
                parameters.moving_share,
            )
            for name in inside
        },
        trace=trace,
        layout=layout,
        spacing_mm=spacing_mm,
    )


def _judgeable(cine: Cine) -> tuple[Bmode, float]:
    if cine.duration_s is None:
        raise InputError(
            Code.NO_FRAME_RATE,
            f"The clip has no time base ({cine.times_origin}); give its rate with --frame-rate.",
        )
    if cine.bmode is None:
        raise InputError(Code.BMODE_UNSURE, "The clip has no B-mode area; give it with --bmode.")
    return cine.bmode, cine.duration_s


def _spacing_mm(cine: Cine, bmode: Bmode, parameters: Parameters) -> tuple[float, float]:
    if cine.spacing_mm is not None:
        return cine.spacing_mm
    step_mm = parameters.assumed_depth_mm / (bmode.box[3] - bmode.box[1])
    return step_mm, step_mm


def _cells_of(region: Region, cine: Cine, layout: Setting) -> Mask:
    mask = layout.cells.grid.shrink_mask(region_mask(region, cine.frames.shape))
    rows, columns = layout.cells.shape
    share = cv2.resize(mask.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0.5)


def _events(found: Analysis, cine: Cine, parameters: Parameters) -> tuple[Event, ...]:
    """Separate movements worth listing as events, numbered by onset."""
    whole = found.spans[WHOLE_IMAGE]
    listed = [item for item in found.movements if item.score >= parameters.list_score]
    rows: list[Event] = []
    for number, item in enumerate(separate(listed), 1):
        kind, reason = classify(item, whole, parameters)
        near = abs(item.score - parameters.count_score) < _BORDER_SCORE
        said = {"event": number, "kind": kind, "reason": reason, "borderline": near}
        rows.append(movement_event(item, found.layout, cine).model_copy(update=said))
    return tuple(rows)


def movement_event(item: Movement, layout: Setting, cine: Cine) -> Event:
    """One movement as an event of kind unsure, numbered 1: times, place, size.

    Parameters
    ----------
    item
        The movement.
    layout
        Grids of the clip that it was found in.
    cine
        The clip; where it is uncalibrated, what is in mm stays empty.
    """
    look, fit, base_s = item.look, item.look.fit, item.candidate.onset_s
    times_s = np.asarray(cine.times_s)
    y_px, x_px = layout.fine.to_pixels(item.y_mm, item.x_mm)
    onset_s, peak_s, offset_s = item.onset_s, base_s + fit.peak_s, base_s + fit.offset_s
    flow = item.candidate.flow_strength**2
    return Event(
        event=1,
        kind=Kind.UNSURE,
        onset_s=round(max(onset_s, 0.0), 4),
        peak_s=round(max(peak_s, 0.0), 4),
        offset_s=round(min(offset_s, float(times_s[-1])), 4),
        start_frame=_frame(times_s, onset_s),
        peak_frame=_frame(times_s, peak_s),
        stop_frame=_frame(times_s, offset_s) + 1,
        x_px=round(x_px, 2),
        y_px=round(y_px, 2),
        box_px=_box_px(item, layout),
        direction_deg=round(float(np.degrees(np.arctan2(*look.direction[::-1]))) % 360, 1),
        score=round(item.score, 4),
        flow_share=round(min(1.0, flow / (item.candidate.strength**2 + 1e-9)), 3),
        **_in_mm(item, (y_px, x_px), cine.spacing_mm),
    )


def _in_mm(
    item: Movement, place_px: tuple[float, float], spacing_mm: tuple[float, float] | None
) -> dict[str, float]:
    """What needs a scale; nothing where the clip has none."""
    if spacing_mm is None:
        return {}
    return {
        "x_mm": round(place_px[1] * spacing_mm[1], 3),
        "y_mm": round(place_px[0] * spacing_mm[0], 3),
        "area_mm2": round(item.look.area_mm2, 1),
        "peak_displacement_mm": round(item.look.displacement_mm, 4),
        "peak_velocity_mm_s": round(_velocity(item), 3),
    }


def _velocity(item: Movement) -> float:
    fit = item.look.fit
    return item.look.displacement_mm * fit.rise_per_s / max(fit.size, 1e-3)


def _frame(times_s: Floats, time_s: float) -> int:
    return int(np.clip(np.searchsorted(times_s, time_s), 0, len(times_s) - 1))


def _box_px(item: Movement, layout: Setting) -> tuple[int, int, int, int]:
    x0, y0, x1, y1 = item.look.box_mm
    top, left = layout.fine.to_pixels(y0, x0)
    bottom, right = layout.fine.to_pixels(y1, x1)
    return (
        int(np.floor(left)),
        int(np.floor(top)),
        int(np.ceil(right)) + 1,
        int(np.ceil(bottom)) + 1,
    )


def _warnings(cine: Cine, parameters: Parameters) -> tuple[str, ...]:
    extra = []
    if cine.spacing_mm is None:
        extra.append(
            f"The clip is uncalibrated: analysed as if the B-mode area were "
            f"{parameters.assumed_depth_mm:g} mm high; give --depth-mm or --spacing-mm."
        )
    if cine.bmode is not None and not cine.bmode.sure:
        extra.append(f"The B-mode area is unsure: {cine.bmode.note}")
    return (*cine.warnings, *extra)
