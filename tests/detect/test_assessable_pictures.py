"""Pictures made without a phantom, through the whole engine: what could be judged of them."""

import numpy as np
import pytest

from usfasc._cv import cv2
from usfasc.io.memory import memory_cine
from usfasc.model import Bmode, Status
from usfasc.pipeline import analyse

SIDE, COUNT, RATE_HZ = 160, 180, 30.0
TIMES = np.arange(COUNT) / RATE_HZ
EVENT = (TIMES >= 2) & (TIMES < 4)
ENDS = "start or end of the clip"
NOISE = "too noisy or too dark to see a twitch of 0.2 mm"


def speckle(rng, count=1, sigma=2.0):
    made = [cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE)), (0, 0), sigma) for _ in range(count)]
    return 80 + 25 * np.array(made) / np.std(made)


def still(rng):
    return speckle(rng) + rng.normal(0, 2, (COUNT, SIDE, SIDE))


def noise_only(rng):
    return rng.integers(0, 60, (COUNT, SIDE, SIDE))


def new_speckle(rng):
    return speckle(rng, COUNT)


def in_air(rng):
    depth = np.arange(SIDE)[:, None]
    rings = 200 * np.exp(-depth / 12) * (1 + 0.5 * np.cos(depth / 4))
    return rings + rng.normal(0, 3, (COUNT, SIDE, SIDE))


def black(rng):
    return np.zeros((COUNT, SIDE, SIDE))


def swept(rng):
    """The probe goes along at 30 mm/s."""
    wide = cv2.GaussianBlur(rng.normal(0, 1, (SIDE, SIDE + 4 * COUNT)), (0, 0), 2)
    wide = 80 + 25 * wide / wide.std()
    parts = [wide[:, 4 * k : 4 * k + SIDE] for k in range(COUNT)]
    return np.array(parts) + rng.normal(0, 2, (COUNT, SIDE, SIDE))


def frozen_meanwhile(rng):
    frames = still(rng)
    frames[EVENT] = frames[EVENT][0]
    return frames


def repeated(rng):
    return still(rng)[np.arange(COUNT) // 2 * 2]


def mostly_lifted(rng, share=0.85):
    frames = still(rng)
    frames[EVENT, :, : round(share * SIDE)] = rng.integers(0, 6, (SIDE, round(share * SIDE)))
    return frames


def half_lifted(rng):
    return mostly_lifted(rng, 0.5)


def gain_down(rng):
    return still(rng) * np.where(EVENT, 0.12, 1.0)[:, None, None] + rng.normal(
        0, 1, (COUNT, SIDE, SIDE)
    )


def noisy_meanwhile(rng):
    frames = still(rng)
    frames[EVENT] += rng.normal(0, 25, frames[EVENT].shape)
    return frames


def judged(make):
    frames = np.clip(make(np.random.default_rng(3)), 0, 255).astype(np.uint8)
    picture = Bmode(box=(0, 0, SIDE, SIDE), mask=np.ones((SIDE, SIDE), bool), origin="given")
    return analyse(memory_cine(frames, TIMES, (0.25, 0.25), picture))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (noise_only, NOISE),
        (new_speckle, NOISE),
        (in_air, NOISE),
        (black, "picture frozen"),
        (swept, None),
    ],
)
def test_a_clip_of_nothing_but_that_is_not_assessable(make, reason):
    result = judged(make)
    (summary,) = result.summaries
    assert summary.status is Status.NOT_ASSESSABLE
    assert summary.rate_per_min is None
    told = {span.reason for span in result.assessable}
    assert None not in told
    assert reason is None or told == {reason}


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (frozen_meanwhile, "picture frozen or frames missing"),
        (mostly_lifted, "picture dark (probe lifted)"),
        (gain_down, "picture dark (probe lifted)"),
        (noisy_meanwhile, NOISE),
    ],
)
def test_only_the_time_of_it_is_lost(make, reason):
    lost = [s for s in judged(make).assessable if s.reason not in (None, ENDS)]
    assert [span.reason for span in lost] == [reason]
    assert lost[0].start_s == pytest.approx(2, abs=0.15)
    assert lost[0].stop_s == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize("make", [still, repeated, half_lifted])
def test_nothing_is_lost_but_the_ends(make):
    result = judged(make)
    assert {span.reason for span in result.assessable} == {None, ENDS}
    assert not result.warnings


def test_a_picture_mostly_dark_is_said_to_be():
    def mostly_dark(rng):
        frames = still(rng)
        frames[:, 30:] = rng.integers(0, 5, (COUNT, SIDE - 30, SIDE))
        return frames

    (warning,) = judged(mostly_dark).warnings
    assert warning.startswith("Only ")
