"""One pass over a clip: every movement of its pictures with a score, and what could be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc.detect.assess import frame_losses
from usfasc.detect.group import Movement
from usfasc.detect.packing import pack_mask
from usfasc.detect.search import Findings, search
from usfasc.detect.train import Train, join_trains
from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Cine, JudgedPicture, WatchedCells
from usfasc.motion.field import holds_tissue
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import FrameTrace, Setting, Track, watch
from usfasc.params import Parameters
from usfasc.viewing import Viewing, lay_out

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that one pass over a clip found in one of its pictures, before kinds and counts."""

    picture: Bmode
    judged: JudgedPicture
    movements: tuple[Movement, ...]
    trains: tuple[Train, ...]
    layout: Setting


def survey(
    cine: Cine, parameters: Parameters, progress: Progress | None = None
) -> tuple[Analysis, ...]:
    """Stream the clip once: each picture's movements with their scores, and what could be judged.

    Parameters
    ----------
    cine
        A clip with times and its pictures, as `usfasc.pipeline.read_cine` gives it.
    parameters
        Thresholds.
    progress
        Called with (frames done, frames in all).

    Raises
    ------
    InputError
        The clip has no time base, or no B-mode area to judge.
    """
    duration_s = _judgeable_s(cine)
    views = lay_out(cine, parameters.assumed_depth_mm)
    findings: list[list[Findings]] = [[] for _ in views]
    # One thread of linear algebra: more only spin at this size, and sums must not depend on them.
    with ExitStack() as open_stores, threadpool_limits(1, "blas"):
        tracks = [
            Track(
                cine,
                view.layout,
                open_stores.enter_context(FrameStore(view.layout.fine.shape)),
                parameters.statistics_window_s,
            )
            for view in views
        ]
        for number, window in watch(cine, tracks, progress):
            found = search(window, views[number].layout, tracks[number].store, parameters)
            findings[number] += [found] if found is not None else []
            del window  # its evidence would else stay until the next window is full
    return tuple(
        Analysis(
            picture=view.picture,
            judged=_judged(view, seen, track.trace(), cine, duration_s),
            movements=tuple(item for found in seen for item in found.movements),
            trains=join_trains([train for found in seen for train in found.trains]),
            layout=view.layout,
        )
        for view, seen, track in zip(views, findings, tracks, strict=True)
    )


def _judgeable_s(cine: Cine) -> float:
    """The clip's length, as a result tells it."""
    if cine.duration_s is None:
        raise InputError(
            Code.NO_FRAME_RATE,
            f"The clip has no time base ({cine.times_origin}); give its rate with --frame-rate.",
        )
    if not cine.pictures:
        raise InputError(Code.BMODE_UNSURE, "The clip has no B-mode area; give it with --bmode.")
    return round(cine.duration_s, 4)


def _judged(
    view: Viewing, findings: Sequence[Findings], trace: FrameTrace, cine: Cine, duration_s: float
) -> JudgedPicture:
    spacing_mm, cells = cine.spacing_of(view.picture), view.layout.cells
    valid = holds_tissue(view.layout.coverage)
    area_mm2 = round(float(valid.sum() * np.prod(cells.size_mm)), 2)
    return JudgedPicture(
        box_px=view.picture.box,
        spacing_mm=spacing_mm,
        analysed_spacing_mm=view.spacing_mm,
        area_mm2=area_mm2 if spacing_mm is not None else None,
        places=WatchedCells(
            shape=cells.shape,
            valid=pack_mask(valid),
            duration_s=duration_s,
            frames=frame_losses(trace, duration_s),
            windows=tuple(found.watched for found in findings),
        ),
    )
