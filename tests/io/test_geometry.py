"""Pixel size and picture area: named headers and what each must give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pydicom.dataset import Dataset

from tests.io.conftest import MakeDicom, speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Reading

SHAPE = (100, 160)


def region(
    box: tuple[int, int, int, int] = (20, 10, 139, 89),
    *,
    delta_cm: tuple[float, float] = (0.01, 0.01),
    kind: int = 1,
    spatial: int = 1,
    units: int = 3,
) -> Dataset:
    item = Dataset()
    item.RegionSpatialFormat, item.RegionDataType, item.RegionFlags = spatial, kind, 0
    item.RegionLocationMinX0, item.RegionLocationMinY0 = box[:2]
    item.RegionLocationMaxX1, item.RegionLocationMaxY1 = box[2:]
    item.PhysicalUnitsXDirection = item.PhysicalUnitsYDirection = units
    item.PhysicalDeltaY, item.PhysicalDeltaX = delta_cm
    return item


Box = tuple[int, int, int, int]
Spacing = tuple[float, float] | None


def two_units() -> Dataset:
    item = region()
    item.PhysicalUnitsXDirection = 4
    return item


@dataclass(frozen=True)
class Case:
    regions: list[Dataset]
    box: Box | tuple[Box, ...] | None = (20, 10, 140, 90)
    spacing_mm: Spacing | tuple[Spacing, ...] = (0.1, 0.1)
    warning: str | None = None
    pixel_spacing: list[float] | None = None


CASES = {
    "one tissue region": Case([region()]),
    "anisotropic": Case([region(delta_cm=(0.02, 0.01))], spacing_mm=(0.2, 0.1)),
    "negative step": Case([region(delta_cm=(-0.01, 0.01))]),
    "colour flow": Case([region(kind=2)]),
    "whole image, off by one": Case([region((0, 0, 160, 100))], (0, 0, 160, 100)),
    "larger than a downsized image": Case(
        [region((0, 0, 639, 479))], None, None, "does not lie inside"
    ),
    "outside": Case([region((300, 300, 500, 400))], None, None, "does not lie inside"),
    "turned over": Case([region((139, 89, 20, 10))], None, None, "does not lie inside"),
    "a sliver": Case([region((0, 0, 159, 3))], None, None, "does not lie inside"),
    "Doppler trace alone": Case([region(spatial=3, kind=3)], None, None),
    "ECG strip first": Case([region((0, 90, 159, 99), spatial=0, kind=9), region()]),
    "dual, one scale": Case(
        [region((80, 10, 159, 89)), region((0, 10, 79, 89))],
        ((0, 10, 80, 90), (80, 10, 160, 90)),
        ((0.1, 0.1), (0.1, 0.1)),
    ),
    "dual, two depths": Case(
        [region((0, 10, 69, 89)), region((75, 10, 159, 89), delta_cm=(0.03, 0.03))],
        ((0, 10, 70, 90), (75, 10, 160, 90)),
        ((0.1, 0.1), (0.3, 0.3)),
    ),
    "dual, one of them uncalibrated": Case(
        [region((0, 10, 69, 89)), region((75, 10, 159, 89), units=4)],
        ((0, 10, 70, 90), (75, 10, 160, 90)),
        ((0.1, 0.1), None),
    ),
    "dual, one column shared": Case(
        [region((0, 10, 80, 89)), region((80, 10, 159, 89))],
        ((0, 10, 81, 90), (80, 10, 160, 90)),
        ((0.1, 0.1), (0.1, 0.1)),
    ),
    "dual, each with a colour box": Case(
        [
            region((10, 30, 50, 60), kind=2),
            region((0, 10, 69, 89)),
            region((75, 10, 159, 89)),
            region((90, 30, 120, 60), kind=2),
        ],
        ((0, 10, 70, 90), (75, 10, 160, 90)),
        ((0.1, 0.1), (0.1, 0.1)),
    ),
    "three": Case(
        [region((x, 0, x + 49, 99)) for x in (100, 0, 50)],
        ((0, 0, 50, 100), (50, 0, 100, 100), (100, 0, 150, 100)),
        ((0.1, 0.1),) * 3,
    ),
    "B-mode above M-mode, spectrum and ECG": Case(
        [
            region((0, 90, 159, 99), spatial=4, kind=10),
            region((0, 50, 79, 89), spatial=2, kind=1),
            region((80, 50, 159, 89), spatial=3, kind=3),
            region((20, 0, 139, 45)),
        ],
        (20, 0, 140, 46),
    ),
    "an inset beside it": Case(
        [region((0, 0, 20, 20)), region((30, 10, 159, 89))], (30, 10, 160, 90)
    ),
    "told twice": Case([region(), region(), region((20, 10, 138, 88))]),
    "whole screen, told beside the picture": Case(
        [region((0, 0, 159, 99), delta_cm=(0.02, 0.02)), region()]
    ),
    "colour box on a whole screen": Case(
        [region((0, 0, 159, 99)), region((40, 30, 120, 80), kind=2)], (0, 0, 160, 100)
    ),
    "whole screen": Case([region((0, 0, 159, 99))], (0, 0, 160, 100)),
    "colour box inside the tissue": Case([region(), region((40, 30, 80, 60), kind=2)]),
    "other units": Case([region(units=4)], spacing_mm=None),
    "impossible pixel size": Case([region(delta_cm=(5.0, 5.0))], spacing_mm=None),
    "pixel size of zero": Case([region(delta_cm=(0.0, 0.01))], spacing_mm=None),
    "region beats PixelSpacing": Case([region()], pixel_spacing=[0.3, 0.3]),
    "PixelSpacing where the region tells no size": Case(
        [region(units=0)], spacing_mm=(0.3, 0.2), pixel_spacing=[0.3, 0.2]
    ),
    "units differ by axis": Case([two_units()], spacing_mm=None),
    "PixelSpacing alone": Case([], None, (0.3, 0.2), pixel_spacing=[0.3, 0.2]),
    "PixelSpacing of 1 by 1": Case([], None, None, pixel_spacing=[1, 1]),
    "PixelSpacing of zero": Case([], None, None, pixel_spacing=[0, 0]),
    "nothing": Case([], None, None),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big"])
def test_the_geometry_of(make_dicom: MakeDicom, name: str, syntax: str) -> None:
    case = CASES[name]
    tags: dict[str, Any] = {}
    if case.regions:
        tags["SequenceOfUltrasoundRegions"] = case.regions
    if case.pixel_spacing:
        tags["PixelSpacing"] = case.pixel_spacing
    cine = open_cine(make_dicom(speckle(2, SHAPE), syntax, **tags), Reading())
    boxes = () if case.box is None else (case.box,) if isinstance(case.box[0], int) else case.box
    assert tuple(picture.box for picture in cine.pictures) == boxes
    for picture in cine.pictures:
        x0, y0, x1, y1 = picture.box
        assert picture.origin == "tag" and picture.mask.shape == SHAPE
        assert picture.mask[y0:y1, x0:x1].all()
        assert picture.mask.sum() == (y1 - y0) * (x1 - x0)
    if len(boxes) > 1:
        found = [cine.spacing_of(picture) for picture in cine.pictures]
        assert found == [spacing and pytest.approx(spacing) for spacing in case.spacing_mm]
    else:
        assert cine.spacing_mm == (case.spacing_mm and pytest.approx(case.spacing_mm))
    warnings = " ".join(cine.warnings)
    assert (case.warning or "") in warnings and bool(case.warning) == bool(warnings)


def test_the_spacing_given_beats_the_tag(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(2, SHAPE), SequenceOfUltrasoundRegions=[region()])
    cine = open_cine(path, Reading(spacing_mm=(0.05, 0.06), depth_mm=40))
    assert cine.spacing_mm == (0.05, 0.06)
    assert "--spacing-mm" in cine.spacing_origin


def test_with_a_depth_given_the_spacing_waits_for_the_picture_area(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(2, SHAPE), SequenceOfUltrasoundRegions=[region()])
    cine = open_cine(path, Reading(depth_mm=40))
    assert cine.spacing_mm is None
    assert "--depth-mm" in cine.spacing_origin


@pytest.mark.parametrize(
    "reading",
    [
        Reading(spacing_mm=(1e-9, 1e-9)),
        Reading(spacing_mm=(0.1, 3.0)),
        Reading(spacing_mm=(float("nan"), 0.1)),
        Reading(depth_mm=0.0),
        Reading(depth_mm=1e9),
    ],
)
def test_a_scale_that_no_picture_has_is_refused(make_dicom: MakeDicom, reading: Reading) -> None:
    with pytest.raises(InputError) as refusal:
        open_cine(make_dicom(speckle()), reading)
    assert refusal.value.code == "BAD_SCALE"
