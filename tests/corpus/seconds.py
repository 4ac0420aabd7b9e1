"""Second decoders: none shares code with the one that usfasc uses, where there is another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels import apply_color_lut, pixel_array

from tests.corpus.case import Levels
from tests.corpus.clips import LUMA, Samples, shown
from usfasc._cv import cv2

_KEPT = {"gbrp": "rgb24", "bgr24": "rgb24"}
"""FFmpeg's orders of colours that are turned round; other formats are taken as they are."""


def by_pydicom(path: Path) -> Samples:
    """Samples as stored, by pydicom's own decoders and Pillow."""
    return pixel_array(pydicom.dcmread(path), raw=True)


def by_ffmpeg(codestreams: Iterable[bytes], codec: str) -> Samples:
    """Samples of codestreams by FFmpeg's own decoder of a still format."""
    return np.stack([_picture(data, codec) for data in codestreams])


def by_pillow(jpegs: Iterable[bytes]) -> Levels:
    """Luma of JPEG files."""
    return np.stack([np.asarray(Image.open(BytesIO(j)).convert("L"), float) for j in jpegs])


def by_opencv(path: Path, stream: bytes) -> Levels:
    """Grey levels of a video stream by the FFmpeg inside OpenCV."""
    beside = path.with_suffix(".stream")
    beside.write_bytes(stream)
    capture = cv2.VideoCapture(str(beside))
    frames: list[Any] = []
    while True:
        there, picture = capture.read()
        if not there:
            return np.stack(frames).astype(float)
        frames.append(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))


def of_header(path: Path, decode: Callable[[Path], Samples]) -> Levels:
    """Grey levels of a real file by its own header."""
    image = pydicom.dcmread(path)
    samples, photometric = decode(path), image.PhotometricInterpretation
    frames = samples if image.get("NumberOfFrames", 1) > 1 else samples[np.newaxis]
    if photometric == "PALETTE COLOR":
        rgb = np.stack([apply_color_lut(frame, image) for frame in frames])
        return np.asarray((rgb >> 8 if rgb.dtype == np.uint16 else rgb) @ LUMA)
    return shown(frames, "RGB" if photometric in ("YBR_RCT", "YBR_ICT") else photometric)


def _picture(data: bytes, codec: str) -> Samples:
    context: Any = av.CodecContext.create(codec, "r")
    context.thread_count = 1
    (picture,) = context.decode(av.Packet(data)) + context.decode(None)
    kind = picture.format.name
    pixels = picture.to_ndarray(format=_KEPT.get(kind, kind))
    return np.moveaxis(pixels, 0, -1) if kind.startswith("yuv") else pixels
