"""How a line stands in its surroundings: what tells a fascia from a fascicle.

Fascicles come in families: beside each runs another, as bright. A fascia stands alone,
lies flat and smooth, and often parts tissues of another tone, or fascicles of another
direction. That a line is found again in a blurred or stretched copy of the picture tells
next to nothing: a fascicle is as steady (measured: 97 % against 98 %).
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Floats, Mask
from usfasc.tissue.paths import Rows, bounded
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import COLUMN_MM, SLOPES, STEP_MM, Streaks

_RIVALS_MM: Final = (1.4, 6.0)
"""Distances at which parallel streaks are compared with a line."""
_LEAST_SEEN: Final = 0.6
"""Share of a shifted line that must lie in the picture."""
_SIDE_MM: Final = (0.6, 4.5)
"""Tissue above and below a line that is compared, from its edge."""
_STRIP_MM: Final = 0.4
_NO_GRAIN: Final = 0.02
"""Keeps the direction of grain quiet where there is none; of even levels squared."""
_START: Final = -6.17
_WEIGHTS: Final = (0.107, 0.416, 0.419, -10.409, -1.836, 8.47, 1.088, 1.141)
"""Logistic regression on the lines of `usfasc.benchmark.outline_pictures`, split ``dev``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Features of one line; answers are in units of the picture's usual ones.

    Attributes
    ----------
    alone
        Mean answer less that of the strongest parallel streaks (95th percentile).
    clear
        The same against the 80th percentile.
    usual
        Median answer along the line.
    slope
        Absolute slope of the whole line.
    waviness_mm
        Deviation from a straight line.
    turn
        Change of the grain's direction from above to below (0 to 2).
    turn_clear
        The same over its spread on either side.
    tone
        Change of mean grey, in standard deviations of the picture.
    """

    alone: float
    clear: float
    usual: float
    slope: float
    waviness_mm: float
    turn: float
    turn_clear: float
    tone: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A picture as lines are judged in it: answers, tone and grain.

    ``grain`` is (3, y, x): the structure tensor's difference, cross term and trace.
    """

    streaks: Streaks
    grey: Image
    inside: Mask
    grain: Image


def lay_ground(grey: Image, inside: Mask, even: Image, streaks: Streaks) -> Ground:
    """Prepare a picture ``(y, x)`` on a grid of 0.2 mm."""
    smooth = cv2.GaussianBlur(even, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    power = across**2 + down**2
    grain = np.stack([across**2 - down**2, 2 * across * down, power])
    return Ground(streaks=streaks, grey=grey, inside=inside, grain=grain)


def answers_along(streaks: Streaks, rows: Rows) -> Floats:
    """Answers of a line's own slope at each of its columns; NaN outside the picture.

    Parameters
    ----------
    streaks
        What each place says of a line through it.
    rows
        ``(..., column)`` of one line or of several.
    """
    height, width = streaks.inside.shape
    column = np.arange(width)
    steps = np.rint(np.gradient(rows.astype(float), axis=-1)).astype(int) + len(SLOPES) // 2
    slope = np.clip(steps, 0, len(SLOPES) - 1)
    at = np.clip(rows, 0, height - 1)
    seen = streaks.inside[at, column] & (rows == at)
    return np.where(seen, bounded(streaks.answers[slope, at, column]), np.nan)


def stand(ground: Ground, rows: Rows) -> Standing:
    """Features of a line ``(column,)``."""
    along = answers_along(ground.streaks, rows)
    seen = np.isfinite(along)
    x_mm, y_mm = COLUMN_MM * np.flatnonzero(seen), STEP_MM * rows[seen]
    slope, start = np.polyfit(x_mm, y_mm, 1)
    rivals = _rivals(ground.streaks, rows)
    turn, turn_clear, tone = _sides(ground, rows, seen)
    return Standing(
        alone=float(along[seen].mean() - np.percentile(rivals, 95)),
        clear=float(along[seen].mean() - np.percentile(rivals, 80)),
        usual=float(np.median(along[seen])),
        slope=float(abs(slope)),
        waviness_mm=float(np.std(y_mm - start - slope * x_mm)),
        turn=turn,
        turn_clear=turn_clear,
        tone=tone,
    )


def log_odds(standing: Standing) -> float:
    """How likely a line is a fascia or the surface of a bone."""
    return _START + float(np.dot(astuple(standing), _WEIGHTS))


def _rivals(streaks: Streaks, rows: Rows) -> Floats:
    """Mean answers of streaks that run parallel to a line."""
    first, last = (round(mm / STEP_MM) for mm in _RIVALS_MM)
    shifts = np.arange(first, last + 1, 2)
    found = answers_along(streaks, rows + np.r_[-shifts, shifts][:, np.newaxis])
    found = found[np.isfinite(found).mean(axis=1) > _LEAST_SEEN]
    return np.nanmean(found, axis=1) if len(found) else np.zeros(1)


def _sides(ground: Ground, rows: Rows, seen: Mask) -> tuple[float, float, float]:
    """Turn of the grain from above to below, the same over its spread, change of tone."""
    near, far = _SIDE_MM
    offsets = np.arange(near, far, _STRIP_MM)
    above, below = (_strips(ground, rows, seen, sign * offsets) for sign in (-1, 1))
    if min(above.shape[1], below.shape[1]) < 3:
        return 0.0, 0.0, 0.0
    deviation = float(ground.grey[ground.inside].std()) + 1e-3
    tone = abs(above[0].mean() - below[0].mean()) / deviation
    grains = [side[1:3] / (side[3] + _NO_GRAIN) for side in (above, below)]
    turn = float(np.linalg.norm(grains[0].mean(axis=1) - grains[1].mean(axis=1)))
    spread = np.sqrt(sum(grain.var(axis=1).sum() for grain in grains))
    return turn, turn / (float(spread) + 0.05), float(tone)


def _strips(ground: Ground, rows: Rows, seen: Mask, offsets_mm: Floats) -> Floats:
    """Means (tone and grain, strip) along a line moved by each offset, where it is seen."""
    height, width = ground.grey.shape
    column = np.arange(width)
    known = np.flatnonzero(seen)
    every = round(COLUMN_MM / STEP_MM)
    first = (width - 1) % every // 2
    line = np.interp(column, first + every * known, rows[known].astype(float))
    down = np.rint(line + offsets_mm[:, np.newaxis] / STEP_MM).astype(int)
    at = np.clip(down, 0, height - 1)
    shown = (down == at) & ground.inside[at, column]
    kept = shown.mean(axis=1) > _LEAST_SEEN
    values = np.stack([ground.grey, *ground.grain])[:, at, column]
    total = np.where(shown, values, 0.0).sum(axis=2)[:, kept]
    return np.asarray(total / shown.sum(axis=1)[kept], np.float64)
