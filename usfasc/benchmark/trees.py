"""Growing small trees, and making their log-odds probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from usfasc.errors import Code, UsageError
from usfasc.forest import Forest, forest_from
from usfasc.model import Floats

_GROWTH: Final[dict[str, Any]] = {
    "learning_rate": 0.06,
    "l2_regularization": 5.0,
    "max_features": 0.4,
    "early_stopping": False,
    "random_state": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many trees, how many leaves each has at most, and how many rows a leaf at least."""

    trees: int = 150
    leaves: int = 6
    rows: int = 20


USUAL: Final = Growth()


def grow(
    features: Floats,
    labels: Floats,
    weights: Floats,
    ways: Mapping[str, int],
    growth: Growth = USUAL,
) -> Forest:
    """Grow trees on rows of features.

    Parameters
    ----------
    features
        ``(m, n)``.
    labels
        ``(m,)``, 1 where a row is true, else 0.
    weights
        ``(m,)``.
    ways
        For each feature by name, in order, the direction in which it may change the score:
        1 up, -1 down, 0 either.
    growth
        How large the forest becomes.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        raise missing_scikit_learn() from None
    model = HistGradientBoostingClassifier(
        **_GROWTH,
        max_iter=growth.trees,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=growth.rows,
        monotonic_cst=list(ways.values()),
    )
    with threadpool_limits(1):  # sums must not depend on the number of threads
        model.fit(features, labels, sample_weight=weights)
    start = float(np.ravel(model._baseline_prediction)[0])
    return _forest([tree.nodes for (tree,) in model._predictors], start, tuple(ways))


def missing_scikit_learn() -> UsageError:
    """What is said where nothing can be trained."""
    return UsageError(
        Code.MISSING_EXTRA, 'Training needs scikit-learn: install "usfasc[benchmark]".'
    )


def _forest(trees: Sequence[Any], start: float, names: tuple[str, ...]) -> Forest:
    """Trees as scikit-learn keeps them, as one row of nodes; a leaf leads to itself."""
    roots = np.cumsum([0, *(len(nodes) for nodes in trees)])
    nodes = np.concatenate(trees)
    first = np.repeat(roots[:-1], np.diff(roots))
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    return forest_from(
        {
            "names": names,
            "start": start,
            "roots": roots[:-1],
            "feature": np.where(leaf, 0, nodes["feature_idx"]),
            "threshold": np.where(leaf, 0.0, nodes["num_threshold"]),
            "low": np.where(leaf, own, first + nodes["left"]),
            "high": np.where(leaf, own, first + nodes["right"]),
            "value": np.where(leaf, nodes["value"], 0.0),
        }
    )


def calibration(log_odds: Floats, labels: Floats) -> tuple[float, float]:
    """Slope and offset that make log-odds probabilities (Platt 1999)."""

    def loss(line: Floats) -> tuple[float, Floats]:
        odds = line[0] * log_odds + line[1]
        surprise = np.logaddexp(0, -odds) * labels + np.logaddexp(0, odds) * (1 - labels)
        slope = 1 / (1 + np.exp(-odds)) - labels
        return float(surprise.sum()), np.array([slope @ log_odds, slope.sum()])

    slope, offset = minimize(loss, [1.0, 0.0], jac=True, method="L-BFGS-B").x
    return float(slope), float(offset)
