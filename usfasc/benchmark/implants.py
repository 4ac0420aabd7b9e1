"""Twitches of known truth in real clips: the guard against a phantom that flatters.

Real speckle, real vessels and real codecs are the problem. Real frames are warped
where a twitch is due and stored again through the clip's own kind of codec, or
another one; the same clip stored again without twitches stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.benchmark import copies, fields, patches, planting, twitches, units, warps
from usfasc.benchmark.beds import JpegFrames, RealClip
from usfasc.benchmark.planting import Plan
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.benchmark.twitches import Twitch, true_event
from usfasc.benchmark.units import UnitPlan, fire, true_firings
from usfasc.io import open_cine, video_out
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.model import Event, Floats
from usfasc.provenance import file_sha256

_COMMON: Final = (twitches, planting, warps, copies, video_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantedClip:
    """A kept clip with implants, and its truth (empty for the plain copy).

    A train is one event; of what else twitches, each twitch is.
    """

    path: Path
    truth: tuple[Event, ...]


def implanted(clip: RealClip, data: Path, plan: Plan) -> ImplantedClip:
    """Put twitches into a copy of a real clip and keep it; the second call finds it made.

    Parameters
    ----------
    clip
        One of `beds.BEDS`.
    data
        Folder of the real clips.
    plan
        What to put in; `planting.nothing_for` a plain copy, `units.UnitPlan` a unit too.
    """
    source = data / clip.file
    # The models apart: a change of the one leaves the other's clips alone.
    model = patches if plan.model == "patch" else fields
    own = (units,) if isinstance(plan, UnitPlan) else ()
    made_of = digest(file_sha256(source), clip, plan, code_digest(model, *_COMMON, *own))
    folder, stem = cache_folder() / "implants", f"{clip.name}-{made_of}"

    def make(path: Path) -> None:
        cine = open_cine(source, clip.reading)
        single = planting.plant(cine.frames.shape, clip, plan)
        fired = fire(cine.frames.shape, clip, plan) if isinstance(plan, UnitPlan) else ()
        times_s = copies.copy_times(cine, clip)
        still = copies.copy_frames(cine, clip, source, len(times_s))
        moved = warps.moved_frames(still, times_s, clip, (*single, *fired))
        copies.store_copy(path, moved, times_s, clip)
        truth = _truth(single, fired, clip, plan, times_s)
        write_events_csv(folder / f"{stem}.truth.csv", truth)

    suffix = ".dcm" if isinstance(clip.codec, JpegFrames) else ".mp4"
    path = kept(folder, f"{stem}{suffix}", make)
    return ImplantedClip(path=path, truth=read_events_csv(folder / f"{stem}.truth.csv"))


def _truth(
    single: Sequence[Twitch], fired: Sequence[Twitch], clip: RealClip, plan: Plan, times_s: Floats
) -> list[Event]:
    """Single twitches and what a unit fires, numbered in order of onset."""
    events = [true_event(twitch, 1, times_s, clip.spacing_mm) for twitch in single]
    if isinstance(plan, UnitPlan):
        events += true_firings(fired, plan, times_s, clip.spacing_mm)
    events.sort(key=lambda event: event.onset_s)
    return [event.model_copy(update={"event": n}) for n, event in enumerate(events, start=1)]
