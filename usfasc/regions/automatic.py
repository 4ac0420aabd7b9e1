"""Muscle regions of a clip: where the user says nothing, the layers that find themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc.errors import Code, InputError
from usfasc.model import Bmode, Cine, Frame, Line, Reading, Region, Shown, Vessel
from usfasc.regions.drawn import follow_drawn
from usfasc.regions.drift import owner_of
from usfasc.regions.layers import Layers, Naming, lay_layers, layers_between
from usfasc.regions.naming import choose_regions, picture_names, whole_regions
from usfasc.regions.polygons import check_regions
from usfasc.regions.said import shown_in
from usfasc.regions.vocabulary import muscle_name
from usfasc.tissue import moments, rows_at, steady_fasciae, steady_vessels, without_walls

_TOUCH_PX: Final = 1.0
"""By which two lines that meet may pass each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The regions to count in, what parts and names them, and what the user should know."""

    regions: tuple[Region, ...]
    lines: tuple[Line, ...] = ()
    vessels: tuple[Vessel, ...] = ()
    shown: Shown = field(default=Shown())
    """Muscle and side of the clip as a whole, and who says so."""
    hints: tuple[str, ...] = ()


def outline(cine: Cine, reading: Reading) -> Outline:
    """Regions to count in: given, between given lines, found, or each picture as a whole.

    Layers are looked for where the user neither gave regions nor named the one muscle that
    the whole image shows. They are told in a calibrated picture whose place is sure;
    elsewhere, and where no line is clear enough, the whole picture is one region, with a
    hint that says why. An assumed scale would not do: where it is 1.6 times too large, one of
    five hard pictures shows a false line, and one of 24 at the right scale; where it is 1.6
    times too small, 0.57 of the lines are found instead of 0.80 (48 hard pictures of
    `usfasc.benchmark.outline_pictures`, split ``dev``).

    A muscle that the clip's header names for sure is laid on the one region of a picture;
    which of several layers it is, the header does not say.

    Parameters
    ----------
    cine
        The clip, with its pictures; a few frames are decoded.
    reading
        What the user said.

    Raises
    ------
    InputError
        ``BAD_REGIONS``.
    """
    shown, hints = shown_in(cine, reading)
    if reading.regions or reading.muscle or reading.whole:
        regions = choose_regions(reading, shown, cine)
    elif reading.lines:
        regions = _between_given(cine, reading)
        check_regions(regions, cine.frames.shape, cine.pictures)
    else:
        found = _found(cine, reading.layers, shown)
        return replace(found, shown=shown, hints=(*hints, *found.hints))
    lines = follow_drawn(cine, reading.lines)
    return Outline(regions=regions, lines=lines, shown=shown, hints=hints)


def _between_given(cine: Cine, reading: Reading) -> tuple[Region, ...]:
    """Regions between a person's lines, each in the picture that it crosses."""
    regions: list[Region] = []
    boxes = [picture.box for picture in cine.pictures]
    from_top = sorted(reading.lines, key=lambda line: float(np.mean([y for _, y in line.points])))
    for number, place in enumerate(picture_names(boxes)):
        picture = cine.pictures[number]
        crossing = [line for line in from_top if owner_of(line, boxes) == number]
        _check_order(crossing)
        muscles = tuple(map(muscle_name, reading.layers))
        naming = Naming(muscles=muscles, side=reading.side, place=place)
        layers = layers_between(crossing, picture, naming)
        if layers.reason and crossing:
            raise InputError(Code.BAD_REGIONS, f"The drawn lines give no regions: {layers.reason}.")
        regions += layers.regions
    return tuple(regions)


def _check_order(from_top: Sequence[Line]) -> None:
    """Refuse lines that cross: it cannot be told what lies between them."""
    for number, (upper, lower) in enumerate(pairwise(from_top), start=1):
        x = np.array([x for line in (upper, lower) for x, _ in line.points])
        if np.any(rows_at(upper, x) > rows_at(lower, x) + _TOUCH_PX):
            raise InputError(
                Code.BAD_REGIONS, f"The drawn lines {number} and {number + 1} from the top cross."
            )


def _found(cine: Cine, muscles: tuple[str, ...], shown: Shown) -> Outline:
    wholes = whole_regions(cine.pictures, shown.muscle, shown.side)
    places = picture_names([picture.box for picture in cine.pictures])
    frames, times_s = moments(cine), cine.times_s
    if times_s is None:
        times_s = np.arange(cine.frames.count, dtype=float)
    regions: list[Region] = []
    lines: list[Line] = []
    vessels: list[Vessel] = []
    hints: list[str] = []
    for picture, place, whole in zip(cine.pictures, places, wholes, strict=True):
        naming = Naming(muscles=muscles, only=shown.muscle, side=shown.side, place=place)
        spacing_mm = cine.spacing_of(picture)
        reason = _why_not(picture, spacing_mm, frames)
        layers = Layers(reason=reason)
        if not reason and spacing_mm is not None:
            with threadpool_limits(1, "blas"):  # sums must not depend on the number of threads
                lumens = steady_vessels(frames, picture, spacing_mm)
                found = steady_fasciae(frames, times_s, picture, spacing_mm)
            found = without_walls(found, lumens, spacing_mm)
            vessels += lumens
            layers = lay_layers(found, picture, spacing_mm, naming)
            lines += found
        regions += layers.regions or (whole,)
        hints += [_hint(layers.reason, place, shown.muscle)] if layers.reason else []
        if shown.muscle and len(layers.regions) > 1:
            hints += [_which_layer(shown.muscle, len(layers.regions))]
    return Outline(
        regions=tuple(regions), lines=tuple(lines), vessels=tuple(vessels), hints=tuple(hints)
    )


def _why_not(
    picture: Bmode, spacing_mm: tuple[float, float] | None, frames: Sequence[Frame]
) -> str:
    """Why layers cannot be looked for in a picture; empty where they can."""
    if spacing_mm is None:
        return "the scale is not known (--depth-mm gives it)"
    if not picture.sure:
        return "the B-mode area is unsure"
    return "" if frames else "no frame could be read"


def _which_layer(muscle: str, count: int) -> str:
    return (
        f"The header says {muscle}, but not which of the {count} layers that is: name them from"
        " the top (--muscle)."
    )


def _hint(reason: str, place: str, muscle: str | None) -> str:
    where = f"The {place}" if place else "The whole image"
    advice = "draw regions" if muscle else "draw regions, or name the muscle"
    return f"{where} is one region, since {reason}; {advice}."
