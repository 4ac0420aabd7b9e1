"""The B-mode area of real clips, against boxes that a person drew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from tests.tissue.boxes import overlap
from usfasc.io import open_cine
from usfasc.model import Box, Cine, Reading
from usfasc.tissue import find_pictures

VIDEOS: dict[str, tuple[Box, bool]] = {
    "biceps_longitudinal_75hz.mp4": ((0, 0, 512, 512), True),
    "tibialis_rest_then_contraction_30hz.mov": ((180, 45, 343, 255), True),
    "brachial_artery_30hz.mov": ((29, 48, 498, 387), True),
    "duplicated_frames_eye_phantom.mp4": ((264, 86, 1016, 872), True),
    "frozen_eye_phantom.mp4": ((387, 42, 722, 639), False),
}
DICOM: dict[str, tuple[Box, bool]] = {
    "color3d_jpeg_baseline.dcm": ((84, 43, 596, 403), True),
    "examples_ybr_color.dcm": ((42, 21, 300, 202), True),
    "OBXXXX1A_2frame.dcm": ((126, 66, 797, 518), False),
}


def _video(folder: Path, name: str) -> Cine:
    return open_cine(folder / name, Reading())


def _dicom(name: str) -> Cine:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip(f"{name} is not among the installed test files")
    return open_cine(Path(path), Reading())


def test_every_clip_has_a_box(shared_data: Path) -> None:
    clips = {path.name for path in shared_data.iterdir() if path.suffix in (".mp4", ".mov")}
    assert clips == set(VIDEOS)


@pytest.mark.parametrize("name", VIDEOS)
def test_video_box_is_right_where_it_claims_to_be_sure(shared_data: Path, name: str) -> None:
    true, sure = VIDEOS[name]
    (bmode,) = find_pictures(_video(shared_data, name), None)
    assert bmode.sure is sure
    assert bool(bmode.note) is not sure
    assert not sure or overlap(bmode.box, true) >= 0.95


@pytest.mark.parametrize("name", DICOM)
def test_dicom_box_without_its_tag(name: str) -> None:
    true, sure = DICOM[name]
    (bmode,) = find_pictures(replace(_dicom(name), pictures=()), None)
    assert bmode.sure is sure
    assert not sure or overlap(bmode.box, true) >= 0.95


def test_tag_of_a_sector_masks_its_surround() -> None:
    (bmode,) = find_pictures(_dicom("color3d_jpeg_baseline.dcm"), None)
    assert bmode.origin == "tag"
    assert not bmode.mask[60, 100], "black beside the sector"
    assert not bmode.mask[40, 380], "the green marker"
    assert bmode.mask[200:340, 280:400].mean() > 0.98


def test_resting_muscle_is_hardly_masked(shared_data: Path) -> None:
    (bmode,) = find_pictures(_video(shared_data, "biceps_longitudinal_75hz.mp4"), None)
    assert bmode.mask.mean() > 0.99


def test_colour_doppler_is_masked_and_tissue_is_not(shared_data: Path) -> None:
    (bmode,) = find_pictures(_video(shared_data, "brachial_artery_30hz.mov"), None)
    assert not bmode.mask[230:250, 170:225].any(), "the colour in the artery"
    assert not bmode.mask[110:210, 29:39].any(), "the colour bar"
    assert bmode.mask[60:125, 60:480].mean() > 0.97


def test_gate_line_of_a_duplex_screen_is_masked(shared_data: Path) -> None:
    (bmode,) = find_pictures(_video(shared_data, "tibialis_rest_then_contraction_30hz.mov"), None)
    line = [(60, 293), (100, 281), (140, 269), (220, 242), (240, 236)]
    assert not any(bmode.mask[y, x - 3 : x + 4].all() for y, x in line)
    x0, y0, x1, y1 = bmode.box
    assert bmode.mask[y0:y1, x0:x1].mean() > 0.93
