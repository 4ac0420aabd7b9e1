import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.displacement import Displacement
from usfasc.detect.extent import find_extent

SPACING = np.array([0.12, 0.1])
Y, X = (np.indices((125, 150)) - 0.5 * np.array([124, 149])[:, None, None]) * SPACING[:, None, None]
TOP_MM = 0.4


def window(x_mm=0.0, y_mm=0.0, along_mm=2.5, across_mm=1.5):
    return np.exp(-(((X - x_mm) / along_mm) ** 2 + ((Y - y_mm) / across_mm) ** 2) / 2)


def going(turn_deg, size):
    turn = np.deg2rad(turn_deg)
    return TOP_MM * np.stack([np.cos(turn) * size, np.sin(turn) * size], axis=-1)


def bulging():
    field = np.stack([-X / 2.5, 0.8 * Y / 1.5], axis=-1) * window()[..., None]
    return field * TOP_MM / np.hypot(*np.moveaxis(field, -1, 0)).max()


def extent(field, error_mm=0.01):
    moved = Displacement(
        field_mm=field.astype(np.float32), error_mm=np.full(X.shape, error_mm, np.float32)
    )
    return find_extent(moved, np.ones(X.shape, bool), np.hypot(X, Y) <= 5.0, TOP_MM, SPACING)


def test_area_is_of_what_moves_half_as_far_as_the_peak():
    got = extent(going(30, window()))
    assert got.area_mm2 == pytest.approx(2 * np.pi * np.log(2) * 2.5 * 1.5, rel=0.02)


@given(st.floats(0, 359.9))
def test_direction_is_that_of_the_movement(turn_deg):
    got = extent(going(turn_deg, window()))
    assert abs((got.direction_deg - turn_deg + 180) % 360 - 180) < 0.1
    assert 0 <= got.direction_deg < 360
    assert got.direction_error_deg < 5


def test_noise_of_the_field_widens_both_errors():
    calm, loud = (extent(going(30, window()), error_mm) for error_mm in (0.01, 0.1))
    assert loud.area_error_mm2 > calm.area_error_mm2 + 1
    assert loud.direction_error_deg > calm.direction_error_deg + 10


def test_a_bulge_has_an_area_but_no_direction():
    got = extent(bulging())
    assert got.area_mm2 > 20
    assert 60 < got.direction_error_deg < 104


def test_another_movement_apart_does_not_count():
    both = extent(going(0, window() + window(6.0, 5.0, 0.8, 0.8)))
    assert both.area_mm2 == pytest.approx(extent(going(0, window())).area_mm2, rel=0.01)


def test_parts_that_hang_together_by_what_moves_less_count_together():
    left, right = window(-1.6, 0, 1, 1), window(1.6, 0, 1, 1)
    one, both = (extent(going(0, field)).area_mm2 for field in (left, left + right))
    assert both > 1.9 * one
