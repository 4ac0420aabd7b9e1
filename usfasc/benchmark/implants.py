"""Twitches of known truth in real clips: the guard against a phantom that flatters.

Real speckle, real vessels and real codecs are the problem. Real frames are warped
where a twitch is due and stored again through the clip's own kind of codec, or
another one; the same clip stored again without twitches stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.benchmark import copies, fields, patches, planting, twitches, warps
from usfasc.benchmark.beds import JpegFrames, RealClip
from usfasc.benchmark.planting import Plan
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io import open_cine, video_out
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.model import Event
from usfasc.provenance import file_sha256

_COMMON: Final = (twitches, planting, warps, copies, video_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantedClip:
    """A kept clip with implants, and its truth (empty for the plain copy)."""

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
        What to put in; `planting.nothing_for` a plain copy.
    """
    source = data / clip.file
    # The models apart: a change of the one leaves the other's clips alone.
    model = patches if plan.model == "patch" else fields
    made_of = digest(file_sha256(source), clip, plan, code_digest(model, *_COMMON))
    folder, stem = cache_folder() / "implants", f"{clip.name}-{made_of}"

    def make(path: Path) -> None:
        cine = open_cine(source, clip.reading)
        planted = planting.plant(cine.frames.shape, clip, plan)
        times_s = copies.copy_times(cine, clip)
        still = copies.copy_frames(cine, clip, source, len(times_s))
        copies.store_copy(path, warps.moved_frames(still, times_s, clip, planted), times_s, clip)
        truth = [
            twitches.true_event(twitch, number, times_s, clip.spacing_mm)
            for number, twitch in enumerate(planted, start=1)
        ]
        write_events_csv(folder / f"{stem}.truth.csv", truth)

    suffix = ".dcm" if isinstance(clip.codec, JpegFrames) else ".mp4"
    path = kept(folder, f"{stem}{suffix}", make)
    return ImplantedClip(path=path, truth=read_events_csv(folder / f"{stem}.truth.csv"))
