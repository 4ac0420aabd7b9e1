"""The real clips, and where in each of them a twitch can be put.

None of them belongs to the project; where they are is said by an option or by
the environment variable `DATA_VARIABLE`. Spacings were read off the depth scale
on the screen (biceps: unknown, about 0.08).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.video_out import VideoCodec
from usfasc.model import Box, Reading

DATA_VARIABLE: Final = "USFASC_SHARED_DATA"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealClip:
    """One real clip: its file, its scale, and its quiet tissue."""

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
    codec: VideoCodec
    """At a constant quality with which the plain copy is as large as its source."""

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
)
BEDS: Final = (BICEPS, TIBIALIS, BRACHIAL)

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
