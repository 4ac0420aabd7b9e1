"""Why time is lost, and how much of a region is, moment by moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from usfasc.model import Floats


class Loss(StrEnum):
    """Why a stretch of time was not judged, in words."""

    ENDS = "start or end of the clip"
    UNSTEADY = "whole picture unsteady"
    MOVED = "tissue moved as a whole (contraction or passive movement)"
    PROBE = "probe moved"
    NOISE = "too noisy or too dark to see a twitch of 0.2 mm"
    FROZEN = "picture frozen"
    MISSING = "picture frozen or frames missing"
    DARK = "picture dark (probe lifted)"
    SHORT = "too short to be judged"
    OUTSIDE = "outside the chosen part"


CAUSES: Final = (Loss.NOISE, Loss.MOVED, Loss.PROBE)
"""Why a place is lost; codes of places count from 1 in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Shares of one region over the whole clip, ``(t,)``.

    ``lost`` is, by cause, the share of its places that stir for longer than a twitch;
    ``stirring`` of those that stir at the moment, ``carried`` of the cells that go too
    fast to be followed; ``unsteady`` whether the picture trembles; ``seen`` the share of
    the region that shows a twitch while all is quiet. Places are counted among those.
    """

    times_s: Floats
    lost: Mapping[Loss, Floats]
    stirring: Floats
    carried: Floats
    unsteady: Floats
    seen: Floats


def join(courses: Sequence[Course]) -> Course:
    """Courses of consecutive windows as one; an empty one where no window could be judged."""

    def joined(name: str) -> Floats:
        return np.concatenate([np.empty(0), *(getattr(item, name) for item in courses)])

    return Course(
        times_s=joined("times_s"),
        lost={
            cause: np.concatenate([np.empty(0), *(item.lost[cause] for item in courses)])
            for cause in CAUSES
        },
        stirring=joined("stirring"),
        carried=joined("carried"),
        unsteady=joined("unsteady"),
        seen=joined("seen"),
    )
