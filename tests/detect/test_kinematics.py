from dataclasses import replace

import numpy as np
import pytest
from fixtures.movements import FIT
from fixtures.speckle import bulge, moved, patch, rise_and_fall, shift, speckle

from usfasc.detect.kinematics import measure

TIME_S = np.arange(-0.4, 0.7, 1 / 30)
CONTRACTION_S, RELAXATION_S = 0.1, 0.24
FITTED = replace(FIT, onset_s=0.0, peak_s=0.1, offset_s=0.4)


def twitching(field, size_mm=0.4, noise=2.0):
    sizes = size_mm * rise_and_fall(TIME_S, CONTRACTION_S, RELAXATION_S)
    return patch(field, sizes, TIME_S, noise)


@pytest.fixture(scope="module")
def one():
    return measure(twitching(shift(20)), FITTED)


def test_how_far_how_fast_and_how_long(one):
    assert one.displacement_mm == pytest.approx(0.4, rel=0.1)
    assert one.velocity_mm_s == pytest.approx(0.4 * np.pi / 2 / CONTRACTION_S, rel=0.2)
    assert one.peak_s - one.onset_s == pytest.approx(0.856 * CONTRACTION_S, abs=0.015)
    assert one.offset_s - one.peak_s == pytest.approx(0.795 * RELAXATION_S, abs=0.02)


def test_errors_are_of_the_size_of_what_frames_and_speckle_allow(one):
    assert 0.01 < one.displacement_error_mm < 0.15
    assert 0.01 < one.contraction_error_s < 0.03
    assert 0.01 < one.relaxation_error_s < 0.05
    assert one.relaxation_error_s / 2 < one.total_error_s < 0.07
    assert 0.007 <= one.onset_spread_error_s < 0.02


def test_the_course_is_kept_frame_by_frame(one):
    assert np.diff(one.shown_s) == pytest.approx(1 / 30, abs=1e-6)
    true = 0.4 * rise_and_fall(one.shown_s + one.onset_s, CONTRACTION_S, RELAXATION_S)
    assert np.abs(one.shown_mm - true).max() < 0.06


WAYS = {"one way": (shift(70), 0.9, 1.0), "every way": (bulge(), 0.0, 0.25)}


@pytest.mark.parametrize("name", WAYS)
def test_anisotropy_tells_one_way_from_every_way(name):
    field, low, high = WAYS[name]
    assert low <= measure(twitching(field), FITTED).anisotropy <= high


def test_the_fewer_windows_agree_the_larger_is_the_error_of_the_anisotropy():
    one_way, every_way = (measure(twitching(field), FITTED) for field in (shift(70), bulge()))
    assert 0.1 <= one_way.anisotropy_error < 0.15 < every_way.anisotropy_error < 0.4


def test_parts_that_follow_later_spread_the_onset():
    def wave(late_s):
        picture, rng = speckle(), np.random.default_rng(1)
        frames = []
        for time_s in TIME_S:
            share = [
                0.4 * rise_and_fall(time_s - late, CONTRACTION_S, RELAXATION_S)
                for late in (0.0, late_s)
            ]

            def field(x, y, share=share):
                window = np.exp(-(x**2 / 32 + y**2 / 8))
                part = 1 / (1 + np.exp(-2 * x))
                return window * (share[0] * (1 - part) + share[1] * part), 0 * x

            frames.append(moved(picture, field, 1.0) + rng.normal(0, 2, picture.shape))
        frames = np.clip(np.rint(frames), 0, 255).astype(np.uint8)
        return replace(twitching(shift()), raw=frames, frames=frames)

    at_once, later = (measure(wave(late_s), FITTED).onset_spread_s for late_s in (0.0, 0.05))
    assert at_once < 0.006
    assert later > at_once + 0.008


def test_gain_that_jumps_does_not_move_the_course():
    still = twitching(shift())
    frames = np.clip(still.frames.astype(int) + 12 * (TIME_S > 0.25)[:, None, None], 0, 255)
    got = measure(replace(still, frames=frames.astype(np.uint8)), FITTED)
    assert got.displacement_mm == pytest.approx(0.4, rel=0.12)


def test_a_patch_too_small_to_look_at_is_not_measured():
    whole = twitching(shift())
    corner = replace(
        whole, frames=whole.frames[:, :30], raw=whole.raw[:, :30], mask=whole.mask[:30]
    )
    assert measure(corner, FITTED) is None


def test_a_site_that_is_masked_is_not_measured():
    whole = twitching(shift())
    assert measure(replace(whole, mask=np.zeros_like(whole.mask)), FITTED) is None


def test_a_picture_that_goes_black_is_not_measured():
    black = twitching(shift(20))
    black.frames[:] = 0
    assert measure(black, FITTED) is None
