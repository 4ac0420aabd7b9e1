"""Twitches put into real clips: where and when tissue moves, and what is true of it.

How it moves is drawn by a displacement model: `usfasc.benchmark.patches` has one,
`usfasc.benchmark.fields` three others. None of them is the phantom's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Box, Event, Floats, Kind

Field = NDArray[np.float32]
"""``(y, x, 2)``: displacement towards +x and +y, in mm."""

VISIBLE: Final = 0.05
"""Share of the peak from which a twitch is taken to have begun or ended."""
_FOLDS_FROM: Final = 0.7
"""Displacement gradient from which tissue would overlap itself."""


class Course(Protocol):
    """Displacement of a twitch over time, 1 at its peak."""

    def at(self, since_s: Floats) -> Floats:
        """Displacement as a share of the peak, at times since the start."""

    @property
    def ends_s(self) -> float:
        """Time since the start from which nothing moves any more."""

    @property
    def relaxed_s(self) -> float:
        """Time since the start at which the relaxation is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twitch:
    """One implanted twitch: where, when, and the two parts of its movement."""

    starts_s: float
    box: Box
    amplitude_mm: float
    prompt: Field
    late: Field
    """Follows `lag_s` later; both are ``(y, x, 2)`` of `box`, in mm."""
    lag_s: float
    waveform: Course
    exchange: NDArray[np.float32]
    """Share of the tissue that leaves the image plane at the peak, ``(y, x)`` of `box`."""

    @property
    def field(self) -> Field:
        """Displacement at the peak."""
        return self.prompt + self.late

    def is_moving(self, time_s: float) -> bool:
        """Whether it moves any tissue at a time."""
        return 0 < time_s - self.starts_s < self.waveform.ends_s + self.lag_s

    def moved(self, time_s: float) -> Field:
        """Displacement at a time."""
        since_s = time_s - self.starts_s
        now, before = self.waveform.at(np.array([since_s, since_s - self.lag_s]))
        return np.float32(now) * self.prompt + np.float32(before) * self.late

    def drawn_out(self, time_s: float) -> NDArray[np.float32]:
        """Share of the tissue that is out of the plane at one time."""
        share = self.waveform.at(np.array([time_s - self.starts_s]))[0]
        return self.exchange * np.float32(np.clip(share, 0, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A motor unit's territory: its twitches resemble each other."""

    centre_px: tuple[float, float]
    """``(y, x)``."""
    along_mm: float
    across_mm: float
    tilt_deg: float
    push_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tissue:
    """Where implants may move: share of the movement that each pixel takes part in."""

    share: NDArray[np.float32]
    spacing_mm: float
    fascicles_deg: float


def tissue_of(
    boxes: Sequence[Box], shape: tuple[int, int], spacing_mm: float, fascicles_deg: float
) -> Tissue:
    """Tissue inside boxes, held at their edges, free from 2 mm within."""
    inside = np.zeros((shape[0] + 2, shape[1] + 2), np.uint8)
    for x0, y0, x1, y1 in boxes:
        inside[y0 + 1 : y1 + 1, x0 + 1 : x1 + 1] = 1
    depth_mm = cv2.distanceTransform(inside, cv2.DIST_L2, 5)[1:-1, 1:-1] * spacing_mm
    share = smoothstep(np.clip(depth_mm / 2.0, 0, 1)).astype(np.float32)
    return Tissue(share=share, spacing_mm=spacing_mm, fascicles_deg=fascicles_deg)


def draw_site(tissue: Tissue, rng: np.random.Generator) -> Site:
    """A territory somewhere in free tissue, 3-20 mm long, along the fascicles."""
    rows, columns = np.nonzero(tissue.share >= 0.99)
    at = rng.integers(len(rows))
    across_mm = rng.uniform(0.9, 2.0)
    return Site(
        centre_px=(float(rows[at]), float(columns[at])),
        along_mm=across_mm * rng.uniform(1.4, 3.0),
        across_mm=across_mm,
        tilt_deg=tissue.fascicles_deg + rng.normal(0, 8),
        push_deg=tissue.fascicles_deg + rng.choice([0, 180]) + rng.normal(0, 40),
    )


def around(tissue: Tissue, site: Site, reach_mm: float) -> tuple[Box, Floats, Floats]:
    """Box around a site, and each pixel's distance along and across it, in mm."""
    height, width = tissue.share.shape
    (cy, cx), reach = site.centre_px, reach_mm / tissue.spacing_mm
    x0, x1 = max(0, int(cx - reach)), min(width, int(cx + reach) + 1)
    y0, y1 = max(0, int(cy - reach)), min(height, int(cy + reach) + 1)
    y, x = np.mgrid[y0:y1, x0:x1].astype(float)
    cos, sin = unit_vector(site.tilt_deg)
    right_mm, down_mm = (x - cx) * tissue.spacing_mm, (y - cy) * tissue.spacing_mm
    return (x0, y0, x1, y1), right_mm * cos + down_mm * sin, down_mm * cos - right_mm * sin


def folds(field: Field, spacing_mm: float) -> bool:
    """Whether a displacement is so steep that the tissue would fold over itself."""
    slopes = np.gradient(field, spacing_mm, axis=(0, 1))
    return float(max(np.abs(slope).max() for slope in slopes)) >= _FOLDS_FROM


def true_event(twitch: Twitch, number: int, times_s: Floats, spacing_mm: float) -> Event:
    """What a perfect detector would say of a twitch."""
    fine_s = np.arange(0, twitch.waveform.ends_s, 1e-3)
    share = twitch.waveform.at(fine_s)
    visible_s = fine_s[share >= VISIBLE]
    onset_s, peak_s = twitch.starts_s + visible_s[0], twitch.starts_s + fine_s[share.argmax()]
    offset_s = twitch.starts_s + min(visible_s[-1], twitch.waveform.relaxed_s)
    start, peak, stop = np.searchsorted(times_s, (onset_s, peak_s, offset_s)).tolist()
    place = _place(twitch, spacing_mm)
    return Event(
        event=number,
        kind=Kind.FASCICULATION,
        reason="implanted",
        onset_s=float(onset_s),
        peak_s=float(peak_s),
        offset_s=float(offset_s),
        start_frame=start,
        peak_frame=min(peak, len(times_s) - 1),
        stop_frame=stop + 1,
        x_mm=place.x_px * spacing_mm,
        y_mm=place.y_px * spacing_mm,
        x_px=place.x_px,
        y_px=place.y_px,
        box_px=place.box_px,
        area_mm2=place.area_mm2,
        direction_deg=place.direction_deg,
        peak_displacement_mm=twitch.amplitude_mm,
        peak_velocity_mm_s=float(np.abs(np.gradient(share, 1e-3)).max() * twitch.amplitude_mm),
        origin="simulated",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    x_px: float
    y_px: float
    box_px: Box
    area_mm2: float
    direction_deg: float


def _place(twitch: Twitch, spacing_mm: float) -> _Place:
    """Centroid by movement energy; box and area where half the peak is passed."""
    length = np.hypot(twitch.field[..., 0], twitch.field[..., 1])
    energy = (length**2).astype(float) / float((length**2).sum())
    rows, columns = np.nonzero(length >= length.max() / 2)
    x0, y0 = twitch.box[:2]
    dx, dy = twitch.field[np.unravel_index(int(length.argmax()), length.shape)]
    return _Place(
        x_px=x0 + float((energy.sum(0) * np.arange(length.shape[1])).sum()),
        y_px=y0 + float((energy.sum(1) * np.arange(length.shape[0])).sum()),
        box_px=(
            x0 + int(columns.min()),
            y0 + int(rows.min()),
            x0 + int(columns.max()) + 1,
            y0 + int(rows.max()) + 1,
        ),
        area_mm2=len(rows) * spacing_mm**2,
        direction_deg=float(np.degrees(np.arctan2(dy, dx)) % 360),
    )


def unit_vector(angle_deg: float) -> Floats:
    """``(x, y)`` of a direction; 90 is down the image."""
    angle = np.radians(angle_deg)
    return np.array([np.cos(angle), np.sin(angle)])


def smoothstep(share: Floats) -> Floats:
    """A rise from 0 to 1 that starts and ends at rest."""
    return share * share * (3 - 2 * share)
