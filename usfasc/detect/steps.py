"""How the stored picture goes from frame to frame around a candidate: tissue, or a codec?

Tissue and noise change every pixel a little in every frame, and a twitch takes
several frames. A codec leaves pixels exactly as they were, and then changes many
at once, near the candidate and far from it alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from usfasc._cv import cv2
from usfasc.detect.patch import Patch
from usfasc.model import Floats, Grey, Mask

_NEAR_MM, _FAR_MM = 4.0, 7.0
_DURING_S = (-0.12, 0.35)
_LEAST_GREY = 0.5
"""Added to changes: in a picture that a codec holds still, any movement would else be a jump."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Frame-to-frame changes about a candidate; jumps are natural logs, the rest shares 0-1.

    ``still``: pixels exactly unchanged in a usual step; ``still_gained`` and
    ``still_lost``: most that a step during the candidate differs from it.
    ``jump``: largest step during the candidate over the usual one; ``sudden``: how much
    of the surplus change came in that one step; both near the place and around it.
    """

    still: float
    still_gained: float
    still_lost: float
    jump: float
    jump_around: float
    sudden: float
    sudden_around: float


def frame_steps(patch: Patch, distance: Floats) -> Steps:
    """Compare every frame of a patch, as stored, with the one before.

    Parameters
    ----------
    patch
        Frames around the candidate, at least two.
    distance
        ``(y, x)`` mm of every pixel from its place.
    """
    near = (distance <= _NEAR_MM) & patch.mask
    around = (distance > _FAR_MM) & patch.mask
    changes = [cv2.absdiff(after, before) for before, after in pairwise(patch.raw)]
    middle_s = (patch.time_s[1:] + patch.time_s[:-1]) / 2
    during = (middle_s > _DURING_S[0]) & (middle_s < _DURING_S[1])
    changed = [cv2.countNonZero(item) for item in _inside(changes, patch.mask)]
    still = 1 - np.array(changed) / max(1, int(patch.mask.sum()))
    jump, sudden = _jump(_means(changes, near), during)
    jump_around, sudden_around = _jump(_means(changes, around), during)
    usual = float(np.median(still))
    return Steps(
        still=usual,
        still_gained=float(still[during].max()) - usual,
        still_lost=usual - float(still[during].min()),
        jump=jump,
        jump_around=jump_around,
        sudden=sudden,
        sudden_around=sudden_around,
    )


def _inside(pictures: list[Grey], mask: Mask) -> Iterator[Grey]:
    """Pictures with nothing left outside a mask."""
    kept = mask.astype(np.uint8) * 255
    return (cv2.bitwise_and(picture, kept) for picture in pictures)


def _means(pictures: list[Grey], mask: Mask) -> Floats:
    """Mean ``(t,)`` of each picture inside a mask; sums of masked pictures are the faster way."""
    sums = [cv2.norm(picture, cv2.NORM_L1) for picture in _inside(pictures, mask)]
    return np.array(sums) / max(1, int(mask.sum()))


def _jump(change: Floats, during: Mask) -> tuple[float, float]:
    """Log of the largest step over the usual one, and its share of all that is over the usual."""
    usual = float(np.median(change))
    surplus = np.maximum(change[during] - usual, 0)
    jump = np.log((change[during].max() + _LEAST_GREY) / (usual + _LEAST_GREY))
    return float(jump), float(surplus.max() / (surplus.sum() + _LEAST_GREY))
