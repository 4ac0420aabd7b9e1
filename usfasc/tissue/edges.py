"""The edges of layers in one picture: ways that pass where its places say so, and how sure.

First each place is asked for itself; the best ways across follow. Each way is straightened
and its places are asked again, now along it, which lays it anew; then the way as a whole is
judged. Both judges are data (``edges.json``), trained on phantoms of many kinds
(`usfasc.benchmark.outline_lessons`), never on a test seed or a real clip.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from usfasc.forest import Forest, forest_from
from usfasc.model import Floats
from usfasc.tissue.ground import STRIP_ROWS, Ground, Strip, slope_steps
from usfasc.tissue.net import Net, net_from
from usfasc.tissue.paths import Rows, best_paths, gains_of
from usfasc.tissue.places import measure
from usfasc.tissue.sampling import Image
from usfasc.tissue.standing import seen_along, stand
from usfasc.tissue.streaks import COLUMN_MM, SLOPES, STEP_MM

_MOST: Final = 9
"""Ways that are judged."""
_LEAST_SEEN: Final = 0.5
"""Share of a way's columns that must lie in the picture."""
_BOUND: Final = 3.0
"""Log-odds of a place count up to this: no bright spot, and no gap, decides alone."""
_OWN_SLOPE: Final = 0.15
"""What an answer of the best slope counts more than one of another, in log-odds."""
_RELAID: Final = 13
"""Rows by which a way may be laid anew: 2.6 mm."""
_ABOUT: Final = 1
"""Rows about a way that are asked with it: it is known no better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What places and lines are judged by."""

    places: Net
    lines: Forest


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way across the picture that may be an edge: its rows ``(column,)`` and its features."""

    rows: Rows
    features: dict[str, float]

    @property
    def depth_mm(self) -> float:
        """Of its middle, below the top of the picture."""
        return float(np.median(self.rows) * STEP_MM)


@cache
def shipped_judges() -> Judges:
    """The judges that come with this version."""
    data = json.loads(files("usfasc.tissue").joinpath("edges.json").read_text("utf-8"))
    return Judges(places=net_from(data["places"]), lines=forest_from(data["lines"]))


def likely_edges(ground: Ground) -> list[tuple[Edge, float]]:
    """Ways across a picture, with the chance of each to be an edge."""
    judges = shipped_judges()
    edges = list(find_edges(ground, judges.places))
    if not edges:
        return []
    features = np.array([list(edge.features.values()) for edge in edges])
    return list(zip(edges, judges.lines.score(features).tolist(), strict=True))


def find_edges(ground: Ground, places: Net) -> Iterator[Edge]:
    """The best ways across a picture, from the best one on.

    Parameters
    ----------
    ground
        The picture.
    places
        What its places are judged by.

    Notes
    -----
    Second-order dynamic programming (`usfasc.tissue.paths`) over what a small network says
    of each place.
    """
    whole = ground.whole()
    odds = places.log_odds(measure(whole, np.arange(len(whole.crest)))[1])
    gains = gains_of(_gains(odds, ground.answers), ground.streaks.inside)
    for way in best_paths(gains, _MOST):
        rows = _laid_anew(ground, way, places)
        if seen_along(ground.streaks, rows).mean() >= _LEAST_SEEN:
            yield _judged(ground, rows, places)


def _gains(odds: Image, answers: Image) -> Image:
    """Gains ``(slope, row, column)`` of ways through places."""
    return np.asarray(
        np.clip(odds, -_BOUND, _BOUND) + _OWN_SLOPE * (answers - answers.max(axis=0)), np.float32
    )


def _laid_anew(ground: Ground, rows: Rows, places: Net) -> Rows:
    """A way as its places lay it when they are asked along it."""
    offset = np.arange(-_RELAID, _RELAID + 1)
    odds = _odds_in(ground.along(rows), rows, places, offset)
    band, column = rows + offset[:, np.newaxis], np.arange(len(rows))
    at = np.clip(band, 0, len(ground.answers[0]) - 1)
    slope = np.arange(len(SLOPES))[:, np.newaxis] + slope_steps(rows) - len(SLOPES) // 2
    slope = np.clip(slope, 0, len(SLOPES) - 1)[:, np.newaxis]
    answers = ground.answers[slope, at, column]
    (way,) = best_paths(gains_of(_gains(odds, answers), seen_along(ground.streaks, band)), 1)
    return np.asarray(rows + way - _RELAID, np.intp)


def _odds_in(strip: Strip, rows: Rows, places: Net, offset: Rows) -> Image:
    """What places beside a way say ``(offset, column)``, asked along it."""
    names, told = measure(strip, STRIP_ROWS + offset)
    told[names.index("slope")] = np.abs(np.gradient(rows.astype(float))) * STEP_MM / COLUMN_MM
    return places.log_odds(told)


def _judged(ground: Ground, rows: Rows, places: Net) -> Edge:
    strip, about = ground.along(rows), np.arange(-_ABOUT, _ABOUT + 1)
    odds: Floats = _odds_in(strip, rows, places, about).max(axis=0).astype(float)
    return Edge(rows=rows, features=stand(ground, strip, rows, odds))
