"""Fit the score: what a candidate's features say of being a twitch.

Logistic regression on features that each bend once. Every kind of clip weighs
alike, whatever its number of candidates. What is true of a twitch in any clip
is given, not learned: a larger or clearer movement never speaks against one, a
stirring neighbourhood never for one. Last, the score is calibrated on
candidates of clips that its training left out.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from scipy.optimize import minimize

from usfasc.detect.features import Features
from usfasc.detect.score import Table, standardise
from usfasc.io.write import write_atomically
from usfasc.model import Floats

_TRUE_SHARE: Final = 0.5
"""Weight of the true candidates in each kind of clip."""
_RIDGE: Final = 1.0
_FOLDS: Final = 4
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
        "probe",
        "periodic",
        "around",
        "jump_around",
        "sudden",
        "sudden_around",
    }
)
"""Features of which more never speaks the other way, whatever the training clips say."""

_Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Candidates of one clip: features ``(m, n)`` and whether each is true ``(m,)``."""

    group: str
    name: str
    features: Floats
    labels: Floats


def train(rows: Sequence[Rows]) -> Table:
    """Fit the score's table to candidates, and calibrate it across clips.

    Parameters
    ----------
    rows
        Candidates clip by clip.
    """
    left_out = [_left_out_logits(rows, fold) for fold in range(_FOLDS)]
    logits = np.concatenate([logit for logit, _ in left_out])
    labels = np.concatenate([label for _, label in left_out])
    slope, offset = _calibration(logits, labels)
    table = _fit(rows)
    return replace(
        table,
        weights=table.weights * slope,
        bends=table.bends * slope,
        intercept=table.intercept * slope + offset,
    )


def write_table(table: Table, path: Path) -> None:
    """Write a table as the JSON that the engine reads."""
    columns = {
        name: [round(float(value), 6) for value in getattr(table, name)]
        for name in ("centre", "scale", "weights", "bends")
    }
    data = {"names": list(table.names), **columns, "intercept": round(table.intercept, 6)}
    write_atomically(path, (json.dumps(data, indent=1) + "\n").encode())


def _left_out_logits(rows: Sequence[Rows], fold: int) -> tuple[Floats, Floats]:
    """Logits of every fourth clip by a table that the others made."""
    table = _fit([row for number, row in enumerate(rows) if number % _FOLDS != fold])
    held = [row for number, row in enumerate(rows) if number % _FOLDS == fold]
    scores = np.clip(table.score(np.concatenate([row.features for row in held])), 1e-9, 1 - 1e-9)
    logits: Floats = np.log(scores / (1 - scores))
    return logits, np.concatenate([row.labels for row in held])


def _fit(rows: Sequence[Rows]) -> Table:
    features = np.concatenate([row.features for row in rows])
    labels = np.concatenate([row.labels for row in rows])
    weights = _balance(rows)
    centre = np.average(features, axis=0, weights=weights)
    scale = np.sqrt(np.average((features - centre) ** 2, axis=0, weights=weights)) + 1e-3
    standard = standardise(features, centre, scale)
    sides = np.concatenate([np.minimum(standard, 0), np.maximum(standard, 0)], axis=1)
    bounds = [_bounds(name) for name in Features.names()]
    solution = _logistic(sides, labels, weights, _RIDGE, [*bounds, *bounds])
    below, above = solution[:-1].reshape(2, -1)
    return Table(
        names=Features.names(),
        centre=centre,
        scale=scale,
        weights=below,
        bends=above - below,
        intercept=float(solution[-1]),
    )


def _bounds(name: str) -> _Bounds:
    """Of a feature's slopes."""
    return (0.0 if name in MORE_SPEAKS_FOR else None, 0.0 if name in MORE_SPEAKS_AGAINST else None)


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


def _calibration(logits: Floats, labels: Floats) -> tuple[float, float]:
    """Slope and offset that make logits probabilities (Platt 1999)."""
    slope, offset = _logistic(logits[:, None], labels, np.ones(len(labels)), 0.0)
    return float(slope), float(offset)


def _logistic(
    features: Floats,
    labels: Floats,
    weights: Floats,
    ridge: float,
    bounds: Sequence[_Bounds] | None = None,
) -> Floats:
    """Coefficients ``(n + 1,)``, the intercept last, of a ridge logistic regression.

    ``bounds`` holds the least and the most of each coefficient but the intercept.
    """

    def loss(coefficients: Floats) -> tuple[float, Floats]:
        logit = features @ coefficients[:-1] + coefficients[-1]
        surprise = np.logaddexp(0, -logit) * labels + np.logaddexp(0, logit) * (1 - labels)
        slope = (1 / (1 + np.exp(-logit)) - labels) * weights
        size = coefficients[:-1]
        gradient = np.append(features.T @ slope + ridge * size, slope.sum())
        return float(weights @ surprise + ridge * (size @ size) / 2), gradient

    start = np.zeros(features.shape[1] + 1)
    answer = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[*bounds, (None, None)] if bounds else None,
        options={"maxiter": 1000},
    )
    return np.asarray(answer.x, float)
