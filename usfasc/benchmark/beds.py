"""The real clips, and where in each of them a twitch can be put.

None of them belongs to the project; where they are is said by an option or by
the environment variable `DATA_VARIABLE`. Spacings were read off the depth scale
on the screen (biceps: unknown, about 0.08).
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.video_out import VideoCodec
from usfasc.model import Box, Reading

DATA_VARIABLE: Final = "USFASC_SHARED_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class JpegFrames:
    """A copy in DICOM, each frame a JPEG picture of this quality (1 to 100)."""

    quality: int
    name: str = "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealClip:
    """One real clip: its file, its scale, its quiet tissue, and how it is stored again."""

    name: str
    file: str
    spacing_mm: float
    depth_mm: float
    """Height of the picture of the tissue."""
    frame_rate_hz: float
    quiet_s: tuple[float, float]
    moves_s: tuple[float, ...] = ()
    """Times at which the clip moves of itself; no implant begins near them."""
    tissue: tuple[Box, ...]
    """Boxes in which implants move, away from vessels, bone shadow, colour and text."""
    overlay: tuple[tuple[int, int, int, int], ...] = ()
    """Lines ``(x0, y0, x1, y1)`` drawn over the tissue: they stand while it moves."""
    fascicles_deg: float
    codec: VideoCodec | JpegFrames
    """At a constant quality with which the plain copy is as large as its source."""
    picture: Box
    """Where the B-mode picture lies."""
    every: int = 1
    """Of the source's frames a copy keeps the first of so many."""
    ends_s: float = math.inf
    """Where a copy ends."""
    colour_box: tuple[tuple[int, int], ...] = ()
    """Corners ``(x, y)`` of a colour box that a copy shows in grey."""

    @property
    def reading(self) -> Reading:
        """What a user would say of this clip."""
        return Reading(spacing_mm=(self.spacing_mm, self.spacing_mm))


_H264 = VideoCodec(name="libx264", key_frame_every=250, options=(("crf", "23"),))
_MPEG4 = VideoCodec(name="mpeg4", key_frame_every=250, options=(("qmin", "4"), ("qmax", "4")))

BICEPS: Final = RealClip(
    name="biceps",
    file="biceps_longitudinal_75hz.mp4",
    spacing_mm=0.08,
    depth_mm=41.0,
    frame_rate_hz=75.0,
    quiet_s=(0.0, 40.0),
    moves_s=(4.53, 22.85),
    tissue=((0, 30, 512, 290),),
    fascicles_deg=-6.0,
    codec=_H264,
    picture=(0, 0, 512, 512),
)
TIBIALIS: Final = RealClip(
    name="tibialis",
    file="tibialis_rest_then_contraction_30hz.mov",
    spacing_mm=0.212,
    depth_mm=45.0,
    frame_rate_hz=30_000 / 1001,
    quiet_s=(0.0, 32.0),
    moves_s=(14.05, 23.8, 29.4),
    tissue=((181, 48, 342, 145), (181, 205, 342, 254)),
    overlay=((299, 44, 230, 256),),
    fascicles_deg=3.0,
    codec=_MPEG4,
    picture=(180, 45, 343, 255),
)
BRACHIAL: Final = RealClip(
    name="brachial",
    file="brachial_artery_30hz.mov",
    spacing_mm=0.074,
    depth_mm=25.0,
    frame_rate_hz=30_000 / 1001,
    quiet_s=(0.0, 15.0),
    tissue=((30, 52, 180, 150), (290, 52, 496, 200), (290, 325, 496, 384)),
    fascicles_deg=8.0,
    codec=_MPEG4,
    picture=(30, 48, 498, 386),
)
REAL_CLIPS: Final = (BICEPS, TIBIALIS, BRACHIAL)

BRACHIAL_GREY: Final = replace(
    BRACHIAL,
    name="brachial-grey",
    colour_box=((184, 131), (287, 131), (209, 366), (108, 366)),
)


def _slower(clip: RealClip, every: int, codec: VideoCodec | JpegFrames, ends_s: float) -> RealClip:
    """The first seconds of a clip at a share of its frame rate."""
    rate_hz = clip.frame_rate_hz / every
    return replace(
        clip,
        name=f"{clip.name}-{round(rate_hz)}hz-{codec.name.removeprefix('lib')}",
        frame_rate_hz=rate_hz,
        every=every,
        codec=codec,
        ends_s=ends_s,
        quiet_s=(0.0, min(ends_s, clip.quiet_s[1])),
    )


def _first_30_s(clip: RealClip) -> RealClip:
    ends_s = min(clip.quiet_s[1], 30.0)
    return replace(clip, ends_s=ends_s, quiet_s=(0.0, ends_s))


RECODED: Final = (
    _slower(BICEPS, 2, _MPEG4, ends_s=20.0),
    _slower(BICEPS, 3, JpegFrames(quality=85), ends_s=20.0),
    _slower(TIBIALIS, 2, _H264, ends_s=32.0),
    _slower(BRACHIAL, 2, JpegFrames(quality=80), ends_s=15.0),
)
"""At half and a third of the frames, by other codecs than the clip's own."""
CROWDED_BEDS: Final = (RECODED[0], replace(TIBIALIS, ends_s=32.0), BRACHIAL)
"""Where implants come often, or in pairs."""
FIRING_BEDS: Final = (*(_first_30_s(clip) for clip in REAL_CLIPS), *RECODED[:2])
"""Where a unit fires again and again: at 25 frames a second or more, below which no train is
told how fast it is."""
BEDS: Final = (*REAL_CLIPS, BRACHIAL_GREY, *RECODED)
"""All that implants are put in."""

FROZEN_FILE: Final = "frozen_eye_phantom.mp4"
DUPLICATED_FILE: Final = "duplicated_frames_eye_phantom.mp4"


def data_folder(given: Path | None = None) -> Path:
    """Folder of the real clips: as given, else by the environment.

    Raises
    ------
    InputError
        Neither names a folder.
    """
    named = given or Path(os.environ.get(DATA_VARIABLE, ""))
    if named == Path() or not named.is_dir():
        raise InputError(
            Code.NOT_FOUND,
            f"The folder of the real clips is not known: name it with --data or {DATA_VARIABLE}.",
        )
    return named


def known_folder(given: Path | None = None) -> Path | None:
    """The same, for what does without it; None where nothing is named at all."""
    return data_folder(given) if given or os.environ.get(DATA_VARIABLE) else None
