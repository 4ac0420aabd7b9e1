"""The decoders of compressed frames; each is given a frame whose header was checked.

Chosen on mutated codestreams, each in a process of its own, and by speed:

- JPEG of 8 bits, lossless included: libjpeg-turbo through simplejpeg, which turns
  its warnings into errors; other bindings decode three damaged frames in four in silence.
- JPEG of more bits: libjpeg-turbo through imagecodecs. It keeps silent about
  damage, so that at least the markers are checked here.
- JPEG-LS: CharLS, JPEG XL: libjxl, both strict.
- JPEG 2000 and High-Throughput JPEG 2000: OpenJPEG. OpenJPH is faster, but dies of
  some damaged frames and never returns from others.

Damage that a format cannot show is seen in the frames (`usfasc.motion.screen`).

They raise RuntimeError or ValueError where they see damage.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final

from numpy.typing import NDArray

from usfasc.io.codestreams import (
    JPEG2000_BOX,
    START_OF_JPEG,
    jpeg_frame,
    jpeg_segments,
    unboxed,
)
from usfasc.model import Grey

_ADOBE_RGB: Final = b"\xff\xee\x00\x0eAdobe\x00\x65\x00\x00\x00\x00\x00"
_APPLICATION: Final = range(0xE0, 0xF0)
_MARKER: Final = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
"""In entropy-coded data; stuffed bytes and restarts are none."""
_PADDING: Final = b"\0"
_END_OF_IMAGE: Final = b"\xff\xd9"


def _strict_jpeg(data: bytes, colours: str) -> Grey:
    from simplejpeg import decode_jpeg

    pixels: Grey = decode_jpeg(data, colours, strict=True)
    return pixels


def jpeg_luma(data: bytes) -> Grey:
    """Luma ``(y, x)`` of a JPEG of 8 bits; colour is not even decoded."""
    return _strict_jpeg(data, "GRAY")[..., 0]


def jpeg_rgb(data: bytes) -> Grey:
    """RGB ``(y, x, 3)`` of a JPEG of 8 bits."""
    return _strict_jpeg(data, "RGB")


def jpeg_lossless(data: bytes) -> Grey:
    """Samples of a lossless JPEG of 8 bits, colours as they are stored."""
    header = jpeg_frame(data)
    colour = header is not None and header.samples == 3
    return jpeg_rgb(_as_rgb(data)) if colour else jpeg_luma(data)


def _as_rgb(data: bytes) -> bytes:
    """The same JPEG, marked as RGB: what colours mean is the DICOM header's to say."""
    kept = [
        data[start:stop]
        for marker, start, stop in jpeg_segments(data)
        if marker not in _APPLICATION
    ]
    end = max((stop for _, _, stop in jpeg_segments(data)), default=len(data))
    return b"".join([START_OF_JPEG, _ADOBE_RGB, *kept, data[end:]])


def deep_jpeg(data: bytes) -> NDArray[Any]:
    """Samples of a JPEG of more than 8 bits, lossless or not."""
    import imagecodecs

    scan = data.find(b"\xff\xda")
    marker = _MARKER.search(data, scan + 2) if scan >= 0 else None
    # One scan, then the end of the image, then nothing but padding.
    if marker is None or data[marker.start() :].rstrip(_PADDING) != _END_OF_IMAGE:
        raise ValueError
    return imagecodecs.jpeg8_decode(data)


def jpeg_ls(data: bytes) -> NDArray[Any]:
    """Samples of a JPEG-LS."""
    import imagecodecs

    whole = data.rstrip(_PADDING)
    if not whole.endswith(_END_OF_IMAGE):
        raise ValueError  # CharLS would look for the end for seconds.
    # Some writers pad before the end of the image, which CharLS alone refuses.
    unpadded = whole.removesuffix(_PADDING + _END_OF_IMAGE)
    readings = [whole] if unpadded is whole else [whole, unpadded + _END_OF_IMAGE]
    return _first_readable(imagecodecs.jpegls_decode, readings)


def jpeg2000(data: bytes) -> NDArray[Any]:
    """Samples of a JPEG 2000, High-Throughput or not; colour transforms are undone."""
    import imagecodecs

    # Without its boxes, which may hold palettes and profiles that DICOM does not know.
    whole = unboxed(data, JPEG2000_BOX)
    readings = [whole]
    if not whole.rstrip(_PADDING).endswith(_END_OF_IMAGE):
        # Scanners forget it, and pad; a part that is missing with it is found by its length.
        readings = [part + _END_OF_IMAGE for part in (whole, whole.removesuffix(_PADDING))]
    return _first_readable(partial(imagecodecs.jpeg2k_decode, numthreads=1), readings)


def _first_readable(
    decode: Callable[[bytes], NDArray[Any]], readings: Sequence[bytes]
) -> NDArray[Any]:
    """What one decoder makes of a frame, with its padding taken for data or for padding."""
    for reading in readings[:-1]:
        with suppress(RuntimeError):
            return decode(reading)
    return decode(readings[-1])


def jpeg_xl(data: bytes) -> NDArray[Any]:
    """Samples of a JPEG XL; colour transforms are undone."""
    import imagecodecs

    return imagecodecs.jpegxl_decode(data, 0, numthreads=1)
