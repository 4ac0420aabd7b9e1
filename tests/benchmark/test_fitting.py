import json

import numpy as np
import pytest

from usfasc.benchmark.fitting import (
    MORE_SPEAKS_AGAINST,
    MORE_SPEAKS_FOR,
    Rows,
    train,
    write_table,
)
from usfasc.detect.features import Features
from usfasc.detect.score import shipped_table

NAMES = Features.names()


def clip(number: int, candidates: int = 90) -> Rows:
    """Candidates of which one in six is true, told by two features and much noise."""
    rng = np.random.default_rng(number)
    labels = (rng.random(candidates) < 1 / 6).astype(float)
    features = rng.normal(0, 1, (candidates, len(NAMES)))
    features[:, 0] += 2.5 * labels
    features[:, 1] -= 1.5 * labels
    return Rows(
        group="one" if number % 2 else "other",
        name=f"clip-{number}",
        features=features,
        labels=labels,
    )


@pytest.fixture(scope="module")
def table():
    return train([clip(number) for number in range(8)])


def test_the_score_tells_true_candidates_of_clips_it_never_saw(table):
    unseen = clip(99, 3000)
    scores = table.score(unseen.features)
    true, false = scores[unseen.labels == 1], scores[unseen.labels == 0]
    assert np.mean(true[:, None] > false[None]) > 0.93


def test_the_score_is_a_probability(table):
    unseen = clip(98, 6000)
    scores = table.score(unseen.features)
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (scores >= low) & (scores < low + 0.25)
        assert scores[inside].mean() == pytest.approx(unseen.labels[inside].mean(), abs=0.12)


def test_order_of_clips_within_a_fold_changes_nothing():
    rows = [clip(number, 60) for number in range(8)]
    swapped = [rows[4], *rows[1:4], rows[0], *rows[5:]]
    one, other = train(rows), train(swapped)
    assert one.weights == pytest.approx(other.weights, abs=1e-3)


def test_a_written_table_holds_what_was_trained(table, tmp_path):
    path = tmp_path / "score.json"
    write_table(table, path)
    data = json.loads(path.read_text())
    assert tuple(data["names"]) == table.names == NAMES
    assert data["weights"] == pytest.approx(table.weights, abs=1e-6)
    assert data["intercept"] == pytest.approx(table.intercept, abs=1e-6)


def slopes(table, names):
    """Of the score, below and above each feature's centre."""
    chosen = [NAMES.index(name) for name in sorted(names)]
    return np.stack([table.weights, table.weights + table.bends])[:, chosen]


@pytest.mark.parametrize("shipped", [False, True], ids=["trained", "shipped"])
def test_what_is_true_of_any_twitch_is_not_learned_otherwise(table, shipped):
    table = shipped_table() if shipped else table
    assert slopes(table, MORE_SPEAKS_FOR).min() >= -1e-6
    assert slopes(table, MORE_SPEAKS_AGAINST).max() <= 1e-6


def test_the_shipped_table_fits_the_features_of_today():
    table = shipped_table()
    assert table.names == NAMES
    for column in (table.centre, table.scale, table.weights, table.bends):
        assert column.shape == (len(NAMES),)
        assert np.isfinite(column).all()
    assert (table.scale > 0).all()
