"""The pictures of a clip, and what scale each has once its place is known."""

from __future__ import annotations

from dataclasses import replace

from usfasc.model import Bmode, Cine, Reading
from usfasc.tissue.bmode import find_pictures


def with_pictures(cine: Cine, reading: Reading) -> Cine:
    """The clip with its pictures found, and scaled by the depth where the user gave one.

    Parameters
    ----------
    cine
        A clip as it was opened; ``pictures`` are set where the file tells them.
    reading
        What the user says of it.

    Raises
    ------
    InputError
        ``BAD_BMODE``: the given box is empty or outside the image.
    """
    found = _believed(cine, find_pictures(cine, reading.bmode), reading)
    if reading.depth_mm is not None and reading.spacing_mm is None:
        return _as_deep(found, reading.depth_mm)
    return found


def _believed(cine: Cine, pictures: tuple[Bmode, ...], reading: Reading) -> Cine:
    """The clip with its pictures; a tag that misses the picture has no say on its size."""
    missed = cine.pictures and all(picture.origin == "found" for picture in pictures)
    if not missed or reading.spacing_mm is not None:
        return replace(cine, pictures=pictures)
    told = (
        "The header's ultrasound region is not where the picture is; its pixel size was not used."
    )
    return replace(
        cine,
        pictures=pictures,
        spacing_mm=None,
        spacing_origin="unknown",
        warnings=(*cine.warnings, told),
    )


def _as_deep(cine: Cine, depth_mm: float) -> Cine:
    """The clip with its pictures ``depth_mm`` high; one scale where they are equally high."""
    steps_mm = [depth_mm / (picture.box[3] - picture.box[1]) for picture in cine.pictures]
    origin = f"given: B-mode area {depth_mm:g} mm high"
    if len(set(steps_mm)) == 1:
        return replace(cine, spacing_mm=(steps_mm[0], steps_mm[0]), spacing_origin=origin)
    pictures = tuple(
        replace(picture, spacing_mm=(step_mm, step_mm))
        for picture, step_mm in zip(cine.pictures, steps_mm, strict=True)
    )
    return replace(cine, pictures=pictures, spacing_origin=origin)
