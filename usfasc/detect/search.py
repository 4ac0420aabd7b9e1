"""One window of evidence: candidates found, verified, described and scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy import ndimage

from usfasc.detect.candidates import Candidate, Response, find_candidates, respond
from usfasc.detect.circumstances import Surroundings
from usfasc.detect.fast_trains import Look, find_fast_trains, in_step_mm2
from usfasc.detect.features import Context, describe, glance_at
from usfasc.detect.group import Movement
from usfasc.detect.kinematics import measure
from usfasc.detect.packing import pack_places
from usfasc.detect.patch import Patch, Path, cut_patch
from usfasc.detect.places import places_of
from usfasc.detect.rows import told_in_rows
from usfasc.detect.score import score, score_at_a_glance
from usfasc.detect.signs import WIDE_MM2
from usfasc.detect.site_speed import site_speed
from usfasc.detect.stirring import Motion, movement, stirring
from usfasc.detect.train import Train, fullest
from usfasc.detect.trains import cell_of, find_trains, first_stroke, restless_sites
from usfasc.detect.verify import verify
from usfasc.model import Floats, Mask, WatchedWindow
from usfasc.motion.field import Field, carried_path, motion_field
from usfasc.motion.grid import Cells
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import Setting, Window
from usfasc.params import Parameters
from usfasc.tissue import find_vessels

_LASTING_S = 0.9
_FEWEST = 12
_STILLS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one window holds: scored movements, trains, and where and when one could judge."""

    movements: tuple[Movement, ...]
    trains: tuple[Train, ...]
    watched: WatchedWindow


def search(
    window: Window,
    layout: Setting,
    store: FrameStore,
    parameters: Parameters,
) -> Findings | None:
    """Judge one window.

    Parameters
    ----------
    window
        Evidence with its margins.
    layout
        The clip's grids.
    store
        The window's frames on the fine grid.
    parameters
        How many candidates a second are considered, and from which scores one is looked at and
        measured.

    Returns
    -------
    Findings or None
        None where there are too few good frames to judge.
    """
    if len(window.evidence) < _FEWEST:
        return None
    field = motion_field(window.evidence, layout.cells, layout.coverage)
    core_s = (window.start_s, window.stop_s)
    watched = _watched(field, layout.cells, core_s)
    response = respond(field)
    found = [
        item
        for item in find_candidates(response, layout.cells, parameters.candidates_per_s)
        if core_s[0] <= item.onset_s < core_s[1]
    ]
    context = _context(field, movement(field), layout)
    around = Surroundings(field, layout.cells, lambda: _lumens_mm(store, layout, core_s))
    view = _View(field=field, response=response, context=context, around=around)
    restless = restless_sites(response, field, layout.cells)
    look = partial(site_speed, layout=layout, store=store, field=field)
    trains, first = _trains(found, restless, view, look)
    looked = [_movement(item, layout, store, view, parameters) for item in found]
    at_once = parameters.model_copy(update={"look_score": 0.0})
    looked += [_movement(item, layout, store, view, at_once) for item in (*restless, *first)]
    movements = [item for item in looked if item is not None]
    told = told_in_rows(
        [item for item in movements if item.score >= parameters.list_score],
        trains,
        _inner_edges_s(window),
    )
    return Findings(
        movements=tuple(
            _measured(item, layout, store, field) if id(item) in told else item
            for item in movements
        ),
        trains=trains,
        watched=watched,
    )


def _trains(
    found: Sequence[Candidate], restless: Sequence[Candidate], view: _View, look: Look
) -> tuple[tuple[Train, ...], list[Candidate]]:
    """Slow and fast trains of a window, and the first discharges of those that are fast."""
    cells = view.context.cells
    slow = [t for t in find_trains(found, restless, view.field) if not _is_wide(t, view)]
    fast = find_fast_trains(view.field, cells, look, slow)
    trains = fullest((*(t for t in slow if fast.are_apart_from(t)), *fast.trains))
    kept = [train for train in fast.trains if train in trains]
    return trains, [first_stroke(train, view.response, cells) for train in kept]


def _is_wide(train: Train, view: _View) -> bool:
    """Whether more moves in step with a train than a motor unit reaches, as in a contraction."""
    cells = view.context.cells
    return in_step_mm2(train.strokes_s, cell_of(train, cells), view.field, cells) >= WIDE_MM2


def _inner_edges_s(window: Window) -> list[float]:
    """Where a window meets another one: there is evidence beyond."""
    first_s, last_s = window.evidence[0].time_s, window.evidence[-1].time_s
    return [e for e in (window.start_s, window.stop_s) if first_s < e < last_s]


def _watched(field: Field, cells: Cells, core_s: tuple[float, float]) -> WatchedWindow:
    """Where and when one could judge, packed at once: what it is made from is large."""
    return pack_places(places_of(stirring(field, cells), core_s))


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What a window says of every candidate in it."""

    field: Field
    response: Response
    context: Context
    around: Surroundings


def _movement(
    candidate: Candidate, layout: Setting, store: FrameStore, view: _View, parameters: Parameters
) -> Movement | None:
    glance = glance_at(candidate, view.field, view.response, view.context)
    if score_at_a_glance(glance) < parameters.look_score:
        return None
    patch = _patch(candidate, layout, store, view.field)
    look = verify(patch) if patch is not None else None
    if patch is None or look is None:
        return None
    features = describe(glance, look)
    return Movement(
        candidate=candidate,
        look=look,
        features=features,
        score=score(features),
        y_mm=look.place_mm[0],
        x_mm=look.place_mm[1],
        circumstances=view.around.of(candidate),
    )


def _measured(item: Movement, layout: Setting, store: FrameStore, field: Field) -> Movement:
    """A movement with its kinematics, of a patch that is cut anew: to keep all costs memory."""
    patch = _patch(item.candidate, layout, store, field)
    return item if patch is None else replace(item, kinematics=measure(patch, item.look.fit))


def _patch(candidate: Candidate, layout: Setting, store: FrameStore, field: Field) -> Patch | None:
    carried = carried_path(field, candidate.row, candidate.column)
    path = Path(times_s=field.times_s, place_mm=carried)
    return cut_patch(store, layout, candidate.onset_s, (candidate.y_mm, candidate.x_mm), path)


def _lumens_mm(store: FrameStore, layout: Setting, core_s: tuple[float, float]) -> Floats:
    """Places ``(n, 2)`` mm (y, x) inside the vessels of a window, by the mean of some frames."""
    numbers = store.numbers(*core_s)
    some = numbers[:: max(1, len(numbers) // _STILLS)]
    rows, columns = layout.fine.shape
    mean = store.patch(some, slice(0, rows), slice(0, columns)).mean(axis=0).astype(np.uint8)
    inside = find_vessels(mean, layout.fine_mask, layout.fine.spacing_mm)
    return np.asarray((np.argwhere(inside) + 0.5) * layout.fine.spacing_mm, np.float64)


def _context(field: Field, motion: Motion, layout: Setting) -> Context:
    step_s = float(np.median(np.diff(field.times_s)))
    width = max(1, round(_LASTING_S / step_s)) | 1
    either: Mask = motion.local | motion.probe
    count = max(1, int(field.valid.sum()))
    share = either[:, field.valid].sum(axis=1) / count
    lasting = ndimage.uniform_filter1d(either.astype(np.float32), width, axis=0, mode="nearest")
    return Context(
        times_s=field.times_s,
        stirring=motion.local[:, field.valid].sum(axis=1) / count,
        moving=ndimage.median_filter(share, width, mode="nearest"),
        lasting=lasting > 0.5,
        unrest=field.unrest.astype(float),
        probe_mm=field.probe_mm.mean(axis=(1, 2)).astype(float),
        cells=layout.cells,
    )
