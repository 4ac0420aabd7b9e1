"""Three more displacement models of implants, each of another kind than the patch.

``window``
    A translation under a Gaussian window, over a gamma-shaped course: the plainest
    thing that moves and comes back.
``spline``
    A smooth random field on a lattice of some mm, the same at each firing of a
    site, that relaxes at two speeds; part of the speckle is exchanged as tissue
    leaves the image plane.
``arc``
    Fascicles that bend: they shorten towards a tendon or their middle and bulge, so
    that within the muscle the area of tissue is kept (the field is the curl of a
    stream function); a quick rise, then a slow tail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from usfasc._cv import cv2
from usfasc.benchmark.twitches import (
    Course,
    Field,
    Site,
    Tissue,
    Twitch,
    around,
    folds,
    smoothstep,
    unit_vector,
)
from usfasc.model import Box, Floats

_REACH: Final = 4.0
"""Half the side of a twitch's box, in lengths of its site."""
_GROWN: Final = (1.0, 1.2, 1.4, 1.7, 2.0, 2.4)
_FADED: Final = 0.002
"""Share of the peak from which nothing is left to see."""

Shape = tuple[Box, Floats, Floats]
"""A field ``(y, x, 2)`` of any size in its box, and the window ``(y, x)`` it lies under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma:
    """``(s exp(1 - s)) ** power``: a rise over `peak_s`, a fall that starts as fast."""

    peak_s: float
    power: float

    def at(self, since_s: Floats) -> Floats:
        """Displacement as a share of the peak, at times since the start."""
        s = np.maximum(since_s, 0) / self.peak_s
        moved: Floats = (s * np.exp(1 - s)) ** self.power
        return np.where(since_s < self.ends_s, moved, 0.0)

    @property
    def ends_s(self) -> float:
        """Time since the start from which nothing moves any more."""
        return self._falls_to(_FADED)

    @property
    def relaxed_s(self) -> float:
        """Time since the start at which the relaxation is over: a tenth is left."""
        return self._falls_to(0.1)

    def _falls_to(self, share: float) -> float:
        s = np.linspace(1, 40, 4000)
        return self.peak_s * float(s[(s * np.exp(1 - s)) ** self.power < share][0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tailed:
    """A smooth rise over `rise_s`, then a fall at two speeds, as shares of what is left."""

    rise_s: float
    fast_s: float
    slow_s: float
    slow_share: float

    def at(self, since_s: Floats) -> Floats:
        """Displacement as a share of the peak, at times since the start."""
        late_s = np.maximum(since_s - self.rise_s, 0)
        # Squared under the root, the fall sets in without a kink.
        fast = np.exp(1 - np.sqrt(1 + (late_s / self.fast_s) ** 2))
        slow = np.exp(1 - np.sqrt(1 + (late_s / self.slow_s) ** 2))
        left = (1 - self.slow_share) * fast + self.slow_share * slow
        moved: Floats = smoothstep(np.clip(since_s / self.rise_s, 0, 1)) * left
        return moved

    @property
    def ends_s(self) -> float:
        """Time since the start from which nothing moves any more."""
        return self.rise_s + (1 - float(np.log(_FADED))) * self.slow_s

    @property
    def relaxed_s(self) -> float:
        """Time since the start at which the quick part of the relaxation is over."""
        return self.rise_s + (1 - float(np.log(0.1))) * self.fast_s


def draw_window(
    tissue: Tissue, site: Site, starts_s: float, amplitude_mm: float, rng: np.random.Generator
) -> Twitch:
    """One twitch of the model ``window``."""
    push = unit_vector(site.push_deg + rng.normal(0, 5))

    def shape(grown: float) -> Shape:
        box, u, v = around(tissue, site, _REACH * grown * site.along_mm)
        squared = (u / site.along_mm) ** 2 + (v / site.across_mm) ** 2
        window = np.exp(-0.5 * squared / grown**2) * _held(tissue, box)
        return box, window[..., None] * push, window

    course = Gamma(peak_s=rng.uniform(0.05, 0.13), power=rng.uniform(1.2, 2.5))
    return _twitch(tissue, shape, course, (starts_s, amplitude_mm, 0.0))


def draw_spline(
    tissue: Tissue, site: Site, starts_s: float, amplitude_mm: float, rng: np.random.Generator
) -> Twitch:
    """One twitch of the model ``spline``."""
    lattice = _site_rng(site).normal(size=(5, 5, 2))
    lattice = 0.6 * lattice + unit_vector(site.push_deg) + rng.normal(0, 0.1, lattice.shape)

    def shape(grown: float) -> Shape:
        radius_mm = 1.8 * grown * (site.along_mm + site.across_mm)
        box, u, v = around(tissue, site, radius_mm)
        window = np.clip(1 - (u**2 + v**2) / radius_mm**2, 0, 1) ** 2 * _held(tissue, box)
        height, width = u.shape
        spread = cv2.resize(lattice, (width, height), interpolation=cv2.INTER_CUBIC)
        return box, window[..., None] * spread, window

    course = Tailed(
        rise_s=rng.uniform(0.04, 0.14),
        fast_s=rng.uniform(0.04, 0.10),
        slow_s=rng.uniform(0.12, 0.30),
        slow_share=rng.uniform(0.1, 0.4),
    )
    return _twitch(tissue, shape, course, (starts_s, amplitude_mm, rng.uniform(0.1, 0.5)))


def draw_arc(
    tissue: Tissue, site: Site, starts_s: float, amplitude_mm: float, rng: np.random.Generator
) -> Twitch:
    """One twitch of the model ``arc``."""
    own = _site_rng(site)
    bend = own.uniform(-0.15, 0.15)
    anchor = own.uniform(-1.2, 1.2)

    def shape(grown: float) -> Shape:
        along_mm, across_mm = 1.2 * grown * site.along_mm, 1.5 * grown * site.across_mm
        box, u, v = around(tissue, site, _REACH * along_mm)
        s, n = u / along_mm, (v + bend * u**2 / along_mm) / across_mm
        window = np.exp(-0.5 * (s**2 + n**2))
        down, right = np.gradient(n * (s - anchor) * window)
        held = _held(tissue, box)
        return box, np.stack([-down, right], -1) * held[..., None], window * held

    course = Tailed(
        rise_s=rng.uniform(0.05, 0.16),
        fast_s=rng.uniform(0.05, 0.12),
        slow_s=rng.uniform(0.25, 0.60),
        slow_share=rng.uniform(0.05, 0.25),
    )
    return _twitch(tissue, shape, course, (starts_s, amplitude_mm, rng.uniform(0, 0.2)))


def _twitch(
    tissue: Tissue,
    shape: Callable[[float], Shape],
    course: Course,
    size: tuple[float, float, float],
) -> Twitch:
    """A twitch of a shape: (start, amplitude, share that leaves the plane); grown until even."""
    starts_s, amplitude_mm, leaves = size
    # Beside held tissue growing may not help, but nothing truly folds there either.
    for grown in _GROWN:
        box, spread, window = shape(grown)
        field = _scaled(spread, amplitude_mm)
        if not folds(field, tissue.spacing_mm):
            break
    return Twitch(
        starts_s=starts_s,
        box=box,
        amplitude_mm=amplitude_mm,
        prompt=field,
        late=np.zeros_like(field),
        lag_s=0.0,
        waveform=course,
        exchange=(window * leaves).astype(np.float32),
    )


def _scaled(spread: Floats, amplitude_mm: float) -> Field:
    scaled: Field = (spread * (amplitude_mm / np.linalg.norm(spread, axis=-1).max())).astype(
        np.float32
    )
    return scaled


def _held(tissue: Tissue, box: Box) -> Floats:
    x0, y0, x1, y1 = box
    return tissue.share[y0:y1, x0:x1].astype(float)


def _site_rng(site: Site) -> np.random.Generator:
    """What is drawn from it is the same at each firing of a site."""
    return np.random.default_rng([round(16 * at) for at in site.centre_px])
