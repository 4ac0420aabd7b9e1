"""The same muscle, its frames taken or kept at other times: the count stays, the onsets too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from usfasc.io import memory_cine, open_cine
from usfasc.io.video_out import VideoCodec, write_video
from usfasc.model import Cine, Floats, Grey, Kind, Reading, Result
from usfasc.phantom import Scene, Twitch, render
from usfasc.pipeline import analyse

DENSE_HZ = 120.0
TWITCHES = tuple(
    Twitch(
        onset_s=onset_s,
        x_mm=x_mm,
        y_mm=y_mm,
        amplitude_mm=amplitude_mm,
        length_mm=7.0,
        width_mm=4.0,
        direction_deg=direction_deg,
    )
    for onset_s, x_mm, y_mm, amplitude_mm, direction_deg in (
        (0.9, 7.0, 9.0, 0.5, 20.0),
        (2.1, 17.0, 15.0, 0.2, 100.0),
        (3.0, 9.0, 16.0, 0.35, 200.0),
        (4.2, 16.0, 8.0, 0.25, 300.0),
        (5.3, 8.0, 12.0, 0.6, 60.0),
    )
)
SCENE = Scene(
    height_px=160,
    width_px=160,
    depth_mm=24.0,
    width_mm=24.0,
    duration_s=6.5,
    frame_rate_hz=DENSE_HZ,
    twitches=TWITCHES,
)


@pytest.fixture(scope="module")
def dense() -> Cine:
    return render(SCENE, 11).cine


def taken(dense: Cine, kept: list[int] | np.ndarray) -> Cine:
    """Only some of the frames, each at its own time."""
    assert dense.times_s is not None
    chosen = np.asarray(kept)
    frames = np.stack([frame.grey for frame in dense.frames.stream()])[chosen]
    return memory_cine(frames, dense.times_s[chosen], dense.spacing_mm, dense.bmode)


def onsets_s(result: Result) -> list[float]:
    return [event.onset_s for event in result.events if event.kind is Kind.FASCICULATION]


def check(result: Result, first_s: float = 0.0, lost: int = 0) -> None:
    """All twitches but those lost are counted, none else, at their time."""
    found = [onset_s + first_s for onset_s in onsets_s(result)]
    late = [min(abs(onset_s - t.onset_s) for t in TWITCHES) for onset_s in found]
    assert len(TWITCHES) - lost <= len(found) <= len(TWITCHES) + 1
    assert sorted(late)[len(TWITCHES) - lost - 1] < 0.07


COUNT = round(SCENE.duration_s * DENSE_HZ)
EVEN = np.arange(0, COUNT, 4)


def jittered(least: int, most: int) -> np.ndarray:
    steps = np.random.default_rng(2).integers(least, most + 1, COUNT)
    times = np.concatenate([[0], np.cumsum(steps)])
    return times[times < COUNT]


AXES = {
    "30 Hz": EVEN,
    "60 Hz": np.arange(0, COUNT, 2),
    "24 Hz": np.arange(0, COUNT, 5),
    "17 to 50 ms apart": jittered(2, 6),
    "8 to 83 ms apart": jittered(1, 10),
    "30 Hz, then 60, then 20": np.concatenate(
        [np.arange(0, 260, 4), np.arange(260, 520, 2), np.arange(520, COUNT, 6)]
    ),
    "one frame in eight lost": np.delete(EVEN, np.arange(5, len(EVEN), 8)),
    "two frames in a row lost, often": np.delete(EVEN, [*range(8, 190, 11), *range(9, 190, 11)]),
}


@pytest.mark.parametrize("name", AXES)
def test_frames_taken_at_other_times(dense: Cine, name: str) -> None:
    check(analyse(taken(dense, AXES[name])))


def test_a_long_gap_costs_its_own_time_only(dense: Cine) -> None:
    assert dense.times_s is not None
    gap = (dense.times_s[EVEN] > 2.0) & (dense.times_s[EVEN] < 2.6)
    result = analyse(taken(dense, EVEN[~gap]))
    check(result, lost=1)
    lost = [s for s in result.assessable if s.reason and "missing" in s.reason]
    assert len(lost) == 1
    assert lost[0].start_s == pytest.approx(2.0, abs=0.05)
    assert lost[0].stop_s == pytest.approx(2.6, abs=0.05)


def test_a_first_interval_far_too_long_is_a_gap(dense: Cine) -> None:
    cine = taken(dense, EVEN)
    assert cine.times_s is not None
    late = np.concatenate([[0.0], cine.times_s[1:] + 3.0])
    result = analyse(memory_cine(frames_of(cine), late, cine.spacing_mm, cine.bmode))
    check(result, first_s=-3.0)
    assert result.assessable[0].stop_s >= 3.0 and result.assessable[0].reason is not None


def frames_of(cine: Cine) -> Grey:
    return np.stack([frame.grey for frame in cine.frames.stream()])


CODECS = {
    "H.264, fine": VideoCodec(name="libx264", key_frame_every=48, options=(("crf", "18"),)),
    "H.264, usual": VideoCodec(name="libx264", key_frame_every=48, options=(("crf", "23"),)),
    "MPEG-4": VideoCodec(name="mpeg4", key_frame_every=48, options=(("b", "1500000"),)),
}


def coded(path: Path, frames: Grey, times_s: Floats, codec: str, dense: Cine) -> Cine:
    write_video(path, iter(frames), times_s, CODECS[codec])
    return replace(open_cine(path, Reading(spacing_mm=SCENE.spacing_mm)), pictures=dense.pictures)


def test_uneven_times_survive_a_video(dense: Cine, tmp_path: Path) -> None:
    kept = taken(dense, AXES["17 to 50 ms apart"])
    assert kept.times_s is not None
    path = tmp_path / "clip.mp4"
    cine = coded(path, frames_of(kept), kept.times_s, "H.264, fine", dense)
    assert cine.times_s == pytest.approx(kept.times_s, abs=1e-4)
    check(analyse(cine))


REPEATS = {
    "every frame twice, 60 Hz": (np.repeat(EVEN, 2), 60.0),
    "25 pictures in 30 Hz": ((np.arange(len(EVEN)) * 25 // 30 * 4.8).round().astype(int), 30.0),
}


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("name", REPEATS)
def test_repeats_through_a_lossy_codec(dense: Cine, tmp_path: Path, name: str, codec: str) -> None:
    chosen, rate_hz = REPEATS[name]
    frames, times_s = frames_of(dense)[chosen], np.arange(len(chosen)) / rate_hz
    check(analyse(coded(tmp_path / "clip.mp4", frames, times_s, codec, dense)))
