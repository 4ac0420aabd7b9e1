"""Compressed frames: what each transfer syntax announces, and its one pinned decoder.

A frame is decoded only if its own header announces what the file's does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from usfasc.io import decoders
from usfasc.io.codecs import Codec, DamagedFrameError
from usfasc.io.codestreams import (
    EXTENDED,
    JPEG_LS,
    LOSSLESS,
    SEQUENTIAL,
    START_OF_JPEG,
    START_OF_JPEG2000,
    START_OF_JPEG_XL,
    FrameHeader,
    jpeg2000_frame,
    jpeg_frame,
    jpegxl_frame,
)
from usfasc.io.layout import Layout
from usfasc.io.samples import Table
from usfasc.model import Grey

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


_JPEG: Final = Coding(
    decoder="simplejpeg",
    start=START_OF_JPEG,
    processes=frozenset({SEQUENTIAL, EXTENDED}),
    most_pixels_a_byte=512,  # 64 in 2 bits, and room to spare.
    decode=decoders.jpeg_luma,
    decode_rgb=decoders.jpeg_rgb,
)
_JPEG_LOSSLESS: Final = Coding(
    decoder="simplejpeg",
    start=START_OF_JPEG,
    processes=frozenset({LOSSLESS}),
    most_pixels_a_byte=8,
    decode=decoders.jpeg_lossless,
)
_DEEP_JPEG: Final = Coding(
    decoder="imagecodecs libjpeg-turbo",
    start=START_OF_JPEG,
    processes=frozenset({SEQUENTIAL, EXTENDED}),
    most_pixels_a_byte=512,
    decode=decoders.deep_jpeg,
)
_DEEP_JPEG_LOSSLESS: Final = replace(
    _DEEP_JPEG, processes=frozenset({LOSSLESS}), most_pixels_a_byte=8
)
_JPEG_LS: Final = Coding(
    decoder="imagecodecs charls",
    start=START_OF_JPEG,
    processes=frozenset({JPEG_LS}),
    decode=decoders.jpeg_ls,
)
_JPEG2000: Final = Coding(
    decoder="imagecodecs openjpeg",
    start=START_OF_JPEG2000,
    header=jpeg2000_frame,
    decode=decoders.jpeg2000,
    undone=frozenset({"YBR_RCT", "YBR_ICT"}),
)
_JPEG_XL: Final = Coding(
    decoder="imagecodecs libjxl",
    start=START_OF_JPEG_XL,
    header=jpegxl_frame,
    decode=decoders.jpeg_xl,
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
