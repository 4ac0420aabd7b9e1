"""Clips made for the readers: DICOM of every coding, videos of every container."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    UltrasoundMultiFrameImageStorage,
)
from simplejpeg import encode_jpeg

from usfasc._cv import cv2
from usfasc.model import Grey

SYNTAXES = {
    "implicit": ImplicitVRLittleEndian,
    "explicit": ExplicitVRLittleEndian,
    "big": ExplicitVRBigEndian,
    "rle": RLELossless,
    "jpeg": JPEGBaseline8Bit,
}
MakeDicom = Callable[..., Path]
MakeVideo = Callable[..., Path]


def speckle(count: int = 6, shape: tuple[int, int] = (48, 64), seed: int = 0) -> Grey:
    """Smooth texture ``(t, y, x)`` that shifts by a pixel a frame."""
    noise = np.random.default_rng(seed).normal(size=(shape[0], shape[1] + count))
    smooth = cv2.GaussianBlur(noise, (0, 0), 1.5)
    grey = np.clip(128 + 90 * smooth / np.abs(smooth).max() * 1.6, 0, 255).astype(np.uint8)
    return np.stack([grey[:, i : i + shape[1]] for i in range(count)])


def jpegs(frames: np.ndarray) -> list[bytes]:
    """Baseline codestreams of grey or RGB frames."""
    if frames.ndim == 4:
        return [encode_jpeg(np.ascontiguousarray(f), 92, colorsubsampling="422") for f in frames]
    grey = {"colorspace": "GRAY", "colorsubsampling": "Gray"}
    return [encode_jpeg(np.ascontiguousarray(f)[..., None], 92, **grey) for f in frames]


def dataset(frames: np.ndarray, syntax: str = "explicit", **tags: Any) -> Dataset:
    """An ultrasound cine with ``frames`` ``(t, y, x[, 3])``; ``None`` removes a tag."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = UID(SYNTAXES[syntax])
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    image.PatientName = "SECRET^NAME"
    image.Modality = "US"
    image.NumberOfFrames = len(frames)
    image.Rows, image.Columns = frames.shape[1:3]
    colour = frames.ndim == 4
    image.SamplesPerPixel = 3 if colour else 1
    if colour:
        image.PlanarConfiguration = 0
    interpretation = "YBR_FULL_422" if syntax == "jpeg" else "RGB"
    image.PhotometricInterpretation = interpretation if colour else "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 8 * frames.itemsize
    image.HighBit = image.BitsStored - 1
    image.PixelRepresentation = 0
    image.FrameTime = 40
    image.FrameIncrementPointer = 0x00181063
    _add_pixels(image, frames, syntax)
    for keyword, value in tags.items():
        if value is None:
            delattr(image, keyword)
        else:
            setattr(image, keyword, value)
    return image


def _add_pixels(image: Dataset, frames: np.ndarray, syntax: str) -> None:
    if syntax == "jpeg":
        image.add_new(0x7FE00010, "OB", encapsulate(jpegs(frames)))
    elif syntax == "rle":
        image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        image.add_new(0x7FE00010, "OW", frames.tobytes())
        image.compress(RLELossless, generate_instance_uid=False)
    else:
        order = ">" if syntax == "big" else "<"
        data = frames.astype(frames.dtype.newbyteorder(order)).tobytes()
        # Bytes written as words would have to be turned round in big endian.
        vr = "OB" if frames.itemsize == 1 else "OW"
        image.add_new(0x7FE00010, vr, data + b"\0" * (len(data) % 2))


@pytest.fixture
def make_dicom(tmp_path: Path) -> MakeDicom:
    """``make(frames, syntax, name=..., **tags)``: a DICOM file."""

    def make(
        frames: np.ndarray, syntax: str = "explicit", *, name: str = "clip.dcm", **tags: Any
    ) -> Path:
        path = tmp_path / name
        dataset(frames, syntax, **tags).save_as(path, enforce_file_format=True)
        return path

    return make


@pytest.fixture
def make_video(tmp_path: Path) -> MakeVideo:
    """``make(frames, codec, name, ticks=..., gop=...)``: a video at 1000 ticks a second."""

    def make(
        frames: Grey,
        codec: str = "mpeg4",
        *,
        name: str = "clip.mp4",
        ticks: Sequence[int] | None = None,
        gop: int = 12,
    ) -> Path:
        path = tmp_path / name
        ticks = range(0, 40 * len(frames), 40) if ticks is None else ticks
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=25)
            stream.height, stream.width = frames.shape[1:3]
            stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
            stream.codec_context.time_base = Fraction(1, 25 if path.suffix == ".avi" else 1000)
            stream.codec_context.gop_size = gop
            for tick, grey in zip(ticks, frames, strict=True):
                picture = av.VideoFrame.from_ndarray(grey, format="gray")
                picture.time_base = stream.codec_context.time_base
                picture.pts = tick // 40 if path.suffix == ".avi" else tick
                container.mux(stream.encode(picture))
            container.mux(stream.encode(None))
        return path

    return make
