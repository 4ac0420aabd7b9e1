"""A quick look at a clip: whether it can be read, has a frame rate and a scale, and what it is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from usfasc.errors import UsfascError
from usfasc.io.dicom import look_at_dicom
from usfasc.io.opening import DICOM, sniff
from usfasc.model import Value

_SAMPLE_BYTES: Final = 16 * 1024


class ClipLook(Value):
    """What a clip's header says of it."""

    error: str = ""
    """Why it cannot be read; empty where nothing speaks against it."""
    has_times: bool = True
    """A video's times are told only by decoding; they are taken to be there."""
    has_scale: bool = False
    content: str = ""
    """Digest of its size and of its first and last bytes."""


def look_at(path: Path) -> ClipLook:
    """Look at the header of a clip.

    Parameters
    ----------
    path
        The clip; of a video, its first bytes alone are read.
    """
    try:
        kind = sniff(path)
        if kind is None:
            return ClipLook(error="the file is neither a DICOM file nor a video")
        if kind != DICOM:
            return ClipLook(content=_content(path))
        has_times, has_scale = look_at_dicom(path)
        return ClipLook(has_times=has_times, has_scale=has_scale, content=_content(path))
    except UsfascError as error:
        return ClipLook(error=_as_cell(error.sentence))
    except OSError:
        return ClipLook(error="the file cannot be read")


def _as_cell(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _content(path: Path) -> str:
    # A whole survey is not read to its end for a warning: two instances of DICOM differ at
    # their beginning, by their UIDs, and two videos at their end or in their length.
    size = path.stat().st_size
    with path.open("rb") as stream:
        digest = hashlib.sha256(stream.read(_SAMPLE_BYTES))
        stream.seek(max(_SAMPLE_BYTES, size - _SAMPLE_BYTES))
        digest.update(stream.read(_SAMPLE_BYTES))
    digest.update(str(size).encode())
    return digest.hexdigest()
