"""From the file and the user to the pictures of a screen and their scales."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.io.conftest import MakeDicom
from tests.io.test_geometry import region
from usfasc._cv import cv2
from usfasc.model import Grey, Reading
from usfasc.pipeline import read_cine

LEFT, RIGHT = (10, 20, 109, 159), (130, 20, 229, 119)


def screen() -> Grey:
    """Two pictures of swaying speckle, the right one less deep, on a black screen."""
    rng = np.random.default_rng(4)
    frames = np.zeros((24, 180, 240), np.uint8)
    for x0, y0, x1, y1 in (LEFT, RIGHT):
        field = cv2.GaussianBlur(rng.standard_normal((y1 - y0 + 1, x1 - x0 + 1)), (0, 0), 1.5)
        for index, frame in enumerate(frames):
            grain = rng.normal(0, 4, field.shape)
            swayed = 100 + 110 * np.roll(field, int(3 * np.sin(index / 4)), axis=1) + grain
            frame[y0 : y1 + 1, x0 : x1 + 1] = np.clip(swayed, 20, 255)
    return frames


@pytest.fixture
def dual(make_dicom: MakeDicom) -> Path:
    tags = [region(LEFT, delta_cm=(0.02, 0.02)), region(RIGHT, delta_cm=(0.03, 0.03))]
    return make_dicom(screen(), SequenceOfUltrasoundRegions=tags)


def scales(path: Path, reading: Reading | None = None) -> list[tuple[float, float] | None]:
    cine = read_cine(path, reading)
    return [cine.spacing_of(picture) for picture in cine.pictures]


def test_two_depths_of_one_screen(dual: Path) -> None:
    cine = read_cine(dual)
    assert [picture.box for picture in cine.pictures] == [(10, 20, 110, 160), (130, 20, 230, 120)]
    assert [picture.origin for picture in cine.pictures] == ["tag", "tag"]
    assert scales(dual) == [pytest.approx((0.2, 0.2)), pytest.approx((0.3, 0.3))]
    assert cine.spacing_mm is None and cine.spacing_origin.startswith("DICOM tags")
    assert cine.warnings == ()


def test_the_scale_given_holds_for_all(dual: Path) -> None:
    assert scales(dual, Reading(spacing_mm=(0.1, 0.15))) == [(0.1, 0.15)] * 2


def test_the_depth_given_is_that_of_each_picture(dual: Path) -> None:
    assert scales(dual, Reading(depth_mm=70)) == [(0.5, 0.5), (0.7, 0.7)]


def test_the_box_given_takes_the_scale_of_the_picture_it_lies_in(dual: Path) -> None:
    cine = read_cine(dual, Reading(bmode=(135, 25, 225, 115)))
    (picture,) = cine.pictures
    assert picture.origin == "given" and cine.spacing_of(picture) == pytest.approx((0.3, 0.3))


def test_a_tag_that_misses_the_picture_tells_no_scale(make_dicom: MakeDicom) -> None:
    frames = screen()
    frames[:, :, 120:] = 0
    path = make_dicom(frames, SequenceOfUltrasoundRegions=[region((130, 20, 229, 119))])
    cine = read_cine(path)
    assert [picture.origin for picture in cine.pictures] == ["found"]
    assert cine.spacing_mm is None and cine.spacing_origin == "unknown"
    assert any("not where the picture is" in warning for warning in cine.warnings)
    assert read_cine(path, Reading(spacing_mm=(0.1, 0.1))).spacing_mm == (0.1, 0.1)
