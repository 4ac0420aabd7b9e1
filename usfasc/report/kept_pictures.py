"""What a survey keeps of a clip's pixels, since its report never opens a clip."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import numpy as np

from usfasc.errors import Code, InputError
from usfasc.model import WHOLE_IMAGE, Cine, Event, Floats, Grey, Result
from usfasc.regions.counting import counted_in
from usfasc.report.animation import Form, animation
from usfasc.report.view import view_of
from usfasc.tissue import moments

MOST_LOOPS: Final = 3
_STILL_SIDE_PX: Final = 480
_SMALL: Final = Form(
    # Whether a person agreed is the report's to say, which may be made again.
    remark="As detected.",
    most_bytes=150_000,
    sizes=((240, 30), (200, 20), (140, 5)),
    effort=1,
)
"""Of a loop: hundreds of clips take three each, in a fraction of the time of their analysis."""


def kept_pictures(cine: Cine, result: Result) -> dict[str, bytes]:
    """The mean B-mode picture of a clip, and loops of its clearest twitches.

    Parameters
    ----------
    cine
        The clip, with times.
    result
        What was found in it.

    Returns
    -------
    dict
        PNG and WebP files by the end of their names; empty where it is not sure where the
        B-mode area ends, since what lies outside it may be a name.
    """
    try:
        view = view_of(cine)
    except InputError as error:
        if error.code is not Code.BMODE_UNSURE:
            raise
        return {}
    frames = [view.shown(frame.grey) for frame in moments(cine)]
    pictures = {"still.png": _png(_mean(frames), view.aspect)} if frames else {}
    for event in clearest(counted_in(WHOLE_IMAGE, result.events))[:MOST_LOOPS]:
        pictures[f"event-{event.event:03d}.webp"] = animation(cine, view, event, _SMALL)
    return pictures


def clearest(events: Sequence[Event]) -> list[Event]:
    """Events in the order of how clearly they are seen: by their score, then how far they moved."""
    return sorted(events, key=lambda e: (-(e.score or 0), -(e.peak_displacement_mm or 0), e.event))


def _mean(frames: Sequence[Grey]) -> Grey:
    mean: Floats = np.mean(frames, axis=0)
    return np.rint(mean).astype(np.uint8)


def _png(grey: Grey, aspect: float) -> bytes:
    """A picture of at most 480 pixels a side, with square millimetres."""
    from PIL import Image

    height, width = grey.shape[0] * aspect, grey.shape[1]
    factor = min(1.0, _STILL_SIDE_PX / max(height, width))
    image = Image.fromarray(grey).resize((round(width * factor), round(height * factor)))
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()
