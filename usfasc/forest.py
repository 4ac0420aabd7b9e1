"""Sums of small regression trees, as data: what several features together say of one thing.

They are grown by gradient boosting (Friedman 2001) in `usfasc.benchmark`, and only
evaluated here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Floats

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Trees whose leaves add up to log-odds.

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

    def as_json(self) -> dict[str, Any]:
        """The trees as a table that JSON holds; `forest_from` reads it."""
        names = ("roots", "feature", "low", "high")
        whole = {name: getattr(self, name).tolist() for name in names}
        real = {
            name: [float(f"{value:.6g}") for value in getattr(self, name)]
            for name in ("threshold", "value")
        }
        return {"names": list(self.names), "start": round(self.start, 6), **whole, **real}


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
