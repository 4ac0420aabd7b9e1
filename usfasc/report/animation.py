"""One short animation an event: the place enlarged, outlined before it moves and after."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.io.write import write_atomically
from usfasc.model import Cine, Event, Grey, Result
from usfasc.report.close_up import CloseUp, close_up, for_every_event
from usfasc.report.pictures import Progress
from usfasc.report.view import View, view_of
from usfasc.rules.wording import UNREVIEWED, whose_words

_FASTEST_HZ: Final = 32.0
"""Frames that follow faster are thinned: a browser shows no more of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How an animation is made."""

    remark: str = UNREVIEWED
    """Stands below it, before the disclaimer."""
    most_bytes: int = 500_000
    sizes: tuple[tuple[int, int], ...] = (
        *((400, 80), (400, 60), (400, 40), (400, 25)),
        *((280, 25), (200, 15), (140, 5)),
    )
    """Longest side of the image in pixels and quality, until it is small enough."""
    effort: int = 4
    """0 to 6: with more of it the same picture takes fewer bytes and more time."""


LARGE: Final = Form()


def write_animations(
    folder: Path, stem: str, cine: Cine, result: Result, progress: Progress | None = None
) -> Iterator[Path]:
    """Write ``<stem>.event-003.webp`` for every event, and drop those of an older result.

    Parameters
    ----------
    folder, stem
        Where the result's files stand, and what they are called.
    cine
        The clip, with times; the second and a half around each event is decoded.
    result
        What was found in it.
    progress
        Called with events done and events in all.

    Yields
    ------
    Path
        A file, once it is whole.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    view, form = view_of(cine), replace(LARGE, remark=whose_words(result.review))

    def write(path: Path, event: Event) -> None:
        write_atomically(path, animation(cine, view, event, form))

    yield from for_every_event((folder, stem, ".webp"), result.events, write, progress)


def animation(cine: Cine, view: View, event: Event, form: Form = LARGE) -> bytes:
    """A WebP animation of one event at real speed, in a loop.

    The outline is shown while the tissue is still, and gone while it moves.

    Parameters
    ----------
    cine
        The clip, with times.
    view
        What may be shown of it.
    event
        The event.
    form
        How it is made.
    """
    seen = close_up(cine, view, event, _FASTEST_HZ)
    durations_ms = _durations_ms(seen)
    for side_px, quality in form.sizes:
        frames = list(seen.drawn(side_px, form.remark))
        data = _webp(frames, durations_ms, quality, form.effort)
        if len(data) <= form.most_bytes:
            break
    return data


def _durations_ms(seen: CloseUp) -> list[int]:
    """How long each frame stands: rounded so that the sum keeps time."""
    edges_ms = np.rint(np.append(seen.times_s, seen.stop_s) * 1000)
    return [max(1, int(step_ms)) for step_ms in np.diff(edges_ms)]


def _webp(frames: list[Grey], durations_ms: list[int], quality: int, effort: int) -> bytes:
    from PIL import Image

    first, *rest = (Image.fromarray(frame) for frame in frames)
    data = io.BytesIO()
    first.save(
        data,
        "WEBP",
        save_all=True,
        append_images=rest,
        duration=durations_ms,
        loop=0,
        quality=quality,
        method=effort,
    )
    return data.getvalue()
