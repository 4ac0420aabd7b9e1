from dataclasses import replace

import numpy as np
import pytest
from fixtures.movements import movement

from usfasc.detect.events import KINEMATICS, movement_event
from usfasc.detect.extent import Extent
from usfasc.detect.kinematics import Kinematics
from usfasc.model import Bmode, Event
from usfasc.motion.grid import verify_grid

SPACING_MM = (0.1, 0.1)
BMODE = Bmode(box=(0, 0, 400, 400), mask=np.ones((400, 400), bool), origin="given")
GRID = verify_grid(BMODE.box, SPACING_MM)
TIMES_S = np.arange(0, 5, 0.04)
MEASURED = Kinematics(
    onset_s=0.01,
    peak_s=0.09,
    offset_s=0.31,
    displacement_mm=0.42,
    displacement_error_mm=0.05,
    velocity_mm_s=7.5,
    velocity_error_mm_s=1.5,
    contraction_error_s=0.012,
    relaxation_error_s=0.02,
    total_error_s=0.025,
    anisotropy=0.83,
    anisotropy_error=0.1,
    extent=Extent(
        area_mm2=24.04, area_error_mm2=9.96, direction_deg=359.97, direction_error_deg=6.04
    ),
    onset_spread_s=0.004,
    onset_spread_error_s=0.005,
    shown_s=np.array([-0.04, 0.0, 0.04, 0.08]),
    shown_mm=np.array([0.0, -0.00001, 0.2, 0.42]),
)


def event(kinematics=MEASURED, spacing_mm=SPACING_MM):
    return movement_event(replace(movement(1.0), kinematics=kinematics), GRID, TIMES_S, spacing_mm)


def test_times_are_those_of_the_landmarks_and_add_up():
    got = event()
    assert (got.onset_s, got.peak_s, got.offset_s) == (1.01, 1.09, 1.31)
    assert got.contraction_s == pytest.approx(got.peak_s - got.onset_s)
    assert got.relaxation_s == pytest.approx(got.offset_s - got.peak_s)
    assert got.total_s == pytest.approx(got.contraction_s + got.relaxation_s)


def test_what_was_measured_stands_in_the_event():
    got = event()
    assert got.peak_displacement_mm == 0.42
    assert got.peak_displacement_error_mm == 0.05
    assert got.peak_velocity_mm_s == 7.5
    assert got.total_error_s == 0.025
    assert (got.directional_anisotropy, got.directional_anisotropy_error) == (0.83, 0.1)
    assert (got.onset_spread_s, got.onset_spread_error_s) == (0.004, 0.005)
    assert (got.area_mm2, got.area_error_mm2) == (24.0, 10.0)
    assert (got.direction_deg, got.direction_error_deg) == (0.0, 6.0)
    assert got.course.moved_mm == (0.0, 0.0, 0.2, 0.42)


def test_a_twitch_that_does_not_come_back_has_no_relaxation():
    got = event(replace(MEASURED, offset_s=None, relaxation_error_s=None, total_error_s=None))
    assert got.relaxation_s is None and got.total_s is None
    assert got.offset_s > got.peak_s


def test_without_a_scale_only_times_and_shares_are_told():
    got = event(spacing_mm=None)
    assert got.contraction_s is not None and got.directional_anisotropy is not None
    assert got.peak_displacement_mm is None
    assert got.peak_displacement_error_mm is None
    assert got.area_mm2 is None and got.area_error_mm2 is None
    assert got.direction_deg is not None and got.direction_error_deg is not None
    assert got.course is None


def test_an_unmeasured_movement_says_nothing_it_does_not_know():
    got = event(None)
    assert got.peak_displacement_mm is None and got.peak_velocity_mm_s is None
    assert got.area_mm2 is None and got.direction_deg is None
    assert all(getattr(got, name) is None for name in KINEMATICS)
    assert got.onset_s < got.peak_s < got.offset_s


def test_every_field_of_kinematics_is_one_of_the_event():
    assert set(KINEMATICS) <= set(Event.model_fields)
