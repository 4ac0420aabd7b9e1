"""Sites: which twitches are one site's, what they are called, what is said of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from fixtures.outcomes import make_event, make_spans

from usfasc.benchmark.firing import adjusted_rand
from usfasc.benchmark.firing_lists import simulated_sites
from usfasc.describe.sites import gather_sites, name_sites, same_site, wandering_share
from usfasc.model import Event, Kind

MM = (1.0, 1.0)
Place = tuple[float, float, float | None]


def at(*places: Place) -> list[Event]:
    """Events a second apart at (x mm, y mm, direction)."""
    return [
        make_event(n, float(n), x_px=x, y_px=y, direction_deg=turn, x_mm=x, y_mm=y)
        for n, (x, y, turn) in enumerate(places, start=1)
    ]


GROUPS = {
    "none": ((), []),
    "one": (((10, 10, 0),), [{1}]),
    "near each other": (((10, 10, 0), (11, 11, 5)), [{1, 2}]),
    "6 mm apart": (((10, 10, 0), (16, 10, 0)), [{1}, {2}]),
    "opposite ways": (((10, 10, 0), (10, 10, 180)), [{1, 2}]),
    "a right angle, and 3 mm apart": (((10, 10, 0), (13, 10, 90)), [{1}, {2}]),
    "direction not known": (((10, 10, None), (10, 11, 90)), [{1, 2}]),
    "a muscle that drifts": (tuple((10 + 0.4 * n, 10, 0) for n in range(11)), [set(range(1, 12))]),
    "two sites by turns": (((10, 10, 0), (20, 10, 0)) * 2, [{1, 3}, {2, 4}]),
}


@pytest.mark.parametrize(("places", "expected"), GROUPS.values(), ids=GROUPS)
def test_groups(places: Sequence[Place], expected: list[set[int]]) -> None:
    events = at(*places)
    groups = same_site(events, MM)
    found = [
        {e.event for e, own in zip(events, groups, strict=True) if own == g} for g in set(groups)
    ]
    assert sorted(found, key=min) == expected


def test_a_scale_in_mm_decides_not_pixels() -> None:
    events = at((10, 10, 0), (40, 10, 0))
    assert len(set(same_site(events, MM))) == 2
    assert len(set(same_site(events, (0.1, 0.1)))) == 1


def test_the_busiest_site_comes_first_and_a_single_place_has_no_name() -> None:
    events = at((10, 10, 0), (30, 10, 0), (30, 10, 0), (10, 10, 0), (30, 10, 0), (20, 30, 0))
    named = name_sites(events, [0] * 6, [MM])
    assert [event.site for event in named] == ["S2", "S1", "S1", "S2", "S1", None]


def test_only_twitches_and_trains_make_sites() -> None:
    events = at((10, 10, 0), (10, 10, 0), (30, 10, 0), (20, 30, 0))
    kinds = [Kind.UNSURE, Kind.FASCICULATION, Kind.TRAIN, Kind.PULSATION]
    events = [e.model_copy(update={"kind": kind}) for e, kind in zip(events, kinds, strict=True)]
    assert [event.site for event in name_sites(events, [0] * 4, [MM])] == [None, None, "S1", None]


def test_two_pictures_of_one_screen_share_no_site() -> None:
    events = at((10, 10, 0), (10, 10, 0), (10, 10, 0), (10, 10, 0))
    named = name_sites(events, [0, 1, 0, 1], [MM, MM])
    assert [event.site for event in named] == ["S1", "S2", "S1", "S2"]


def test_what_is_said_of_a_site() -> None:
    events = at((10, 10, 0), (11, 10, 10), (12, 10, 350), (30, 30, 0))
    named = [e.model_copy(update={"region": "upper"}) for e in name_sites(events, [0] * 4, [MM])]
    (site,) = gather_sites(named, make_spans("upper", (0, 60, None)))
    assert (site.site, site.region, site.events) == ("S1", "upper", (1, 2, 3))
    assert (site.x_mm, site.y_mm, site.spread_mm) == (11, 10, 1)
    assert site.direction_deg == pytest.approx(0, abs=0.1)
    assert site.rhythm.intervals == 2
    assert wandering_share(named) == 0.25
    assert wandering_share([]) is None


def test_an_interval_that_holds_a_train_of_the_site_is_not_one_of_its_rhythm() -> None:
    events = at((10, 10, 0), (10, 10, 0), (10, 10, 0))
    events[1] = events[1].model_copy(update={"kind": Kind.TRAIN})
    (site,) = gather_sites(name_sites(events, [0] * 3, [MM]), ())
    assert (site.events, site.rhythm.intervals, site.rhythm.censored) == ((1, 2, 3), 0, 3)


def test_a_direction_that_turns_over_is_not_told() -> None:
    events = name_sites(at((10, 10, 0), (10, 10, 180)), [0, 0], [MM])
    assert gather_sites(events, ())[0].direction_deg is None


def test_without_a_scale_no_mm_are_told() -> None:
    events = [make_event(n, n) for n in (1, 2)]
    (site,) = gather_sites(name_sites(events, [0, 0], [MM]), ())
    assert (site.x_mm, site.y_mm, site.spread_mm) == (None, None, None)
    assert (site.x_px, site.y_px) == (40, 30)


def test_sites_6_mm_apart_are_told_apart() -> None:
    rng = np.random.default_rng(1)
    values = []
    for _ in range(40):
        events, truth = simulated_sites(rng)
        values.append(adjusted_rand(truth, (same_site(events, MM) - 1).tolist()))
    assert np.mean(values) > 0.85
