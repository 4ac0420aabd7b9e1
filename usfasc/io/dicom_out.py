"""Ultrasound cines out: JPEG-baseline multi-frame DICOM of synthetic clips.

Written for phantoms and fixtures, never for a patient: the patient is called
Phantom, there is no date, and every UID derives from the content, so that the
same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    JPEGBaseline8Bit,
    UltrasoundMultiFrameImageStorage,
)
from simplejpeg import encode_jpeg

from usfasc.errors import Code, InputError
from usfasc.io.write import write_atomically
from usfasc.model import Box, Floats, Grey

_FRAME_TIME, _FRAME_TIME_VECTOR = 0x00181063, 0x00181065
_CENTIMETRE = 3


def write_ultrasound_cine(
    path: Path,
    frames: Iterable[Grey],
    *,
    times_s: Floats,
    spacing_mm: tuple[float, float],
    bmode_box: Box,
    jpeg_quality: int = 90,
) -> None:
    """Write a synthetic clip as an Ultrasound Multi-frame Image.

    Parameters
    ----------
    path
        The file to write.
    frames
        ``(y, x)`` uint8 frames of one size, taken one by one.
    times_s
        ``(t,)`` frame times, rising strictly: FrameTime where even to 1 µs,
        else FrameTimeVector.
    spacing_mm
        ``(dy, dx)`` of a pixel.
    bmode_box
        The tissue region, half-open, in pixels.
    jpeg_quality
        1 to 100.

    Raises
    ------
    InputError
        The frames differ in size, or are not as many as the times.
    OutputError
        The file cannot be written; an older one still stands.
    """
    shape, codestreams = _encode(frames, jpeg_quality)
    if len(codestreams) != len(times_s):
        raise InputError(Code.BAD_FRAME_RATE, "There must be one time for each frame.")
    image = _image(shape, codestreams)
    _add_times(image, times_s)
    image.SequenceOfUltrasoundRegions = [_tissue_region(bmode_box, spacing_mm)]
    _add_identity(image, _digest(codestreams, times_s, spacing_mm, bmode_box))
    buffer = BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    write_atomically(path, buffer.getvalue())


def _encode(frames: Iterable[Grey], quality: int) -> tuple[tuple[int, int], list[bytes]]:
    shapes: set[tuple[int, ...]] = set()
    codestreams = []
    for grey in frames:
        shapes.add(grey.shape)
        pixels = np.ascontiguousarray(grey)[..., np.newaxis]
        codestreams.append(encode_jpeg(pixels, quality, colorspace="GRAY", colorsubsampling="Gray"))
    if len(shapes) != 1:
        raise InputError(Code.NO_FRAMES, "A cine needs frames, all of one size.")
    height, width = shapes.pop()
    return (height, width), codestreams


def _image(shape: tuple[int, int], codestreams: list[bytes]) -> Dataset:
    image = Dataset()
    image.ImageType = ["ORIGINAL", "PRIMARY", "", "0001"]
    image.SOPClassUID = UltrasoundMultiFrameImageStorage
    image.Modality = "US"
    image.SamplesPerPixel = 1
    image.PhotometricInterpretation = "MONOCHROME2"
    image.NumberOfFrames = len(codestreams)
    image.Rows, image.Columns = shape
    image.BitsAllocated = image.BitsStored = 8
    image.HighBit = 7
    image.PixelRepresentation = 0
    image.UltrasoundColorDataPresent = 0
    image.BurnedInAnnotation = "NO"
    image.LossyImageCompression = "01"
    image.LossyImageCompressionMethod = "ISO_10918_1"
    image.add_new(0x7FE00010, "OB", encapsulate(codestreams))
    return image


def _add_times(image: Dataset, times_s: Floats) -> None:
    # Differences of rounded times, not rounded differences: no drift.
    steps_ms = np.diff(np.round((times_s - times_s[0]) * 1e3, 3), prepend=0.0)
    even_ms = (times_s[-1] - times_s[0]) * 1e3 / max(len(times_s) - 1, 1)
    if np.allclose(steps_ms[1:], even_ms, rtol=0, atol=2e-3):
        image.FrameTime = f"{even_ms:.10g}"
        image.FrameIncrementPointer = _FRAME_TIME
    else:
        image.FrameTimeVector = [f"{step:.6g}" for step in steps_ms]
        image.FrameIncrementPointer = _FRAME_TIME_VECTOR


def _tissue_region(box: Box, spacing_mm: tuple[float, float]) -> Dataset:
    x0, y0, x1, y1 = box
    region = Dataset()
    region.RegionSpatialFormat = 1
    region.RegionDataType = 1
    region.RegionFlags = 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = x0, y0
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = x1 - 1, y1 - 1
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = _CENTIMETRE
    region.PhysicalDeltaY, region.PhysicalDeltaX = (step / 10 for step in spacing_mm)
    return region


def _digest(codestreams: list[bytes], times_s: Floats, *geometry: tuple[float, ...]) -> bytes:
    content = hashlib.sha256(repr([times_s.tolist(), geometry]).encode())
    for codestream in codestreams:
        content.update(codestream)
    return content.digest()


def _add_identity(image: Dataset, digest: bytes) -> None:
    """Name the nobody in it, and derive every UID from the content's digest."""
    image.SOPInstanceUID = _uid(digest, "instance")
    image.SeriesInstanceUID = _uid(digest, "series")
    image.StudyInstanceUID = _uid(digest, "study")
    image.PatientName, image.PatientID = "Phantom", "PHANTOM"
    image.Manufacturer, image.ManufacturerModelName = "usfasc", "phantom"
    image.PatientBirthDate = image.PatientSex = image.StudyDate = image.StudyTime = ""
    image.AccessionNumber = image.ReferringPhysicianName = image.StudyID = ""
    image.SeriesNumber = image.InstanceNumber = 1
    image.PatientOrientation = ""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    meta.MediaStorageSOPClassUID = image.SOPClassUID
    meta.MediaStorageSOPInstanceUID = image.SOPInstanceUID
    # Not pydicom's own, which change with its version.
    meta.ImplementationClassUID = _uid(b"usfasc", "writer")
    meta.ImplementationVersionName = "USFASC"
    image.file_meta = meta


def _uid(digest: bytes, what: str) -> UID:
    """A UUID-derived UID (2.25, ITU-T X.667) of some content."""
    named = hashlib.sha256(digest + what.encode()).digest()
    return UID(f"2.25.{uuid.UUID(bytes=named[:16], version=5).int}")
