"""Reading a file of the corpus through usfasc, and judging what came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import usfasc
from tests.corpus.case import Case
from tests.corpus.clips import LUMA
from usfasc.errors import UsfascError
from usfasc.model import Cine

_NAME = "clip.dcm"
_LUMA_OFF = 2.0
"""Mean grey levels: colours that were subsampled or clipped give another luma here and there."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One file as it was read."""

    case: Case
    cine: Cine | None = None
    difference: float | None = None
    """Largest, in grey levels; infinite where the frames are of another size."""
    refusal: str = ""
    faults: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Read, the refusal, or what is wrong."""
        if self.faults:
            return "WRONG: " + ", ".join(self.faults)
        return self.refusal or "read"


def judge(case: Case, folder: Path) -> Row:
    """Write the file of a case, read it, and compare."""
    path = folder / _NAME
    case.write(path)
    try:
        cine = usfasc.read_cine(path)
        greys = np.stack([frame.grey for frame in cine.frames.stream() if not frame.damaged])
    except UsfascError as refusal:
        faults = () if case.refusal == refusal.code else (str(refusal),)
        return Row(case=case, refusal=str(refusal), faults=faults)
    difference = _difference(case, greys, path)
    faults = tuple(_faults(case, cine, len(greys), difference))
    return Row(case=case, cine=cine, difference=difference, faults=faults)


def _difference(case: Case, greys: np.ndarray, path: Path) -> float | None:
    if case.expected is None:
        return None
    expected = case.expected(path)
    return float(np.abs(expected - greys).max()) if expected.shape == greys.shape else np.inf


def _faults(case: Case, cine: Cine, whole: int, difference: float | None) -> Iterator[str]:
    if case.refusal:
        yield f"not refused as {case.refusal}"
    if not case.frames == cine.frames.count == whole:
        yield f"{whole} of {case.frames} frames"
    if difference is not None and difference > case.tolerance:
        yield "pixels"
    if not _true_colours(cine):
        yield "colours"
    if not _same_times(case, cine):
        yield "time"
    if case.boxes and tuple(picture.box for picture in cine.pictures) != case.boxes:
        yield "pictures"
    if not all(_same_scales(case, cine)):
        yield "scale"
    if case.warning and not any(case.warning in warning for warning in cine.warnings):
        yield "no warning"


def _true_colours(cine: Cine) -> bool:
    """Whether a frame in colour is as bright as the same in grey."""
    luma = cine.frames.colour(0) @ LUMA
    grey = next(cine.frames.stream()).grey
    return bool(np.abs(luma - grey).mean() < _LUMA_OFF)


def _same_times(case: Case, cine: Cine) -> bool:
    if not case.steps_s or cine.times_s is None:
        return not case.steps_s and cine.times_s is None
    times_s = np.cumsum(np.resize(case.steps_s, cine.frames.count - 1))
    return np.allclose(cine.times_s, [0.0, *times_s], rtol=0, atol=1e-6)


def _same_scales(case: Case, cine: Cine) -> Iterator[bool]:
    for scale, picture in zip(case.scales, cine.pictures, strict=False):
        read = cine.spacing_of(picture)
        yield scale == read or (scale is not None and read is not None and np.allclose(scale, read))
