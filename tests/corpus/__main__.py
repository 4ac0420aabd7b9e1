"""``python -m tests.corpus``: write every file of the corpus, read it, print the table.

Exits with 1 where one file is not read right. With the real clips at hand (folder
``USFASC_SHARED_DATA``) frames of them are written in every transfer syntax too.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

import usfasc
from tests.conftest import CHECKOUT
from tests.corpus.case import Case
from tests.corpus.real import real
from tests.corpus.screens import screens
from tests.corpus.still_codings import compressed
from tests.corpus.streams import refused, videos
from tests.corpus.uncompressed import uncompressed
from tests.corpus.verdicts import Row, judge
from usfasc.model import Box, Grey

_COLUMNS = (
    "file",
    "syntax",
    "photometric",
    "size",
    "frames",
    "time",
    "mm a pixel",
    "difference",
    "against",
    "verdict",
)
_WIDTH = 200
_FRAMES = 6
_PHANTOM: Box = (40, 40, 296, 232)
_REAL_CLIPS: dict[str, Box] = {
    "biceps_longitudinal_75hz.mp4": (128, 128, 384, 320),
    "tibialis_rest_then_contraction_30hz.mov": (180, 45, 340, 253),
}


def sources() -> Iterator[tuple[str, Iterator[Case]]]:
    """Titles and cases of the tables."""
    phantom = frames(CHECKOUT / "sample_videos" / "two_muscles.dcm", _PHANTOM)
    for title, make in (
        ("Phantom, not compressed", uncompressed),
        ("Phantom, compressed frame by frame", compressed),
        ("Phantom, video inside DICOM", videos),
        ("Phantom, screens of scanners", screens),
        ("Refused", refused),
    ):
        yield title, make(phantom)
    yield "Real files of pydicom and pydicom-data", real()
    folder = Path(os.environ.get("USFASC_SHARED_DATA", CHECKOUT.parent / "shared" / "data"))
    for name, box in _REAL_CLIPS.items():
        if (folder / name).is_file():
            clip = frames(folder / name, box)
            yield f"{name}, compressed frame by frame", compressed(clip)
            yield f"{name}, video inside DICOM", videos(clip)


def frames(path: Path, box: Box) -> Grey:
    """The first frames of a clip ``(t, y, x)``, cut to a box."""
    x0, y0, x1, y1 = box
    stream = usfasc.read_cine(path).frames.stream(0, _FRAMES)
    return np.stack([frame.grey[y0:y1, x0:x1] for frame in stream])


def printed(row: Row) -> tuple[str, ...]:
    """The cells of a row."""
    case, cine = row.case, row.cine
    cells = [case.name, case.syntax.removeprefix("1.2.840.10008."), case.photometric]
    if cine is None:
        cells += [""] * 5
    else:
        height, width = cine.frames.shape
        scales = [cine.spacing_of(picture) for picture in cine.pictures]
        cells += [
            f"{width} x {height}",
            str(cine.frames.count),
            f"{cine.frame_rate_hz:.4g} Hz" if cine.frame_rate_hz else "unknown",
            ", ".join(f"{s[0]:.3g} x {s[1]:.3g}" if s else "unknown" for s in scales),
            "" if row.difference is None else f"{row.difference:.2f}",
        ]
    return (*cells, case.against, row.verdict)


def main() -> int:
    """Print every table."""
    warnings.simplefilter("ignore")  # pydicom's, of the odd files that it carries.
    console = Console(width=_WIDTH)
    files = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        for title, cases in sources():
            table = Table(*_COLUMNS, title=title)
            for case in track(list(cases), title, transient=True):
                row = judge(case, Path(folder))
                files, wrong = files + 1, wrong + bool(row.faults)
                table.add_row(*printed(row), style="bold red" if row.faults else "")
            console.print(table)
    console.print(f"{files} files, {wrong} not read right.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
