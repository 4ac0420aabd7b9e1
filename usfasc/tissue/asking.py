"""How likely places lie on the edge of a layer: each for itself, then with what it hears.

Asked again with what the others on a line through it say, a place says more than alone:
auto-context (Tu and Bai, IEEE Trans Pattern Anal Mach Intell 2010; 32: 1744). That tells
a short strand from a fascia, and the one beside a fascia from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from usfasc.model import Mask
from usfasc.tissue.ground import Strip
from usfasc.tissue.net import Panel, panel_from
from usfasc.tissue.paths import Rows
from usfasc.tissue.places import largest_about, measure, rivals
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import COLUMN_MM

_ALONG_MM: Final = (2.5, 8.0, 16.0)
"""Standard deviations, along a line, of the windows in which a place hears of others."""
_SLOPES: Final = (-3, -2, -1, 0, 1, 2, 3)
"""Of the lines on which it hears of them, in rows a column."""
_MOST_ODDS: Final = 3.0
"""Log-odds of a place count up to this: no single place decides."""
_CLOSE: Final = 15
"""Rows about a place among which what it hears may be the best: 1.4 mm up and down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceJudge:
    """What places say ``alone``, and ``again`` with what they hear."""

    alone: Panel
    again: Panel

    def log_odds(self, strip: Strip, rows: slice = slice(None)) -> Image:
        """Log-odds ``(row, column)`` of the places of a strip, or of some of its rows."""
        return self.again.log_odds(measure_again(strip, self.alone)[1][:, rows])

    def held_out(self, fold: int) -> PlaceJudge:
        """What is said by those that know no picture of a fold."""
        return PlaceJudge(alone=self.alone.held_out(fold), again=self.again.held_out(fold))

    def as_json(self) -> dict[str, Any]:
        """Both as tables that JSON holds; `place_judge_from` reads them."""
        return {"alone": self.alone.as_json(), "again": self.again.as_json()}


def place_judge_from(data: dict[str, Any]) -> PlaceJudge:
    """The judge of tables as JSON holds them."""
    return PlaceJudge(alone=panel_from(data["alone"]), again=panel_from(data["again"]))


def measure_again(strip: Strip, alone: Panel) -> tuple[tuple[str, ...], Image]:
    """Measures of all places of a strip, and what they hear from others.

    Parameters
    ----------
    strip
        A picture, or the strip about a line.
    alone
        What places are judged by before they hear of others.

    Returns
    -------
    tuple
        Names, and ``(name, row, column)``; NaN where a measure is not known.
    """
    names, told = measure(strip)
    heard = hear(alone.log_odds(told), strip.shown)
    return (*names, *heard), np.concatenate([told, np.stack(list(heard.values()))])


def hear(odds: Image, shown: Mask) -> dict[str, Image]:
    """What each place hears: how likely those on a line through it lie on an edge.

    Parameters
    ----------
    odds
        ``(row, column)`` log-odds of each place alone.
    shown
        ``(row, column)``, true where the picture shows tissue.
    """
    told = {}
    for along_mm, heard in zip(_ALONG_MM, _along_lines(odds, shown), strict=True):
        above, below = rivals(heard)
        told[f"heard {along_mm:g}"] = heard
        told[f"heard alone above {along_mm:g}"] = heard - above
        told[f"heard alone below {along_mm:g}"] = heard - below
        told[f"heard best {along_mm:g}"] = heard - largest_about(heard, _CLOSE)
    return told


def _along_lines(odds: Image, shown: Mask) -> Image:
    """Mean odds ``(window, row, column)`` on a line through each place, the best of its slopes."""
    height, width = odds.shape
    odds = np.clip(odds, -_MOST_ODDS, _MOST_ODDS)
    both = np.zeros((2, height * width + 1), np.float32)
    both[0, :-1] = np.where(shown, odds, 0).ravel()
    both[1, :-1] = shown.ravel()
    weights, means = _weights(width), []
    for sheared, back in _shears(height, width):
        sums = both.take(sheared, axis=1) @ weights
        sums = sums.reshape(*sums.shape[:2], -1).take(back, axis=2)
        means.append(sums[:, 0] / np.maximum(sums[:, 1], 0.5))
    return np.asarray(np.max(means, axis=0), np.float32)


@lru_cache(maxsize=4)
def _weights(width: int) -> Image:
    """What each column counts for each other one ``(window, 1, column, column)``."""
    column = np.arange(width)
    away = (column - column[:, np.newaxis]) * COLUMN_MM
    weights = np.exp(-0.5 * (away / np.reshape(_ALONG_MM, (-1, 1, 1, 1))) ** 2)
    return np.asarray(weights, np.float32)


@lru_cache(maxsize=4)
def _shears(height: int, width: int) -> tuple[tuple[Rows, Rows], ...]:
    """For each slope, the places of a picture that is sheared so that its lines lie level.

    Indices ``(k, column)`` into the flat picture, one past its end where it has none, and
    ``(row, column)`` from the picture into the flat sheared one, which is taller.
    """
    row, column = np.arange(height)[:, np.newaxis], np.arange(width)
    pairs = []
    for slope in _SLOPES:
        drop = slope * column
        lift, taller = int(drop.max()), int(np.ptp(drop))
        rows = np.arange(height + taller)[:, np.newaxis] - lift + drop
        known = (rows >= 0) & (rows < height)
        sheared = np.where(known, rows * width + column, height * width)
        pairs.append((sheared, (row - drop + lift) * width + column))
    return tuple(pairs)
