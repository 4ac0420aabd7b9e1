"""Implants: only the tissue moves, only while a twitch lasts, by what the truth says."""

from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.benchmark.beds import BEDS, BRACHIAL_GREY, TIBIALIS, JpegFrames, RealClip
from usfasc.benchmark.copies import copy_frames, copy_times, store_copy
from usfasc.benchmark.firing_clips import firing_recipes
from usfasc.benchmark.implants import implanted
from usfasc.benchmark.judge import judge
from usfasc.benchmark.planting import PAIR_MM, PAIR_WITHIN_S, Plan, nothing_for, plan_for, plant
from usfasc.benchmark.told_apart import planted_rhythm_table
from usfasc.benchmark.twitches import Twitch, true_event
from usfasc.benchmark.units import UnitPlan
from usfasc.benchmark.warps import moved_frames
from usfasc.io import memory_cine, open_cine
from usfasc.io.video_out import VideoCodec, write_video
from usfasc.model import Cine, Grey, Kind, Reading

CLIP = RealClip(
    name="made",
    file="made.mp4",
    spacing_mm=0.15,
    depth_mm=30.0,
    frame_rate_hz=30.0,
    quiet_s=(0.0, 6.0),
    tissue=((20, 20, 220, 180),),
    overlay=((150, 0, 100, 199),),
    fascicles_deg=0.0,
    codec=VideoCodec(name="libx264", key_frame_every=50, options=(("crf", "18"),)),
    picture=(0, 0, 240, 200),
)
SHAPE = (200, 240)
NO_FILE = Path()


@pytest.fixture(scope="module")
def speckle() -> Cine:
    noise = np.random.default_rng(1).normal(size=(200, 240)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 2.0)
    still = np.clip(110 + 45 * soft / soft.std(), 0, 255).astype(np.uint8)
    cv2.line(still, (150, 0), (100, 199), 255, 2)
    return memory_cine(np.repeat(still[None], 180, axis=0), np.arange(180) / 30, (0.15, 0.15))


def moved(cine: Cine, clip: RealClip, planted: Sequence[Twitch]) -> list[Grey]:
    times_s = copy_times(cine, clip)
    frames = copy_frames(cine, clip, NO_FILE, len(times_s))
    return list(moved_frames(frames, times_s, clip, planted))


def test_frames_without_a_twitch_stay_as_they_are(speckle: Cine) -> None:
    planted = plant(SHAPE, CLIP, Plan(seed=4, rate_per_min=30, span_s=(0, 6)))
    assert planted
    frames = moved(speckle, CLIP, planted)
    still = next(iter(speckle.frames.stream())).grey
    for index, grey in enumerate(frames):
        if not any(twitch.is_moving(index / 30) for twitch in planted):
            np.testing.assert_array_equal(grey, still)


def test_the_overlay_and_the_outside_stand_still(speckle: Cine) -> None:
    planted = plant(SHAPE, CLIP, Plan(seed=4, rate_per_min=60, span_s=(0, 6)))
    frames = np.array(moved(speckle, CLIP, planted))
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
    twitch = plant(SHAPE, bare, plan)[0]
    frames = moved(speckle, bare, [twitch])
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
    starts_s = [twitch.starts_s for twitch in plant(SHAPE, CLIP, plan)]
    assert len(starts_s) > 4
    assert all(abs(start_s - 3.0) > 1.0 for start_s in starts_s)
    assert 0.5 <= min(starts_s) <= max(starts_s) <= 5.2


@pytest.mark.parametrize(
    "codec",
    sorted({b.codec for b in BEDS if isinstance(b.codec, VideoCodec)}, key=lambda c: c.name),
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


@pytest.mark.parametrize("model", ["patch", "window", "spline", "arc"])
def test_every_model_is_planted_as_planned(model: str) -> None:
    plan = replace(plan_for(CLIP, 6), rate_per_min=90.0, model=model)
    planted = plant(SHAPE, CLIP, plan)
    assert len(planted) >= 4
    assert all(0.05 <= t.amplitude_mm <= 1.0 for t in planted)
    centres = {(round(x), round(y)) for x, y in (_middle(t) for t in planted)}
    assert len(centres) > 1


@pytest.mark.parametrize("seed", [1, 2])
def test_pairs_overlap_but_keep_their_middles_apart(seed: int) -> None:
    plan = Plan(seed=seed, rate_per_min=12, span_s=(0, 40), pairs=True, amplitudes_mm=(0.1, 0.4))
    planted = plant(SHAPE, CLIP, plan)
    assert plan.twitches_per_min == 24
    assert len(planted) >= 8
    for one, other in zip(planted[::2], planted[1::2], strict=True):
        assert 0 <= other.starts_s - one.starts_s <= PAIR_WITHIN_S
        apart_mm = CLIP.spacing_mm * np.hypot(*np.subtract(_middle(one), _middle(other)))
        # The random part of a movement shifts its middle by a millimetre or so.
        assert PAIR_MM[0] - 1.5 <= apart_mm <= PAIR_MM[1] + 1.5


def _middle(twitch: Twitch) -> tuple[float, float]:
    event = true_event(twitch, 1, np.arange(0, 8, 1 / 30), CLIP.spacing_mm)
    return event.x_px, event.y_px


def test_a_copy_keeps_the_frames_and_the_time_it_is_asked_for(
    speckle: Cine, tmp_path: Path
) -> None:
    third = replace(CLIP, every=3, ends_s=4.0, codec=JpegFrames(quality=85))
    times_s = copy_times(speckle, third)
    np.testing.assert_allclose(times_s, np.arange(40) / 10)
    path = tmp_path / "third.dcm"
    store_copy(path, copy_frames(speckle, third, NO_FILE, len(times_s)), times_s, third)
    copy = open_cine(path, Reading())
    assert copy.frames.count == 40
    assert copy.frame_rate_hz == pytest.approx(10.0)
    assert copy.spacing_mm == pytest.approx((0.15, 0.15))


def test_flow_without_its_colour_is_as_dark_as_its_lumen(shared_data: Path) -> None:
    source = shared_data / BRACHIAL_GREY.file
    cine = open_cine(source, BRACHIAL_GREY.reading)
    bare = next(copy_frames(cine, BRACHIAL_GREY, source, 1))
    still = next(iter(cine.frames.stream(0, 1))).grey
    flow, muscle = np.s_[225:255, 175:235], np.s_[300:380, 300:490]
    assert still[flow].mean() > 25
    assert bare[flow].mean() < 5
    np.testing.assert_array_equal(bare[muscle], still[muscle])


def test_real_implants_are_kept_and_found_again(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    short = replace(TIBIALIS, ends_s=6.0, quiet_s=(0.0, 6.0))
    plan = replace(plan_for(short, 1), rate_per_min=60.0)
    made = implanted(short, shared_data, plan)
    stamp = made.path.stat().st_mtime_ns
    again = implanted(short, shared_data, plan)
    assert again == made
    assert again.path.stat().st_mtime_ns == stamp
    assert made.truth
    assert all(e.onset_s < 6.0 for e in made.truth)
    plain = implanted(short, shared_data, nothing_for(short))
    assert plain.truth == ()
    assert plain.path != made.path


def test_a_train_is_one_true_event_among_single_twitches(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    short = replace(TIBIALIS, ends_s=8.0, quiet_s=(0.0, 8.0))
    plan = UnitPlan(seed=3, rate_per_min=60.0, span_s=short.quiet_s, firing="train", rate_hz=5.0)
    truth = implanted(short, shared_data, plan).truth
    assert [event.event for event in truth] == list(range(1, len(truth) + 1))
    assert [event.onset_s for event in truth] == sorted(event.onset_s for event in truth)
    kinds = [event.kind for event in truth]
    assert kinds.count(Kind.TRAIN) == 1 < kinds.count(Kind.FASCICULATION)
    alone = Plan(**{each.name: getattr(plan, each.name) for each in fields(Plan)})
    single = implanted(short, shared_data, alone).truth
    assert [e.onset_s for e in truth if e.kind is not Kind.TRAIN] == [e.onset_s for e in single]


@pytest.mark.nightly
def test_a_train_in_a_real_clip_is_named(shared_data: Path) -> None:
    recipes = firing_recipes("dev", shared_data)
    chosen = next(r for r in recipes if r.group == "brachial: train")
    told = {figure.name: figure.value for figure in planted_rhythm_table([judge(chosen)]).figures}
    assert told["trains named so"] == 1
    assert told["train frequency, |found/true - 1|"] < 0.05
