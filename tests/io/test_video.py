"""Videos: frames, times, key frames, damage."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest

from tests.io.conftest import MakeVideo, speckle
from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.model import Cine, Reading

REAL = {
    "biceps_longitudinal_75hz.mp4": (3001, (512, 512), 75.0, 13),
    "tibialis_rest_then_contraction_30hz.mov": (1247, (480, 640), 29.97, 5),
    "brachial_artery_30hz.mov": (450, (480, 640), 29.97, 2),
    "frozen_eye_phantom.mp4": (100, (720, 960), 25.0, 1),
    "duplicated_frames_eye_phantom.mp4": (50, (960, 1280), 25.0, 1),
}


def open_video(path: Path) -> Cine:
    return open_cine(path, Reading())


@pytest.mark.parametrize("name", REAL)
def test_real_clips_are_what_they_are(shared_data: Path, name: str) -> None:
    count, shape, rate_hz, keys = REAL[name]
    cine = open_video(shared_data / name)
    assert cine.frames.count == count == len(cine.times_s)
    assert cine.frames.shape == shape
    assert cine.frame_rate_hz == pytest.approx(rate_hz, rel=1e-3)
    assert cine.key_frames.sum() == keys and cine.key_frames[0]
    assert cine.times_s[0] == 0 and np.all(np.diff(cine.times_s) > 0)
    assert cine.spacing_mm is None and cine.bmode is None


@pytest.mark.parametrize("start", [0, 1, 11, 12, 13, 29, 30])
@pytest.mark.parametrize(("codec", "name"), [("mpeg4", "a.mp4"), ("libx264", "b.mov")])
def test_random_access_gives_the_frames_of_one_pass(
    make_video: MakeVideo, codec: str, name: str, start: int
) -> None:
    frames = open_video(make_video(speckle(31, (64, 96)), codec, name=name)).frames
    whole = [frame.grey for frame in frames.stream()]
    part = list(frames.stream(start, start + 5))
    assert [frame.index for frame in part] == list(range(start, min(start + 5, 31)))
    for frame in part:
        np.testing.assert_array_equal(frame.grey, whole[frame.index])


def test_uneven_times_are_kept(make_video: MakeVideo) -> None:
    ticks = [0, 300, 340, 380, 390, 430, 600, 640]
    cine = open_video(make_video(speckle(8, (64, 64)), ticks=ticks))
    assert cine.times_s == pytest.approx(np.array(ticks) / 1000, abs=1e-4)


def test_limited_range_is_stretched_to_black_and_white(make_video: MakeVideo) -> None:
    halves = np.zeros((4, 64, 64), np.uint8)
    halves[:, :, 32:] = 255
    frames = open_video(make_video(halves, "libx264")).frames
    grey = next(frames.stream()).grey
    assert grey[:, :28].max() <= 3 and grey[:, 36:].min() >= 252


CONTAINERS = {
    "a.mp4": "libx264",
    "a.m4v": "mpeg4",
    "b.m4v": "libx264",
    "a.mov": "libx264",
    "a.mkv": "libx264",
    "vp9.mkv": "libvpx-vp9",
    "lossless.mkv": "ffv1",
    "a.wmv": "wmv2",
    "b.wmv": "wmv1",
    "intra.avi": "mjpeg",
    "simple.avi": "mpeg4",
    "intra raw.avi": "rawvideo",
    "reordered.avi": "libx264",
}


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_container_gives_its_frames_in_order(make_video: MakeVideo, name: str) -> None:
    shown = np.repeat(np.arange(20, 220, 8, dtype=np.uint8), 64 * 96).reshape(-1, 64, 96)
    cine = open_video(make_video(shown, CONTAINERS[name], name=name))
    assert cine.frames.count == len(shown)
    assert cine.frame_rate_hz == pytest.approx(25, rel=1e-3)
    assert cine.warnings == ()
    assert (cine.key_frames is None) == name.startswith("intra"), "none stands out if all are"
    means = [frame.grey.mean() for frame in cine.frames.stream()]
    np.testing.assert_allclose(means, shown[:, 0, 0], atol=4)
    np.testing.assert_array_equal([f.grey.mean() for f in cine.frames.stream(7, 9)], means[7:9])
    assert cine.frames.colour(20).mean() == pytest.approx(180, abs=4)


def test_colour_agrees_with_luma(make_video: MakeVideo) -> None:
    frames = open_video(make_video(speckle(3, (64, 64)), "libx264")).frames
    rgb = frames.colour(1).astype(int)
    grey = next(frames.stream(1)).grey.astype(int)
    assert rgb.shape == (64, 64, 3)
    assert np.abs(rgb[..., 1] - grey).mean() < 1.5


def test_latin_1_metadata_does_not_stop_the_reader(make_video: MakeVideo, tmp_path: Path) -> None:
    path = make_video(speckle(3, (64, 64)), name="a.mov")
    with av.open(str(path)) as source, av.open(str(tmp_path / "b.mov"), "w") as target:
        target.metadata["comment"] = "Praxis Muenchen"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                target.mux(packet)
    raw = (tmp_path / "b.mov").read_bytes()
    assert b"Muenchen" in raw
    (tmp_path / "b.mov").write_bytes(raw.replace(b"Muenchen", b"M\xfcenchen"[:2] + b"nchen "))
    assert open_video(tmp_path / "b.mov").frames.count == 3


@pytest.mark.parametrize(
    ("cut", "code"), [(0.3, "CORRUPT"), (0.9, "CORRUPT")], ids=["a third", "nearly all"]
)
def test_a_cut_file_with_its_index_at_the_end_is_refused(
    make_video: MakeVideo, cut: float, code: str
) -> None:
    path = make_video(speckle(20, (64, 64)))
    os.truncate(path, int(path.stat().st_size * cut))
    with pytest.raises(InputError) as refusal:
        open_video(path)
    assert refusal.value.code in (code, "TRUNCATED")


def test_a_cut_file_with_its_index_in_front_is_refused(
    make_video: MakeVideo, tmp_path: Path
) -> None:
    path = _index_first(make_video(speckle(40, (64, 64))), tmp_path / "front.mp4")
    assert open_video(path).frames.count == 40
    os.truncate(path, path.stat().st_size * 3 // 4)
    with pytest.raises(InputError) as refusal:
        open_video(path)
    assert refusal.value.code == "TRUNCATED"


def test_a_table_that_announces_more_samples_than_there_are_is_refused(
    make_video: MakeVideo,
) -> None:
    path = make_video(speckle(20, (64, 64)))
    raw = bytearray(path.read_bytes())
    sizes = raw.index(b"stsz") + 16
    raw[sizes + 4 * 12 : sizes + 4 * 13] = (1 << 20).to_bytes(4, "big")
    path.write_bytes(raw)
    with pytest.raises(InputError) as refusal:
        list(open_video(path).frames.stream())
    assert refusal.value.code == "CORRUPT"


def test_a_damaged_frame_is_flagged_up_to_the_next_key_frame(make_video: MakeVideo) -> None:
    path = make_video(speckle(36, (96, 128)), gop=12)
    with av.open(str(path)) as container:
        packets = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    raw = bytearray(path.read_bytes())
    position, size = packets[15]
    raw[position + size // 2 : position + size] = b"\xa5" * (size - size // 2)
    path.write_bytes(raw)
    frames = list(open_video(path).frames.stream())
    assert len(frames) == 36
    damaged = [frame.index for frame in frames if frame.damaged]
    assert damaged == list(range(15, 24))
    for index in damaged:
        np.testing.assert_array_equal(frames[index].grey, frames[14].grey)


def test_one_picture_is_no_clip(make_video: MakeVideo) -> None:
    with pytest.raises(InputError) as refusal:
        open_video(make_video(speckle(1, (64, 64))))
    assert refusal.value.code == "STILL_IMAGE"


def _index_first(source: Path, target: Path) -> Path:
    options = {"movflags": "faststart"}
    with av.open(str(source)) as old, av.open(str(target), "w", options=options) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(video=0):
            if packet.size:
                packet.stream = stream
                new.mux(packet)
    return target
