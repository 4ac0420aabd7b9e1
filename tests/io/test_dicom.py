"""DICOM cines: pixels against a second decoder, codings, damaged frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.pixels import pixel_array

from tests.io.conftest import MakeDicom, jpegs, speckle
from usfasc._cv import cv2
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Cine, Reading

REAL = (
    "color3d_jpeg_baseline.dcm",
    "examples_ybr_color.dcm",
    "OBXXXX1A_2frame.dcm",
    "OBXXXX1A_rle_2frame.dcm",
    "SC_rgb_2frame.dcm",
    "SC_rgb_expb_2frame.dcm",
    "SC_rgb_rle_2frame.dcm",
)
STILLS = ("US1_UNCR.dcm", "US1_J2KR.dcm", "examples_rgb_color.dcm", "gdcm-US-ALOKA-16.dcm")


def real(name: str) -> Path:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("pydicom-data is not installed")
    return Path(path)


def open_dicom(path: Path) -> Cine:
    return open_cine(path, Reading())


@pytest.mark.parametrize("name", REAL)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_real_pixels_are_those_of_pydicom(name: str) -> None:
    path = real(name)
    frames = open_dicom(path).frames
    stored = pixel_array(path, raw=True)
    header = pydicom.dcmread(path, stop_before_pixels=True)
    assert frames.count == len(stored) == header.NumberOfFrames
    last = frames.count - 1
    if header.PhotometricInterpretation == "PALETTE COLOR":
        expected = pydicom.pixels.apply_color_lut(stored[last], header)
        np.testing.assert_array_equal(frames.colour(last), _in_8_bits(expected))
    else:
        np.testing.assert_array_equal(frames.colour(last), pixel_array(path, index=last))
    for frame in frames.stream():
        assert not frame.damaged
        if header.PhotometricInterpretation.startswith("YBR"):
            np.testing.assert_array_equal(frame.grey, stored[frame.index][..., 0])
        else:
            rgb = frames.colour(frame.index)
            np.testing.assert_array_equal(frame.grey, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY))


def test_a_big_endian_palette_shows_what_its_little_endian_twin_shows() -> None:
    # The second decoder itself misreads palettes in big endian.
    big, little = (
        open_dicom(real(name)).frames
        for name in ("OBXXXX1A_expb_2frame.dcm", "OBXXXX1A_2frame.dcm")
    )
    for one, other in zip(big.stream(), little.stream(), strict=True):
        np.testing.assert_array_equal(one.grey, other.grey)
        np.testing.assert_array_equal(big.colour(one.index), little.colour(one.index))


@pytest.mark.parametrize("name", STILLS)
def test_a_real_still_is_named_one(name: str) -> None:
    with pytest.raises(InputError) as refusal:
        open_dicom(real(name))
    assert refusal.value.code == "STILL_IMAGE"


@pytest.mark.parametrize("syntax", ["implicit", "explicit", "big", "rle"])
def test_grey_is_read_to_the_bit(make_dicom: MakeDicom, syntax: str) -> None:
    clip = speckle(5, (33, 47))
    assert_same(open_dicom(make_dicom(clip, syntax)), clip)


def test_jpeg_is_read_as_its_decoder_reads_it(make_dicom: MakeDicom) -> None:
    clip = speckle()
    cine = open_dicom(make_dicom(clip, "jpeg"))
    decoded = [cv2.imdecode(np.frombuffer(c, np.uint8), cv2.IMREAD_GRAYSCALE) for c in jpegs(clip)]
    assert_same(cine, np.stack(decoded))
    assert not cine.frames.has_colour


@pytest.mark.parametrize("syntax", ["implicit", "explicit", "big", "rle"])
@pytest.mark.parametrize(
    ("stored", "signed", "bits"), [(np.uint16, 0, 12), (np.uint16, 0, 16), (np.int16, 1, 16)]
)
def test_deep_samples_span_the_stored_range(
    make_dicom: MakeDicom, syntax: str, stored: type, signed: int, bits: int
) -> None:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    ramp = np.linspace(low, high, 2 * 16 * 16).round().astype(stored).reshape(2, 16, 16)
    tags = {"BitsStored": bits, "HighBit": bits - 1, "PixelRepresentation": signed}
    frames = list(open_dicom(make_dicom(ramp, syntax, **tags)).frames.stream())
    expected = np.rint((ramp.astype(float) - low) / (high - low) * 255)
    np.testing.assert_array_equal([frame.grey for frame in frames], expected)


def test_a_window_beats_the_full_range(make_dicom: MakeDicom) -> None:
    clip = np.full((2, 16, 16), 300, np.uint16)
    clip[:, :8], clip[:, 8:12] = 100, 200
    tags = {"WindowCenter": 200.5, "WindowWidth": 201}
    grey = next(open_dicom(make_dicom(clip, "explicit", **tags)).frames.stream()).grey
    assert [int(grey[y, 0]) for y in (0, 9, 15)] == [0, 128, 255]


def test_monochrome1_is_inverted(make_dicom: MakeDicom) -> None:
    clip = speckle()
    path = make_dicom(clip, PhotometricInterpretation="MONOCHROME1")
    assert_same(open_dicom(path), 255 - clip)


@pytest.mark.parametrize(("syntax", "planar"), [("explicit", 0), ("explicit", 1), ("rle", 0)])
def test_rgb_is_read_in_both_plane_orders(make_dicom: MakeDicom, syntax: str, planar: int) -> None:
    rgb = np.stack([speckle(2, seed=seed) for seed in range(3)], axis=-1)
    stored = rgb.transpose(0, 3, 1, 2).reshape(rgb.shape) if planar else rgb
    frames = open_dicom(make_dicom(stored, syntax, PlanarConfiguration=planar)).frames
    assert frames.has_colour
    np.testing.assert_array_equal(frames.colour(1), rgb[1])
    grey = next(frames.stream(1)).grey.astype(float)
    np.testing.assert_allclose(grey, rgb[1] @ [0.299, 0.587, 0.114], atol=0.51)


def test_native_ybr_gives_its_luma_and_true_colours(make_dicom: MakeDicom) -> None:
    rgb = np.stack([speckle(2, seed=seed) for seed in range(3)], axis=-1)
    ycrcb = np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2YCrCb) for frame in rgb])
    ybr = ycrcb[..., [0, 2, 1]]
    frames = open_dicom(make_dicom(ybr, PhotometricInterpretation="YBR_FULL")).frames
    np.testing.assert_array_equal(next(frames.stream()).grey, ybr[0, ..., 0])
    assert np.abs(frames.colour(0).astype(int) - rgb[0]).max() <= 3


def test_native_subsampled_ybr_is_told_by_its_length(make_dicom: MakeDicom) -> None:
    luma = speckle(2, (16, 24))
    pairs = np.full((2, 16, 12, 4), 128, np.uint8)
    pairs[..., :2] = luma.reshape(2, 16, 12, 2)
    path = make_dicom(
        np.zeros((2, 16, 24, 3), np.uint8),
        PhotometricInterpretation="YBR_FULL_422",
        PixelData=pairs.tobytes(),
    )
    frames = open_dicom(path).frames
    np.testing.assert_array_equal(next(frames.stream(1)).grey, luma[1])
    assert np.abs(frames.colour(1) - luma[1][..., None].astype(int)).max() == 0


def test_jpeg_colour_is_decoded_only_when_asked(make_dicom: MakeDicom) -> None:
    rgb = np.repeat(speckle()[..., None], 3, axis=3)
    frames = open_dicom(make_dicom(rgb, "jpeg")).frames
    grey = next(frames.stream(2)).grey
    assert frames.has_colour
    assert np.abs(frames.colour(2) - grey[..., None].astype(int)).max() <= 2


BROKEN = {
    "cut": lambda jpeg: jpeg[: len(jpeg) // 2],
    "nothing": lambda jpeg: b"\0\0",
    "no header": lambda jpeg: b"\0" * len(jpeg),
    "other size": lambda jpeg: jpegs(speckle(1, (24, 24)))[0],
    "an end in the middle": lambda jpeg: jpeg[: -len(jpeg) // 8] + b"\xff\xd9" + b"\0" * 64,
}


@pytest.mark.parametrize("damage", BROKEN)
@pytest.mark.parametrize("index", [0, 3, 5])
def test_a_damaged_frame_repeats_a_good_one_and_is_flagged(
    make_dicom: MakeDicom, damage: str, index: int
) -> None:
    clip = speckle()
    codes = jpegs(clip)
    codes[index] = BROKEN[damage](codes[index])
    frames = open_dicom(make_dicom(clip, "jpeg", PixelData=encapsulate(codes))).frames
    streamed = list(frames.stream())
    assert [frame.index for frame in streamed if frame.damaged] == [index]
    other = index - 1 if index else 1
    np.testing.assert_array_equal(streamed[index].grey, streamed[other].grey)
    alone = next(frames.stream(index))
    assert alone.damaged
    np.testing.assert_array_equal(alone.grey, streamed[index].grey)
    np.testing.assert_array_equal(frames.colour(index)[..., 0], streamed[index].grey)


def test_a_clip_of_damaged_frames_only_is_refused(make_dicom: MakeDicom) -> None:
    clip = speckle()
    codes = [code[: len(code) // 2] for code in jpegs(clip)]
    frames = open_dicom(make_dicom(clip, "jpeg", PixelData=encapsulate(codes))).frames
    with pytest.raises(InputError) as refusal:
        list(frames.stream())
    assert refusal.value.code == "CORRUPT"


def test_a_damaged_run_length_frame_is_flagged(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(), "rle")
    image = pydicom.dcmread(path)
    codes = list(pydicom.encaps.generate_frames(image.PixelData, number_of_frames=6))
    codes[2] = codes[2][:64] + codes[2][64 : len(codes[2]) // 2]
    image.PixelData = encapsulate(codes)
    image.save_as(path)
    damaged = [frame.index for frame in open_dicom(path).frames.stream() if frame.damaged]
    assert damaged == [2]


def test_a_clip_is_not_held_open_or_in_memory(make_dicom: MakeDicom) -> None:
    clip = speckle()
    path = make_dicom(clip)
    frames = open_dicom(path).frames
    stream = frames.stream()
    np.testing.assert_array_equal(next(stream).grey, clip[0])
    stream.close()
    path.unlink()
    with pytest.raises(InputError) as refusal:
        next(frames.stream())
    assert refusal.value.code == "UNREADABLE"


def assert_same(cine: Cine, clip: np.ndarray) -> None:
    streamed = list(cine.frames.stream())
    assert [frame.index for frame in streamed] == list(range(len(clip)))
    assert not any(frame.damaged for frame in streamed)
    np.testing.assert_array_equal([frame.grey for frame in streamed], clip)
    np.testing.assert_array_equal(next(cine.frames.stream(2)).grey, clip[2])
    np.testing.assert_array_equal(cine.frames.colour(1), np.repeat(clip[1][..., None], 3, axis=2))


def _in_8_bits(samples: np.ndarray) -> np.ndarray:
    return samples if samples.dtype == np.uint8 else (samples >> 8).astype(np.uint8)
