"""What moves at a site beside its twitches."""

import numpy as np
import pytest

from usfasc.phantom import LookAlike, LookAlikeKind
from usfasc.phantom.beams.movements import breathing, movements, sliding_below, swallowing
from usfasc.phantom.motion import Stage, displacement

SITES = ("limb", "tongue", "paraspinal", "abdomen")
TIMES_S = np.arange(0, 12, 0.1)


def course(motions, nodes, chosen):
    """Mean displacement ``(t, 2)`` in mm of the chosen nodes."""
    count = len(nodes.x_mm)
    return np.array([displacement(motions, t, count)[:2, chosen].mean(axis=1) for t in TIMES_S])


def layers(scene, ground, seed=0):
    _, anatomy, nodes = ground(scene, seed)
    stage = Stage(scene=scene, layout=anatomy.layout, tissue=nodes)
    depth = nodes.y_mm - anatomy.below.at(nodes.x_mm)
    return stage, anatomy, nodes, (depth < -3) & nodes.seen, (depth > 2) & nodes.seen


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_lies_below_slides_farther_than_the_wall(sector, ground, seed):
    stage, anatomy, nodes, wall, below = layers(sector(duration_s=12.0), ground, seed)
    look = LookAlike(kind=LookAlikeKind.BREATHING)
    motions = breathing(stage, anatomy, look, np.random.default_rng(seed))
    ways = [np.ptp(course(motions, nodes, part)[:, 0]) for part in (wall, below)]
    assert ways[1] > 3 * ways[0]
    assert np.ptp(course(motions, nodes, wall)[:, 1]) > 0.05


def test_the_wall_rests_while_what_lies_below_slides(sector, ground):
    stage, anatomy, nodes, wall, below = layers(sector(duration_s=12.0), ground)
    look = LookAlike(kind=LookAlikeKind.SLIDING_BELOW)
    motions = sliding_below(stage, anatomy, look, np.random.default_rng(1))
    assert np.ptp(course(motions, nodes, below)[:, 0]) > 0.5
    assert np.ptp(course(motions, nodes, wall)[:, 0]) < 0.02


def test_breaths_have_pauses(sector, ground):
    stage, anatomy, nodes, wall, _ = layers(sector(duration_s=12.0), ground)
    look = LookAlike(kind=LookAlikeKind.BREATHING)
    motions = breathing(stage, anatomy, look, np.random.default_rng(2))
    speed = np.abs(np.diff(course(motions, nodes, wall)[:, 1])) / 0.1
    assert 0.1 < np.mean(speed < 0.01) < 0.8


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_swallow_carries_the_tongue_away_and_nearly_back(sector, ground, seed):
    stage, anatomy, nodes, tongue, _ = layers(sector(site="tongue", duration_s=12.0), ground, seed)
    look = LookAlike(kind=LookAlikeKind.SWALLOWING, start_s=4.0)
    motions = swallowing(stage, anatomy, look, np.random.default_rng(seed))
    way = np.hypot(*course(motions, nodes, tongue).T)
    assert np.all(way[TIMES_S < 4] == 0)
    assert way.max() > 0.2
    assert way[TIMES_S > 5.5].max() < 0.3 * way.max()


@pytest.mark.parametrize("site", SITES)
def test_every_site_rests_but_never_quite(sector, ground, site):
    scene = sector(site=site, duration_s=12.0)
    _, anatomy, nodes = ground(scene)
    motions = movements(scene, anatomy, nodes, lambda k: np.random.default_rng([9, k]))
    step = np.abs(np.diff(course(motions, nodes, nodes.seen), axis=0)).max()
    assert 0 < step < 0.1


@pytest.mark.parametrize(
    "kind", [k for k in LookAlikeKind if k.value in {"sway", "sweep", "drift"}]
)
def test_moved_tissue_comes_from_beside_the_picture(linear, ground, kind):
    scene = linear(look_alikes=(LookAlike(kind=kind),), duration_s=12.0)
    fan, anatomy, nodes = ground(scene)
    motions = movements(scene, anatomy, nodes, lambda k: np.random.default_rng([9, k]))
    count = len(nodes.x_mm)
    way = max(np.abs(displacement(motions, t, count)[0]).max() for t in TIMES_S)
    assert way < fan.edge * fan.line_step
