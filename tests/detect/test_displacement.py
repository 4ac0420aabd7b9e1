import numpy as np
import pytest
from fixtures.speckle import CENTRE, SHAPE, SPACING_MM, bulge, moved, shift, speckle
from scipy import ndimage

from usfasc.detect.displacement import find_displacement

SPACING = np.array(SPACING_MM)
MIDDLE = tuple(int(place) for place in CENTRE)


def displaced(field, size_mm, seed=0, noise=2.0):
    rng = np.random.default_rng(7)
    before = speckle(seed)
    after = moved(before, field, size_mm) + rng.normal(0, noise, SHAPE)
    return find_displacement(before.astype(np.float32), after.astype(np.float32), SPACING)


@pytest.mark.parametrize(
    ("size_mm", "along_deg"),
    [(0.1, 0), (0.1, 90), (0.2, 60), (0.4, 200), (0.4, 90), (0.8, 0), (0.8, 110)],
)
def test_the_peak_of_a_patch_is_measured_without_a_constant(size_mm, along_deg):
    got = displaced(shift(along_deg), size_mm)
    assert got.size_mm[MIDDLE] == pytest.approx(size_mm, rel=0.12, abs=0.015)
    x, y = got.field_mm[MIDDLE]
    apart_deg = (np.degrees(np.arctan2(y, x)) - along_deg + 180) % 360 - 180
    assert abs(apart_deg) < 8


def test_a_swelling_goes_every_way():
    got = displaced(bulge(), 0.3)
    rows, columns = np.indices(SHAPE)
    right, left = columns > CENTRE[1] + 10, columns < CENTRE[1] - 10
    near = np.hypot(rows - CENTRE[0], columns - CENTRE[1]) < 30
    assert got.field_mm[right & near][:, 0].mean() > 0.1
    assert got.field_mm[left & near][:, 0].mean() < -0.1


def test_nothing_moves_where_nothing_did():
    assert np.percentile(displaced(shift(), 0.0).size_mm, 95) < 0.02


def test_noise_makes_a_movement_less_sure():
    errors_mm = [np.median(displaced(shift(), 0.2, noise=noise).error_mm) for noise in (1, 5, 15)]
    assert errors_mm[0] < errors_mm[1] < errors_mm[2]


def test_a_picture_without_texture_rests():
    flat = np.full(SHAPE, 60, np.float32)
    assert find_displacement(flat, flat, SPACING).size_mm.max() < 1e-3


def test_a_change_of_gain_is_no_movement():
    before = speckle().astype(np.float32)
    got = find_displacement(before, np.clip(before + 15, 0, 255), SPACING)
    assert np.percentile(got.size_mm, 95) < 0.03


def test_edges_are_as_still_as_the_rest():
    before = ndimage.gaussian_filter(speckle(), 1).astype(np.float32)
    assert find_displacement(before, before, SPACING).size_mm.max() < 0.01
