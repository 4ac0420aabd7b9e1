"""Lines of a scan: where they lie in the picture, and what of the picture they fill."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.phantom.beams import BeamScene, Machine
from usfasc.phantom.beams.geometry import EDGE_ROWS, lay_fan, sector_size_mm

CURVED = Machine(radius_mm=30.0, half_angle_deg=28.0, centre_mhz=5.0)
HEIGHT_MM, WIDTH_MM = sector_size_mm(CURVED, 50.0)
FANS = {
    "linear": lay_fan(BeamScene()),
    "curved": lay_fan(BeamScene(depth_mm=HEIGHT_MM, width_mm=WIDTH_MM, machine=CURVED)),
}


@pytest.mark.parametrize("fan", FANS.values(), ids=FANS.keys())
@given(row=st.floats(0, 400), line=st.floats(0, 200))
def test_a_place_is_found_again(fan, row, line):
    rows, lines = fan.index(*fan.place(np.array(row), np.array(line)))
    assert (rows, lines) == (pytest.approx(row, abs=1e-6), pytest.approx(line, abs=1e-6))


@pytest.mark.parametrize("fan", FANS.values(), ids=FANS.keys())
def test_depth_is_counted_from_the_probes_face(fan):
    middle = (fan.shape[1] - 1) / 2
    rows = EDGE_ROWS - 0.5 + np.array([0.0, 100.0, 300.0])
    x, y = fan.place(rows, np.full(3, middle))
    assert fan.body_depth_mm(x, y) == pytest.approx(np.array([0, 100, 300]) * fan.row_mm, abs=0.05)


def test_skin_lies_along_a_curved_face():
    fan = FANS["curved"]
    lines = np.arange(fan.edge, fan.shape[1] - fan.edge, dtype=float)
    x, y = fan.place(np.full_like(lines, EDGE_ROWS - 0.5), lines)
    assert np.ptp(y) > 3
    assert fan.body_depth_mm(x, y) == pytest.approx(0, abs=0.05)


def test_depth_grows_down_every_line():
    fan = FANS["curved"]
    x, y = fan.samples()
    assert np.all(np.diff(fan.body_depth_mm(x, y)[EDGE_ROWS:], axis=0) > 0)


def test_a_sector_fits_its_picture():
    scene = BeamScene(
        depth_mm=HEIGHT_MM, width_mm=WIDTH_MM, height_px=300, width_px=300, machine=CURVED
    )
    fan = lay_fan(scene)
    mask = fan.holds(*fan.pixels(scene))
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    for edge in (rows[0], 299 - rows[-1], columns[0], 299 - columns[-1]):
        assert 1 <= edge <= 10
    assert not mask[0].any() and not mask[:, 0].any()
    assert 0.45 < mask.mean() < 0.8


def test_the_linear_scan_fills_its_picture():
    fan, scene = FANS["linear"], BeamScene()
    rows, lines = fan.pixels(scene)
    outside = ~fan.holds(rows, lines)
    assert outside.mean() < 0.02
