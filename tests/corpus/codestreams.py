"""Codestreams of one frame, and video streams of many, for each transfer syntax of the corpus."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from io import BytesIO

import av
import imagecodecs
import numpy as np
from simplejpeg import encode_jpeg

from tests.corpus.clips import Samples

Encode = Callable[[Samples, int], bytes]
NEAR = 2
JFIF = bytes.fromhex("ffe000104a46494600010100000100010000")


def jpeg_baseline(frame: Samples, _bits: int) -> bytes:
    if frame.ndim == 2:
        grey = np.ascontiguousarray(frame)[..., np.newaxis]
        return bytes(encode_jpeg(grey, 95, colorspace="GRAY", colorsubsampling="Gray"))
    return bytes(encode_jpeg(np.ascontiguousarray(frame), 95, colorsubsampling="422"))


def jpeg_rgb(frame: Samples, _bits: int) -> bytes:
    return imagecodecs.jpeg8_encode(frame, 95, colorspace="RGB", outcolorspace="RGB")


def jpeg_extended(frame: Samples, bits: int) -> bytes:
    return imagecodecs.jpeg8_encode(frame, 98, bitspersample=bits)


def jpeg_lossless(predictor: int) -> Encode:
    def encode(frame: Samples, bits: int) -> bytes:
        return imagecodecs.jpeg8_encode(
            frame, lossless=True, predictor=predictor, bitspersample=bits, colorspace=_space(frame)
        )

    return encode


def jpeg_lossless_marked(frame: Samples, bits: int) -> bytes:
    """As JPEG lossless that calls itself JFIF, and so its colours YCbCr, as some writers do."""
    plain = jpeg_lossless(1)(frame, bits)
    after = plain.index(b"\xff\xc3")
    return plain[:2] + JFIF + plain[after:]


def jpeg_ls(near: int) -> Encode:
    return lambda frame, _bits: imagecodecs.jpegls_encode(frame, level=near)


def jpeg2000(*, mct: bool, reversible: bool = True) -> Encode:
    def encode(frame: Samples, bits: int) -> bytes:
        level = 0 if reversible else 50
        return imagecodecs.jpeg2k_encode(
            frame, level, codecformat="J2K", reversible=reversible, bitspersample=bits, mct=mct
        )

    return encode


def htj2k(*, rgb: bool, reversible: bool = True) -> Encode:
    def encode(frame: Samples, _bits: int) -> bytes:
        level = None if reversible else 0.002
        return imagecodecs.htj2k_encode(frame, level, reversible=reversible, rgb=rgb)

    return encode


def jpeg_xl(distance: float) -> Encode:
    def encode(frame: Samples, bits: int) -> bytes:
        return imagecodecs.jpegxl_encode(
            frame, lossless=distance == 0, distance=distance, bitspersample=bits
        )

    return encode


def jpeg_xl_of_jpeg(frame: Samples, bits: int) -> bytes:
    return imagecodecs.jpegxl_encode_jpeg(jpeg_baseline(frame, bits))


def jpeg_ls_padded(frame: Samples, _bits: int) -> bytes:
    """As JPEG-LS with a byte of padding before its end, as a file of DICOM's WG 4 has it."""
    return imagecodecs.jpegls_encode(frame).removesuffix(b"\xff\xd9") + b"\0\xff\xd9"


def jp2(frame: Samples, bits: int) -> bytes:
    """JPEG 2000 in its file format, which DICOM does not want and some writers give."""
    return imagecodecs.jpeg2k_encode(
        frame, 0, codecformat="JP2", reversible=True, bitspersample=bits
    )


def video(frames: Samples, codec: str, container: str, profile: str = "") -> bytes:
    """A video stream of grey frames ``(t, y, x)`` at 25 Hz, a key frame every fifth."""
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    target = BytesIO()
    with av.open(target, "w", format=container) as out:
        stream = out.add_stream(codec, rate=25, options=options)
        stream.height, stream.width = frames.shape[1:3]
        stream.pix_fmt = "yuv420p10le" if profile == "main10" else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 25)
        stream.codec_context.gop_size = 5
        for number, grey in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(grey), format="gray")
            picture.pts = number
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return target.getvalue()


def _space(frame: Samples) -> str | None:
    return "RGB" if frame.ndim == 3 else None
