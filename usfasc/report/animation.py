"""One short animation an event: the place enlarged, outlined before it moves and after."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from usfasc.io.write import write_atomically
from usfasc.model import DISCLAIMER, Box, Cine, Event, Floats, Grey, Result
from usfasc.report import style
from usfasc.report.letters import broken
from usfasc.report.marks import Enlarged, Words, outline, write
from usfasc.report.pictures import Progress
from usfasc.report.sentences import kind_words
from usfasc.report.view import View, picture_at, view_of
from usfasc.rules.wording import UNREVIEWED, whose_words

_BEFORE_S: Final = 0.5
_AFTER_S: Final = 1.0
_FIELD_MM: Final = 30.0
_UNCALIBRATED_SHARE: Final = 0.6
"""Of the picture's height, where no scale is known."""
_WIDTH_PX: Final = 400
"""Of the whole; its caption needs that."""
_LINE_PX: Final = 17
_TYPE_PX: Final = 12
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
    written = set()
    for done, event in enumerate(result.events, start=1):
        path = folder / f"{stem}.event-{event.event:03d}.webp"
        write_atomically(path, animation(cine, view, event, form))
        written.add(path)
        if progress is not None:
            progress(done, len(result.events))
        yield path
    for old in _animations_of(folder, stem) - written:
        old.unlink(missing_ok=True)


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
    assert cine.times_s is not None, "a result has times"
    chosen = _chosen(cine.times_s, event)
    window = _window(cine, event)
    cut = _inside(window, view.box)
    seen = [
        (float(cine.times_s[frame.index]), view.shown(frame.grey)[cut])
        for frame in cine.frames.stream(chosen[0], chosen[-1] + 1)
        if frame.index in chosen
    ]
    durations_ms = _durations_ms(cine.times_s, chosen)
    for side_px, quality in form.sizes:
        drawn = Enlarged(box=window, size_px=_size_px(window, view.aspect, side_px))
        frames = [
            _frame(shown, drawn, _still(event, at_s), _caption(event, at_s, form.remark))
            for at_s, shown in seen
        ]
        data = _webp(frames, durations_ms, quality, form.effort)
        if len(data) <= form.most_bytes:
            break
    return data


def _animations_of(folder: Path, stem: str) -> set[Path]:
    name = re.compile(rf"{re.escape(stem)}\.event-\d{{3,}}\.webp")
    return {path for path in folder.iterdir() if name.fullmatch(path.name)}


def _chosen(times_s: Floats, event: Event) -> list[int]:
    """Frames around the onset, thinned where they follow too fast."""
    near = np.flatnonzero(
        (times_s >= event.onset_s - _BEFORE_S) & (times_s <= event.onset_s + _AFTER_S)
    )
    step_s = float(np.median(np.diff(times_s)))
    return [int(index) for index in near[:: max(1, round(1 / (_FASTEST_HZ * step_s)))]]


def _durations_ms(times_s: Floats, chosen: list[int]) -> list[int]:
    """How long each frame stands: rounded so that the sum keeps time."""
    last_s = times_s[chosen[-1]] + np.median(np.diff(times_s))
    edges_ms = np.rint(np.append(times_s[chosen], last_s) * 1000)
    return [max(1, int(step_ms)) for step_ms in np.diff(edges_ms)]


def _window(cine: Cine, event: Event) -> Box:
    """The part of the event's picture around it."""
    picture = picture_at(cine, event.x_px, event.y_px)
    x0, y0, x1, y1 = picture.box
    spacing_mm = cine.spacing_of(picture)
    field = _FIELD_MM if spacing_mm else _UNCALIBRATED_SHARE * (y1 - y0)
    dy, dx = spacing_mm or (1.0, 1.0)
    left, right = _held(event.x_px, field / dx, (x0, x1))
    top, bottom = _held(event.y_px, field / dy, (y0, y1))
    return left, top, right, bottom


def _size_px(window: Box, aspect: float, side_px: int) -> tuple[int, int]:
    """Width and height with square millimetres, the longer as given."""
    x0, y0, x1, y1 = window
    width, height = float(x1 - x0), (y1 - y0) * aspect
    factor = side_px / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _held(centre: float, length: float, within: tuple[int, int]) -> tuple[int, int]:
    """A stretch of this length around a centre, shifted to lie within bounds."""
    low, high = within
    whole = min(round(length), high - low)
    start = min(max(round(centre - whole / 2), low), high - whole)
    return start, start + whole


def _frame(shown: Grey, drawn: Enlarged, event: Event | None, lines: Sequence[str]) -> Grey:
    """One frame with its caption, and the event's outline where one is given."""
    image = drawn.rgb(np.ascontiguousarray(shown))
    if event is not None:
        outline(image, event, drawn)
    height = image.shape[0] + _LINE_PX * len(lines) + 6
    canvas = np.zeros((height, _WIDTH_PX, 3), np.uint8)
    left = (_WIDTH_PX - image.shape[1]) // 2
    canvas[: image.shape[0], left : left + image.shape[1]] = image
    words: list[Words] = [
        (line, (4, image.shape[0] + 4 + _LINE_PX * row), "la") for row, line in enumerate(lines)
    ]
    return write(canvas, words, size_px=_TYPE_PX, colour=style.OTHER, rim_px=0)


def _inside(box: Box, outer: Box) -> tuple[slice, slice]:
    """Rows and columns of a box of the stored frame within a larger one."""
    left, top = outer[:2]
    return slice(box[1] - top, box[3] - top), slice(box[0] - left, box[2] - left)


def _still(event: Event, time_s: float) -> Event | None:
    """The event while its tissue is still."""
    return None if event.onset_s <= time_s <= event.offset_s else event


def _caption(event: Event, time_s: float, remark: str) -> list[str]:
    moved = event.peak_displacement_mm
    facts = [
        f"no. {event.event} {kind_words(event.kind)}",
        "" if event.score is None else f"score {event.score:.2f}",
        "" if moved is None else f"{moved:.2f} mm",
    ]
    said = ", ".join(filter(None, facts))
    rest = f"{remark} {DISCLAIMER}"
    return [f"{time_s:7.2f} s   {said}", *broken(rest, _WIDTH_PX - 8, _TYPE_PX, bold=True)]


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
