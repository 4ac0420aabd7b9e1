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

from usfasc.detect.features import Features, Glance
from usfasc.forest import Forest, forest_from


@dataclass(frozen=True, slots=True, kw_only=True)
class Forests:
    """The trees of both scores: at a glance, and after the look."""

    glance: Forest
    look: Forest


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
