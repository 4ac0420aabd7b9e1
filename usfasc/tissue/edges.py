"""The edges of layers in one picture: ways that pass where its places say so, and how sure.

First all places are asked (`usfasc.tissue.asking`); the best ways across follow. Each way
is straightened and its places are asked again, now along it, which lays it anew; then the
way as a whole is judged. The judges are data (``edges.json``), trained on phantoms of many
kinds (`usfasc.benchmark.outline_lessons`), never on a test seed or a real clip.
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
from usfasc.tissue.asking import PlaceJudge, place_judge_from
from usfasc.tissue.ground import STRIP_ROWS, Ground, Strip, slope_steps
from usfasc.tissue.paths import Rows, best_paths, gains_of
from usfasc.tissue.sampling import Image
from usfasc.tissue.standing import RIVALS, answers_along, seen_along, stand
from usfasc.tissue.streaks import SLOPES, STEP_MM

_MOST: Final = 9
"""Ways that are judged."""
_LEAST_SEEN: Final = 0.5
"""Share of a way's columns that must lie in the picture."""
_BOUND: Final = 3.0
"""Log-odds of a place count up to this: no bright spot, and no gap, decides alone."""
_HOPELESS: Final = -1.5
"""Mean of a way's bounded log-odds below which it is not looked at further: 19 of 20 false ways,
and of 240 true edges none (development pictures)."""
_OWN_SLOPE: Final = 0.15
"""What an answer of the best slope counts more than one of another, in log-odds."""
_SKIN_ROWS: Final = (3, 15)
"""Where the lower edge of the skin is looked for: 0.6 to 3 mm deep."""
_SKIN_BRIGHTER: Final = 0.5
"""Than what lies below it, in standard deviations of the picture."""
_CLEAR: Final = (2.0, 4.5)
"""Mean answer of a streak that is none, and of one that is in no doubt."""
_ON_CREST: Final = 0.15
"""What an answer counts beside the odds where a way is laid anew."""
_CREST: Final = 2
"""Rows within which a line is drawn on the crest of a streak: places are sure for half a
millimetre about an edge, a crest tells it to a tenth."""
_RELAID: Final = 13
"""Rows by which a way may be laid anew: 2.6 mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """What is judged: whether a place, or a line, is on the edge of a layer, and what follows.

    Below a floor comes no tissue. The surface of bone or air throws back all that meets it: it
    is brighter than fasciae, and below it echoes fade, or repeat its own course.
    """

    places: PlaceJudge
    lines: Forest
    floors: Forest


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A way across the picture that may be an edge: its rows ``(column,)`` and its features."""

    rows: Rows
    features: dict[str, float]

    @property
    def depth_mm(self) -> float:
        """Of its middle, below the top of the picture."""
        return float(np.median(self.rows) * STEP_MM)

    def vector(self) -> Floats:
        """The features ``(1, n)`` as judges take them."""
        return np.array([list(self.features.values())])


@cache
def shipped_judges() -> Judges:
    """The judges that come with this version."""
    data = json.loads(files("usfasc.tissue").joinpath("edges.json").read_text("utf-8"))
    return Judges(
        places=place_judge_from(data["places"]),
        lines=forest_from(data["lines"]),
        floors=forest_from(data["floors"]),
    )


def likely_edges(ground: Ground) -> list[tuple[Edge, float]]:
    """Ways across a picture, with the chance of each to be an edge."""
    judges = shipped_judges()
    edges = find_edges(ground, judges.places)
    return [(edge, float(judges.lines.score(edge.vector())[0])) for edge in edges]


def on_crest(ground: Ground, rows: Rows) -> Rows:
    """A way ``(column,)``, laid on the crest of a streak nearby where there is a clear one."""
    blank = np.zeros((2 * _CREST + 1, len(rows)), np.float32)
    crest = _best_beside(ground, rows, blank, 1.0)
    return crest if _clear(ground, crest) >= 1.0 else rows


def _clear(ground: Ground, rows: Rows) -> float:
    """How clear the streak along a way is, 0 to 1."""
    answers = np.nan_to_num(answers_along(ground.streaks, rows))
    return float(np.interp(answers.mean(), _CLEAR, (0.0, 1.0)))


def skin_edge(ground: Ground) -> tuple[Edge, float]:
    """The lower edge of the skin: the best streak just below the probe, and its chance.

    It lies too near the probe for the windows of other edges: that it is there is told by the
    skin, which is brighter than what lies below.
    """
    first, stop = _SKIN_ROWS
    band = ground.answers[:, first:stop]
    (way,) = best_paths(gains_of(band, ground.streaks.inside[first:stop]), 1)
    rows = np.asarray(way + first, np.intp)
    tone = ground.along(rows).channels[0].mean(axis=1)
    above, below = (
        tone[STRIP_ROWS - _SKIN_ROWS[0] : STRIP_ROWS - 1],
        tone[STRIP_ROWS + _SKIN_ROWS[0] : STRIP_ROWS + _SKIN_ROWS[1]],
    )
    brighter = float(above.mean() - below.mean()) > _SKIN_BRIGHTER
    return Edge(rows=rows, features={}), _clear(ground, rows) if brighter else 0.0


def floor_chance(edge: Edge) -> float:
    """Chance that no tissue comes below an edge."""
    return float(shipped_judges().floors.score(edge.vector())[0])


def chance_near(ground: Ground, rows: Rows) -> float:
    """Chance that an edge runs within 2.6 mm of a way ``(column,)``; 0 where none is seen."""
    judges = shipped_judges()
    laid = _laid_anew(ground, rows, judges.places)
    if seen_along(ground.streaks, laid).mean() < _LEAST_SEEN:
        return 0.0
    return float(judges.lines.score(_judged(ground, laid, judges.places).vector())[0])


def find_edges(ground: Ground, places: PlaceJudge) -> Iterator[Edge]:
    """The best ways across a picture, from the best one on.

    Parameters
    ----------
    ground
        The picture.
    places
        What its places are judged by.

    Notes
    -----
    Second-order dynamic programming (`usfasc.tissue.paths`) over what small networks say
    of each place.
    """
    odds = places.log_odds(ground.whole())
    best = _OWN_SLOPE * (ground.answers - ground.answers.max(axis=0))
    gains = gains_of(_bounded(odds) + best, ground.streaks.inside)
    for way in best_paths(gains, _MOST):
        if _is_hopeless(ground, way, odds):
            continue
        rows = _laid_anew(ground, way, places)
        if seen_along(ground.streaks, rows).mean() >= _LEAST_SEEN:
            yield _judged(ground, rows, places)


def _is_hopeless(ground: Ground, way: Rows, odds: Image) -> bool:
    """Whether the places of a way leave no doubt that it is no edge, before it is laid anew."""
    seen = np.flatnonzero(seen_along(ground.streaks, way))
    return not len(seen) or float(_bounded(odds[way[seen], seen]).mean()) < _HOPELESS


def _bounded(odds: Image) -> Image:
    return np.asarray(np.clip(odds, -_BOUND, _BOUND), np.float32)


def _laid_anew(ground: Ground, rows: Rows, places: PlaceJudge) -> Rows:
    """A way as its places lay it when they are asked along it."""
    odds = _bounded(_odds_beside(ground.along(rows), places, _RELAID))
    return _best_beside(ground, rows, odds, _ON_CREST)


def _best_beside(ground: Ground, rows: Rows, odds: Image, crest: float) -> Rows:
    """The best way beside another, by the odds ``(offset, column)`` and crests about that."""
    reach = len(odds) // 2
    band, column = rows + np.arange(-reach, reach + 1)[:, np.newaxis], np.arange(len(rows))
    at = np.clip(band, 0, len(ground.answers[0]) - 1)
    slope = np.arange(len(SLOPES))[:, np.newaxis] + slope_steps(rows) - len(SLOPES) // 2
    slope = np.clip(slope, 0, len(SLOPES) - 1)[:, np.newaxis]
    gains = odds + np.float32(crest) * ground.answers[slope, at, column]
    (way,) = best_paths(gains_of(gains, seen_along(ground.streaks, band)), 1)
    return np.asarray(rows + way - reach, np.intp)


def _odds_beside(strip: Strip, places: PlaceJudge, reach: int) -> Image:
    """What places up to so many rows beside a way say ``(offset, column)``, asked along it."""
    return places.log_odds(strip, slice(STRIP_ROWS - reach, STRIP_ROWS + reach + 1))


def _judged(ground: Ground, rows: Rows, places: PlaceJudge) -> Edge:
    strip = ground.along(rows)
    odds = _odds_beside(strip, places, RIVALS[1])
    return Edge(rows=rows, features=stand(ground, strip, rows, odds))
