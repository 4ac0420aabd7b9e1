"""Synthetic clips out as DICOM and in again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from tests.io.conftest import speckle
from usfasc.errors import InputError, OutputError
from usfasc.io import open_cine
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.model import Floats, Reading

BOX = (4, 6, 60, 44)
TIMES = {
    "even": np.arange(6) / 47,
    "even, not from 0": 3 + np.arange(6) / 30,
    "uneven": np.array([0, 0.02, 0.05, 0.055, 0.3, 0.32]),
}


def write(path: Path, times_s: Floats) -> Path:
    write_ultrasound_cine(
        path, iter(speckle()), times_s=times_s, spacing_mm=(0.1, 0.12), bmode_box=BOX
    )
    return path


@pytest.mark.parametrize("name", TIMES)
def test_what_is_written_is_read(tmp_path: Path, name: str) -> None:
    cine = open_cine(write(tmp_path / "a.dcm", TIMES[name]), Reading())
    np.testing.assert_allclose(cine.times_s, TIMES[name] - TIMES[name][0], atol=2e-6)
    assert cine.spacing_mm == pytest.approx((0.1, 0.12))
    assert cine.bmode is not None and cine.bmode.box == BOX
    assert cine.warnings == ()
    for frame, grey in zip(cine.frames.stream(), speckle(), strict=True):
        assert np.abs(frame.grey.astype(int) - grey).mean() < 3


def test_the_same_clip_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path / "a.dcm", TIMES["even"]).read_bytes()
    assert one == write(tmp_path / "b.dcm", TIMES["even"]).read_bytes()
    assert one != write(tmp_path / "c.dcm", TIMES["uneven"]).read_bytes()


def test_uids_belong_to_the_content(tmp_path: Path) -> None:
    one, other = (
        pydicom.dcmread(write(tmp_path / f"{name}.dcm", TIMES[name])) for name in ("even", "uneven")
    )
    for keyword in ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID"):
        assert one[keyword].value != other[keyword].value
        assert one[keyword].value.is_valid
    assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID


def test_nobody_and_no_day_is_in_it(tmp_path: Path) -> None:
    image = pydicom.dcmread(write(tmp_path / "a.dcm", TIMES["even"]))
    assert image.PatientName == "Phantom"
    dates = [element for element in image if element.VR in ("DA", "TM", "DT")]
    assert dates and not any(element.value for element in dates)


def test_pydicom_reads_the_pixels_too(tmp_path: Path) -> None:
    path = write(tmp_path / "a.dcm", TIMES["even"])
    ours = [frame.grey for frame in open_cine(path, Reading()).frames.stream()]
    np.testing.assert_array_equal(pydicom.dcmread(path).pixel_array, ours)


def test_times_must_be_as_many_as_frames(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write(tmp_path / "a.dcm", np.arange(5) / 30)
    assert not list(tmp_path.iterdir())


def test_frames_must_be_of_one_size(tmp_path: Path) -> None:
    frames = [speckle(1)[0], speckle(1, (24, 24))[0]]
    with pytest.raises(InputError):
        write_ultrasound_cine(
            tmp_path / "a.dcm",
            frames,
            times_s=np.array([0, 0.1]),
            spacing_mm=(0.1, 0.1),
            bmode_box=BOX,
        )


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write(tmp_path / "file" / "a.dcm", TIMES["even"])
