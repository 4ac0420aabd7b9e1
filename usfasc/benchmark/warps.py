"""Frames of a real clip with twitches in them.

Real frames are warped where a twitch is due; lines drawn over the tissue stand
still, and part of the speckle is exchanged where tissue leaves the image plane.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.twitches import Twitch
from usfasc.model import Box, Floats, Grey, Mask

_EXCHANGE_MM: Final = 1.5
"""Tissue that enters the plane is taken from so far along the fascicles."""

_Reals = NDArray[np.float32]


def moved_frames(
    frames: Iterable[Grey], times_s: Floats, clip: RealClip, planted: Sequence[Twitch]
) -> Iterator[Grey]:
    """Frames of a clip with the twitches in them, one by one.

    Parameters
    ----------
    frames
        ``(y, x)`` uint8, as many as there are times.
    times_s
        ``(t,)``.
    """
    overlay: Mask | None = None
    for grey, time_s in zip(frames, times_s.tolist(), strict=True):
        overlay = _overlay_mask(clip, grey.shape) if overlay is None else overlay
        active = [t for t in planted if t.is_moving(time_s)]
        yield _move(grey, active, time_s, clip, overlay) if active else grey


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
