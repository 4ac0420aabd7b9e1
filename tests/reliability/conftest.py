"""Good clips to be spoilt: real ones where they are, made ones of every coding."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import pytest
from pydicom.data import get_testdata_file

from tests.io.conftest import dataset, speckle
from tests.reliability.mutants import MUTATIONS

REAL_DICOM = (
    "OBXXXX1A_2frame.dcm",
    "OBXXXX1A_rle_2frame.dcm",
    "SC_rgb_2frame.dcm",
    "SC_rgb_expb_2frame.dcm",
    "SC_rgb_rle_2frame.dcm",
    "emri_small_RLE.dcm",
    "emri_small_big_endian.dcm",
    "examples_ybr_color.dcm",
)
MADE_DICOM = ("implicit", "explicit", "big", "rle", "jpeg")
MADE_VIDEO = {"made.mp4": "libx264", "made.mov": "mpeg4", "made.avi": "mjpeg"}
A_ROUND = len(MUTATIONS) * (len(REAL_DICOM) + len(MADE_DICOM) + len(MADE_VIDEO))
"""Seeds that put every mutation to every clip once."""


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """A folder of good clips."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for name in REAL_DICOM:
        path = get_testdata_file(name, download=False)
        if path is None:
            pytest.skip("pydicom-data is not installed")
        shutil.copy(path, folder / name)
    for syntax in MADE_DICOM:
        image = dataset(speckle(), syntax)
        image.save_as(folder / f"made_{syntax}.dcm", enforce_file_format=True)
    for name, codec in MADE_VIDEO.items():
        _write_video(folder / name, codec)
    return folder


def _write_video(path: Path, codec: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width = 64, 96
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for grey in speckle(24, (64, 96)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="gray")))
        container.mux(stream.encode(None))
