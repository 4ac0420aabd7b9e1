"""Whether a movement comes again, by movements whose times are known."""

from types import SimpleNamespace

import numpy as np
import pytest
from fixtures.movements import movement

from usfasc.detect.recurrence import Recurrences
from usfasc.motion.grid import Cells, Grid

STEP_S, LASTS_S = 0.03, 12.0
TIMES_S = np.arange(0.0, LASTS_S, STEP_S)
SIDE = 24
GRID = Grid(box=(0, 0, 96, 96), factor=(1, 1), spacing_mm=(0.25, 0.25), shape=(96, 96))
CELLS = Cells(grid=GRID, pixels=(4, 4), shape=(SIDE, SIDE))


def jerk(since_s):
    """Velocity of a movement out and back."""
    out = np.exp(-0.5 * ((since_s - 0.05) / 0.03) ** 2)
    back = np.exp(-0.5 * ((since_s - 0.18) / 0.06) ** 2)
    return out - 0.5 * back


def field(course, *, reach_mm=4.0, seed=1):
    """Cells about the middle that follow a course, in noise of size 1."""
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((SIDE, SIDE))
    near = np.exp(-0.5 * ((rows - 12) ** 2 + (columns - 12) ** 2) / reach_mm**2)
    shift = rng.normal(0, 1, (len(TIMES_S), 2, SIDE, SIDE)).astype(np.float32)
    shift[:, 1] += 12 * course[:, None, None] * near
    return SimpleNamespace(
        times_s=TIMES_S,
        shift_mm=shift,
        z_per_mm=np.ones((SIDE, SIDE), np.float32),
        unrest=np.ones(len(TIMES_S), np.float32),
        valid=np.ones((SIDE, SIDE), bool),
    )


def at(onset_s):
    return movement(onset_s, x_mm=12.0, y_mm=12.0).candidate


def of(onsets_s, own, **how):
    course = sum((jerk(TIMES_S - onset_s) for onset_s in onsets_s), np.zeros(len(TIMES_S)))
    return Recurrences(field(course, **how), CELLS).of(at(onsets_s[own]))


def beats(rate_hz, uneven, seed=3):
    gaps_s = np.random.default_rng(seed).normal(1, uneven, 60) / rate_hz
    times_s = 0.4 + np.cumsum(gaps_s)
    return times_s[times_s < LASTS_S - 0.5]


@pytest.mark.parametrize("per_min", [50, 72, 130])
def test_a_heart_beat_is_a_row_at_its_rate(per_min):
    onsets_s = beats(per_min / 60, 0.05)
    beat, swing = of(onsets_s, 4)
    assert swing is None
    assert beat.count >= len(onsets_s) - 1
    assert 60 * beat.rate_hz == pytest.approx(per_min, rel=0.06)
    assert 0.5 < beat.size < 1.2


def test_a_wider_beat_is_in_step_over_more_of_the_picture():
    narrow, wide = (of(beats(1.2, 0.05), 4, reach_mm=mm)[0] for mm in (3.0, 8.0))
    assert narrow.area_mm2 < 250
    assert wide.area_mm2 > 300


@pytest.mark.parametrize("seed", range(8))
def test_random_firing_is_no_beat(seed):
    rng = np.random.default_rng(seed)
    onsets_s = 0.5 + np.cumsum(rng.exponential(1.0, 40) + 0.2)
    onsets_s = onsets_s[onsets_s < LASTS_S - 1]
    beat, swing = of(onsets_s, len(onsets_s) // 2)
    assert swing is None
    assert beat is None or beat.count < 6


@pytest.mark.parametrize("onset_s", [0.02, 5.0, LASTS_S - 0.05])
def test_a_single_twitch_has_no_rhythm_wherever_it_lies(onset_s):
    assert of([onset_s], 0) == (None, None)


def test_a_twitch_far_larger_than_the_beats_about_it_stands_out():
    course = sum(jerk(TIMES_S - onset_s) for onset_s in beats(1.2, 0.05))
    course = 0.15 * course + jerk(TIMES_S - 6.0)
    assert Recurrences(field(course), CELLS).of(at(6.0))[0] is None


@pytest.mark.parametrize("rate_hz", [4.5, 6.0, 8.0])
def test_a_tremor_is_a_swing_for_as_long_as_it_lasts(rate_hz):
    course = np.where(np.abs(TIMES_S - 6) < 1.5, np.sin(2 * np.pi * rate_hz * TIMES_S), 0)
    _, swing = Recurrences(field(course, reach_mm=10.0), CELLS).of(at(6.0))
    assert swing.rate_hz == pytest.approx(rate_hz, rel=0.1)
    assert 2.0 <= swing.lasts_s <= 3.6
    assert swing.share > 0.3
