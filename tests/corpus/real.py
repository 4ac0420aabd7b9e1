"""Every ultrasound file of pydicom and pydicom-data; a still also as a clip of itself twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pydicom
from pydicom.encaps import encapsulate, generate_frames
from pydicom.misc import is_dicom

from tests.corpus import seconds
from tests.corpus.case import LOSSY, Case, Levels, Scale
from tests.corpus.clips import Samples
from usfasc.model import Box

_PALETTE_BIG_ENDIAN = {
    "OBXXXX1A_expb.dcm": "OBXXXX1A.dcm",
    "OBXXXX1A_expb_2frame.dcm": "OBXXXX1A_2frame.dcm",
    "gdcm-US-ALOKA-16_big.dcm": "gdcm-US-ALOKA-16.dcm",
}
"""pydicom misreads palettes in big endian: their little-endian twins tell."""
_FETAL = ((120, 60, 800, 519),), (0.2622878766196998,)
_GEOMETRY: dict[str, tuple[tuple[Box, ...], tuple[float, ...]]] = {
    "OBXXXX1A": _FETAL,
    "gdcm-US-ALOKA": (((32, 24, 336, 416), (336, 24, 640, 416)), (0.38265306502580643,) * 2),
    "JPGLossless": (((14, 38, 1011, 759),), (0.25476696592378157,)),
    "color3d": (((84, 31, 596, 415),), (0.5104970559477806,)),
}
"""Pictures and pixel sizes in mm, read off the files' own tags, by how their names begin."""
_STEPS_S = {"color3d": (0.033333,), "examples_ybr": (0.033333,)}
_JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70"


def ultrasound_files() -> dict[str, Path]:
    """Every ultrasound file that pydicom and pydicom-data carry, by its name."""
    found = {}
    for path in sorted(path for folder in _folders() for path in folder.rglob("*")):
        if path.is_file() and is_dicom(path):
            image = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["Modality"])
            if image.get("Modality") == "US":
                found[path.name] = path
    return found


def real() -> Iterator[Case]:
    """The files as they are, and each still as a clip of two frames."""
    paths = ultrasound_files()
    for name, path in paths.items():
        image = pydicom.dcmread(path, stop_before_pixels=True)
        truth = paths[_PALETTE_BIG_ENDIAN.get(name, name)]
        if image.get("NumberOfFrames", 1) > 1:
            yield _clip(name, image, partial(shutil.copy, path), truth, _known(name, _STEPS_S))
            continue
        yield Case(
            name=name,
            syntax=image.file_meta.TransferSyntaxUID,
            photometric=_photometric(image),
            write=partial(shutil.copy, path),
            refusal="STILL_IMAGE",
        )
        yield _clip(f"{name}, twice", image, partial(write_twice, path), truth, (0.04,))


def write_twice(still: Path, path: Path) -> None:
    """A still's frame as both frames of a clip."""
    image = pydicom.dcmread(still)
    image.NumberOfFrames, image.FrameTime = 2, 40
    if image.file_meta.TransferSyntaxUID.is_encapsulated:
        (frame,) = generate_frames(image.PixelData, number_of_frames=1)
        image.PixelData = encapsulate([frame, frame])
    else:
        image.PixelData = image.PixelData * 2
    image.save_as(path)


def _clip(
    name: str,
    image: pydicom.Dataset,
    write: Callable[[Path], object],
    truth: Path,
    steps_s: tuple[float, ...],
) -> Case:
    boxes, scales_mm = _known(name, _GEOMETRY) or ((), ())
    scales: tuple[Scale, ...] = tuple((step, step) for step in scales_mm)
    frames = int(image.get("NumberOfFrames", 1))
    syntax = image.file_meta.TransferSyntaxUID
    lossless = syntax == _JPEG_LOSSLESS
    return Case(
        name=name,
        syntax=syntax,
        photometric=_photometric(image),
        write=write,
        frames=max(frames, 2),
        expected=lambda _: _levels(truth, frames, lossless=lossless),
        against="FFmpeg mjpeg" if lossless else "pydicom, Pillow",
        tolerance=LOSSY if image.get("LossyImageCompression") == "01" else 1.0,
        steps_s=steps_s,
        boxes=boxes,
        scales=scales,
    )


def _levels(truth: Path, frames: int, *, lossless: bool) -> Levels:
    levels = seconds.of_header(truth, _by_ffmpeg if lossless else seconds.by_pydicom)
    return levels if frames > 1 else np.repeat(levels, 2, axis=0)


def _by_ffmpeg(path: Path) -> Samples:
    codes = generate_frames(pydicom.dcmread(path).PixelData, number_of_frames=1)
    return seconds.by_ffmpeg(codes, "mjpeg")[0]


def _photometric(image: pydicom.Dataset) -> str:
    return f"{image.PhotometricInterpretation} {image.BitsStored}"


def _known(name: str, table: dict[str, tuple]) -> tuple:
    return next((value for start, value in table.items() if name.startswith(start)), ())


def _folders() -> list[Path]:
    import data_store

    return [Path(pydicom.__file__).parent / "data", Path(data_store.__file__).parent]
