"""The one door for clips: what a file is, is decided by its content."""

from __future__ import annotations

from pathlib import Path

from usfasc.errors import Code, InputError
from usfasc.model import Cine, Reading


def open_cine(path: Path, reading: Reading) -> Cine:
    """Open a clip."""
    raise InputError(Code.NOT_A_CINE, "The file is neither a DICOM file nor a video.")
