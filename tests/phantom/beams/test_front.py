"""Echoes: pulse, beam, looks, and that tissue carries its speckle along."""

import numpy as np
import pytest

from usfasc.phantom.beams.display import Display, grey_levels
from usfasc.phantom.beams.front import Front, beam_kernel, beam_width_mm, pulse_kernel
from usfasc.phantom.beams.nodes import Mover
from usfasc.phantom.beams.scene import Machine
from usfasc.phantom.beams.tissue import lay_tissue
from usfasc.phantom.motion import Motion


def picture_of(scene, ground, moved_mm, seed=0):
    """Pictures at rest and after the whole tissue went ``(x, y, through)`` mm."""
    fan, anatomy, nodes = ground(scene, seed)
    x, y = (each.ravel() for each in fan.samples())
    place = (x, fan.body_depth_mm(x, y))
    echo = lay_tissue(scene, anatomy, place, np.random.default_rng(seed))
    front = Front(scene, fan, echo, np.random.default_rng(seed))
    basis = np.repeat(np.array(moved_mm, np.float32)[:, None], len(nodes.x_mm), axis=1)
    mover = Mover(scene, fan, nodes, [Motion(basis=basis, waveform=lambda t: float(t > 0))])
    display = Display(scene, fan, np.random.default_rng(seed))
    return [
        display.picture(front.envelope(mover.shift(t)), 0.0, None).astype(float) for t in (-1, 1)
    ]


def middle(picture, down=0, right=0):
    height, width = picture.shape
    return picture[
        height // 3 + down : -height // 4 + down, width // 3 + right : -width // 3 + right
    ]


def likeness(one, other):
    return np.corrcoef(one.ravel(), other.ravel())[0, 1]


@pytest.mark.parametrize(("right", "down"), [(0, 2), (2, 0), (3, 1)])
def test_speckle_goes_with_the_tissue(linear, ground, right, down):
    scene = linear()
    dy, dx = scene.spacing_mm
    rest, moved = picture_of(scene, ground, (right * dx, down * dy, 0.0))
    assert likeness(middle(rest), middle(moved, down, right)) > 0.97
    assert likeness(middle(rest), middle(moved)) < 0.9


def test_a_sectors_tissue_moves_in_the_pictures_own_directions(sector, ground):
    scene = sector()
    dy, dx = scene.spacing_mm
    rest, moved = picture_of(scene, ground, (2 * dx, 2 * dy, 0.0))
    assert likeness(middle(rest), middle(moved, 2, 2)) > 0.9
    assert likeness(middle(rest), middle(moved, 2, 2)) > likeness(middle(rest), middle(moved)) + 0.1


@pytest.mark.parametrize("way", [(0.03, 0.0, 0.0), (0.0, 0.03, 0.0), (0.08, 0.05, 0.0)])
def test_moving_tissue_does_not_flicker(linear, ground, way):
    rest, moved = picture_of(linear(), ground, way)
    assert middle(moved).mean() == pytest.approx(middle(rest).mean(), abs=2)


def test_out_of_plane_speckle_is_other_speckle(linear, ground):
    """Bright strands run on through neighbouring planes; the grain between them does not."""
    near, far = (
        likeness(*(middle(each) for each in picture_of(linear(), ground, (0, 0, way))))
        for way in (0.1, 2.0)
    )
    assert near > 0.97
    assert far < 0.85


def test_looks_smooth_the_speckle(linear, ground):
    rough = []
    for angles in ((0.0,), (-8.0, 8.0)):
        machine = Machine(centre_mhz=7.0, f_number=4.0, angles_deg=angles)
        rest, _ = picture_of(linear(machine=machine, view="transverse"), ground, (0, 0, 0))
        rough.append(np.abs(np.diff(middle(rest), axis=1)).mean())
    assert rough[1] < 0.9 * rough[0]


def test_the_pulse_rings_down_and_is_centred():
    kernel = pulse_kernel(Machine(centre_mhz=5.0), 0.03)
    energy = kernel.astype(float) ** 2
    at = np.arange(len(kernel)) - len(kernel) // 2
    assert energy.sum() == pytest.approx(1, abs=1e-5)
    assert energy @ at == pytest.approx(0, abs=0.1)
    assert energy @ at**3 > 0


def test_the_beam_has_side_lobes():
    kernel = beam_kernel(4.0).astype(float)
    assert (kernel**2).sum() == pytest.approx(1, abs=1e-5)
    assert 0.02 < -kernel.min() / kernel.max() < 0.15
    assert kernel == pytest.approx(kernel[::-1])


def test_the_beam_is_narrowest_at_each_focus():
    machine = Machine(focus_mm=(10.0, 30.0))
    at_focus, between, deep = beam_width_mm(machine, np.array([10.0, 20.0, 60.0]))
    assert at_focus < between < deep < 2.2 * at_focus


@pytest.mark.parametrize("name", ["sigmoid", "gamma", "reject"])
def test_grey_maps_rise_from_black_to_white(name):
    levels = grey_levels(name)
    assert np.all(np.diff(levels) >= 0)
    assert (levels[0], levels[-1]) == (0, 255)


def test_persistence_holds_noise_back_and_lets_movement_through(linear, ground):
    fan, _, _ = ground(linear())
    calm = np.full(fan.shape, 0.1, np.float32)

    def step(persistence, gain):
        display = Display(linear(persistence=persistence), fan, np.random.default_rng(0))
        before, after = (
            display.picture(envelope, 0.0, None).mean() for envelope in (calm, calm * gain)
        )
        return after - before

    small, large = (step(0.6, np.float32(g)) / step(0.0, np.float32(g)) for g in (1.12, 4.0))
    assert small < 0.6
    assert large > 0.7
