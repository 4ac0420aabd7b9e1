"""Compressed frames: one pinned decoder for each transfer syntax.

Chosen on mutated codestreams, each in a process of its own, and by speed:

- JPEG of 8 bits, lossless included: libjpeg-turbo through simplejpeg, which turns
  its warnings into errors; other bindings decode nine damaged frames in ten in silence.
- JPEG of more bits: libjpeg-turbo through imagecodecs. It keeps silent about
  damage, so that at least the markers are checked here.
- JPEG-LS: CharLS, JPEG XL: libjxl, both strict.
- JPEG 2000 and High-Throughput JPEG 2000: OpenJPEG. OpenJPH is faster, but dies of
  some damaged frames and never returns from others.

Damage that a format cannot show is seen in the frames (`usfasc.motion.screen`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc.io.codecs import Codec, DamagedFrameError
from usfasc.io.codestreams import (
    EXTENDED,
    JPEG2000_BOX,
    JPEG_LS,
    LOSSLESS,
    SEQUENTIAL,
    START_OF_JPEG,
    START_OF_JPEG2000,
    START_OF_JPEG_XL,
    FrameHeader,
    jpeg2000_frame,
    jpeg_frame,
    jpeg_segments,
    jpegxl_frame,
    unboxed,
)
from usfasc.io.layout import Layout
from usfasc.io.samples import Table
from usfasc.model import Grey

_ADOBE_RGB: Final = b"\xff\xee\x00\x0eAdobe\x00\x65\x00\x00\x00\x00\x00"
_APPLICATION: Final = range(0xE0, 0xF0)
_MARKER: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data; stuffed bytes and restarts are none."""
_PADDING: Final = b"\0"
_END_OF_IMAGE: Final = b"\xff\xd9"
_RGB: Final = "RGB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How the frames of one family of transfer syntaxes are read."""

    decoder: str
    start: bytes
    """First bytes of a frame."""
    processes: frozenset[int] = frozenset({0})
    """JPEG processes that may occur."""
    header: Callable[[bytes], FrameHeader | None] = jpeg_frame
    most_pixels_a_byte: int = 1 << 20
    decode: Callable[[bytes], NDArray[Any]]
    decode_rgb: Callable[[bytes], NDArray[Any]] | None = None
    """For colour, where ``decode`` gives luma alone."""
    undone: frozenset[str] = frozenset()
    """Colour codings that the decoder turns into RGB."""


class Compressed(Codec):
    """Frames that are decoded to samples.

    Parameters
    ----------
    coding
        How.
    layout, table
        What the samples mean.
    """

    def __init__(self, coding: Coding, layout: Layout, table: Table) -> None:
        undone = layout.photometric in coding.undone
        super().__init__(replace(layout, photometric=_RGB) if undone else layout, table)
        self.name, self._coding = coding.decoder, coding

    def fits(self, data: bytes) -> bool:
        """Whether the codestream announces a frame as the file's header does."""
        header, layout = self._coding.header(data), self._layout
        return (
            header is not None
            and header.process in self._coding.processes
            and (header.height, header.width) == layout.shape
            and header.samples == layout.samples
            and header.bits <= layout.bits_allocated
            and layout.rows * layout.columns <= len(data) * self._coding.most_pixels_a_byte
        )

    def rgb(self, data: bytes) -> Grey:
        """RGB ``(y, x, 3)``."""
        if self._coding.decode_rgb is None or self._layout.samples == 1:
            return super().rgb(data)
        return self._decoded(data, self._coding.decode_rgb)

    def _samples(self, data: bytes) -> NDArray[Any]:
        return self._decoded(data, self._coding.decode)

    def _decoded(self, data: bytes, decode: Callable[[bytes], NDArray[Any]]) -> NDArray[Any]:
        if not self.fits(data):
            raise DamagedFrameError
        try:
            samples = decode(data)
        except (RuntimeError, ValueError, MemoryError):
            raise DamagedFrameError from None
        shape, colours = samples.shape[:2], samples.shape[2:]
        if shape != self._layout.shape or colours not in ((), (self._layout.samples,)):
            raise DamagedFrameError
        return _unsigned(samples, self._layout.bits_allocated)


def compressed_codec(syntax: str, layout: Layout, table: Table) -> Compressed:
    """The decoder of a clip's frames, chosen once, by its header."""
    coding = _DEEP.get(syntax) if layout.bits_allocated > 8 else None
    return Compressed(coding or CODINGS[syntax], layout, table)


def _unsigned(samples: NDArray[Any], bits: int) -> NDArray[Any]:
    """Samples as the bit patterns in which they would be stored uncompressed."""
    kind = np.dtype(f"{samples.dtype.kind}{bits // 8}")
    return samples.astype(kind, copy=False).view(f"u{bits // 8}")


def _strict_jpeg(data: bytes, colours: str) -> Grey:
    from simplejpeg import decode_jpeg

    pixels: Grey = decode_jpeg(data, colours, strict=True)
    return pixels


def _decode_luma(data: bytes) -> Grey:
    return _strict_jpeg(data, "GRAY")[..., 0]


def _decode_rgb(data: bytes) -> Grey:
    return _strict_jpeg(data, _RGB)


def _decode_lossless(data: bytes) -> Grey:
    header = jpeg_frame(data)
    colour = header is not None and header.samples == 3
    return _decode_rgb(_as_rgb(data)) if colour else _decode_luma(data)


def _as_rgb(data: bytes) -> bytes:
    """The same JPEG, marked as RGB: what colours mean is the DICOM header's to say."""
    kept = [
        data[start:stop]
        for marker, start, stop in jpeg_segments(data)
        if marker not in _APPLICATION
    ]
    end = max((stop for _, _, stop in jpeg_segments(data)), default=len(data))
    return b"".join([START_OF_JPEG, _ADOBE_RGB, *kept, data[end:]])


def _decode_deep_jpeg(data: bytes) -> NDArray[Any]:
    import imagecodecs

    scan = data.find(b"\xff\xda")
    marker = _MARKER.search(data, scan + 2) if scan >= 0 else None
    # One scan, then the end of the image, then nothing but padding.
    if marker is None or data[marker.start() :].rstrip(_PADDING) != _END_OF_IMAGE:
        raise ValueError
    return imagecodecs.jpeg8_decode(data)


def _decode_jpeg_ls(data: bytes) -> NDArray[Any]:
    import imagecodecs

    whole = data.rstrip(_PADDING)
    if not whole.endswith(_END_OF_IMAGE):
        raise ValueError  # CharLS would look for the end for seconds.
    try:
        return imagecodecs.jpegls_decode(whole)
    except RuntimeError:
        unpadded = whole.removesuffix(_PADDING + _END_OF_IMAGE)
        if unpadded is whole:
            raise
        # Some writers pad before the end of the image, which CharLS alone refuses.
        return imagecodecs.jpegls_decode(unpadded + _END_OF_IMAGE)


def _decode_jpeg2000(data: bytes) -> NDArray[Any]:
    import imagecodecs

    # Without its boxes, which may hold palettes and profiles that DICOM does not know.
    return imagecodecs.jpeg2k_decode(unboxed(data, JPEG2000_BOX), numthreads=1)


def _decode_jpeg_xl(data: bytes) -> NDArray[Any]:
    import imagecodecs

    return imagecodecs.jpegxl_decode(data, 0, numthreads=1)


_JPEG: Final = Coding(
    decoder="simplejpeg",
    start=START_OF_JPEG,
    processes=frozenset({SEQUENTIAL, EXTENDED}),
    most_pixels_a_byte=512,  # 64 in 2 bits, and room to spare.
    decode=_decode_luma,
    decode_rgb=_decode_rgb,
)
_JPEG_LOSSLESS: Final = Coding(
    decoder="simplejpeg",
    start=START_OF_JPEG,
    processes=frozenset({LOSSLESS}),
    most_pixels_a_byte=8,
    decode=_decode_lossless,
)
_DEEP_JPEG: Final = Coding(
    decoder="imagecodecs libjpeg-turbo",
    start=START_OF_JPEG,
    processes=frozenset({SEQUENTIAL, EXTENDED}),
    most_pixels_a_byte=512,
    decode=_decode_deep_jpeg,
)
_DEEP_JPEG_LOSSLESS: Final = replace(
    _DEEP_JPEG, processes=frozenset({LOSSLESS}), most_pixels_a_byte=8
)
_JPEG_LS: Final = Coding(
    decoder="imagecodecs charls",
    start=START_OF_JPEG,
    processes=frozenset({JPEG_LS}),
    decode=_decode_jpeg_ls,
)
_JPEG2000: Final = Coding(
    decoder="imagecodecs openjpeg",
    start=START_OF_JPEG2000,
    header=jpeg2000_frame,
    decode=_decode_jpeg2000,
    undone=frozenset({"YBR_RCT", "YBR_ICT"}),
)
_JPEG_XL: Final = Coding(
    decoder="imagecodecs libjxl",
    start=START_OF_JPEG_XL,
    header=jpegxl_frame,
    decode=_decode_jpeg_xl,
    undone=frozenset({"XYB"}),
)
_JPEG_XL_LOSSY: Final = replace(_JPEG_XL, undone=frozenset({"XYB", "YBR_FULL", "YBR_FULL_422"}))
CODINGS: Final = {
    "1.2.840.10008.1.2.4.50": _JPEG,
    "1.2.840.10008.1.2.4.51": _JPEG,
    "1.2.840.10008.1.2.4.57": _JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.70": _JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.80": _JPEG_LS,
    "1.2.840.10008.1.2.4.81": _JPEG_LS,
    "1.2.840.10008.1.2.4.90": _JPEG2000,
    "1.2.840.10008.1.2.4.91": _JPEG2000,
    "1.2.840.10008.1.2.4.110": _JPEG_XL,
    "1.2.840.10008.1.2.4.111": _JPEG_XL_LOSSY,
    "1.2.840.10008.1.2.4.112": _JPEG_XL_LOSSY,
    "1.2.840.10008.1.2.4.201": _JPEG2000,
    "1.2.840.10008.1.2.4.202": _JPEG2000,
    "1.2.840.10008.1.2.4.203": _JPEG2000,
}
"""Coding by transfer syntax (PS3.5, 10 and A.4)."""
_DEEP: Final = {
    "1.2.840.10008.1.2.4.51": _DEEP_JPEG,
    "1.2.840.10008.1.2.4.57": _DEEP_JPEG_LOSSLESS,
    "1.2.840.10008.1.2.4.70": _DEEP_JPEG_LOSSLESS,
}
"""The same for samples stored in 16 bits, where another decoder reads these."""
