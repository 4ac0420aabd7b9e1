"""Pixel size and picture area: named headers and what each must give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from pydicom.dataset import Dataset

from tests.io.conftest import MakeDicom, speckle
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


@dataclass(frozen=True)
class Case:
    regions: list[Dataset]
    box: tuple[int, int, int, int] | None = (20, 10, 140, 90)
    spacing_mm: tuple[float, float] | None = (0.1, 0.1)
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
    "two tissue areas apart": Case(
        [region((0, 10, 69, 89)), region((75, 10, 159, 89), delta_cm=(0.03, 0.03))],
        (75, 10, 160, 90),
        (0.3, 0.3),
        "only the largest",
    ),
    "colour box inside the tissue": Case([region(), region((40, 30, 80, 60), kind=2)]),
    "other units": Case([region(units=4)], spacing_mm=None),
    "impossible pixel size": Case([region(delta_cm=(5.0, 5.0))], spacing_mm=None),
    "pixel size of zero": Case([region(delta_cm=(0.0, 0.01))], spacing_mm=None),
    "region beats PixelSpacing": Case([region()], pixel_spacing=[0.3, 0.3]),
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
    assert cine.spacing_mm == (None if case.spacing_mm is None else pytest.approx(case.spacing_mm))
    assert (cine.bmode is None) == (case.box is None)
    if cine.bmode is not None:
        x0, y0, x1, y1 = cine.bmode.box
        assert cine.bmode.box == case.box
        assert cine.bmode.origin == "tag"
        assert cine.bmode.mask.shape == SHAPE
        assert cine.bmode.mask[y0:y1, x0:x1].all()
        assert cine.bmode.mask.sum() == (y1 - y0) * (x1 - x0)
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
