"""Implants: only the tissue moves, only while a twitch lasts, by what the truth says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.benchmark.beds import BEDS, TIBIALIS, RealClip
from usfasc.benchmark.implants import Plan, implant, implanted, moved_frames, plain_copy
from usfasc.io import memory_cine, open_cine
from usfasc.io.video_out import VideoCodec, write_video
from usfasc.model import Cine, Reading

CLIP = RealClip(
    name="made",
    file="made.mp4",
    spacing_mm=0.15,
    quiet_s=(0.0, 6.0),
    tissue=((20, 20, 220, 180),),
    overlay=((150, 0, 100, 199),),
    fascicles_deg=0.0,
    codec=VideoCodec(name="libx264", key_frame_every=50, options=(("crf", "18"),)),
)


@pytest.fixture(scope="module")
def speckle() -> Cine:
    noise = np.random.default_rng(1).normal(size=(200, 240)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 2.0)
    still = np.clip(110 + 45 * soft / soft.std(), 0, 255).astype(np.uint8)
    cv2.line(still, (150, 0), (100, 199), 255, 2)
    return memory_cine(np.repeat(still[None], 180, axis=0), np.arange(180) / 30, (0.15, 0.15))


def test_frames_without_a_twitch_stay_as_they_are(speckle: Cine) -> None:
    planted = implant(speckle, CLIP, Plan(seed=4, rate_per_min=30, span_s=(0, 6)))
    assert planted
    frames = list(moved_frames(speckle, CLIP, planted))
    still = next(iter(speckle.frames.stream())).grey
    for index, grey in enumerate(frames):
        if not any(twitch.is_moving(index / 30) for twitch in planted):
            np.testing.assert_array_equal(grey, still)


def test_the_overlay_and_the_outside_stand_still(speckle: Cine) -> None:
    planted = implant(speckle, CLIP, Plan(seed=4, rate_per_min=60, span_s=(0, 6)))
    frames = np.array(list(moved_frames(speckle, CLIP, planted)))
    changed = (frames != frames[0]).any(axis=0)
    line = np.zeros(changed.shape, np.uint8)
    cv2.line(line, (150, 0), (100, 199), 1, 2)
    assert changed.any()
    assert not changed[line > 0].any()
    assert not changed[:18].any()
    assert not changed[:, :18].any()


@pytest.mark.parametrize("seed", [0, 3, 7])
def test_the_tissue_moves_as_far_as_the_truth_says(speckle: Cine, seed: int) -> None:
    bare = replace(CLIP, overlay=())
    plan = Plan(seed=seed, rate_per_min=12, span_s=(0, 6), amplitudes_mm=(0.45, 0.5))
    twitch = implant(speckle, bare, plan)[0]
    frames = list(moved_frames(speckle, bare, [twitch]))
    index = round((twitch.starts_s + twitch.waveform.contraction_s) * 30)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(
        frames[0], frames[index], None
    )
    x0, y0, x1, y1 = twitch.box
    seen_mm, meant_mm = flow[y0:y1, x0:x1] * CLIP.spacing_mm, twitch.moved(index / 30)
    length_mm = np.linalg.norm(meant_mm, axis=-1)
    strong = length_mm > 0.6 * length_mm.max()
    seen_share = (seen_mm * meant_mm)[strong].sum() / (meant_mm**2)[strong].sum()
    assert 0.7 < seen_share < 1.1  # dense flow smooths: about 0.8 of a patch's movement


def test_none_begins_near_the_clips_own_movements(speckle: Cine) -> None:
    plan = Plan(seed=2, rate_per_min=200, span_s=(0, 6), apart_s=(3.0,))
    starts_s = [twitch.starts_s for twitch in implant(speckle, CLIP, plan)]
    assert len(starts_s) > 4
    assert all(abs(start_s - 3.0) > 1.0 for start_s in starts_s)
    assert 0.5 <= min(starts_s) <= max(starts_s) <= 5.2


@pytest.mark.parametrize(
    "codec",
    sorted({bed.codec for bed in BEDS}, key=lambda codec: codec.name),
    ids=lambda codec: codec.name,
)
def test_a_copy_keeps_grey_levels_times_and_key_frames(
    codec: VideoCodec, speckle: Cine, tmp_path: Path
) -> None:
    frames = [frame.grey for frame in speckle.frames.stream()]
    path = tmp_path / "copy.mp4"
    write_video(path, iter(frames), np.arange(len(frames)) * 1001 / 30_000, codec)
    copy = open_cine(path, Reading())
    assert copy.frames.count == len(frames)
    assert copy.frame_rate_hz == pytest.approx(30_000 / 1001, rel=1e-4)
    assert copy.key_frames is not None
    assert copy.key_frames.sum() == 1
    apart = [
        np.abs(frame.grey.astype(int) - frames[frame.index]).mean()
        for frame in copy.frames.stream()
    ]
    assert max(apart) < 5


def test_real_implants_are_kept_and_found_again(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    made = implanted(TIBIALIS, shared_data, seed=1)
    stamp = made.path.stat().st_mtime_ns
    again = implanted(TIBIALIS, shared_data, seed=1)
    assert again == made
    assert again.path.stat().st_mtime_ns == stamp
    assert made.truth
    assert all(e.onset_s < TIBIALIS.quiet_s[1] for e in made.truth)
    plain = plain_copy(TIBIALIS, shared_data)
    assert plain.truth == ()
    assert plain.path != made.path
