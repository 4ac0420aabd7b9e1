"""How a file may spoil a quiet clip: damaged frames, doubled frames, a starved codec.

Nothing of it moves tissue, so nothing of it may count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from usfasc.benchmark.facts import CODEC_NAMES, Facts
from usfasc.io.video_out import VideoCodec, write_video
from usfasc.model import Cine, Floats, Grey

_BLOCK_PX: Final = 8
_LOST_BLOCKS: Final = (3, 80)
_DRIFT_GREY: Final = 18.0
_JPEG: Final = 85


class Delivery(Protocol):
    """What becomes of a clip on its way into a file."""

    @property
    def suffix(self) -> str:
        """Of the file it writes."""

    @property
    def facts(self) -> Facts:
        """What it changes of what is known of the clip."""

    def deliver(self, path: Path, cine: Cine, times_s: Floats) -> None:
        """Write the clip as it arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """Some frames lost their step on the way: what an archive shows when it codes them anew.

    Where a JPEG stream loses some blocks, all later ones move up, at a brightness that
    is off by a constant, since each block is coded as a difference from the one before.
    """

    share: float
    seed: int
    suffix: str = ".dcm"

    @property
    def facts(self) -> Facts:
        """The look-alike."""
        return {"look": "damaged_frames"}

    def deliver(self, path: Path, cine: Cine, times_s: Floats) -> None:
        """Write the clip as it arrives."""
        _write_dicom(path, cine, self._frames(cine), times_s)

    def _frames(self, cine: Cine) -> Iterator[Grey]:
        rng = np.random.default_rng(self.seed)
        for frame in cine.frames.stream():
            yield _out_of_step(frame.grey, rng) if rng.random() < self.share else frame.grey


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubled:
    """Every frame twice: a clip in a container of twice its rate."""

    suffix: str = ".dcm"

    @property
    def facts(self) -> Facts:
        """The look-alike."""
        return {"look": "repeats"}

    def deliver(self, path: Path, cine: Cine, times_s: Floats) -> None:
        """Write the clip as it arrives."""
        twice = (frame.grey for frame in cine.frames.stream() for _ in range(2))
        doubled_s = np.repeat(times_s, 2)
        doubled_s[1::2] += np.median(np.diff(times_s)) / 2
        _write_dicom(path, cine, twice, doubled_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Starved:
    """A video at a bit rate that is too low: most blocks stand, some are updated by jumps."""

    codec: VideoCodec
    kbit_s: int
    suffix: str = ".mp4"

    @property
    def facts(self) -> Facts:
        """The codec, and its look-alike."""
        return {
            "look": "block_updates",
            "codec": CODEC_NAMES[self.codec.name],
            "kbit_s": self.kbit_s,
        }

    def deliver(self, path: Path, cine: Cine, times_s: Floats) -> None:
        """Write the clip as it arrives."""
        write_video(path, (frame.grey for frame in cine.frames.stream()), times_s, self.codec)


def starved(encoder: str, key_frame_every: int, kbit_s: int) -> Starved:
    """A codec held to a bit rate, with so many frames from key frame to key frame."""
    rate = f"{kbit_s}k"
    held = (("b", rate), ("maxrate", rate), ("bufsize", rate))
    # Without the option libx264 would not give the same bits each time.
    options = (*held, ("mbtree", "0")) if encoder == "libx264" else held
    codec = VideoCodec(name=encoder, key_frame_every=key_frame_every, options=options)
    return Starved(codec=codec, kbit_s=kbit_s)


def _write_dicom(path: Path, cine: Cine, frames: Iterator[Grey], times_s: Floats) -> None:
    from usfasc.io.dicom_out import write_ultrasound_cine

    assert cine.spacing_mm is not None and cine.bmode is not None
    write_ultrasound_cine(
        path,
        frames,
        times_s=times_s,
        spacing_mm=cine.spacing_mm,
        bmode_box=cine.bmode.box,
        jpeg_quality=_JPEG,
    )


def _out_of_step(grey: Grey, rng: np.random.Generator) -> Grey:
    """One frame whose JPEG blocks moved up from somewhere on."""
    rows, columns = grey.shape[0] // _BLOCK_PX, grey.shape[1] // _BLOCK_PX
    inside = np.s_[: rows * _BLOCK_PX, : columns * _BLOCK_PX]
    tiles = grey[inside].reshape(rows, _BLOCK_PX, columns, _BLOCK_PX).swapaxes(1, 2)
    blocks = tiles.reshape(rows * columns, _BLOCK_PX, _BLOCK_PX).astype(float)
    start = int(rng.integers(len(blocks) * 3 // 4))
    lost = int(rng.integers(*_LOST_BLOCKS))
    drift = rng.choice((-1, 1)) * rng.uniform(0.5, 1.5) * _DRIFT_GREY
    blocks[start:] = np.roll(blocks[start:], -lost, axis=0) + drift
    damaged = grey.copy()
    tiles = blocks.reshape(rows, columns, _BLOCK_PX, _BLOCK_PX).swapaxes(1, 2)
    damaged[inside] = np.clip(np.rint(tiles.reshape(grey[inside].shape)), 0, 255)
    return damaged
