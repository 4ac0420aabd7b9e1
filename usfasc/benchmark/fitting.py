"""Fit the score: what a candidate's features say of being a twitch.

Gradient boosting of small trees (Friedman 2001; scikit-learn's histogram
variant). Every kind of clip weighs alike, whatever its number of candidates. What
is true of a twitch in any clip is given, not learned: a larger or clearer
movement never speaks against one, a stirring neighbourhood never for one. Last,
the score is calibrated on candidates of clips that its training left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from usfasc.detect.features import Features
from usfasc.detect.score import Forest, forest_from
from usfasc.errors import Code, UsageError
from usfasc.io.write import write_atomically
from usfasc.model import Floats

_TRUE_SHARE: Final = 0.5
"""Weight of the true candidates in each kind of clip."""
_FOLDS: Final = 4
_SEEDS: Final = (0, 1, 2)
"""Forests that differ by the features their nodes may choose from; their mean is steadier."""
_GROWTH: Final[dict[str, Any]] = {
    "max_iter": 150,
    "learning_rate": 0.06,
    "max_leaf_nodes": 6,
    "min_samples_leaf": 20,
    "l2_regularization": 5.0,
    "max_features": 0.4,
}
MORE_SPEAKS_FOR: Final = frozenset(
    {
        "strength",
        "snr",
        "fit_share",
        "over_step",
        "over_reversed",
        "over_sinusoid",
        "over_flash",
        "size",
        "explained",
        "inside_over_around",
        "displacement",
        "area",
        "standing_out",
        "border",
    }
)
MORE_SPEAKS_AGAINST: Final = frozenset(
    {
        "frozen",
        "moving",
        "moving_near",
        "restless",
        "unrest",
        "probe",
        "periodic",
        "around",
        "after_quiet",
        "still_gained",
        "still_lost",
        "jump_around",
        "sudden",
        "sudden_around",
    }
)
"""Features of which more never speaks the other way, whatever the training clips say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Candidates of one clip: features ``(m, n)`` and whether each is true ``(m,)``."""

    group: str
    name: str
    features: Floats
    labels: Floats


def train(rows: Sequence[Rows]) -> Forest:
    """Grow the score's trees on candidates, and calibrate them across clips.

    Parameters
    ----------
    rows
        Candidates clip by clip.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    left_out = [_left_out_log_odds(rows, fold) for fold in range(_FOLDS)]
    odds = np.concatenate([each for each, _ in left_out])
    labels = np.concatenate([label for _, label in left_out])
    slope, offset = _calibration(odds, labels)
    forest = _grow(rows)
    return replace(forest, start=forest.start * slope + offset, value=forest.value * slope)


def write_forest(forest: Forest, path: Path) -> None:
    """Write trees as the JSON that the engine reads."""
    whole = {name: getattr(forest, name).tolist() for name in ("roots", "feature", "low", "high")}
    real = {
        name: [float(f"{value:.7g}") for value in getattr(forest, name)]
        for name in ("threshold", "value")
    }
    data = {"names": list(forest.names), "start": round(forest.start, 6), **whole, **real}
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in data.items())
    write_atomically(path, f"{{\n{lines}\n}}\n".encode())


def _left_out_log_odds(rows: Sequence[Rows], fold: int) -> tuple[Floats, Floats]:
    """Log-odds of every fourth clip by trees that the others made."""
    forest = _grow([row for number, row in enumerate(rows) if number % _FOLDS != fold])
    held = [row for number, row in enumerate(rows) if number % _FOLDS == fold]
    return (
        forest.log_odds(np.concatenate([row.features for row in held])),
        np.concatenate([row.labels for row in held]),
    )


def _grow(rows: Sequence[Rows]) -> Forest:
    """Trees of all seeds, each forest's share of the log-odds in its leaves."""
    features = np.concatenate([row.features for row in rows])
    labels = np.concatenate([row.labels for row in rows])
    weights = _balance(rows)
    grown = [_boosted(features, labels, weights, seed) for seed in _SEEDS]
    return _joined(grown)


def _boosted(features: Floats, labels: Floats, weights: Floats, seed: int) -> Any:
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier
    except ImportError:
        raise UsageError(
            Code.MISSING_EXTRA, 'Training needs scikit-learn: install "usfasc[benchmark]".'
        ) from None
    model = HistGradientBoostingClassifier(
        **_GROWTH,
        monotonic_cst=[_way(name) for name in Features.names()],
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(1):  # sums must not depend on the number of threads
        return model.fit(features, labels, sample_weight=weights)


def _way(name: str) -> int:
    """In which direction a feature may change the score: 1 up, -1 down, 0 either."""
    return int(name in MORE_SPEAKS_FOR) - int(name in MORE_SPEAKS_AGAINST)


def _joined(grown: Sequence[Any]) -> Forest:
    """The mean of several boosted models as one row of nodes."""
    trees = [tree for model in grown for (tree,) in model._predictors]
    nodes = [_nodes(tree.nodes, len(grown)) for tree in trees]
    firsts = np.cumsum([0, *(len(each["value"]) for each in nodes)])
    for first, each in zip(firsts, nodes, strict=False):
        each["low"], each["high"] = each["low"] + first, each["high"] + first
    columns = {name: np.concatenate([each[name] for each in nodes]) for name in nodes[0]}
    start = float(np.mean([model._baseline_prediction for model in grown]))
    return forest_from({"names": Features.names(), "start": start, "roots": firsts[:-1], **columns})


def _nodes(nodes: Any, models: int) -> dict[str, Any]:
    """Columns of one tree's nodes; a leaf leads to itself."""
    leaf, own = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
    return {
        "feature": np.where(leaf, 0, nodes["feature_idx"]),
        "threshold": np.where(leaf, 0.0, nodes["num_threshold"]),
        "low": np.where(leaf, own, nodes["left"]),
        "high": np.where(leaf, own, nodes["right"]),
        "value": np.where(leaf, nodes["value"] / models, 0.0),
    }


def _balance(rows: Sequence[Rows]) -> Floats:
    """Weights ``(m,)`` that let every group, and the true ones in it, weigh a fixed share."""
    groups = np.concatenate([np.full(len(row.labels), row.group, dtype=object) for row in rows])
    labels = np.concatenate([row.labels for row in rows])
    weights = np.zeros(len(labels))
    for group in sorted(set(groups)):
        for label, share in ((1.0, _TRUE_SHARE), (0.0, 1 - _TRUE_SHARE)):
            chosen = (groups == group) & (labels == label)
            weights[chosen] = share / max(1, int(chosen.sum()))
    balanced: Floats = weights / weights.mean()
    return balanced


def _calibration(log_odds: Floats, labels: Floats) -> tuple[float, float]:
    """Slope and offset that make log-odds probabilities (Platt 1999)."""

    def loss(line: Floats) -> tuple[float, Floats]:
        odds = line[0] * log_odds + line[1]
        surprise = np.logaddexp(0, -odds) * labels + np.logaddexp(0, odds) * (1 - labels)
        slope = 1 / (1 + np.exp(-odds)) - labels
        return float(surprise.sum()), np.array([slope @ log_odds, slope.sum()])

    slope, offset = minimize(loss, [1.0, 0.0], jac=True, method="L-BFGS-B").x
    return float(slope), float(offset)
