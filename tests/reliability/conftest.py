"""Good clips to be spoilt: real ones where they are, made ones of every coding."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from pydicom.data import get_testdata_file

from tests.corpus.case import Case
from tests.corpus.still_codings import compressed
from tests.corpus.streams import videos
from tests.corpus.uncompressed import uncompressed
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
CORPUS = {
    "deflated.dcm": ("deflated", "PALETTE COLOR 8"),
    "fragments.dcm": ("encapsulated uncompressed", "MONOCHROME2 8"),
    "extended.dcm": ("JPEG extended", "MONOCHROME2 12"),
    "lossless.dcm": ("JPEG lossless SV1", "RGB 8"),
    "lossless_deep.dcm": ("JPEG lossless SV1", "MONOCHROME2 16"),
    "ls.dcm": ("JPEG-LS lossless", "MONOCHROME2 8"),
    "ls_near.dcm": ("JPEG-LS near-lossless", "RGB 8"),
    "j2k.dcm": ("JPEG 2000 lossless", "YBR_RCT 8"),
    "jp2.dcm": ("JPEG 2000 lossless, in JP2", "MONOCHROME2 8"),
    "htj2k.dcm": ("HTJ2K lossless", "MONOCHROME2 8"),
    "jxl.dcm": ("JPEG XL lossless", "MONOCHROME2 8"),
    "jxl_of_jpeg.dcm": ("JPEG XL, recoded JPEG", "YBR_FULL_422 8"),
    "mpeg2_bare.dcm": ("MPEG-2, bare", "YBR_PARTIAL_420 8"),
    "mpeg2_program.dcm": ("MPEG-2, program stream", "YBR_PARTIAL_420 8"),
    "avc_transport.dcm": ("AVC, transport stream", "YBR_PARTIAL_420 8"),
    "avc_fragments.dcm": ("AVC, MP4 in fragments", "YBR_PARTIAL_420 8"),
    "hevc_bare.dcm": ("HEVC, bare", "YBR_PARTIAL_420 8"),
}
"""Files of the corpus, by name and photometric interpretation."""
A_ROUND = len(MUTATIONS) * (len(REAL_DICOM) + len(MADE_DICOM) + len(MADE_VIDEO) + len(CORPUS))
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
    written = {(case.name, case.photometric): case.write for case in _corpus()}
    for name, case in CORPUS.items():
        written[case](folder / name)
    return folder


def _corpus() -> Iterator[Case]:
    for make in (uncompressed, compressed, videos):
        yield from make(speckle())


def _write_video(path: Path, codec: str) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.height, stream.width = 64, 96
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        for grey in speckle(24, (64, 96)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="gray")))
        container.mux(stream.encode(None))
