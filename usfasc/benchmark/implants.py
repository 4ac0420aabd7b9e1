"""Twitches of known truth in real clips: the guard against a phantom that flatters.

Real speckle, real vessels and real codecs are the problem. Real frames are warped
where a twitch is due and stored again through the clip's own kind of codec, since
warped pixels that were never re-encoded give themselves away. The same clip stored
again without twitches stands beside it, to tell what the clip gives of itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.benchmark import beds, twitches
from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.benchmark.twitches import Twitch, draw_site, draw_twitch, tissue_of, true_event
from usfasc.errors import Code, InputError
from usfasc.io import open_cine, video_out
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.model import Box, Cine, Event, Floats, Grey, Mask
from usfasc.provenance import file_sha256

AMPLITUDES_MM: Final = (0.05, 1.0)
RATE_PER_MIN: Final = 20.0
SITES: Final = 4
_HEAD_S, _TAIL_S = 0.5, 0.8
"""No implant begins in the first, or in the last part of the quiet stretch."""
_APART_S = 1.0
_EXCHANGE_MM = 1.5
"""Tissue that enters the plane is taken from so far along the fascicles."""

_Reals = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to implant: how often, when, from how many sites, how large."""

    seed: int
    rate_per_min: float
    span_s: tuple[float, float]
    apart_s: tuple[float, ...] = ()
    """Times near which none begins."""
    sites: int = SITES
    amplitudes_mm: tuple[float, float] = AMPLITUDES_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantedClip:
    """A kept clip with implants, and its truth (empty for the plain copy)."""

    path: Path
    clip: RealClip
    truth: tuple[Event, ...]


def implanted(
    clip: RealClip, data: Path, *, seed: int, rate_per_min: float = RATE_PER_MIN, sites: int = SITES
) -> ImplantedClip:
    """Put twitches into a real clip and keep it; the second call finds it made.

    Parameters
    ----------
    clip
        One of `beds.BEDS`.
    data
        Folder of the real clips.
    seed
        Seeds the sites, the times and the movements.
    rate_per_min
        Mean number of twitches a minute, exponential gaps.
    sites
        Number of motor units.
    """
    plan = Plan(
        seed=seed,
        rate_per_min=rate_per_min,
        span_s=clip.quiet_s,
        apart_s=clip.moves_s,
        sites=sites,
    )
    return _kept_clip(clip, data, plan)


def plain_copy(clip: RealClip, data: Path) -> ImplantedClip:
    """Store a clip again like `implanted`, without any twitch."""
    return _kept_clip(clip, data, Plan(seed=0, rate_per_min=0, span_s=clip.quiet_s, sites=0))


def implant(cine: Cine, clip: RealClip, plan: Plan) -> tuple[Twitch, ...]:
    """Draw the twitches of a clip, in the order in which they begin."""
    rng = np.random.default_rng(plan.seed)
    tissue = tissue_of(clip.tissue, cine.frames.shape, clip.spacing_mm, clip.fascicles_deg)
    sites = [draw_site(tissue, rng) for _ in range(plan.sites)]
    return tuple(
        draw_twitch(tissue, sites[rng.integers(len(sites))], starts_s, amplitude_mm, rng)
        for starts_s, amplitude_mm in _draw_times(plan, rng)
    )


def moved_frames(cine: Cine, clip: RealClip, planted: Sequence[Twitch]) -> Iterator[Grey]:
    """Frames of a clip with the twitches in them, one by one."""
    overlay = _overlay_mask(clip, cine.frames.shape)
    times_s = frame_times(cine)
    for frame in cine.frames.stream():
        time_s = float(times_s[frame.index])
        active = [t for t in planted if t.is_moving(time_s)]
        yield _move(frame.grey, active, time_s, clip, overlay) if active else frame.grey


def frame_times(cine: Cine) -> Floats:
    """Frame times of a clip that must have them."""
    if cine.times_s is None:
        raise InputError(Code.NO_FRAME_RATE, "The clip has no time base.")
    return cine.times_s


def _kept_clip(clip: RealClip, data: Path, plan: Plan) -> ImplantedClip:
    source = data / clip.file
    made_of = digest(file_sha256(source), clip, plan, code_digest(twitches, video_out, beds))
    folder, stem = cache_folder() / "implants", f"{clip.name}-{made_of}"

    def make(path: Path) -> None:
        cine = open_cine(source, clip.reading)
        planted = implant(cine, clip, plan)
        times_s = frame_times(cine)
        video_out.write_video(path, moved_frames(cine, clip, planted), times_s, clip.codec)
        truth = [true_event(t, i, times_s, clip.spacing_mm) for i, t in enumerate(planted, 1)]
        write_events_csv(folder / f"{stem}.truth.csv", truth)

    video = kept(folder, f"{stem}.mp4", make)
    truth = read_events_csv(folder / f"{stem}.truth.csv")
    return ImplantedClip(path=video, clip=clip, truth=truth)


def _draw_times(plan: Plan, rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Starts with exponential gaps, and amplitudes uniform in their logarithm."""
    if not plan.rate_per_min:
        return
    low, high = np.log(plan.amplitudes_mm)
    starts_s = plan.span_s[0] + _HEAD_S + rng.exponential(30 / plan.rate_per_min)
    while starts_s < plan.span_s[1] - _TAIL_S:
        amplitude_mm = float(np.exp(rng.uniform(low, high)))
        if all(abs(starts_s - time_s) > _APART_S for time_s in plan.apart_s):
            yield starts_s, amplitude_mm
        starts_s += rng.exponential(60 / plan.rate_per_min)


def _move(
    grey: Grey, active: Sequence[Twitch], time_s: float, clip: RealClip, overlay: Mask
) -> Grey:
    """One frame with its tissue displaced; lines drawn over the tissue stand still."""
    x0, y0, x1, y1 = _around(active)
    shift_mm = np.zeros((y1 - y0, x1 - x0, 2), np.float32)
    share = np.zeros((y1 - y0, x1 - x0), np.float32)
    for twitch in active:
        own = np.s_[
            twitch.box[1] - y0 : twitch.box[3] - y0, twitch.box[0] - x0 : twitch.box[2] - x0
        ]
        shift_mm[own] += twitch.moved(time_s)
        np.maximum(share[own], twitch.drawn_out(time_s), out=share[own])
    tissue = cv2.inpaint(grey, overlay.astype(np.uint8), 3, cv2.INPAINT_TELEA)
    tissue = np.asarray(tissue if overlay.any() else grey, np.float32)
    pulled = _pull(tissue, (x0, y0), shift_mm / clip.spacing_mm)
    moved = grey.copy()
    patch = np.clip(np.rint(_exchange(pulled, share, tissue, (x0, y0), clip)), 0, 255)
    moved[y0:y1, x0:x1] = np.where(overlay[y0:y1, x0:x1], grey[y0:y1, x0:x1], patch)
    return moved


def _pull(tissue: _Reals, origin: tuple[int, int], shift_px: _Reals) -> _Reals:
    """Grey levels that a displacement brings to each pixel of a patch."""
    rows, columns = np.mgrid[: shift_px.shape[0], : shift_px.shape[1]].astype(np.float32)
    at_x = columns + origin[0] - shift_px[..., 0]
    at_y = rows + origin[1] - shift_px[..., 1]
    return np.asarray(
        cv2.remap(tissue, at_x, at_y, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT_101),
        np.float32,
    )


def _exchange(
    pulled: _Reals, share: _Reals, tissue: _Reals, origin: tuple[int, int], clip: RealClip
) -> _Reals:
    """Blend in speckle from beside, at unchanged contrast: part of it left the plane."""
    angle = np.radians(clip.fascicles_deg)
    along = np.array([np.cos(angle), np.sin(angle)])
    along_px = (_EXCHANGE_MM / clip.spacing_mm * along).astype(np.float32)
    foreign = _pull(tissue, origin, np.broadcast_to(along_px, (*pulled.shape, 2)))
    sigma_px = 1.0 / clip.spacing_mm
    level = cv2.GaussianBlur(pulled, (0, 0), sigma_px)
    foreign = foreign - cv2.GaussianBlur(foreign, (0, 0), sigma_px)
    mixed = (1 - share) * (pulled - level) + share * foreign
    blended: _Reals = level + mixed / np.sqrt((1 - share) ** 2 + share**2)
    return blended


def _around(active: Sequence[Twitch]) -> Box:
    boxes = np.array([t.box for t in active])
    return (
        int(boxes[:, 0].min()),
        int(boxes[:, 1].min()),
        int(boxes[:, 2].max()),
        int(boxes[:, 3].max()),
    )


def _overlay_mask(clip: RealClip, shape: tuple[int, int]) -> Mask:
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in clip.overlay:
        cv2.line(mask, (x0, y0), (x1, y1), 1, thickness=5)
    return mask.astype(bool)
