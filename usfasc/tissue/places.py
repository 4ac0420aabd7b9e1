"""What each place of a picture says of being on the edge of a layer.

A fascia is a bright streak that stands alone; where it is as faint as a fascicle, it still
parts tissues of another tone, or fascicles of another direction. Both are measured, in
windows above and below each place, and beside what the places above and below it say.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Mask
from usfasc.tissue.ground import EVERY, Strip
from usfasc.tissue.paths import Rows
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import STEP_MM

_ALONG_MM: Final = 7.0
"""Over which tissue beside a place is averaged along it."""
SIDES: Final = ((1, 8), (3, 20), (5, 35))
"""Rows from a place between which it is averaged above and below: 0.2-1.6, 0.6-4, 1-7 mm."""
_RIVALS: Final = (7, 31)
"""Rows above and below among which streaks are compared with a place: 1.4-6 mm."""
_CALM: Final = (2.0, 4.0)
"""Columns over which crests are averaged; a broken line is told by the wider one."""
_LEAST_SHOWN: Final = 0.25
"""Of a window; what shows less is not known."""
_NO_GRAIN: Final = 0.02
_NO_ROUGHNESS: Final = 0.01
"""Keep shares and logarithms quiet where tissue is even."""
_NONE: Final = -1.0
"""Answer of a place outside the picture."""
_PARTING: Final = ("tone step", "turn", "grain", "roughness")
"""Contrasts that are largest on the edge itself; beside it they are but its shadow."""
_NEIGHBOURS: Final = 31
"""Rows about a place among which its contrast may be the largest: 3 mm up and down."""


def measure(strip: Strip) -> tuple[tuple[str, ...], Image]:
    """Measures of all places of a strip.

    Parameters
    ----------
    strip
        A picture, or the strip about a line.

    Returns
    -------
    tuple
        Names, and ``(name, row, column)``; NaN where a measure is not known.
    """
    crests = _crests(strip)
    names = list(crests)
    told = [np.stack(list(crests.values()))]
    sums = _sums_along(_layers(strip), strip.first)
    for side in SIDES:
        above, below, known = _beside(sums, side)
        beside = contrasts(above, below, strip.slope)
        beside |= {f"lone {name}": _lone(np.abs(beside[name]), known) for name in _PARTING}
        names += [f"{name} {side[1] * STEP_MM:g}" for name in beside]
        told.append(np.where(known, np.stack(list(beside.values())), np.nan))
    return tuple(names), np.concatenate(told).astype(np.float32)


def contrasts(above: Image, below: Image, slope: Image) -> dict[str, Image]:
    """How tissue differs from above to below.

    Parameters
    ----------
    above, below
        ``(channel, ...)`` means.
    slope
        ``(...)`` of what parts them.

    Returns
    -------
    dict
        ``along`` is 1 where grain runs along the edge, -1 where across it; ``even`` its
        unanimity; ``turn`` the change of its direction, 0 to 2.
    """
    grains = [side[1:3] / (side[3] + _NO_GRAIN) for side in (above, below)]
    angle = 2 * np.arctan(slope)
    edge = -np.stack([np.cos(angle), np.sin(angle)])
    return {
        "tone": below[0] - above[0],
        "tone step": np.abs(below[0] - above[0]),
        "turn": np.hypot(*(grains[1] - grains[0])),
        "even above": np.hypot(*grains[0]),
        "even below": np.hypot(*grains[1]),
        "along above": (grains[0] * edge).sum(axis=0),
        "along below": (grains[1] * edge).sum(axis=0),
        "grain": np.log(below[3] + _NO_GRAIN) - np.log(above[3] + _NO_GRAIN),
        "roughness": np.log(below[4] + _NO_ROUGHNESS) - np.log(above[4] + _NO_ROUGHNESS),
        "tone above": above[0],
        "tone below": below[0],
    }


def _lone(contrast: Image, known: Mask) -> Image:
    """How much less a contrast is than the largest nearby that is known."""
    sure = np.where(known, contrast, 0)
    return np.asarray(contrast - largest_about(sure, _NEIGHBOURS), np.float32)


def largest_about(values: Image, rows: int) -> Image:
    """Largest values ``(row, column)`` among so many rows about each place."""
    return np.asarray(cv2.dilate(values, np.ones((rows, 1), np.uint8)), np.float32)


def _crests(strip: Strip) -> dict[str, Image]:
    """What the streak through each place says by itself, and beside its rivals."""
    crest = strip.crest
    calm, calmer = (cv2.GaussianBlur(crest, (0, 0), sigmaX=s, sigmaY=0.6) for s in _CALM)
    above, below = rivals(crest)
    return {
        "crest": crest,
        "crest calm": calm,
        "crest calmer": calmer,
        "alone above": crest - above,
        "alone below": crest - below,
        "alone": crest - np.maximum(above, below),
        "alone calmer": calmer - np.maximum(*rivals(calmer)),
        "slope": strip.tilt,
    }


def rivals(values: Image) -> tuple[Image, Image]:
    """Largest values ``(row, column)`` 1.4 to 6 mm above and below each place."""
    near, far = _RIVALS
    window = np.ones((far - near, 1), np.uint8)
    # A window ends ``near`` above a place, or begins as far below it.
    above, below = (
        cv2.dilate(
            cv2.copyMakeBorder(values, *around, 0, 0, cv2.BORDER_CONSTANT, value=_NONE),
            window,
            anchor=(0, 0),
        )
        for around in ((far - 1, 0), (0, far - 1))
    )
    return above[: len(values)], below[near : near + len(values)]


def _layers(strip: Strip) -> Image:
    """Channels of what the picture shows, and the share that it shows ``(channel + 1, y, x)``."""
    layers = np.empty((len(strip.channels) + 1, *strip.inside.shape), np.float32)
    layers[-1] = strip.inside
    np.multiply(strip.channels, layers[-1], out=layers[:-1])
    return layers


def _sums_along(layers: Image, first: int) -> Image:
    """Sums down the columns ``(channel, y + 1, column)`` of what lies along each place."""
    told = layers @ _weight(layers.shape[2], first)
    sums = np.zeros((len(told), told.shape[1] + 1, told.shape[2]), np.float32)
    np.cumsum(told, axis=1, out=sums[:, 1:])
    return sums


@lru_cache(maxsize=8)
def _weight(width: int, first: int) -> Image:
    """What each x counts for each place along a strip ``(x, column)``."""
    place = np.arange(first, width, EVERY)
    away = (np.arange(width)[:, np.newaxis] - place) * STEP_MM / _ALONG_MM
    weight = np.exp(-0.5 * away**2).astype(np.float32)
    weight /= np.sqrt(2 * np.pi) * _ALONG_MM / STEP_MM
    return np.asarray(weight)


def _beside(sums: Image, side: tuple[int, int]) -> tuple[Image, Image, Mask]:
    """Means above and below places ``(channel, row, column)``, and where both are known."""
    near, far = side
    rows = np.arange(sums.shape[1] - 1)
    above = _window(sums, rows - far + 1, rows - near + 1)
    below = _window(sums, rows + near, rows + far)
    known = np.minimum(above[-1], below[-1]) > _LEAST_SHOWN * (far - near)
    return _share(above), _share(below), known


def _window(sums: Image, start: Rows, stop: Rows) -> Image:
    last = sums.shape[1] - 1
    return np.asarray(
        sums[:, np.clip(stop, 0, last)] - sums[:, np.clip(start, 0, last)], np.float32
    )


def _share(total: Image) -> Image:
    return np.asarray(total[:-1] / np.maximum(total[-1:], 0.5), np.float32)
