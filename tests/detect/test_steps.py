"""How a codec's steps differ from those of tissue."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc.detect.patch import Patch, distance_mm
from usfasc.detect.steps import Steps
from usfasc.detect.steps import frame_steps as steps_by_distance

SIDE = 80
TIMES_S = np.arange(-0.65, 0.95, 0.04)
ROWS, COLUMNS = np.indices((SIDE, SIDE))
CENTRE = np.hypot(ROWS - SIDE / 2, COLUMNS - SIDE / 2) < 12


def patch(frames, mask=None):
    frames = np.asarray(frames, np.uint8)
    return Patch(
        raw=frames,
        frames=frames,
        time_s=TIMES_S,
        mask=np.ones((SIDE, SIDE), bool) if mask is None else mask,
        centre=(SIDE / 2, SIDE / 2),
        corner=(0, 0),
        spacing_mm=(0.25, 0.25),
    )


def frame_steps(frames: Patch) -> Steps:
    return steps_by_distance(frames, distance_mm(frames))


def noise(seed=0):
    return np.random.default_rng(seed).integers(60, 90, (len(TIMES_S), SIDE, SIDE))


def frozen():
    return np.repeat(noise()[:1], len(TIMES_S), axis=0)


def since(time_s):
    return (time_s < TIMES_S)[:, None, None]


def test_noise_changes_every_pixel_alike():
    steps = frame_steps(patch(noise()))
    assert steps.still < 0.1
    assert max(abs(steps.jump), abs(steps.jump_around)) < 0.1


def test_a_key_frame_changes_all_of_a_still_picture_at_once():
    steps = frame_steps(patch(frozen() + 20 * since(0.1)))
    assert steps.still == pytest.approx(1)
    assert steps.still_lost == pytest.approx(1)
    assert min(steps.jump, steps.jump_around) > 3.5
    assert min(steps.sudden, steps.sudden_around) > 0.95


def test_what_happens_at_the_place_leaves_its_surroundings():
    steps = frame_steps(patch(frozen() + 20 * since(0.1) * CENTRE))
    assert steps.jump > 3
    assert steps.jump_around == pytest.approx(0)
    assert steps.sudden_around == pytest.approx(0)


def test_a_change_in_many_steps_is_not_sudden():
    ramp = np.clip(np.rint(100 * TIMES_S), 0, 30)[:, None, None]
    assert frame_steps(patch(frozen() + ramp)).sudden < 0.3


@pytest.mark.parametrize("time_s", [-0.4, 0.7])
def test_a_step_at_another_time_is_none_of_the_candidate_s(time_s):
    steps = frame_steps(patch(frozen() + 20 * since(time_s)))
    assert steps.jump == pytest.approx(0)
    assert steps.still_lost == pytest.approx(0)


def test_nothing_outside_the_mask_counts():
    beside = frozen() + 20 * since(0.1) * ~CENTRE
    whole = frame_steps(patch(beside))
    masked = frame_steps(patch(beside, mask=CENTRE))
    assert whole.jump_around > 3.5
    assert masked == replace(
        masked, still=1.0, still_lost=0.0, jump=0.0, jump_around=0.0, sudden_around=0.0
    )
