"""The pictures of a clip made ready to be drawn on, and the lines that find themselves.

Frames are decoded here, so it is work for a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.model import Bmode, Box, Cine, Frame, Line, Reading, Region, Result
from usfasc.params import Parameters
from usfasc.regions import outline, picture_names
from usfasc.regions.drift import owner_of
from usfasc.regions.snapping import find_ridges, mean_picture
from usfasc.tissue import moments, steady_fasciae, with_pictures
from usfasc.viewing import assumed_mm
from usfasc_napari.regions_sketch import Sheet

Progress = Callable[[int, int], None]
_GUESSED: Final = "The lines are guesses, since the scale or the place of the picture is not sure."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Regions and lines that a clip's pictures show by themselves, and what to say of them."""

    regions: tuple[Region, ...]
    lines: tuple[Line, ...]
    hints: tuple[str, ...] = ()


def lay_sheets(
    cine: Cine, reading: Reading, result: Result | None, progress: Progress
) -> tuple[Sheet, ...]:
    """Make the pictures of a clip ready to be drawn on.

    Parameters
    ----------
    cine
        The clip as it was opened.
    reading
        What was said of it.
    result
        Its result, whose pictures are those that were judged; None before there is one.
    progress
        Called between steps.

    Raises
    ------
    InputError
        No frame can be read, or the clip shows no picture.
    """
    judged = result.pictures if result is not None else ()
    cine = _with_pictures(cine, reading)
    progress(1, 3)
    frames = moments(cine)
    progress(2, 3)
    if judged and [picture.box for picture in cine.pictures] != [each.box_px for each in judged]:
        shape = cine.frames.shape
        cine = replace(cine, pictures=tuple(_whole_box(each.box_px, shape) for each in judged))
    mean = mean_picture(frames) if frames else np.zeros(cine.frames.shape, np.uint8)
    spacings = [each.analysed_spacing_mm for each in judged] or [
        cine.spacing_of(picture) or assumed_mm(picture, Parameters().assumed_depth_mm)
        for picture in cine.pictures
    ]
    return tuple(
        Sheet(picture=picture, place=place, ridges=find_ridges(mean, picture, spacing_mm))
        for picture, place, spacing_mm in zip(
            cine.pictures,
            picture_names([each.box for each in cine.pictures]),
            spacings,
            strict=True,
        )
    )


def find_lines(cine: Cine, reading: Reading, sheets: Sequence[Sheet], progress: Progress) -> Found:
    """Look for layers, as detection does; where that would not rely on them, they are guesses.

    Parameters
    ----------
    cine, reading
        The clip, and what was said of it.
    sheets
        Its pictures.
    progress
        Called between steps.
    """
    cine = replace(cine, pictures=tuple(sheet.picture for sheet in sheets))
    found = outline(cine, Reading(side=reading.side, header=reading.header))
    progress(1, 2)
    boxes = [sheet.picture.box for sheet in sheets]
    lined = {owner_of(line, boxes) for line in found.lines}
    frames = moments(cine) if len(lined) < len(sheets) else []
    guesses = [
        line.model_copy(update={"proposed": False})
        for number, sheet in enumerate(sheets)
        if number not in lined and frames
        for line in _lines_in(frames, cine, sheet)
        if line.kind != "skin"
    ]
    hints = (_GUESSED,) if guesses else found.hints
    return Found(regions=found.regions, lines=(*found.lines, *guesses), hints=hints)


def _lines_in(frames: Sequence[Frame], cine: Cine, sheet: Sheet) -> tuple[Line, ...]:
    times_s = cine.times_s
    if times_s is None:
        times_s = np.arange(cine.frames.count, dtype=float)
    return steady_fasciae(frames, times_s, sheet.picture, sheet.ridges.spacing_mm)


def _with_pictures(cine: Cine, reading: Reading) -> Cine:
    return cine if cine.pictures else with_pictures(cine, reading)


def _whole_box(box: Box, shape: tuple[int, int]) -> Bmode:
    """A picture that was judged elsewhere than is found now: all of its box can be drawn on."""
    mask = np.zeros(shape, bool)
    mask[box[1] : box[3], box[0] : box[2]] = True
    return Bmode(box=box, mask=mask, origin="given")
