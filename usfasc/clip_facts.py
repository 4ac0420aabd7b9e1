"""What a clip is, in a sonographer's terms, and whether twitches can be counted in it."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.ndimage import percentile_filter

from usfasc.model import Bmode, Box, Cine, Floats, Source, Value
from usfasc.motion.screen import FrameState, screen

LOWEST_RATE_HZ: Final = 25.0
SHORTEST_S: Final = 3.0
OBSERVED_S: Final = 60.0
"""Time in all after which few twitches mean few twitches (Noto 2017)."""
_RATE_SLACK_HZ: Final = 0.5
_GAP: Final = 1.5
_DEEPEST_MM: Final = 80.0
_NEAR_REPEAT: Final = 0.05
_NEARBY_FRAMES: Final = 17
_MOST_DAMAGED: Final = 0.1
_LEAST_VISIBLE: Final = 0.3


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
    """What a pass over the frames showed."""

    repeated: int
    damaged: int
    frozen: bool
    gaps: int
    """Intervals longer than one and a half times the median one."""
    longest_gap_s: float | None
    real_frame_rate_hz: float | None
    """Without the repeated frames."""


class ClipFacts(Value):
    """What one clip is; ``*_origin`` says where a value comes from."""

    source: Source
    width_px: int
    height_px: int
    frames: int
    duration_s: float | None
    frame_rate_hz: float | None
    times_origin: str
    frame_facts: FrameFacts
    key_frames: int | None
    spacing_mm: tuple[float, float] | None
    spacing_origin: str
    bmode_px: Box
    bmode_origin: str
    bmode_sure: bool
    bmode_note: str
    masked_share: float
    warnings: tuple[str, ...]
    fitness: Fitness


def clip_facts(cine: Cine, bmode: Bmode) -> ClipFacts:
    """Describe a clip; every frame is decoded once.

    Parameters
    ----------
    cine
        The clip.
    bmode
        Its picture area.

    Raises
    ------
    InputError
        A frame cannot be read.
    """
    frame_facts = _frame_facts(cine, bmode.box)
    x0, y0, x1, y1 = bmode.box
    height, width = cine.frames.shape
    return ClipFacts(
        source=cine.source,
        width_px=width,
        height_px=height,
        frames=cine.frames.count,
        duration_s=cine.duration_s,
        frame_rate_hz=cine.frame_rate_hz,
        times_origin=cine.times_origin,
        frame_facts=frame_facts,
        key_frames=None if cine.key_frames is None else int(cine.key_frames.sum()),
        spacing_mm=cine.spacing_mm,
        spacing_origin=cine.spacing_origin,
        bmode_px=bmode.box,
        bmode_origin=bmode.origin,
        bmode_sure=bmode.sure,
        bmode_note=bmode.note,
        masked_share=1.0 - float(bmode.mask[y0:y1, x0:x1].mean()),
        warnings=cine.warnings,
        fitness=_fitness(cine, bmode, frame_facts),
    )


def _frame_facts(cine: Cine, box: Box) -> FrameFacts:
    x0, y0, x1, y1 = box
    pictures = ((frame, frame.grey[y0:y1, x0:x1]) for frame in cine.frames.stream())
    seen = [(screened.state, screened.step_grey) for screened in screen(pictures)]
    states = [state for state, _ in seen]
    repeated = _repeats(states, np.array([step for _, step in seen]))
    damaged = states.count(FrameState.DAMAGED)
    gaps, longest_s = _gaps(cine.times_s)
    return FrameFacts(
        repeated=repeated,
        damaged=damaged,
        frozen=repeated + damaged >= len(states) - 1,
        gaps=gaps,
        longest_gap_s=longest_s,
        real_frame_rate_hz=_real_rate_hz(cine, len(states) - repeated),
    )


def _repeats(states: list[FrameState], steps_grey: Floats) -> int:
    """Number of repeated frames, also of those that a codec has coded anew.

    Such a frame differs from the one before, but by a small part only of what
    the frames around it do.
    """
    usual = percentile_filter(steps_grey, 75, size=_NEARBY_FRAMES)
    exact = np.array([state is FrameState.REPEATED for state in states])
    near = (steps_grey < _NEAR_REPEAT * usual) & (np.arange(len(states)) > 0)
    return int((exact | near).sum())


def _gaps(times_s: Floats | None) -> tuple[int, float | None]:
    if times_s is None or len(times_s) < 3:
        return 0, None
    steps_s = np.diff(times_s)
    long_s = steps_s[steps_s > _GAP * np.median(steps_s)]
    return len(long_s), float(long_s.max()) if len(long_s) else None


def _real_rate_hz(cine: Cine, distinct: int) -> float | None:
    if cine.duration_s is None or cine.frame_rate_hz is None:
        return None
    return min(cine.frame_rate_hz, distinct / cine.duration_s)


def _fitness(cine: Cine, bmode: Bmode, facts: FrameFacts) -> Fitness:
    reasons = [*_time_faults(cine, facts), *_picture_faults(cine, bmode, facts)]
    return Fitness(fit=not reasons, reasons=tuple(reasons), notes=tuple(_notes(cine, bmode)))


def _time_faults(cine: Cine, facts: FrameFacts) -> list[str]:
    if cine.duration_s is None:
        return ["the frame rate is not known (give --frame-rate)"]
    faults = []
    rate_hz = facts.real_frame_rate_hz or 0.0
    if not facts.frozen and rate_hz < LOWEST_RATE_HZ - _RATE_SLACK_HZ:
        faults.append(
            f"there are {rate_hz:.3g} different pictures a second, fewer than {LOWEST_RATE_HZ:g}"
        )
    if cine.duration_s < SHORTEST_S:
        faults.append(f"it lasts {cine.duration_s:.2g} s, less than {SHORTEST_S:g} s")
    return faults


def _picture_faults(cine: Cine, bmode: Bmode, facts: FrameFacts) -> list[str]:
    faults = []
    if facts.frozen:
        faults.append("the picture is frozen")
    if facts.damaged > _MOST_DAMAGED * cine.frames.count:
        faults.append(f"{facts.damaged} of {cine.frames.count} frames are damaged")
    if not bmode.sure:
        faults.append("the B-mode area is unsure (give --bmode)")
    x0, y0, x1, y1 = bmode.box
    if bmode.mask[y0:y1, x0:x1].mean() < _LEAST_VISIBLE:
        faults.append("most of the B-mode area is covered by overlays or colour")
    return faults


def _notes(cine: Cine, bmode: Bmode) -> list[str]:
    notes = []
    if cine.spacing_mm is None:
        notes.append("Pixel size unknown, so nothing can be given in mm (give --depth-mm).")
    elif (depth_mm := (bmode.box[3] - bmode.box[1]) * cine.spacing_mm[0]) > _DEEPEST_MM:
        notes.append(f"The picture is {depth_mm:.0f} mm deep; 30-50 mm show small twitches best.")
    if cine.duration_s is not None and cine.duration_s < OBSERVED_S:
        notes.append(
            f"{cine.duration_s:.3g} s of the {OBSERVED_S:g} s that a muscle needs "
            "before it can be called quiet; clips of one muscle add up."
        )
    return notes
