"""The one composition, from a file to a result; it reads like a methods section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from usfasc.io import open_cine
from usfasc.model import Cine, Reading, Region, Result
from usfasc.params import Parameters
from usfasc.tissue import find_bmode

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all)."""


def read_cine(path: Path | str, reading: Reading | None = None) -> Cine:
    """Open a clip: lazy grey frames, time axis, spacing, B-mode area.

    Parameters
    ----------
    path
        A DICOM file or a video.
    reading
        What the user says of the clip; it beats what the file says.

    Raises
    ------
    InputError
        The file cannot be used; the code says why.
    """
    reading = reading or Reading()
    cine = open_cine(Path(path), reading)
    return replace(cine, bmode=find_bmode(cine, reading.bmode))


def analyse(
    cine: Cine,
    regions: Sequence[Region] = (),
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find, sort and count the movements of a clip (being built)."""
    raise NotImplementedError
