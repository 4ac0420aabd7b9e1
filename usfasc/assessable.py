"""Which time of a region could be judged: from what a result keeps of its pictures.

A region lies where it was drawn; as tissue drifts, and the lines about it with the tissue,
other cells are the region's, and its time is told by those.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.detect.assess import spans
from usfasc.detect.loss import Course, join
from usfasc.detect.packing import damaged, unpack_mask, unpack_places
from usfasc.detect.places import Places, region_course
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Box,
    Floats,
    JudgedPicture,
    Line,
    Mask,
    Region,
    WatchedCells,
)
from usfasc.motion.grid import Cells, search_cells
from usfasc.regions import lines_of, lower_px, over_pictures, picture_names, picture_of, region_mask

_TOGETHER_S: Final = 0.5
"""Moments for which a region's cells are told at once: tissue drifts by a small part of one."""

Spans = Mapping[str, tuple[AssessableSpan, ...]]


def spans_by_picture(
    pictures: Sequence[JudgedPicture],
    regions: Sequence[Region],
    lines: Sequence[Line],
    moving_share: float,
) -> tuple[Spans, ...]:
    """Judged and unjudged spans in each picture, by region; its own under ``*``.

    Parameters
    ----------
    pictures
        The pictures, with their places.
    regions
        Regions of the clip; each belongs to the picture that it mostly lies in.
    lines
        Lines of the clip, with their courses where tissue drifts.
    moving_share
        Share of a region that may stir for longer than a twitch does; one that covers its
        picture has the picture's time.

    Raises
    ------
    InputError
        ``BAD_RESULT``: what is kept of the places is damaged.
    """
    boxes = [picture.box_px for picture in pictures]
    owners = [picture_of(region, boxes) for region in regions if boxes]
    return tuple(
        _spans_in(
            picture.places,
            (picture.box_px, picture.analysed_spacing_mm),
            tuple(r for r, owner in zip(regions, owners, strict=True) if owner == number),
            tuple(lines_of(number, lines, boxes)),
            moving_share,
        )
        for number, picture in enumerate(pictures)
    )


def over_all(
    found: Sequence[Spans], pictures: Sequence[JudgedPicture], regions: Sequence[Region]
) -> tuple[AssessableSpan, ...]:
    """Spans of the whole image, then of each region, from those in each picture."""
    names = picture_names([picture.box_px for picture in pictures])
    whole = over_pictures([each[WHOLE_IMAGE] for each in found], names)
    of_regions = {name: rows for each in found for name, rows in each.items()}
    return whole + tuple(span for region in regions for span in of_regions[region.name])


def seen_share(picture: JudgedPicture) -> float:
    """Share of a picture that shows a twitch while all is quiet; 0 where nothing was judged."""
    if not picture.places.windows:
        return 0.0
    shape = picture.places.shape
    valid = int(unpack_mask(picture.places.valid, shape).sum())
    shares = [unpack_mask(w.seen, shape).sum() / max(1, valid) for w in picture.places.windows]
    return float(np.mean(shares))


def areas_mm2(pictures: Sequence[JudgedPicture], regions: Sequence[Region]) -> dict[str, float]:
    """Tissue of each region that can be judged, and of all pictures under ``*``; where known."""
    if not pictures:
        return {}
    calibrated = [picture for picture in pictures if picture.area_mm2 is not None]
    boxes = [picture.box_px for picture in pictures]
    told = {
        region.name: _area_mm2(region, picture)
        for region in regions
        if boxes and (picture := pictures[picture_of(region, boxes)]).area_mm2 is not None
    }
    if calibrated and len(calibrated) == len(pictures):
        told[WHOLE_IMAGE] = sum(picture.area_mm2 or 0.0 for picture in calibrated)
    return {name: round(area, 2) for name, area in told.items()}


def _area_mm2(region: Region, picture: JudgedPicture) -> float:
    frame = picture.box_px, picture.analysed_spacing_mm
    return _tissue_mm2(region, frame, picture.places.valid)


# A reader's every act counts anew in the same regions.
@lru_cache(maxsize=64)
def _tissue_mm2(region: Region, frame: tuple[Box, tuple[float, float]], packed: str) -> float:
    cells = search_cells(*frame)
    valid = unpack_mask(packed, cells.shape)
    return float((_share(region, cells) * valid).sum() * np.prod(cells.size_mm))


@lru_cache(maxsize=8)
def _spans_in(
    places: WatchedCells,
    frame: tuple[Box, tuple[float, float]],
    regions: tuple[Region, ...],
    lines: tuple[Line, ...],
    moving_share: float,
) -> Spans:
    cells = search_cells(*frame)
    if cells.shape != places.shape:
        raise damaged()
    valid = unpack_mask(places.valid, cells.shape)
    covered = {region.name: _share(region, cells) > 0.5 for region in regions}
    inside = {name: mask for name, mask in covered.items() if not mask[valid].all()}
    courses = _courses(places, lines, cells, inside)
    try:
        told = spans(courses, places.frames, places.duration_s, moving_share)
    except ValueError:  # a reason that is none of ours
        raise damaged() from None
    whole = told[WHOLE_IMAGE]
    return told | {name: _of(name, whole) for name in covered if name not in inside}


def _courses(
    places: WatchedCells, lines: Sequence[Line], cells: Cells, inside: Mapping[str, Mask]
) -> dict[str, Course]:
    """Movement of the picture, under ``*``, and of each region, over the clip."""
    valid = unpack_mask(places.valid, cells.shape)
    seen: dict[str, list[Course]] = {name: [] for name in (WHOLE_IMAGE, *inside)}
    for window in places.windows:
        found = unpack_places(window, cells.shape)
        seen[WHOLE_IMAGE].append(region_course(found, valid, np.ones(cells.shape, bool)))
        for part, rows in _parts(found, lines, cells):
            for name, mask in inside.items():
                seen[name].append(region_course(part, valid, _moved(mask, rows)))
    return {name: join(parts) for name, parts in seen.items()}


def _of(region: str, spans: Sequence[AssessableSpan]) -> tuple[AssessableSpan, ...]:
    return tuple(span.model_copy(update={"region": region}) for span in spans)


def _share(region: Region, cells: Cells) -> Floats:
    """Share of each cell ``(rows, columns)`` that a region covers."""
    _, _, right, bottom = cells.grid.box
    mask = cells.grid.shrink_mask(region_mask(region, (bottom, right)))
    size = (cells.shape[1], cells.shape[0])
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA))


def _parts(
    found: Places, lines: Sequence[Line], cells: Cells
) -> Iterator[tuple[Places, NDArray[np.int64] | None]]:
    """A window in parts, with the row of each cell when regions were drawn; None if unmoved."""
    if all(line.course is None for line in lines):
        yield found, None
        return
    left, top = cells.grid.box[:2]
    row_px, column_px = (n * by for n, by in zip(cells.pixels, cells.grid.factor, strict=True))
    down, across = np.indices(cells.shape, dtype=np.float64)
    y_px = top - 0.5 + (down + 0.5) * row_px
    x_px = left - 0.5 + (across + 0.5) * column_px
    block = (found.times_s // _TOGETHER_S).astype(int)
    edges = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(block)]
    for start, stop in pairwise(edges):
        part = found.between(start, stop)
        lower = lower_px(x_px, y_px, float(part.times_s.mean()), lines)
        yield part, (down - np.rint(lower / row_px)).astype(int)


def _moved(inside: Mask, rows: NDArray[np.int64] | None) -> Mask:
    """A region's cells, where each cell was in some row when it was drawn."""
    if rows is None:
        return inside
    kept = (rows >= 0) & (rows < len(inside))
    return np.take_along_axis(inside, np.clip(rows, 0, len(inside) - 1), axis=0) & kept
