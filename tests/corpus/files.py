"""DICOM files of the corpus: any samples, any transfer syntax, any tags."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders import RLELosslessEncoder
from pydicom.uid import UID, UltrasoundMultiFrameImageStorage

from tests.corpus.clips import PALETTE, Clip, Samples

IMPLICIT, EXPLICIT = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
BIG_ENDIAN, DEFLATED = "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"
RUN_LENGTH = "1.2.840.10008.1.2.5"
COMPRESSED = "1.2.840.10008.1.2.4."
"""How the other transfer syntaxes begin."""
_THREE_SAMPLES = frozenset(
    {"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT", "YBR_PARTIAL_420", "XYB"}
)
_COLOURS = ("Red", "Green", "Blue")


def header(clip: Clip, syntax: str, photometric: str, **tags: Any) -> Dataset:
    """A cine without its pixels; a tag of None is left out."""
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = UID(syntax)
    image.file_meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage
    image.file_meta.MediaStorageSOPInstanceUID = "2.25.1"
    image.SOPClassUID, image.SOPInstanceUID = UltrasoundMultiFrameImageStorage, "2.25.1"
    image.PatientName, image.Modality = "SECRET^NAME", "US"
    image.NumberOfFrames = len(clip.samples)
    image.Rows, image.Columns = clip.samples.shape[1:3]
    image.SamplesPerPixel = 3 if photometric in _THREE_SAMPLES else 1
    if image.SamplesPerPixel == 3:
        image.PlanarConfiguration = 0
    image.PhotometricInterpretation = photometric
    image.BitsAllocated = 8 if clip.bits <= 8 else 16
    image.BitsStored, image.HighBit = clip.bits, clip.bits - 1
    image.PixelRepresentation = 0
    image.FrameTime, image.FrameIncrementPointer = 40, 0x00181063
    if photometric == "PALETTE COLOR":
        _add_palette(image, ">" if syntax == BIG_ENDIAN else "<")
    for keyword, value in tags.items():
        if value is None:
            delattr(image, keyword)
        else:
            setattr(image, keyword, value)
    return image


def write_native(path: Path, image: Dataset, data: bytes) -> None:
    """A file with uncompressed pixels."""
    image.add_new(
        0x7FE00010, "OB" if image.BitsAllocated == 8 else "OW", data + b"\0" * (len(data) % 2)
    )
    image.save_as(path, enforce_file_format=True)


def write_compressed(path: Path, image: Dataset, parts: Sequence[bytes]) -> None:
    """A file with a fragment for each part."""
    image.add_new(0x7FE00010, "OB", encapsulate(list(parts)))
    image["PixelData"].is_undefined_length = True
    # Newer transfer syntaxes than pydicom's dictionary knows: these are all explicit.
    image.preamble = b"\0" * 128
    dcmwrite(path, image, implicit_vr=False, little_endian=True, force_encoding=True)


def native_bytes(samples: Samples, syntax: str, layout: str = "by pixel") -> bytes:
    """Uncompressed samples: by pixel, by plane, or with halved colour (4:2:2)."""
    if layout == "by plane":
        samples = np.moveaxis(samples, -1, 1)
    elif layout == "halved":
        pairs = samples.reshape(*samples.shape[:2], -1, 2, 3)
        samples = np.concatenate([pairs[..., 0], pairs[..., 0, 1:]], axis=-1)
    order = ">" if syntax == BIG_ENDIAN else "<"
    return samples.astype(samples.dtype.newbyteorder(order)).tobytes()


def run_lengths(clip: Clip) -> list[bytes]:
    """RLE frames by pydicom."""
    options = {
        "rows": clip.samples.shape[1],
        "columns": clip.samples.shape[2],
        "samples_per_pixel": 3 if clip.colour else 1,
        "bits_allocated": 8 * clip.samples.itemsize,
        "bits_stored": clip.bits,
        "pixel_representation": 0,
        "number_of_frames": 1,
        "photometric_interpretation": clip.photometric,
        "planar_configuration": 0,
    }
    return [RLELosslessEncoder.encode(frame, **options) for frame in clip.samples]


def _add_palette(image: Dataset, order: str) -> None:
    for colour, values in zip(_COLOURS, PALETTE.T, strict=True):
        name = f"{colour}PaletteColorLookupTable"
        setattr(image, f"{name}Descriptor", [256, 0, 16])
        setattr(image, f"{name}Data", (values << 8 | values).astype(f"{order}u2").tobytes())
