"""One score from 0 to 1: how likely a candidate is a twitch.

Logistic regression on the candidate's features; its table of coefficients is
data (``score.json``), trained on phantoms, implants in real clips and real
negatives, never on the test seeds.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from usfasc.detect.features import Features
from usfasc.model import Floats

_BOUND = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Coefficients ``(n,)`` on standardised features, and an intercept.

    Each feature bends once, at its centre: ``weights`` holds its slope below,
    ``bends`` what is added to the slope above.
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    weights: Floats
    bends: Floats
    intercept: float

    def score(self, features: Floats) -> Floats:
        """Probability ``(m,)`` of feature rows ``(m, n)``."""
        standard = standardise(features, self.centre, self.scale)
        logit = standard @ self.weights + np.maximum(standard, 0) @ self.bends + self.intercept
        return np.asarray(1 / (1 + np.exp(-logit)))


def standardise(features: Floats, centre: Floats, scale: Floats) -> Floats:
    """Feature rows ``(m, n)`` about their centre, in units of their spread, bounded."""
    return np.clip((features - centre) / scale, -_BOUND, _BOUND)


@cache
def shipped_table() -> Table:
    """The table that comes with this version."""
    data = json.loads(files("usfasc.detect").joinpath("score.json").read_text("utf-8"))
    return Table(
        names=tuple(data["names"]),
        centre=np.array(data["centre"], float),
        scale=np.array(data["scale"], float),
        weights=np.array(data["weights"], float),
        bends=np.array(data["bends"], float),
        intercept=float(data["intercept"]),
    )


def score(features: Features) -> float:
    """Score of one candidate by the shipped table."""
    return float(shipped_table().score(features.vector()[None])[0])
