"""Ways across a picture, laid along what places say, and how sure each is an edge."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.tissue.edges import (
    chance_near,
    find_edges,
    likely_edges,
    on_crest,
    shipped_judges,
    skin_edge,
)
from usfasc.tissue.ground import Ground, lay_ground
from usfasc.tissue.net import Net, net_from
from usfasc.tissue.streaks import STEP_MM

ROWS, COLUMNS = 150, 161
Y, X = np.indices((ROWS, COLUMNS), dtype=np.float32) * np.float32(STEP_MM)


def layered(depth_mm: np.ndarray, seed: int = 0) -> Ground:
    """Two tissues and a bright line between."""
    grey = np.random.default_rng(seed).rayleigh(30, (ROWS, COLUMNS)).astype(np.float32)
    grey = grey * np.where(depth_mm > Y, 0.6, 1.2)
    grey += 120 * np.exp(-0.5 * ((Y - depth_mm) / 0.3) ** 2)
    return lay_ground(grey.astype(np.float32), np.ones(grey.shape, bool))


def rows_of(depth_mm: np.ndarray, ground: Ground) -> np.ndarray:
    return np.asarray(depth_mm)[ground.streaks.first :: 8] / STEP_MM


@pytest.mark.parametrize("slope", [-0.12, 0.0, 0.12])
def test_the_likeliest_edge_is_the_true_one(slope: float) -> None:
    depth = 14 + slope * (X[0] - 16) + 0.4 * np.sin(X[0] / 5)
    ground = layered(depth)
    edge, chance = max(likely_edges(ground), key=lambda each: each[1])
    assert chance > 0.5
    assert np.median(np.abs(on_crest(ground, edge.rows) - rows_of(depth, ground))) * STEP_MM < 0.3
    assert edge.depth_mm == pytest.approx(14, abs=0.8)


def test_the_skin_is_told_by_being_brighter_than_what_lies_below() -> None:
    depth = np.full(COLUMNS, 14.0)
    assert skin_edge(layered(depth))[1] == 0.0
    plain = layered(depth).grey + 100 * np.exp(-0.5 * ((Y - 1.6) / 0.2) ** 2)
    bright = lay_ground(plain + 90 * (Y < 1.6), np.ones(plain.shape, bool))
    edge, chance = skin_edge(bright)
    assert chance > 0.8
    assert edge.depth_mm == pytest.approx(1.6, abs=0.4)
    assert skin_edge(lay_ground(plain, np.ones(plain.shape, bool)))[1] == 0.0


def test_a_line_is_known_again_where_it_lies_now_and_not_elsewhere() -> None:
    depth = np.full(COLUMNS, 14.0)
    rows = np.rint(rows_of(depth, layered(depth))).astype(np.intp)
    again = chance_near(layered(depth + 1.0, seed=1), rows)
    elsewhere = chance_near(layered(depth + 8.0, seed=1), rows)
    assert again > 0.7
    assert elsewhere < 0.3
    assert chance_near(layered(depth), rows - 400) == 0.0


def test_every_edge_is_told_by_the_features_that_are_judged() -> None:
    judges = shipped_judges()
    ground = layered(np.full(COLUMNS, 12.0))
    edges = list(find_edges(ground, judges.places))
    assert edges
    for edge in edges:
        assert tuple(edge.features) == judges.lines.names
        assert np.isfinite(list(edge.features.values())).all()
        assert len(edge.rows) == len(np.arange(ground.streaks.first, COLUMNS, 8))


def net(seed: int) -> Net:
    rng = np.random.default_rng(seed)
    sizes = (3, 5, 4, 1)
    return Net(
        names=("a", "b", "c"),
        middle=rng.normal(size=3).astype(np.float32),
        spread=rng.uniform(0.5, 2, 3).astype(np.float32),
        layers=tuple(
            (rng.normal(size=(m, n)).astype(np.float32), rng.normal(size=n).astype(np.float32))
            for m, n in pairwise(sizes)
        ),
    )


@given(seed=st.integers(0, 99), shape=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_a_net_is_the_same_from_its_table_and_place_by_place(
    seed: int, shape: tuple[int, int]
) -> None:
    judge = net(seed)
    places = np.random.default_rng(seed).normal(0, 3, (3, *shape)).astype(np.float32)
    odds = judge.log_odds(places)
    assert odds.shape == shape
    first = judge.log_odds(places[:, 0, 0])
    assert odds[0, 0] == pytest.approx(float(first), abs=1e-4)
    again = net_from(json.loads(json.dumps(judge.as_json())))
    assert np.allclose(again.log_odds(places), odds, atol=1e-2)


def test_what_is_not_known_says_as_much_as_the_middle() -> None:
    judge = net(4)
    unknown = np.array([np.nan, 0.3, np.nan], np.float32)
    middle = np.where(np.isnan(unknown), judge.middle, unknown)
    assert judge.log_odds(unknown) == pytest.approx(float(judge.log_odds(middle)), abs=1e-6)
