"""What goes on about a candidate, in windows whose movement is known."""

from types import SimpleNamespace

import numpy as np
import pytest
from fixtures.movements import movement

from usfasc.detect.circumstances import Surroundings
from usfasc.motion.grid import Cells, Grid

STEP_S, LASTS_S, LAG_S = 0.03, 12.0, 0.075
TIMES_S = np.arange(0.0, LASTS_S, STEP_S)
SIDE = 24
GRID = Grid(box=(0, 0, 96, 96), factor=(1, 1), spacing_mm=(0.25, 0.25), shape=(96, 96))
CELLS = Cells(grid=GRID, pixels=(4, 4), shape=(SIDE, SIDE))
NO_VESSEL = np.empty((0, 2))


def speeds(where, when, mm_s):
    """Speed ``(t, rows, columns)`` in mm/s of some cells at some times."""
    return (when[:, None, None] & where[None]) * np.float32(mm_s)


def during(start_s, stop_s):
    middle_s, half_s = (start_s + stop_s) / 2, (stop_s - start_s) / 2
    return np.abs(TIMES_S - middle_s) < half_s


def cells(share):
    return np.arange(SIDE * SIDE).reshape(SIDE, SIDE) < share * SIDE * SIDE


EVERYWHERE = cells(1.0)
NOTHING = speeds(EVERYWHERE, during(0, 0), 0)


def about(onset_s, *, own=NOTHING, probe=NOTHING, way_mm=0.0, vessel=NO_VESSEL, valid=EVERYWHERE):
    """What is said of a candidate in the middle; ``way_mm`` ``(t,)`` carries all of the picture."""
    speed = np.gradient(np.broadcast_to(way_mm, TIMES_S.shape), TIMES_S)
    carried = np.zeros((len(TIMES_S), 2, SIDE, SIDE), np.float32)
    carried[:, 1] = (speed * LAG_S)[:, None, None]
    field = SimpleNamespace(
        times_s=TIMES_S,
        lags_s=np.full(len(TIMES_S), LAG_S),
        shift_mm=np.stack([0 * own, own * LAG_S], axis=1),
        drift_mm=np.zeros_like(own),
        z_per_mm=np.ones((SIDE, SIDE), np.float32),
        unrest=np.ones(len(TIMES_S), np.float32),
        probe_mm=probe * LAG_S,
        carried_mm=carried,
        valid=valid,
    )
    candidate = movement(onset_s, x_mm=12.0, y_mm=12.0).candidate
    return Surroundings(field, CELLS, lambda: vessel).of(candidate)


def test_a_slip_of_the_probe_is_rigid_and_as_long_as_it_is():
    slip = speeds(EVERYWHERE, during(5.0, 5.2), 4.0)
    carried = about(5.0, probe=slip).carried
    assert carried.mm == pytest.approx(0.8, abs=0.15)
    assert carried.even == pytest.approx(1.0, abs=0.01)
    assert carried.own < 0.01


def test_tissue_that_moves_within_the_picture_is_not_carried_stiffly():
    both = during(5.0, 5.2)
    probe, own = (speeds(EVERYWHERE, both, mm_s) for mm_s in (4.0, 3.0))
    assert about(5.0, probe=probe, own=own).carried.own == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    ("share", "start_s", "stop_s"), [(0.4, 4.5, 6.6), (0.9, 4.9, 5.7), (0.1, 5.0, 5.1)]
)
def test_an_episode_has_its_share_and_length(share, start_s, stop_s):
    episode = about(5.0, own=speeds(cells(share), during(start_s, stop_s), 3.0)).episode
    assert episode.share == pytest.approx(share, abs=0.01)
    assert episode.lasts_s == pytest.approx(stop_s - start_s, abs=2 * STEP_S)
    assert episode.resting == 0.0


def test_what_goes_on_beside_an_episode_is_seen():
    own = speeds(cells(0.9), during(4.9, 5.5), 3.0) + speeds(cells(0.3), during(0, 12), 3.0)
    assert about(5.0, own=own).episode.resting == pytest.approx(0.3, abs=0.01)


def test_a_moment_outside_the_window_has_no_circumstances():
    assert about(LASTS_S + 5).episode.share == 0.0


BEATING = sum(
    speeds(EVERYWHERE, during(beat_s, beat_s + 0.1), 30.0) for beat_s in np.arange(0.5, 11.5, 0.84)
)


@pytest.mark.parametrize(
    ("place_mm", "way", "apart_mm"),
    [
        ((18.5, 12.5), "below", 6.0),
        ((6.5, 12.5), "above", 6.0),
        ((12.5, 22.5), "beside", 10.0),
        ((12.5, 12.6), "at the place", 0.1),
    ],
)
def test_the_vessel_of_a_beat_is_where_it_is(place_mm, way, apart_mm):
    found = about(4.7, own=BEATING, vessel=np.array([place_mm]))
    assert found.beat is not None
    assert found.vessel.way == way
    assert found.vessel.apart_mm == pytest.approx(apart_mm, abs=0.8)


def test_a_vessel_is_no_matter_without_a_beat():
    found = about(5.0, vessel=np.array([(12.5, 12.5)]))
    assert found.beat is None
    assert found.vessel is None


@pytest.mark.parametrize(("rate_hz", "size_mm"), [(0.25, 2.0), (0.35, 0.8)])
def test_a_breath_has_its_rate_and_size(rate_hz, size_mm):
    way_mm = size_mm / 2 * np.sin(2 * np.pi * rate_hz * TIMES_S)
    breath = about(5.0, way_mm=way_mm).breath
    assert breath.rate_hz == pytest.approx(rate_hz, abs=0.04)
    assert breath.size_mm == pytest.approx(size_mm, rel=0.25)
    assert breath.steady > 0.8


@pytest.mark.parametrize(
    "way_mm",
    [
        pytest.param(0.1 * np.sin(2 * np.pi * 0.25 * TIMES_S), id="too small"),
        pytest.param(0.0 * TIMES_S, id="still"),
    ],
)
def test_what_hardly_heaves_is_no_breath(way_mm):
    assert about(5.0, way_mm=way_mm).breath is None


def test_unrest_of_many_rates_is_not_steady():
    rng = np.random.default_rng(2)
    rates_hz = np.linspace(0.2, 1.5, 12)
    phases = rng.uniform(0, 2 * np.pi, 12)
    way_mm = 0.6 * np.sin(2 * np.pi * rates_hz * TIMES_S[:, None] + phases).sum(axis=1)
    breath = about(5.0, way_mm=way_mm).breath
    assert breath is None or breath.steady < 0.7


def test_empty_upper_corners_are_a_curved_probes():
    rows, columns = np.indices((SIDE, SIDE))
    fan = np.abs(columns - SIDE / 2 + 0.5) < 4 + rows
    assert about(5.0, valid=fan).sector
    assert not about(5.0).sector
