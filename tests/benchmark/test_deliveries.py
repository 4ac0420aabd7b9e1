"""What a bad file does to a still clip: as bad as said, and nothing more."""

from pathlib import Path

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.benchmark.deliveries import Damaged, Doubled, starved
from usfasc.benchmark.recipes import SpoiltRecipe
from usfasc.benchmark.stillness import further_negatives, spoilt_clips
from usfasc.io import memory_cine, open_cine
from usfasc.model import Bmode, Cine, Reading
from usfasc.phantom import NamedScene, Scene

SIZE = (120, 160)
COUNT = 100


@pytest.fixture(scope="module")
def still() -> Cine:
    rng = np.random.default_rng(1)
    soft = cv2.GaussianBlur(rng.normal(size=SIZE).astype(np.float32), (0, 0), 1.5)
    grey = 100 + 40 * soft / soft.std()
    frames = grey + rng.normal(0, 2, (COUNT, *SIZE))
    bmode = Bmode(box=(0, 0, 160, 120), mask=np.ones(SIZE, np.bool_), origin="given")
    pixels = np.clip(frames, 0, 255).astype(np.uint8)
    return memory_cine(pixels, np.arange(COUNT) / 25, (0.2, 0.2), bmode)


def times(cine: Cine) -> np.ndarray:
    assert cine.times_s is not None
    return cine.times_s


def frames_of(path: Path) -> np.ndarray:
    reading = Reading() if path.suffix == ".dcm" else Reading(spacing_mm=(0.2, 0.2))
    return np.array([f.grey for f in open_cine(path, reading).frames.stream()], float)


def test_damaged_frames_stand_out_as_real_ones_do(still: Cine, tmp_path: Path) -> None:
    path = tmp_path / "damaged.dcm"
    Damaged(share=0.1, seed=2).deliver(path, still, times(still))
    steps = np.abs(np.diff(frames_of(path), axis=0)).mean(axis=(1, 2))
    bad = steps > 8
    assert 10 <= bad.sum() <= 30  # in and out of each of about ten frames
    assert steps[~bad].max() < 4
    assert steps.max() < 60


def test_doubled_frames_come_twice_at_twice_the_rate(still: Cine, tmp_path: Path) -> None:
    path = tmp_path / "doubled.dcm"
    Doubled().deliver(path, still, times(still))
    cine = open_cine(path, Reading())
    assert cine.frame_rate_hz == pytest.approx(50.0)
    shown = frames_of(path)
    assert len(shown) == 2 * COUNT
    np.testing.assert_array_equal(shown[::2], shown[1::2])


@pytest.mark.parametrize("encoder", ["mpeg4", "libx264"])
def test_a_starved_codec_keeps_to_its_rate_and_key_frames(
    encoder: str, still: Cine, tmp_path: Path
) -> None:
    path = tmp_path / "starved.mp4"
    starved(encoder, 25, 60).deliver(path, still, times(still))
    kbit_s = path.stat().st_size * 8 / 1000 / (COUNT / 25)
    assert kbit_s < 150
    cine = open_cine(path, Reading(spacing_mm=(0.2, 0.2)))
    assert cine.frames.count == COUNT
    assert cine.key_frames is not None
    assert cine.key_frames.sum() == 4


def test_a_spoilt_clip_is_kept_without_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    scene = Scene(height_px=96, width_px=96, depth_mm=20.0, width_mm=20.0, duration_s=1.0)
    recipe = SpoiltRecipe(
        section="negatives",
        group="points: repeats",
        name="small-doubled",
        scene=NamedScene(name="small", scene=scene, seed=3),
        delivery=Doubled(),
    )
    case = recipe.ready()
    assert case.truth == ()
    assert recipe.facts["look"] == "repeats"
    assert open_cine(case.path, case.reading).frames.count == 60
    assert recipe.ready() == case


def test_nothing_twitches_in_still_clips() -> None:
    scenes = [n.scene for n in further_negatives("test")]
    scenes += [each.scene.scene for each in spoilt_clips("test")]
    assert not any(scene.twitches_per_min or scene.twitches for scene in scenes)
