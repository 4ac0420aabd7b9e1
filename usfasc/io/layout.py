"""How a DICOM file stores its pixels, checked before one byte of them is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.guard import MAX_FRAMES, MAX_SIDE
from usfasc.io.header import Header

_SAMPLES: Final = {
    "MONOCHROME1": 1,
    "MONOCHROME2": 1,
    "PALETTE COLOR": 1,
    "RGB": 3,
    "YBR_FULL": 3,
    "YBR_FULL_422": 3,
    "YBR_PARTIAL_422": 3,
    "YBR_PARTIAL_420": 3,
    "YBR_ICT": 3,
    "YBR_RCT": 3,
    "XYB": 3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Size and coding of the frames of one file."""

    frames: int
    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    photometric: str
    planar: bool

    @property
    def shape(self) -> tuple[int, int]:
        """``(height, width)`` in pixels."""
        return self.rows, self.columns

    @property
    def frame_bytes(self) -> int:
        """Bytes of one decoded frame, every sample in full."""
        return self.rows * self.columns * self.samples * self.bits_allocated // 8


def read_layout(header: Header, *, video: bool = False) -> Layout:
    """Read and check the pixel description of a clip.

    Parameters
    ----------
    header
        The file's.
    video
        Whether the pixels are a video stream, which moves even where the number of
        frames was left at one.

    Raises
    ------
    InputError
        There are no pixels or they are a still, the description contradicts itself,
        or a limit is passed.
    """
    if "PixelData" not in header.found:
        raise InputError(Code.NO_PIXELS, "The file holds no pixels that usfasc can read.")
    layout = Layout(
        frames=header.whole("NumberOfFrames", 1),
        rows=header.whole("Rows", 0),
        columns=header.whole("Columns", 0),
        samples=header.whole("SamplesPerPixel", 1),
        bits_allocated=header.whole("BitsAllocated", 8),
        bits_stored=header.whole("BitsStored", header.whole("BitsAllocated", 8)),
        signed=header.whole("PixelRepresentation", 0) == 1,
        photometric=header.text("PhotometricInterpretation") or "",
        planar=header.whole("PlanarConfiguration", 0) == 1,
    )
    _check_size(layout)
    if layout.frames == 1 and not video:
        raise InputError(Code.STILL_IMAGE, "The file is a still image, not a clip.")
    _check_samples(layout)
    return layout


def _check_size(layout: Layout) -> None:
    if layout.frames < 1:
        raise InputError(Code.NO_FRAMES, "The header says that the clip has no frames.")
    if layout.frames > MAX_FRAMES:
        raise InputError(Code.TOO_LARGE, f"The header announces more than {MAX_FRAMES} frames.")
    if min(layout.shape) < 1:
        raise InputError(Code.NO_PIXELS, "The header says that the image is empty.")
    if max(layout.shape) > MAX_SIDE:
        raise InputError(Code.TOO_LARGE, f"The image is more than {MAX_SIDE} pixels wide or high.")


def _check_samples(layout: Layout) -> None:
    bits = layout.bits_allocated
    if _SAMPLES.get(layout.photometric) != layout.samples:
        raise InputError(
            Code.UNSUPPORTED_PIXELS, "The colour coding is unknown, or does not fit the samples."
        )
    if bits not in (8, 16) or not 1 <= layout.bits_stored <= bits:
        raise InputError(Code.UNSUPPORTED_PIXELS, "Samples must have 8 bits, or 16 for grey.")
    if layout.samples == 3 and (bits, layout.bits_stored) != (8, 8):
        raise InputError(Code.UNSUPPORTED_PIXELS, "Colour samples must have 8 bits.")
