"""DICOM cine loops in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.accounting import encapsulated_frames, native_frames
from usfasc.io.codecs import Codec, JpegBaseline, Native, RunLength
from usfasc.io.dicom_frames import DicomFrames
from usfasc.io.geometry import dicom_geometry
from usfasc.io.guard import MAX_FILE_BYTES
from usfasc.io.header import Header, read_header
from usfasc.io.layout import Layout, read_layout
from usfasc.io.samples import read_table
from usfasc.io.timing import dicom_axis
from usfasc.model import Cine, Source

_NATIVE: Final = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"}
_RLE: Final = "1.2.840.10008.1.2.5"
_JPEG_BASELINE: Final = "1.2.840.10008.1.2.4.50"
_NOT_READ: Final = {
    "1.2.840.10008.1.2.1.98": "Encapsulated Uncompressed",
    "1.2.840.10008.1.2.4.51": "JPEG Extended",
    "1.2.840.10008.1.2.4.57": "JPEG Lossless",
    "1.2.840.10008.1.2.4.70": "JPEG Lossless SV1",
    "1.2.840.10008.1.2.4.80": "JPEG-LS Lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS Near-lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 Lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.100": "MPEG-2",
    "1.2.840.10008.1.2.4.101": "MPEG-2 High Level",
    "1.2.840.10008.1.2.4.102": "MPEG-4 AVC",
    "1.2.840.10008.1.2.4.103": "MPEG-4 AVC, Blu-ray compatible",
    "1.2.840.10008.1.2.4.107": "HEVC",
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.201": "High-Throughput JPEG 2000 Lossless",
}


def open_dicom(path: Path, sha256: str) -> Cine:
    """Open a DICOM cine loop; its header is read, no frame is decoded.

    Parameters
    ----------
    path
        The file.
    sha256
        Its digest.

    Raises
    ------
    InputError
        The file is damaged, too large, a still, or coded in a way not supported.
    """
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise InputError(Code.TOO_LARGE, f"The file is larger than {MAX_FILE_BYTES >> 30} GiB.")
    with path.open("rb") as stream:
        header = read_header(stream, size)
        layout = read_layout(header)
        frames = _frames(path, header, layout)
        axis = dicom_axis(header, layout.frames)
        geometry = dicom_geometry(header, layout.shape)
        source = _source(header, sha256, frames.decoder)
    return Cine(
        frames=frames,
        times_s=axis.times_s,
        times_origin=axis.origin,
        spacing_mm=geometry.spacing_mm,
        spacing_origin=geometry.spacing_origin,
        source=source,
        pictures=geometry.pictures,
        warnings=axis.warnings + geometry.warnings,
    )


def check_dicom_cine(path: Path) -> None:
    """Read a DICOM file's header only.

    Raises
    ------
    InputError
        It does not describe pixels of more than one frame, or is damaged.
    """
    with path.open("rb") as stream:
        read_layout(read_header(stream, path.stat().st_size))


def _frames(path: Path, header: Header, layout: Layout) -> DicomFrames:
    syntax = header.uid("TransferSyntaxUID") or "1.2.840.10008.1.2"
    codec: Codec
    if syntax in _NATIVE:
        pixels = header.found["PixelData"]
        spans, frame_bytes = native_frames(pixels, layout)
        codec = Native(
            layout,
            read_table(header, layout),
            order=header.encoding.order,
            words=pixels.vr == "OW",
            frame_bytes=frame_bytes,
        )
    elif syntax == _RLE:
        spans = encapsulated_frames(header, layout, jpeg=False)
        codec = RunLength(layout, read_table(header, layout))
    elif syntax == _JPEG_BASELINE:
        spans = encapsulated_frames(header, layout, jpeg=True)
        codec = JpegBaseline(layout)
    else:
        name = _NOT_READ.get(syntax, "This transfer syntax")
        raise InputError(Code.UNSUPPORTED_SYNTAX, f"{name} is not supported yet.")
    colour = layout.samples == 3 or layout.photometric == "PALETTE COLOR"
    frames = DicomFrames(path, spans, codec, layout.shape, has_colour=colour)
    frames.check_sizes()
    return frames


def _source(header: Header, sha256: str, decoder: str) -> Source:
    return Source(
        sha256=sha256,
        kind="dicom",
        decoder=decoder,
        transfer_syntax_uid=header.uid("TransferSyntaxUID"),
        sop_class_uid=header.uid("SOPClassUID"),
        sop_instance_uid=header.uid("SOPInstanceUID"),
        series_uid=header.uid("SeriesInstanceUID"),
        study_uid=header.uid("StudyInstanceUID"),
        manufacturer=header.text("Manufacturer"),
        manufacturer_model=header.text("ManufacturerModelName"),
    )
