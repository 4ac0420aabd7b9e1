"""Tables of sites and rhythm: the measures, and the scenes they are taken on."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import make_event

from usfasc.benchmark.firing import adjusted_rand, rhythm_table, sites_table
from usfasc.benchmark.firing_lists import LIST_S, simulated_onsets, simulated_sites
from usfasc.benchmark.firing_scenes import CORNERS_MM, firing_scenes
from usfasc.model import Event, Kind
from usfasc.phantom import NamedScene

PARTITIONS = {
    "the same": ([0, 0, 1, 1], [1, 1, 0, 0], 1.0),
    "all alone twice": ([0, 1, 2], [0, 1, 2], 1.0),
    "one split": ([0, 0, 1, 1], [0, 0, 1, 2], 4 / 7),
    "worse than chance": ([0, 0, 1, 1], [0, 1, 0, 1], -0.5),
}


@pytest.mark.parametrize(("truth", "found", "value"), PARTITIONS.values(), ids=PARTITIONS)
def test_adjusted_rand(truth: list[int], found: list[int], value: float) -> None:
    assert adjusted_rand(truth, found) == pytest.approx(value)


def test_lists_hold_sites_apart_and_firings_in_time() -> None:
    rng = np.random.default_rng(5)
    events, truth = simulated_sites(rng)
    assert 12 <= len(events) == len(truth) <= 40
    assert max(truth) < 8
    for firing in ("poisson", "regular"):
        onsets_s = simulated_onsets(rng, firing, rate_hz=1.0)
        assert np.all(np.diff(onsets_s) >= 0)
        assert onsets_s[-1] < LIST_S + 0.1


def test_scenes_are_fixed_and_hold_what_their_names_say() -> None:
    scenes = firing_scenes("dev")
    assert scenes == firing_scenes("dev")
    assert len({scene.name for scene in scenes}) == 6 + 2 * 18 + 2 * 12
    first = firing_scenes("dev", 1)
    assert scenes[: len(first)] == first
    assert len(first) == 6 + 18 + 12
    assert {s.seed for s in scenes}.isdisjoint({s.seed for s in firing_scenes("test")})
    for scene in scenes:
        assert scene.scene.twitches is not None
        assert len(scene.scene.twitches) >= 8


def as_found(scene: NamedScene, *, site: str | None = None) -> list[Event]:
    """A scene's own twitches, as if the engine had found every one in its place."""
    twitches = scene.scene.twitches or ()
    return [
        make_event(
            n,
            twitch.onset_s,
            x_mm=twitch.x_mm,
            y_mm=twitch.y_mm,
            site=site or f"S{round(100 * twitch.x_mm)}{round(100 * twitch.y_mm)}",
        )
        for n, twitch in enumerate(twitches, start=1)
    ]


def test_found_sites_are_held_against_the_true_ones() -> None:
    scenes = [scene for scene in firing_scenes("dev") if "-sites-" in scene.name]
    right = sites_table("dev", [(scene, as_found(scene)) for scene in scenes])
    wrong = sites_table("dev", [(scene, as_found(scene, site="S1")) for scene in scenes])
    assert right.figures[-1].value == pytest.approx(1)
    assert wrong.figures[-1].value == pytest.approx(0)
    assert all(figure.met for figure in right.figures)


def test_trains_named_and_missed_are_counted() -> None:
    scenes = [s for s in firing_scenes("dev") if "-sites-" not in s.name]
    x_mm, y_mm = CORNERS_MM[-1]
    train = make_event(1, 12.0, kind=Kind.TRAIN, offset_s=15.0, train_hz=5.0, x_mm=x_mm, y_mm=y_mm)
    table = rhythm_table("dev", [(scene, [train]) for scene in scenes])
    values = {figure.name: figure.value for figure in table.figures}
    assert values["phantoms: trains named so"] == 1
    assert values["phantoms: Poisson clips without a train"] == 0
    assert values["phantoms: trains told elsewhere"] == 0
    assert values["phantoms: the same, 3-6 Hz"] < 0.5
    assert values["phantoms: the same, 10-13 Hz"] > 0.5
    assert values["poisson lists called poisson"] >= 0.95
