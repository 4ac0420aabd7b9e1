"""The area of a twitch in the truth: of what moves at least half as far as its peak."""

from dataclasses import replace

import numpy as np
import pytest

from usfasc.benchmark.judge import Judged
from usfasc.benchmark.true_motion import true_motions
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.phantom import NamedScene, Scene, Twitch, family_of, render, standard
from usfasc.phantom.beams.twitch import FascicleTwitch
from usfasc.phantom.extent import CELL_MM2, active_area_mm2, lay_net, twitch_area_mm2

SCENE = Scene(height_px=64, width_px=64, depth_mm=30, width_mm=30, duration_s=1.0, twitches=())
FAMILY_OF = {Twitch: "points", FascicleTwitch: "beams"}
TWITCH = Twitch(onset_s=0.3, x_mm=15, y_mm=14, amplitude_mm=0.4, length_mm=9, width_mm=6)


def test_a_disc_that_moves_has_its_own_area():
    net = lay_net(SCENE)
    away_mm = np.hypot(net.x_mm - 15, net.y_mm - 14)
    sizes = np.where(away_mm < 3, 0.2, np.where(away_mm < 6, 0.09, 0.0)).astype(np.float32)
    assert active_area_mm2(sizes, CELL_MM2) == pytest.approx(np.pi * 9, rel=0.05)


def test_a_place_counts_by_the_area_it_stands_for():
    sizes = np.array([0.2, 0.1, 0.09], np.float32)
    assert active_area_mm2(sizes, np.array([1.0, 2.0, 4.0])) == pytest.approx(3.0)


def test_a_shift_by_a_gaussian_reaches_half_on_an_ellipse():
    # exp(-s/2) + 0.12 exp(-s/8) is half of 1.12 where s is 1.548; it is 1 at a third of the axes.
    wanted = np.pi * 1.548 * 3 * 2
    assert twitch_area_mm2(TWITCH, lay_net(SCENE)) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize(
    ("name", "changed", "of_it"),
    [
        ("another amplitude", {"amplitude_mm": 0.1}, 1.0),
        ("another place", {"x_mm": 12.0}, 1.0),
        ("twice as wide", {"width_mm": 12.0}, 2.0),
        ("half of it beyond the edge", {"x_mm": 0.0}, 0.5),
    ],
)
def test_an_area_follows_the_field(name, changed, of_it):
    net = lay_net(SCENE)
    got = twitch_area_mm2(replace(TWITCH, **changed), net)
    assert got == pytest.approx(of_it * twitch_area_mm2(TWITCH, net), rel=0.06), name


@pytest.mark.parametrize("kind", [Twitch, FascicleTwitch])
def test_the_truth_of_either_family_is_what_the_benchmark_measures(kind, tmp_path):
    named = next(n for n in standard("dev") if FAMILY_OF[kind] == family_of(n.scene))
    at = {"x_mm": named.scene.width_mm / 2, "y_mm": named.scene.depth_mm / 2}
    twitch = kind(onset_s=0.4, amplitude_mm=0.4, **at)
    scene = replace(named.scene, duration_s=1.0, twitches=(twitch,), look_alikes=())
    phantom = render(scene, named.seed)
    write_events_csv(tmp_path / "made.truth.csv", phantom.truth)
    (told,) = read_events_csv(tmp_path / "made.truth.csv")
    measured = _measured(replace(named, scene=scene), phantom)[told.event]
    assert told.area_mm2 == pytest.approx(measured.area_mm2, rel=0.03, abs=0.01)


def _measured(named: NamedScene, phantom):
    import usfasc.benchmark.true_motion as module

    case = Judged(section="phantom", group="made", name=named.name, truth=phantom.truth)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_scenes", lambda: {named.name: named})
        return true_motions(case)
