"""One score from 0 to 1: how likely a candidate is a twitch.

At a glance first, on what the search knows: most candidates are hopeless, and their
frames need not be looked at. Then on all its features. Both scores are sums of
regression trees on these features, grown by gradient boosting
(Friedman 2001) and bound to what is true of any twitch: a larger or clearer
movement never scores lower. The trees are data (``score.json``), trained on
phantoms, implants in real clips and real negatives, never on the test seeds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from usfasc.detect.features import Features, Glance
from usfasc.model import Floats

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees whose leaves add up to the log-odds of a twitch.

    The nodes ``(n,)`` of all trees lie in one row: each goes on to node ``low``
    where its ``feature`` is at most ``threshold``, else to ``high``; a leaf goes
    on to itself and holds a ``value``. ``roots`` ``(m,)`` are the trees' first nodes.
    """

    names: tuple[str, ...]
    start: float
    roots: Numbers
    feature: Numbers
    threshold: Floats
    low: Numbers
    high: Numbers
    value: Floats

    def score(self, features: Floats) -> Floats:
        """Probability ``(m,)`` of feature rows ``(m, n)``."""
        return np.asarray(1 / (1 + np.exp(-self.log_odds(features))))

    def log_odds(self, features: Floats) -> Floats:
        """Log-odds ``(m,)`` of feature rows ``(m, n)``."""
        node, before = np.tile(self.roots, (len(features), 1)), None
        while before is None or (node != before).any():
            before = node
            values = np.take_along_axis(features, self.feature[node], axis=1)
            node = np.where(values <= self.threshold[node], self.low[node], self.high[node])
        return np.asarray(self.start + self.value[node].sum(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forests:
    """The trees of both scores: at a glance, and after the look."""

    glance: Forest
    look: Forest


def forest_from(data: dict[str, Any]) -> Forest:
    """The trees of a table as JSON holds it."""
    whole = {name: np.array(data[name], np.int32) for name in ("roots", "feature", "low", "high")}
    return Forest(
        names=tuple(data["names"]),
        start=float(data["start"]),
        threshold=np.array(data["threshold"], float),
        value=np.array(data["value"], float),
        **whole,
    )


@cache
def shipped_forests() -> Forests:
    """The trees that come with this version."""
    data = json.loads(files("usfasc.detect").joinpath("score.json").read_text("utf-8"))
    return Forests(glance=forest_from(data["glance"]), look=forest_from(data["look"]))


def score_at_a_glance(glance: Glance) -> float:
    """Score of one candidate before its frames are looked at."""
    return float(shipped_forests().glance.score(glance.vector()[None])[0])


def score(features: Features) -> float:
    """Score of one candidate by all that is known of it."""
    return float(shipped_forests().look.score(features.vector()[None])[0])
