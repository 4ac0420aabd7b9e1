"""Videos out: true times, the same bytes, whole or not at all."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from usfasc.errors import OutputError
from usfasc.io import open_cine
from usfasc.io.video_out import VideoCodec, encode_video, write_video
from usfasc.model import Floats, Grey, Reading

H264 = VideoCodec(name="libx264", key_frame_every=25, options=(("crf", "20"),))
COUNT = 40


def frames(layout: tuple[int, ...] = ()) -> Iterator[Grey]:
    """A bright bar that steps to the right."""
    for index in range(COUNT):
        picture = np.full((64, 96, *layout), 40, np.uint8)
        picture[:, 2 * index : 2 * index + 8] = 200
        yield picture


TIMES: dict[str, Floats] = {
    "even": np.arange(COUNT) / 30,
    "broadcast": np.arange(COUNT) * 1001 / 30_000,
    "slow": np.arange(COUNT) * 0.25,
    "gap": np.r_[np.arange(20), np.arange(25, 45)] / 25,
    "jitter": np.cumsum(np.random.default_rng(4).uniform(0.01, 0.05, COUNT)),
}


@pytest.mark.parametrize("times_s", TIMES.values(), ids=TIMES.keys())
def test_frames_come_back_at_their_times(tmp_path: Path, times_s: Floats) -> None:
    write_video(tmp_path / "a.mp4", frames(), times_s, H264)
    cine = open_cine(tmp_path / "a.mp4", Reading())
    assert cine.times_s is not None
    np.testing.assert_allclose(cine.times_s, times_s - times_s[0], atol=1e-5)
    for frame, meant in zip(cine.frames.stream(), frames(), strict=True):
        assert np.abs(frame.grey.astype(int) - meant).mean() < 3


@pytest.mark.parametrize("seed", range(8))
def test_no_last_frame_is_cut_off(tmp_path: Path, seed: int) -> None:
    times_s = np.cumsum(np.random.default_rng(seed).uniform(0.01, 0.09, COUNT))
    write_video(tmp_path / "a.mp4", frames(), times_s, H264)
    assert open_cine(tmp_path / "a.mp4", Reading()).frames.count == COUNT


def test_one_frame_is_a_video(tmp_path: Path) -> None:
    write_video(tmp_path / "a.mp4", [next(frames())], np.zeros(1), H264)
    assert (tmp_path / "a.mp4").stat().st_size > 500


def test_colour_is_kept(tmp_path: Path) -> None:
    coloured = list(frames((3,)))
    for picture in coloured:
        picture[32:] = (230, 159, 0)
    write_video(tmp_path / "a.mp4", coloured, TIMES["even"], H264)
    rgb = open_cine(tmp_path / "a.mp4", Reading()).frames.colour(7)
    assert np.abs(rgb[40:].astype(int) - (230, 159, 0)).mean() < 4


def test_the_same_frames_give_the_same_bytes_in_a_file_and_in_memory(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_video(tmp_path / name, frames(), TIMES["jitter"], H264)
    memory = io.BytesIO()
    encode_video(memory, frames(), TIMES["jitter"], H264)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() == memory.getvalue()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(errno.ENOSPC, "/clips/DOE^JANE")])
def test_a_stop_leaves_the_old_file(tmp_path: Path, stop: BaseException) -> None:
    def stopped() -> Iterator[Grey]:
        for before, _ in pairwise(frames()):
            yield before
        raise stop

    (tmp_path / "a.mp4").write_bytes(b"old")
    with pytest.raises((KeyboardInterrupt, OutputError)) as raised:
        write_video(tmp_path / "a.mp4", stopped(), TIMES["even"], H264)
    assert "DOE" not in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert (tmp_path / "a.mp4").read_bytes() == b"old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_a_full_disk_is_an_error_of_the_system() -> None:
    """So that the one who writes whole files can say so."""
    with pytest.raises(OSError, match="No space left") as raised:
        encode_video(Path("/dev/full"), frames(), TIMES["even"], H264)
    assert raised.value.errno == errno.ENOSPC
