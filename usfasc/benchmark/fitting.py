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
from typing import Final

import numpy as np

from usfasc.benchmark.trees import calibration, grow
from usfasc.detect.features import Features, Glance
from usfasc.detect.score import Forests
from usfasc.forest import Forest
from usfasc.io.write import write_atomically
from usfasc.model import Floats, Mask
from usfasc.params import Parameters

_TRUE_SHARE: Final = 0.5
"""Weight of the true candidates in each kind of clip."""
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


def train(rows: Sequence[Rows]) -> Forests:
    """Grow the trees of both scores on candidates, and calibrate them across clips.

    Parameters
    ----------
    rows
        Candidates clip by clip, the hopeless ones among them.

    Raises
    ------
    UsageError
        scikit-learn is not installed.
    """
    seen = [_chosen(row, columns=len(Glance.names())) for row in rows]
    glance = _calibrated(seen, Glance.names())
    passed = [
        _chosen(row, glance.score(first.features) >= Parameters().look_score)
        for row, first in zip(rows, seen, strict=True)
    ]
    return Forests(glance=glance, look=_calibrated(passed, Features.names()))


def write_forests(forests: Forests, path: Path) -> None:
    """Write trees as the JSON that the engine reads."""
    tables = {"glance": forests.glance.as_json(), "look": forests.look.as_json()}
    write_atomically(path, (json.dumps(tables, indent=0) + "\n").encode())


def _chosen(row: Rows, which: Mask | None = None, columns: int | None = None) -> Rows:
    """Some of a clip's candidates, and the first columns of their features."""
    kept = np.ones(len(row.labels), bool) if which is None else which
    return replace(row, features=row.features[kept, :columns], labels=row.labels[kept])


def _calibrated(rows: Sequence[Rows], names: tuple[str, ...]) -> Forest:
    left_out = [_left_out_log_odds(rows, names, fold) for fold in range(_FOLDS)]
    odds = np.concatenate([each for each, _ in left_out])
    labels = np.concatenate([label for _, label in left_out])
    slope, offset = calibration(odds, labels)
    forest = _grow(rows, names)
    return replace(forest, start=forest.start * slope + offset, value=forest.value * slope)


def _left_out_log_odds(
    rows: Sequence[Rows], names: tuple[str, ...], fold: int
) -> tuple[Floats, Floats]:
    """Log-odds of every fourth clip by trees that the others made."""
    forest = _grow([row for number, row in enumerate(rows) if number % _FOLDS != fold], names)
    held = [row for number, row in enumerate(rows) if number % _FOLDS == fold]
    return (
        forest.log_odds(np.concatenate([row.features for row in held])),
        np.concatenate([row.labels for row in held]),
    )


def _grow(rows: Sequence[Rows], names: tuple[str, ...]) -> Forest:
    """Trees of one score."""
    return grow(
        np.concatenate([row.features for row in rows]),
        np.concatenate([row.labels for row in rows]),
        _balance(rows),
        {name: _way(name) for name in names},
    )


def _way(name: str) -> int:
    """In which direction a feature may change the score: 1 up, -1 down, 0 either."""
    return int(name in MORE_SPEAKS_FOR) - int(name in MORE_SPEAKS_AGAINST)


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
