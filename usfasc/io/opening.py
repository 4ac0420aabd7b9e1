"""The one door for clips: what a file is, is decided by its content, not its name."""

from __future__ import annotations

import stat
import struct
from dataclasses import replace
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.timing import TimeAxis, given_axis
from usfasc.model import DEPTH_RANGE_MM, SPACING_RANGE_MM, Cine, Reading
from usfasc.provenance import file_sha256

DICOM: Final = "dicom"
_HEAD_BYTES: Final = 132
_MOV_BOXES: Final = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}
_ASF: Final = bytes.fromhex("3026b2758e66cf11")
_MATROSKA: Final = b"\x1a\x45\xdf\xa3"
_FIRST_DICOM_GROUPS: Final = (0x0002, 0x0008)


def sniff(path: Path) -> str | None:
    """What a file is: ``dicom``, FFmpeg's name of a video container, or None.

    Raises
    ------
    InputError
        The file does not exist or cannot be read.
    """
    head = _head(path)
    if head[128:] == b"DICM" or _bare_dicom(head):
        return DICOM
    if head[4:8] in _MOV_BOXES:
        return "mov"
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        return "avi"
    if head[:4] == _MATROSKA:
        return "matroska"
    return "asf" if head[:8] == _ASF else None


def open_cine(path: Path, reading: Reading) -> Cine:
    """Open a clip: lazy frames, and what the file and the user say of it.

    Parameters
    ----------
    path
        A DICOM file or a video.
    reading
        What the user says; it beats what the file says. With a depth alone,
        ``spacing_mm`` is None: the picture's height is known only once its area is.

    Raises
    ------
    InputError
        The file cannot be used, or not what the user says; the code says why.
    """
    kind = sniff(path)
    if kind is None:
        raise InputError(Code.NOT_A_CINE, "The file is neither a DICOM file nor a video.")
    try:
        return as_said(_open(path, kind), reading)
    except OSError:
        raise InputError(Code.UNREADABLE, "The file cannot be read.") from None


def _open(path: Path, kind: str) -> Cine:
    sha256 = file_sha256(path)
    if kind == DICOM:
        from usfasc.io.dicom import open_dicom

        return open_dicom(path, sha256)
    from usfasc.io.video import open_video

    return open_video(path, kind, sha256)


def _head(path: Path) -> bytes:
    try:
        # Not what blocks or never ends, such as a pipe or a device.
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(Code.UNREADABLE, "This is not a file.")
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise InputError(Code.NOT_FOUND, "There is no such file.") from None
    except (OSError, ValueError):
        raise InputError(Code.UNREADABLE, "The file cannot be read.") from None


def as_said(cine: Cine, reading: Reading) -> Cine:
    """A clip with the frame rate and the scale that its user gives; see `open_cine`.

    Raises
    ------
    InputError
        ``BAD_FRAME_RATE`` or ``BAD_SCALE``.
    """
    if reading.frame_rate_hz is not None:
        file_axis = TimeAxis(times_s=cine.times_s, origin=cine.times_origin)
        axis = given_axis(reading.frame_rate_hz, cine.frames.count, file_axis)
        cine = replace(
            cine,
            times_s=axis.times_s,
            times_origin=axis.origin,
            warnings=cine.warnings + axis.warnings,
        )
    if reading.spacing_mm is not None:
        _check_range("pixel size", reading.spacing_mm, SPACING_RANGE_MM)
        return _rescaled(cine, reading.spacing_mm, "given by the user (--spacing-mm)")
    if reading.depth_mm is not None:
        _check_range("depth", (reading.depth_mm,), DEPTH_RANGE_MM)
        return _rescaled(cine, None, "given by the user (--depth-mm)")
    return cine


def _check_range(name: str, values_mm: tuple[float, ...], allowed_mm: tuple[float, float]) -> None:
    """Refuse a scale that no picture has: grids are laid out in millimetres."""
    low, high = allowed_mm
    if not all(low <= value <= high for value in values_mm):
        raise InputError(Code.BAD_SCALE, f"The {name} must lie between {low:g} and {high:g} mm.")


def _rescaled(cine: Cine, spacing_mm: tuple[float, float] | None, origin: str) -> Cine:
    """The same clip with one scale for the frame and its pictures."""
    pictures = tuple(replace(picture, spacing_mm=None) for picture in cine.pictures)
    return replace(cine, spacing_mm=spacing_mm, spacing_origin=origin, pictures=pictures)


def _bare_dicom(head: bytes) -> bool:
    """A DICOM data set without preamble: it begins with a small element of its first groups."""
    if len(head) < 16:
        return False
    group, element, length = struct.unpack_from("<HHL", head)
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    return group in _FIRST_DICOM_GROUPS and element < 0x0100 and (explicit or length <= 64)
