"""DICOM cine loops in: one way to read each transfer syntax (PS3.5, 10 and A)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.accounting import FrameSpans, encapsulated_frames, native_frames
from usfasc.io.codecs import Codec, Native, RunLength
from usfasc.io.compressed import CODINGS, compressed_codec
from usfasc.io.dicom_frames import DicomFrames
from usfasc.io.dicom_video import VIDEO_SYNTAXES, index_stream, with_stream
from usfasc.io.geometry import dicom_geometry
from usfasc.io.header import DEFLATED, EXPLICIT_BIG, IMPLICIT_LITTLE, Header, read_header
from usfasc.io.layout import Layout, read_layout
from usfasc.io.samples import read_table
from usfasc.io.stored import StoredFile, stored_file
from usfasc.io.timing import dicom_axis
from usfasc.io.video import VideoFrames
from usfasc.model import Cine, FrameReader, Source

_EXPLICIT_LITTLE: Final = "1.2.840.10008.1.2.1"
_NATIVE: Final = {IMPLICIT_LITTLE, _EXPLICIT_LITTLE, EXPLICIT_BIG, DEFLATED}
_NATIVE_IN_FRAGMENTS: Final = "1.2.840.10008.1.2.1.98"
_RUN_LENGTH: Final = "1.2.840.10008.1.2.5"
_FRAME_SYNTAXES: Final = _NATIVE | {_NATIVE_IN_FRAGMENTS, _RUN_LENGTH} | CODINGS.keys()
"""Frame by frame, each by itself."""


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
    file = stored_file(path)
    with file.open() as stream:
        header = read_header(stream, file.size)
        layout = _layout(header)
        if _syntax(header) in VIDEO_SYNTAXES:
            index = index_stream(path, header, layout)
            cine = _cine(header, VideoFrames(index), _source(header, sha256, index.decoder))
            return with_stream(cine, index, layout.frames)
        frames = _frames(file, header, layout)
        return _cine(header, frames, _source(header, sha256, frames.decoder))


def check_dicom_cine(path: Path) -> None:
    """Read a DICOM file's header only.

    Raises
    ------
    InputError
        It does not describe pixels of more than one frame, or is damaged.
    """
    file = stored_file(path)
    with file.open() as stream:
        _layout(read_header(stream, file.size))


def look_at_dicom(path: Path) -> tuple[bool, bool]:
    """Whether a clip's header tells the times of its frames, and its scale.

    No frame is looked at. Times of a video stream inside are told by that stream; they are
    taken to be there.

    Raises
    ------
    InputError
        As `open_dicom`, as far as headers tell.
    """
    file = stored_file(path)
    with file.open() as stream:
        header = read_header(stream, file.size)
        layout = _layout(header)
        geometry = dicom_geometry(header, layout.shape)
        scales = [geometry.spacing_mm, *(picture.spacing_mm for picture in geometry.pictures)]
        has_scale = any(scale is not None for scale in scales)
        if (syntax := _syntax(header)) in VIDEO_SYNTAXES:
            return True, has_scale
        if syntax not in _FRAME_SYNTAXES:
            raise _unsupported(syntax)
        return dicom_axis(header, layout.frames).times_s is not None, has_scale


def _layout(header: Header) -> Layout:
    return read_layout(header, video=_syntax(header) in VIDEO_SYNTAXES)


def _cine(header: Header, frames: FrameReader, source: Source) -> Cine:
    axis = dicom_axis(header, frames.count)
    geometry = dicom_geometry(header, frames.shape)
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


def _frames(file: StoredFile, header: Header, layout: Layout) -> DicomFrames:
    spans, codec = _spans_and_codec(header, layout, _syntax(header))
    colour = layout.samples == 3 or layout.photometric == "PALETTE COLOR"
    frames = DicomFrames(file, spans, codec, layout.shape, has_colour=colour)
    frames.check_sizes()
    return frames


def _spans_and_codec(header: Header, layout: Layout, syntax: str) -> tuple[FrameSpans, Codec]:
    if syntax in _NATIVE:
        spans, frame_bytes = native_frames(header.found["PixelData"], layout)
        return spans, _native(header, layout, frame_bytes)
    if syntax == _NATIVE_IN_FRAGMENTS:
        spans = encapsulated_frames(header, layout)
        return spans, _native(header, layout, layout.frame_bytes)
    if syntax == _RUN_LENGTH:
        spans = encapsulated_frames(header, layout)
        return spans, RunLength(layout, read_table(header, layout))
    if syntax in CODINGS:
        spans = encapsulated_frames(header, layout, CODINGS[syntax].start)
        return spans, compressed_codec(syntax, layout, read_table(header, layout))
    raise _unsupported(syntax)


def _native(header: Header, layout: Layout, frame_bytes: int) -> Native:
    return Native(
        layout,
        read_table(header, layout),
        order=header.encoding.order,
        words=header.found["PixelData"].vr == "OW",
        frame_bytes=frame_bytes,
    )


def _syntax(header: Header) -> str:
    return header.uid("TransferSyntaxUID") or IMPLICIT_LITTLE


def _unsupported(syntax: str) -> InputError:
    return InputError(Code.UNSUPPORTED_SYNTAX, f"{_name(syntax)} is not supported.")


def _name(syntax: str) -> str:
    """A transfer syntax by its name in PS3.6; never the header's own words."""
    from pydicom.config import IGNORE
    from pydicom.uid import UID

    # Else it warns of what is malformed, and quotes it.
    uid = UID(syntax, validation_mode=IGNORE)
    return "This transfer syntax" if uid.name == uid else uid.name


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
