"""Files with the layouts and tags of scanners: what is on the screen, how large, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from tests.corpus import codestreams, files
from tests.corpus.case import Case, Scale
from tests.corpus.clips import Clip
from usfasc.model import Box, Grey

HEIGHT, WIDTH = 240, 320
LEFT, RIGHT = (8, 20, 152, 180), (164, 20, 308, 180)
ONE, BELOW = (40, 20, 280, 180), (40, 190, 280, 230)
FINE, COARSE = (0.1, 0.1), (0.15, 0.15)
_VECTOR_MS = (0.0, 40.0, 42.0, 38.0, 40.0, 44.0)
_TISSUE, _FLOW, _SPECTRAL, _ECG = (1, 1), (1, 2), (3, 3), (4, 10)
_M_MODE = (2, 1)
_CENTIMETRES, _SECONDS = 3, 4


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What a file says of its screen, and what of that must be believed."""

    name: str
    regions: tuple[Dataset, ...] = ()
    pictures: tuple[Box, ...] = (ONE,)
    boxes: tuple[Box, ...] = (ONE,)
    scales: tuple[Scale, ...] = (FINE,)
    tags: Mapping[str, Any] = field(default_factory=dict)
    steps_s: tuple[float, ...] = (0.04,)
    warning: str = ""
    sector: bool = False


def ultrasound_region(box: Box, kind: tuple[int, int], scale: Scale = FINE) -> Dataset:
    """An item of SequenceOfUltrasoundRegions; ``scale`` ``(dy, dx)`` in mm."""
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType = kind
    region.RegionFlags = 0
    region.RegionLocationMinX0, region.RegionLocationMinY0 = box[0], box[1]
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = box[2] - 1, box[3] - 1
    trace = kind not in (_TISSUE, _FLOW)
    region.PhysicalUnitsXDirection = _SECONDS if trace else _CENTIMETRES
    region.PhysicalUnitsYDirection = _CENTIMETRES
    region.PhysicalDeltaY, region.PhysicalDeltaX = (step / 10 for step in scale or (0.0, 0.0))
    return region


def _screens() -> Iterator[Screen]:
    tissue = ultrasound_region(ONE, _TISSUE)
    vector_s = tuple(step / 1e3 for step in _VECTOR_MS[1:])
    yield Screen(
        name="FrameTimeVector",
        regions=(tissue,),
        tags={
            "FrameTime": None,
            "FrameTimeVector": list(_VECTOR_MS),
            "FrameIncrementPointer": 0x00181065,
        },
        steps_s=vector_s,
    )
    yield Screen(
        name="FrameTimeVector of the wrong length",
        regions=(tissue,),
        tags={"FrameTimeVector": [0, 50], "FrameIncrementPointer": 0x00181065},
        warning="FrameTimeVector",
    )
    yield Screen(
        name="no time",
        regions=(tissue,),
        tags={"FrameTime": None, "FrameIncrementPointer": None},
        steps_s=(),
    )
    yield from _scaled(tissue)
    yield from _several(tissue)


def _scaled(tissue: Dataset) -> Iterator[Screen]:
    flat = (0.08, 0.2)
    yield Screen(
        name="pixels not square",
        regions=(ultrasound_region(ONE, _TISSUE, flat),),
        scales=(flat,),
    )
    yield Screen(name="sector", regions=(tissue,), sector=True)
    yield Screen(
        name="region outside the image",
        regions=(ultrasound_region((40, 20, 900, 600), _TISSUE),),
        boxes=(),
        scales=(None,),
        warning="does not lie inside",
    )
    yield Screen(
        name="PixelSpacing alone", boxes=(), scales=(FINE,), tags={"PixelSpacing": list(FINE)}
    )
    yield Screen(name="PixelSpacing 1 x 1", boxes=(), scales=(None,), tags={"PixelSpacing": [1, 1]})


def _several(tissue: Dataset) -> Iterator[Screen]:
    left = ultrasound_region(LEFT, _TISSUE, FINE)
    for name, scale in (("dual, one depth", FINE), ("dual, two depths", COARSE)):
        yield Screen(
            name=name,
            regions=(left, ultrasound_region(RIGHT, _TISSUE, scale)),
            pictures=(LEFT, RIGHT),
            boxes=(LEFT, RIGHT),
            scales=(FINE, scale),
        )
    beside = {
        "ECG strip first": ultrasound_region(BELOW, _ECG),
        "Doppler trace": ultrasound_region(BELOW, _SPECTRAL),
        "M-mode": ultrasound_region(BELOW, _M_MODE),
        "colour box": ultrasound_region((80, 60, 160, 120), _FLOW),
        "whole screen too": ultrasound_region((0, 0, WIDTH, HEIGHT), _TISSUE, COARSE),
    }
    for name, region in beside.items():
        yield Screen(name=name, regions=(region, tissue))


def screens(grey: Grey) -> Iterator[Case]:
    """A file of every layout; the pictures of ``grey`` are stretched over it."""
    for screen in _screens():
        yield _case(screen, drawn(grey, screen))


def drawn(grey: Grey, screen: Screen) -> Grey:
    """A dark screen ``(t, HEIGHT, WIDTH)`` with ``grey`` tiled into each picture."""
    whole = np.zeros((len(grey), HEIGHT, WIDTH), np.uint8)
    for x0, y0, x1, y1 in screen.pictures:
        rows, columns = -(-(y1 - y0) // grey.shape[1]), -(-(x1 - x0) // grey.shape[2])
        whole[:, y0:y1, x0:x1] = np.tile(grey, (1, rows, columns))[:, : y1 - y0, : x1 - x0]
    if screen.sector:
        whole[:, ~_sector_of(ONE)] = 0
    return whole


def _sector_of(box: Box) -> np.ndarray:
    """``(HEIGHT, WIDTH)``: a fan of 80 degrees below the top of a box."""
    x0, y0, x1, y1 = box
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    down, across = y - y0 + 20, np.abs(x - (x0 + x1) / 2)
    radius = np.hypot(down, across)
    return (across <= down * np.tan(np.radians(40))) & (radius >= 20) & (radius <= y1 - y0 + 20)


def _case(screen: Screen, grey: Grey) -> Case:
    picture = Clip(samples=grey, photometric="MONOCHROME2")
    syntax = files.COMPRESSED + "70"

    def write(path: Path) -> None:
        image = files.header(picture, syntax, picture.photometric, **screen.tags)
        if screen.regions:
            image.SequenceOfUltrasoundRegions = list(screen.regions)
        parts = [codestreams.jpeg_lossless(1)(frame, 8) for frame in grey]
        files.write_compressed(path, image, parts)

    return Case(
        name=screen.name,
        syntax=syntax,
        photometric="MONOCHROME2 8",
        write=write,
        frames=len(grey),
        expected=lambda _: grey.astype(float),
        against="truth",
        steps_s=screen.steps_s,
        boxes=screen.boxes,
        scales=screen.scales,
        warning=screen.warning,
    )
