"""Look again at one candidate, on the finer grid, with its own template.

A dense flow (DIS: Kroeger et al. 2016) from the mean picture before the
candidate to the one at its peak tells how the tissue moved; the difference
that this movement makes is a template, and every frame around is projected on
it. The course that comes out is in units of that very movement, whatever the
speckle looks like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc._cv import cv2
from usfasc.detect.waveform import Fit, fit_twitch
from usfasc.model import Floats, Grey, Mask
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import Setting

Picture = NDArray[np.float32]

BEFORE_S, AFTER_S = 0.65, 0.95
_REFERENCE_S = (-0.25, -0.02)
_PEAK_S = (0.02, 0.22)
_PEAK_HALF_S = 0.03
_FOCUS_MM = 6.0
_PATCH_MM = 20.0
_CORE_MM = 4.0
_BOX_MM = 3.0
_FLOW_SMOOTH_MM = 0.5
_NOISE_MM = 0.15
_FLOW_GAIN = 1.4
"""True over measured displacement: smoothing takes from the peak. Median over development
phantoms and implants above 0.1 mm, 0.73 and 0.70 of the truth."""
_REACH_MM = 10.0
_AROUND_MM = 4.0
_SMALLEST_PX = 40
_FROZEN_S = 0.35
_LEAST_AFTER_S = 0.2
_INTERVAL_S = 0.02
_STILL_MM = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the second look found; shares are 0-1, logs natural."""

    fit: Fit
    explained: float
    inside_over_around: float
    frozen: float
    displacement_mm: float
    direction: tuple[float, float]
    area_mm2: float
    around_mm: float
    brightness: float
    dark_near: float
    box_mm: tuple[float, float, float, float]
    """``(x0, y0, x1, y1)`` of the moving field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """Frames around a candidate ``(t, y, x)`` on the verify grid, as stored and held still."""

    raw: Grey
    frames: Grey
    time_s: Floats
    mask: Mask
    centre: tuple[float, float]
    corner: tuple[int, int]
    spacing_mm: tuple[float, float]


def cut_patch(
    store: FrameStore, layout: Setting, onset_s: float, place_mm: tuple[float, float], path: Path
) -> Patch | None:
    """Frames from 0.65 s before to 0.95 s after, 20 mm about the place, held still.

    Parameters
    ----------
    store
        The window's frames.
    layout
        The clip's grids.
    onset_s, place_mm
        The candidate; ``place_mm`` is (y, x) from the crop's corner.
    path
        How the site is carried by probe and drift; taken out of the frames.

    Returns
    -------
    Patch or None
        None where too little of the time or of the picture is there.
    """
    grid = layout.fine
    numbers = store.numbers(onset_s - BEFORE_S, onset_s + AFTER_S)
    numbers = numbers[:: _stride(store.times_s(numbers))]
    time_s = store.times_s(numbers) - onset_s
    if not ((time_s < _REFERENCE_S[1]).any() and (time_s > _LEAST_AFTER_S).any()):
        return None
    rows, columns = (
        _span(place_mm[axis] / grid.spacing_mm[axis], _PATCH_MM / grid.spacing_mm[axis], size)
        for axis, size in enumerate(grid.shape)
    )
    if min(rows.stop - rows.start, columns.stop - columns.start) < _SMALLEST_PX:
        return None
    raw = store.patch(numbers, rows, columns)
    return Patch(
        raw=raw,
        frames=_hold_still(raw, path.since(onset_s, time_s + onset_s), grid.spacing_mm),
        time_s=time_s,
        mask=layout.fine_mask[rows, columns],
        centre=(
            place_mm[0] / grid.spacing_mm[0] - rows.start,
            place_mm[1] / grid.spacing_mm[1] - columns.start,
        ),
        corner=(rows.start, columns.start),
        spacing_mm=grid.spacing_mm,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Where a site was carried, ``(t, 2)`` mm (x, y) at ``times_s`` ``(t,)``."""

    times_s: Floats
    place_mm: Floats

    def since(self, origin_s: float, times_s: Floats) -> Floats:
        """Displacement ``(n, 2)`` at some times since another."""
        axes = [
            np.interp(times_s, self.times_s, axis) - np.interp(origin_s, self.times_s, axis)
            for axis in self.place_mm.T
        ]
        return np.stack(axes, axis=1)


def _stride(times_s: Floats) -> int:
    """Frames beyond about 50 Hz add time and no knowledge."""
    return (
        max(1, round(_INTERVAL_S / float(np.median(np.diff(times_s))))) if len(times_s) > 1 else 1
    )


def _hold_still(raw: Grey, path_mm: Floats, spacing_mm: tuple[float, float]) -> Grey:
    """Move back every frame in which the site was carried off from where it was at the onset."""
    carried = np.flatnonzero(np.abs(path_mm).max(axis=1) >= _STILL_MM)
    if not len(carried):
        return raw
    out = raw.copy()
    for position in carried:
        x_px, y_px = path_mm[position] / spacing_mm[::-1]
        out[position] = cv2.sepFilter2D(
            raw[position], -1, _shift(x_px), _shift(y_px), borderType=cv2.BORDER_REPLICATE
        )
    return out


def _shift(step_px: float) -> Floats:
    """Kernel that reads a row ``step_px`` further along, by cubic convolution (Keys 1981)."""
    reach = int(abs(step_px)) + 2
    away = np.abs(np.arange(-reach, reach + 1) - step_px)
    near = (1.5 * away - 2.5) * away**2 + 1
    far = ((-0.5 * away + 2.5) * away - 4) * away + 2
    return np.where(away <= 1, near, np.where(away < 2, far, 0.0))


def _span(centre: float, length: float, size: int) -> slice:
    start = int(np.clip(centre - length / 2, 0, max(0, size - length)))
    return slice(start, int(min(size, start + length)))


def verify(patch: Patch) -> Look | None:
    """Take a second look at a candidate.

    Returns
    -------
    Look or None
        None where nothing moves along a template.
    """
    spacing = np.array(patch.spacing_mm)
    reference = _average(patch, *_REFERENCE_S)
    distance = _distance(patch)
    core = (distance <= _CORE_MM) & patch.mask
    if not core.any():
        return None
    middle_s = _peak_time(patch, reference, core)
    peak_s = (middle_s - _PEAK_HALF_S, middle_s + _PEAK_HALF_S)
    peak = _average(patch, *peak_s)
    flow = _flow(reference, peak, spacing)
    active = _active(flow, core, patch.mask & (distance <= _REACH_MM))
    if active.sum() * spacing.prod() < 1.0:
        return None
    moved = _warp(reference, flow, spacing)
    focus = (active * np.exp(-((distance / _FOCUS_MM) ** 2) / 2)).astype(np.float32)
    template = _without_box_mean((moved - reference) * patch.mask, spacing) * focus
    course = _project(patch.frames, reference, template, spacing) / _gain(template, focus)
    fit = fit_twitch(patch.time_s, course)
    return _look(patch, fit, _Pictures(reference, peak, peak_s, moved, flow, active, distance))


@dataclass(frozen=True, slots=True)
class _Pictures:
    reference: Picture
    peak: Picture
    peak_s: tuple[float, float]
    moved: Picture
    flow: Picture
    active: Mask
    distance: Floats


def _average(patch: Patch, start_s: float, stop_s: float) -> Picture:
    chosen = _within(patch, start_s, stop_s)
    if not chosen.any():
        chosen = np.zeros(len(patch.time_s), bool)
        chosen[np.abs(patch.time_s - (start_s + stop_s) / 2).argmin()] = True
    return np.asarray(patch.frames[chosen].mean(axis=0, dtype=np.float32))


def _distance(patch: Patch) -> Floats:
    rows, columns = np.ogrid[: patch.mask.shape[0], : patch.mask.shape[1]]
    return np.asarray(
        np.hypot(
            (rows + 0.5 - patch.centre[0]) * patch.spacing_mm[0],
            (columns + 0.5 - patch.centre[1]) * patch.spacing_mm[1],
        )
    )


def _peak_time(patch: Patch, reference: Picture, core: Mask) -> float:
    """When the core differs most from before."""
    chosen = np.flatnonzero(_within(patch, *_PEAK_S))
    if not len(chosen):
        chosen = np.array([int(np.abs(patch.time_s - 0.08).argmin())])
    inside = patch.frames[chosen][:, core].astype(np.float32) - reference[core]
    energy = ((inside - inside.mean(axis=1, keepdims=True)) ** 2).mean(axis=1)
    return float(patch.time_s[chosen[int(energy.argmax())]])


_dis = None


def _flow(reference: Picture, peak: Picture, spacing: Floats) -> Picture:
    """Movement in mm ``(y, x, 2)`` as (x, y), smoothed over 0.5 mm."""
    global _dis  # noqa: PLW0603 - building the solver costs as much as using it
    if _dis is None:
        _dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        _dis.setFinestScale(1)
    noise = _NOISE_MM / spacing
    pair = [
        np.rint(
            cv2.GaussianBlur(item, (0, 0), sigmaX=float(noise[1]), sigmaY=float(noise[0]))
        ).astype(np.uint8)
        for item in (reference, peak)
    ]
    flow = _dis.calc(pair[0], pair[1], None)
    sigma = _FLOW_SMOOTH_MM / spacing
    flow = cv2.GaussianBlur(flow, (0, 0), sigmaX=float(sigma[1]), sigmaY=float(sigma[0]))
    return np.asarray(flow * spacing[::-1].astype(np.float32))


def _warp(reference: Picture, flow: Picture, spacing: Floats) -> Picture:
    """The reference as it looks after moving along ``flow`` (backward approximation)."""
    height, width = reference.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    step = flow / spacing[::-1].astype(np.float32)
    return np.asarray(
        cv2.remap(
            reference,
            x - step[..., 0],
            y - step[..., 1],
            cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _active(flow: Picture, core: Mask, mask: Mask) -> Mask:
    """Where the tissue moves at least half as far as at the core, connected to it."""
    size = np.hypot(flow[..., 0], flow[..., 1])
    level = np.percentile(size[core], 90) / 2
    labels, _ = ndimage.label((size > max(level, 1e-4)) & mask)
    inside = np.bincount(labels[core].ravel(), minlength=2)
    inside[0] = 0
    return np.asarray(labels == inside.argmax()) & (labels > 0)


def _without_box_mean(picture: Picture, spacing: Floats) -> Picture:
    sides = [max(3, int(_BOX_MM / step) // 2 * 2 + 1) for step in spacing]
    return np.asarray(
        picture - cv2.boxFilter(picture.astype(np.float32), -1, (sides[1], sides[0])), np.float32
    )


def _project(frames: Grey, reference: Picture, template: Picture, spacing: Floats) -> Floats:
    """Course ``(t,)`` along the template; its box mean is taken out of both by one filter."""
    filtered = _without_box_mean(template, spacing).ravel()
    norm = float(template.ravel() @ template.ravel()) + 1e-6
    flat = frames.reshape(len(frames), -1)
    products = np.array([np.dot(row.astype(np.float32), filtered) for row in flat])
    return (products - float(np.dot(reference.ravel(), filtered))) / norm


def _gain(template: Picture, focus: Picture) -> float:
    """What the projection makes of the very movement that the template shows."""
    power = float(template.ravel() @ template.ravel()) + 1e-6
    whole = np.divide(template, focus, out=np.zeros_like(template), where=focus > 1e-3)
    return float(template.ravel() @ whole.ravel()) / power + 1e-6


def _look(patch: Patch, fit: Fit, pictures: _Pictures) -> Look:
    spacing = np.array(patch.spacing_mm)
    active = pictures.active
    size = np.hypot(pictures.flow[..., 0], pictures.flow[..., 1])
    around = _around(active, patch.mask, spacing)
    weight = size * active
    rows, columns = np.nonzero(active)
    mean_flow = (pictures.flow * weight[..., None]).sum(axis=(0, 1))
    length = float(np.hypot(*mean_flow)) + 1e-9
    here = (
        (rows + 0.5 + patch.corner[0]) * spacing[0],
        (columns + 0.5 + patch.corner[1]) * spacing[1],
    )
    return Look(
        fit=fit,
        explained=_explained(patch, pictures),
        inside_over_around=_contrast(patch, pictures, around),
        frozen=_frozen(patch, active),
        displacement_mm=_FLOW_GAIN * float(np.percentile(size[active], 95)) * max(fit.size, 0.0),
        direction=(float(mean_flow[0]) / length, float(mean_flow[1]) / length),
        area_mm2=float(active.sum() * spacing.prod()),
        around_mm=float(np.median(size[around])) if around.any() else 0.0,
        brightness=float(pictures.reference[active].mean()),
        dark_near=_dark_near(pictures, spacing),
        box_mm=(
            float(here[1].min()),
            float(here[0].min()),
            float(here[1].max()),
            float(here[0].max()),
        ),
    )


def _around(active: Mask, mask: Mask, spacing: Floats) -> Mask:
    near, far = (
        cv2.dilate(
            active.astype(np.uint8),
            np.ones([2 * int(reach / step) + 1 for step in spacing], np.uint8),
        )
        for reach in (1.0, 1.0 + _AROUND_MM)
    )
    return np.asarray((far > near) & mask)


def _explained(patch: Patch, pictures: _Pictures) -> float:
    """Share of the difference energy in the moving field, less noise, that the warp takes away."""
    spacing, active = np.array(patch.spacing_mm), pictures.active
    plain = _without_box_mean(pictures.peak - pictures.reference, spacing)[active]
    after = _without_box_mean(pictures.peak - pictures.moved, spacing)[active]
    change = float(plain @ plain) / plain.size
    noise = min(_noise(patch, pictures), 0.8 * change)
    return (change - float(after @ after) / after.size) / (change - noise + 1e-3)


def _noise(patch: Patch, pictures: _Pictures) -> float:
    """Difference energy that noise alone would leave between peak and reference."""
    chosen = np.flatnonzero(_within(patch, *_REFERENCE_S))
    if len(chosen) < 4:
        return 0.0
    halves = [patch.frames[chosen[k::2]].mean(axis=0, dtype=np.float32) for k in (0, 1)]
    apart = _without_box_mean(halves[0] - halves[1], np.array(patch.spacing_mm))[pictures.active]
    one_frame = float(apart @ apart) / apart.size * len(chosen) / 4
    at_peak = max(1, int(_within(patch, *pictures.peak_s).sum()))
    return one_frame * (1 / len(chosen) + 1 / at_peak)


def _within(patch: Patch, start_s: float, stop_s: float) -> Mask:
    return (patch.time_s >= start_s) & (patch.time_s <= stop_s)


def _contrast(patch: Patch, pictures: _Pictures, around: Mask) -> float:
    """Log of difference energy inside the moving field over that around it."""
    if not around.any():
        return 0.0
    change = _without_box_mean(pictures.peak - pictures.reference, np.array(patch.spacing_mm)) ** 2
    return float(np.log((change[pictures.active].mean() + 0.05) / (change[around].mean() + 0.05)))


def _frozen(patch: Patch, active: Mask) -> float:
    """Share of the site's pixels exactly unchanged from frame to frame after the onset."""
    chosen = np.flatnonzero(_within(patch, 0.0, _FROZEN_S))
    if len(chosen) < 2:
        return 0.0
    near = np.s_[:, slice(*_ends(active, 1)), slice(*_ends(active, 0))]
    frames = patch.raw[chosen[0] : chosen[-1] + 1][near]
    same = (frames[1:] == frames[:-1]).mean(axis=0, dtype=np.float32)
    return float(same[active[near[1:]]].mean())


def _ends(mask: Mask, axis: int) -> tuple[int, int]:
    """First and one past the last row or column that holds a true element."""
    where = np.flatnonzero(mask.any(axis=axis))
    return int(where[0]), int(where[-1]) + 1


def _dark_near(pictures: _Pictures, spacing: Floats) -> float:
    """Darkest 2 mm disk within 6 mm, relative to the patch: low beside a vessel's lumen."""
    smooth = cv2.blur(pictures.reference, tuple(max(3, int(1.6 / step)) for step in spacing[::-1]))
    near = pictures.distance <= 6.0
    return float(smooth[near].min() / (np.median(smooth) + 1.0))
