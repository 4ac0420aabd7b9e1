"""What a clip is, in a sonographer's terms, and whether twitches can be counted in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import tee
from typing import Final

import numpy as np
from pydantic import Field

from usfasc.model import (
    Bmode,
    Box,
    Cine,
    Floats,
    Frame,
    Line,
    Reading,
    Region,
    Shown,
    Source,
    Value,
    Vessel,
)
from usfasc.motion.screen import FrameState, Screened, screen
from usfasc.regions import outline, picture_names
from usfasc.rules import load_rule
from usfasc.rules.recording import UNJUDGED_S, recording_words
from usfasc.tissue import why_masked

LOWEST_RATE_HZ: Final = 25.0
SHORTEST_S: Final = 3.0
_RATE_SLACK_HZ: Final = 0.5
GAP: Final = 1.5
"""An interval longer than so many median ones is a gap."""
_DEEPEST_MM: Final = 80.0
_MOST_DAMAGED: Final = 0.1
_LEAST_VISIBLE: Final = 0.3
_WORTH_NAMING: Final = 0.05
"""Share of a picture that is masked for one reason."""


class Fitness(Value):
    """Whether twitches can be counted, why not, and what to know if they can."""

    fit: bool
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The answer in one line."""
        if self.fit:
            return "fit for counting: yes"
        return f"fit for counting: no, because {', and '.join(self.reasons)}"


class FrameFacts(Value):
    """What a pass over the frames showed of one picture."""

    repeated: int
    damaged: int
    frozen: bool
    real_frame_rate_hz: float | None
    """Without the repeated frames."""
    states: tuple[FrameState, ...] = Field(exclude=True, repr=False)
    """Of each frame."""


class PictureFacts(Value):
    """What one picture of the screen is; ``name`` is empty where it is the only one."""

    name: str
    box_px: Box
    origin: str
    sure: bool
    note: str
    masked_share: float
    spacing_mm: tuple[float, float] | None
    frame_facts: FrameFacts


class ClipFacts(Value):
    """What one clip is; ``*_origin`` says where a value comes from.

    ``regions``, ``lines`` and ``vessels`` are those that a detection would start from, ``shown``
    what they are called by, and ``warnings`` says why where a region is the whole picture.
    """

    source: Source
    width_px: int
    height_px: int
    frames: int
    duration_s: float | None
    frame_rate_hz: float | None
    times_origin: str
    gaps: int
    """Intervals longer than one and a half times the median one."""
    longest_gap_s: float | None
    key_frames: int | None
    spacing_origin: str
    pictures: tuple[PictureFacts, ...]
    shown: Shown
    regions: tuple[Region, ...]
    lines: tuple[Line, ...]
    vessels: tuple[Vessel, ...]
    warnings: tuple[str, ...]
    fitness: Fitness


def clip_facts(cine: Cine) -> ClipFacts:
    """Describe a clip; every frame is decoded once.

    Parameters
    ----------
    cine
        The clip, with its pictures.

    Raises
    ------
    InputError
        A frame cannot be read.
    """
    pictures = _picture_facts(cine)
    muscles = outline(cine, Reading())
    height, width = cine.frames.shape
    gaps, longest_s = _gaps(cine.times_s)
    return ClipFacts(
        source=cine.source,
        width_px=width,
        height_px=height,
        frames=cine.frames.count,
        duration_s=cine.duration_s,
        frame_rate_hz=cine.frame_rate_hz,
        times_origin=cine.times_origin,
        gaps=gaps,
        longest_gap_s=longest_s,
        key_frames=None if cine.key_frames is None else int(cine.key_frames.sum()),
        spacing_origin=cine.spacing_origin,
        pictures=pictures,
        shown=muscles.shown,
        regions=muscles.regions,
        lines=muscles.lines,
        vessels=muscles.vessels,
        warnings=(*cine.warnings, *muscles.hints),
        fitness=_fitness(cine, pictures),
    )


def _picture_facts(cine: Cine) -> tuple[PictureFacts, ...]:
    names = picture_names([picture.box for picture in cine.pictures])
    frame_facts = _frame_facts(cine, [picture.box for picture in cine.pictures])
    return tuple(
        PictureFacts(
            name=name,
            box_px=picture.box,
            origin=picture.origin,
            sure=picture.sure,
            note=picture.note,
            masked_share=1.0 - float(picture.mask[_inside(picture.box)].mean()),
            spacing_mm=cine.spacing_of(picture),
            frame_facts=facts,
        )
        for picture, name, facts in zip(cine.pictures, names, frame_facts, strict=True)
    )


def _inside(box: Box) -> tuple[slice, slice]:
    x0, y0, x1, y1 = box
    return slice(y0, y1), slice(x0, x1)


def _frame_facts(cine: Cine, boxes: Sequence[Box]) -> list[FrameFacts]:
    """Facts of each picture, in one pass."""
    shared = tee(cine.frames.stream(), len(boxes))
    screened = [_screened(frames, box) for frames, box in zip(shared, boxes, strict=True)]
    states = [[one.state for one in at_once] for at_once in zip(*screened, strict=True)]
    return [_facts_of(cine, column) for column in zip(*states, strict=True)]


def _screened(frames: Iterable[Frame], box: Box) -> Iterator[Screened]:
    return screen((frame, frame.grey[_inside(box)]) for frame in frames)


def _facts_of(cine: Cine, states: Sequence[FrameState]) -> FrameFacts:
    repeated, damaged = states.count(FrameState.REPEATED), states.count(FrameState.DAMAGED)
    return FrameFacts(
        repeated=repeated,
        damaged=damaged,
        frozen=repeated + damaged >= len(states) - 1,
        real_frame_rate_hz=_real_rate_hz(cine, len(states) - repeated),
        states=tuple(states),
    )


def _gaps(times_s: Floats | None) -> tuple[int, float | None]:
    if times_s is None or len(times_s) < 3:
        return 0, None
    steps_s = np.diff(times_s)
    long_s = steps_s[steps_s > GAP * np.median(steps_s)]
    return len(long_s), float(long_s.max()) if len(long_s) else None


def _real_rate_hz(cine: Cine, distinct: int) -> float | None:
    if cine.duration_s is None or cine.frame_rate_hz is None:
        return None
    return min(cine.frame_rate_hz, distinct / cine.duration_s)


def _fitness(cine: Cine, pictures: Sequence[PictureFacts]) -> Fitness:
    """Fit where any picture is; what another lacks is then a note."""
    faults = {
        each.name: [*_frame_faults(each), *_picture_faults(cine, bmode, each)]
        for each, bmode in zip(pictures, cine.pictures, strict=True)
    }
    told = [f"{name}: {fault}" if name else fault for name, row in faults.items() for fault in row]
    reasons, notes = _time_faults(cine), _notes(cine, pictures)
    if all(faults.values()):
        reasons += told
    else:
        notes += [f"{fault.capitalize()}." for fault in told]
    return Fitness(fit=not reasons, reasons=tuple(reasons), notes=tuple(notes))


def _time_faults(cine: Cine) -> list[str]:
    if cine.duration_s is None:
        return ["the frame rate is not known (give --frame-rate)"]
    if cine.duration_s < SHORTEST_S:
        return [f"it lasts {cine.duration_s:.2g} s, less than {SHORTEST_S:g} s"]
    return []


def _frame_faults(picture: PictureFacts) -> list[str]:
    facts = picture.frame_facts
    rate_hz = facts.real_frame_rate_hz
    if facts.frozen:
        return ["the picture is frozen"]
    if rate_hz is not None and rate_hz < LOWEST_RATE_HZ - _RATE_SLACK_HZ:
        return [
            f"there are {rate_hz:.3g} different pictures a second, fewer than {LOWEST_RATE_HZ:g}"
        ]
    return []


def _picture_faults(cine: Cine, bmode: Bmode, picture: PictureFacts) -> list[str]:
    faults = []
    damaged = picture.frame_facts.damaged
    if damaged > _MOST_DAMAGED * cine.frames.count:
        faults.append(f"{damaged} of {cine.frames.count} frames are damaged")
    if not picture.sure:
        faults.append("the B-mode area is unsure (give --bmode)")
    if (left := 1 - picture.masked_share) < _LEAST_VISIBLE:
        words = f"only {100 * left:.0f} % of the B-mode area can be judged"
        faults.append(f"{words}{_reasons_masked(cine, bmode)}")
    return faults


def _reasons_masked(cine: Cine, bmode: Bmode) -> str:
    """Why most of a picture is masked, in brackets, the largest part first."""
    shares = {
        reason: float(mask[_inside(bmode.box)].mean())
        for reason, mask in why_masked(cine, bmode).items()
    }
    named = sorted((r for r in shares if shares[r] >= _WORTH_NAMING), key=lambda r: -shares[r])
    return f" (the rest: {', '.join(named)})" if named else ""


def _notes(cine: Cine, pictures: Sequence[PictureFacts]) -> list[str]:
    notes = []
    if any(picture.spacing_mm is None for picture in pictures):
        notes.append("Pixel size unknown, so nothing can be given in mm (give --depth-mm).")
    if (depth_mm := max(map(_depth_mm, pictures))) > _DEEPEST_MM:
        notes.append(f"The picture is {depth_mm:.0f} mm deep; 30-50 mm show small twitches best.")
    rule = load_rule()
    if cine.duration_s is not None and cine.duration_s - UNJUDGED_S < rule.window_s:
        notes.append(
            f"{cine.duration_s:.3g} s of the {rule.window_s:g} s that a muscle needs before it "
            f"can be called quiet; clips of one muscle add up: record {recording_words(rule)}."
        )
    return notes


def _depth_mm(picture: PictureFacts) -> float:
    """Height of a picture in mm, 0 where that is unknown."""
    _, top, _, bottom = picture.box_px
    return (bottom - top) * picture.spacing_mm[0] if picture.spacing_mm else 0.0
