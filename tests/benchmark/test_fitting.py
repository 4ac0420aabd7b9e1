import json

import numpy as np
import pytest

from usfasc.benchmark.fitting import (
    MORE_SPEAKS_AGAINST,
    MORE_SPEAKS_FOR,
    Rows,
    train,
    write_forests,
)
from usfasc.detect.features import Features, Glance
from usfasc.detect.score import shipped_forests
from usfasc.forest import forest_from
from usfasc.params import Parameters

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
def forests():
    return train([clip(number) for number in range(8)])


@pytest.fixture(scope="module")
def forest(forests):
    return forests.look


def test_what_a_glance_holds_comes_first_in_the_features():
    assert NAMES[: len(Glance.names())] == Glance.names()


def test_a_glance_tells_hopeless_candidates(forests):
    unseen = clip(96, 3000)
    scores = forests.glance.score(unseen.features[:, : len(Glance.names())])
    hopeless = scores < Parameters().look_score
    assert hopeless.mean() > 0.2
    assert unseen.labels[hopeless].mean() < 2 * Parameters().look_score


def test_the_score_tells_true_candidates_of_clips_it_never_saw(forest):
    unseen = clip(99, 3000)
    scores = forest.score(unseen.features)
    true, false = scores[unseen.labels == 1], scores[unseen.labels == 0]
    assert np.mean(true[:, None] > false[None]) > 0.93


def test_the_score_is_a_probability(forest):
    unseen = clip(98, 6000)
    scores = forest.score(unseen.features)
    for low in (0.0, 0.25, 0.5, 0.75):
        inside = (scores >= low) & (scores < low + 0.25)
        assert scores[inside].mean() == pytest.approx(unseen.labels[inside].mean(), abs=0.12)


def test_training_twice_gives_the_same_trees(forest):
    again = train([clip(number) for number in range(8)]).look
    assert (again.value == forest.value).all()
    assert (again.threshold == forest.threshold).all()


@pytest.mark.parametrize(("which", "names"), [("glance", Glance.names()), ("look", NAMES)])
def test_written_trees_score_as_those_that_were_trained(forests, tmp_path, which, names):
    path = tmp_path / "score.json"
    write_forests(forests, path)
    read = forest_from(json.loads(path.read_text())[which])
    features = clip(97).features[:, : len(names)]
    assert read.names == names
    trained = getattr(forests, which).score(features)
    assert read.score(features) == pytest.approx(trained, abs=1e-4)


@pytest.mark.parametrize("shipped", [False, True], ids=["trained", "shipped"])
@pytest.mark.parametrize("name", sorted(MORE_SPEAKS_FOR | MORE_SPEAKS_AGAINST))
def test_what_is_true_of_any_twitch_is_not_learned_otherwise(forest, shipped, name):
    forest = shipped_forests().look if shipped else forest
    low, high = np.random.default_rng(3).normal(0, 2, (2, 200, len(NAMES)))
    changed = NAMES.index(name)
    high[:, :changed], high[:, changed + 1 :] = low[:, :changed], low[:, changed + 1 :]
    gained = forest.score(high) - forest.score(low)
    wanted = 1 if name in MORE_SPEAKS_FOR else -1
    assert (wanted * gained * np.sign(high - low)[:, changed]).min() >= -1e-9


@pytest.mark.parametrize(("which", "names"), [("glance", Glance.names()), ("look", NAMES)])
def test_the_shipped_trees_fit_the_features_of_today(which, names):
    forest = getattr(shipped_forests(), which)
    assert forest.names == names
    assert forest.feature.max() < len(names)
    assert np.isfinite(forest.threshold).all() and np.isfinite(forest.value).all()


@pytest.mark.parametrize("which", ["glance", "look"])
def test_every_tree_ends_in_leaves(which):
    forest = getattr(shipped_forests(), which)
    leaves = forest.low == np.arange(len(forest.low))
    assert (forest.high[leaves] == forest.low[leaves]).all()
    assert (forest.value[~leaves] == 0).all()
    assert (forest.low[~leaves] > np.flatnonzero(~leaves)).all()
