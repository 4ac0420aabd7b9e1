"""A picture as the edges of layers are looked for in it: all of it, or a strip about a line.

What is measured lies on a grid of 0.2 mm, and is told at columns 1.6 mm apart: tone, the
direction and strength of grain, how rough it is, and the crests of bright streaks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.model import Floats, Mask
from usfasc.tissue.paths import Rows, bounded
from usfasc.tissue.sampling import Image
from usfasc.tissue.streaks import (
    COLUMN_MM,
    SLOPES,
    STEP_MM,
    Streaks,
    even_out,
    find_streaks,
)

CHANNELS: Final = ("tone", "flat grain", "leaning grain", "grain", "roughness")
"""``flat`` and ``leaning`` are the structure tensor's difference and cross term."""
STRIP_ROWS: Final = 40
"""Rows of a strip above and below its line: 8 mm."""
EVERY: Final = round(COLUMN_MM / STEP_MM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Tissue in which places are measured.

    Attributes
    ----------
    channels
        ``(channel, y, x)``, as `CHANNELS` names them.
    inside
        ``(y, x)``, true where the picture shows tissue.
    first
        The first x at which places are told; each eighth follows.
    crest
        ``(row, column)`` strongest answer of a streak through each place, as it counts.
    slope
        ``(row, column)`` of that streak against the strip.
    tilt
        ``(row, column)`` of that streak against the picture, without its sign.
    """

    channels: Image
    inside: Mask
    first: int
    crest: Image
    slope: Image
    tilt: Image

    @property
    def shown(self) -> Mask:
        """Which places ``(row, column)`` the picture shows."""
        return self.inside[:, self.first :: EVERY][:, : self.crest.shape[1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A picture on the grid: grey levels, what is measured of them, answers of streaks.

    ``answers`` ``(slope, row, column)`` are as they count (`usfasc.tissue.paths`).
    """

    grey: Image
    inside: Mask
    channels: Image
    streaks: Streaks
    answers: Image

    def whole(self) -> Strip:
        """All of the picture."""
        slope = SLOPES[self.answers.argmax(axis=0)].astype(np.float32)
        return Strip(
            channels=self.channels,
            inside=self.inside,
            first=self.streaks.first,
            crest=self.answers.max(axis=0),
            slope=slope,
            tilt=np.abs(slope),
        )

    def along(self, rows: Rows) -> Strip:
        """The strip about a line ``(column,)``, straightened; slopes are told against it."""
        height, width = self.grey.shape
        line = np.interp(
            np.arange(width), self.streaks.first + EVERY * np.arange(len(rows)), rows.astype(float)
        )
        offset = np.arange(-STRIP_ROWS, STRIP_ROWS + 1)[:, np.newaxis]
        down, column = np.rint(line).astype(int) + offset, np.arange(width)
        at = np.clip(down, 0, height - 1)
        crest = self._crest_along(rows, offset)
        channels = self.channels.reshape(len(self.channels), -1)
        tilt = np.abs(np.gradient(rows.astype(np.float32))) / EVERY
        return Strip(
            channels=_turned(np.take(channels, at * width + column, axis=1), np.gradient(line)),
            inside=self.inside[at, column] & (down == at),
            first=self.streaks.first,
            crest=crest,
            slope=np.zeros_like(crest),
            tilt=np.broadcast_to(tilt, crest.shape),
        )

    def _crest_along(self, rows: Rows, offset: Rows) -> Image:
        """Answers of streaks that run beside a line, to one step of slope."""
        down, column = rows + offset, np.arange(len(rows))
        at = np.clip(down, 0, self.grey.shape[0] - 1)
        own = slope_steps(rows)
        beside = [np.clip(own + turn, 0, len(SLOPES) - 1) for turn in (-1, 0, 1)]
        answers = np.max([self.answers[slope, at, column] for slope in beside], axis=0)
        seen = self.streaks.inside[at, column] & (down == at)
        return np.where(seen, answers, -1.0).astype(np.float32)


def lay_ground(grey: Image, inside: Mask) -> Ground:
    """Prepare a picture ``(y, x)`` on a grid of 0.2 mm, and its mask."""
    even = even_out(grey, inside)
    smooth = cv2.GaussianBlur(even, (0, 0), 1.0)
    across, down = (cv2.Sobel(smooth, cv2.CV_32F, *order) for order in ((1, 0), (0, 1)))
    level, spread = float(grey[inside].mean()), float(grey[inside].std()) + 1e-3
    channels = (
        (grey - level) / spread,
        across**2 - down**2,
        2 * across * down,
        across**2 + down**2,
        (even - smooth) ** 2,
    )
    streaks = find_streaks(even, inside)
    return Ground(
        grey=grey,
        inside=inside,
        channels=np.stack(channels).astype(np.float32),
        streaks=streaks,
        answers=bounded(streaks.answers),
    )


def slope_steps(rows: Rows) -> Rows:
    """Which of the slopes a line ``(..., column)`` has at each of its columns."""
    steps = np.rint(np.gradient(rows.astype(float), axis=-1)).astype(int) + len(SLOPES) // 2
    return np.asarray(np.clip(steps, 0, len(SLOPES) - 1), np.intp)


def _turned(channels: Image, slope: Floats) -> Image:
    """Channels of a strip whose grain is told against the slope ``(x,)`` of its line."""
    angle = 2 * np.arctan(slope)
    cosine, sine = np.cos(angle), np.sin(angle)
    turned = channels.copy()
    _, flat, leaning, *_ = channels
    turned[1] = flat * cosine + leaning * sine
    turned[2] = leaning * cosine - flat * sine
    return turned
