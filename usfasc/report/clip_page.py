"""The page of a clip before anything is counted: what was found to be its picture, and its time.

It shows the B-mode area only, in its place on an empty screen.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from usfasc.clip_facts import GAP, ClipFacts
from usfasc.model import Cine, Floats, Mask
from usfasc.motion.screen import FrameState
from usfasc.report import style
from usfasc.report.clip_lines import clip_lines
from usfasc.report.page import MARGIN, WIDTH, Page
from usfasc.report.view import View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TOP: Final = 1.35
_SCREEN_WIDTH: Final = 5.6
_SCREEN_FOOT: Final = 5.3
_AXIS: Final = (6.05, 1.05)
"""Of the time axis: its upper edge and height."""
_LABELS: Final = 0.55
_FACTS_LEFT: Final = 6.35
_SMALL_SHARE: Final = 0.5
"""A B-mode area that fills less of the screen is shown once more, enlarged."""


def write_clip_page(path: Path, cine: Cine, facts: ClipFacts) -> None:
    """Draw what a clip is on a page and write it; the same clip gives the same bytes.

    Parameters
    ----------
    path
        ``<stem>.info.png``.
    cine
        The clip; a few of its frames are decoded.
    facts
        What a pass over its frames showed.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    view = view_of(cine)
    with style.page_style():
        draw_clip_page(cine, view, facts).write(path)


def draw_clip_page(cine: Cine, view: View, facts: ClipFacts) -> Page:
    """The page: whether twitches can be counted, screen, facts, time axis."""
    page = Page()
    sentence = facts.fitness.sentence
    top = max(page.title(f"{sentence[0].upper()}{sentence[1:]}.") + 0.5, _TOP)
    rows = [(name.capitalize(), words) for name, words in clip_lines(cine, facts)]
    below = page.facts(_FACTS_LEFT, top - 0.3, rows, width=WIDTH - MARGIN - _FACTS_LEFT)
    _draw_area(page, (top, below + 0.15), (cine, view), facts)
    left = MARGIN + _LABELS
    _draw_times(page.axes(left, _AXIS[0], WIDTH - MARGIN - left, _AXIS[1]), cine, facts)
    page.foot("")
    return page


def _draw_area(
    page: Page, tops: tuple[float, float], shown: tuple[Cine, View], facts: ClipFacts
) -> None:
    """The screen to the left, and where its B-mode area is small that too, below the facts."""
    from usfasc.report.clip_screen import draw_enlarged, draw_screen, look

    cine, view = shown
    found = look(cine, view, facts.lines, facts.vessels)
    height, width = cine.frames.shape
    top, below = tops
    room = _SCREEN_WIDTH, _SCREEN_FOOT - top
    axes = page.axes(MARGIN, top, *_fitted((width, height * view.aspect), room))
    draw_screen(axes, found, cine, view)
    rows, columns = view.mask.shape
    if rows * columns < _SMALL_SHARE * height * width:
        room = WIDTH - MARGIN - _FACTS_LEFT, _SCREEN_FOOT - below
        size = _fitted((columns, rows * view.aspect), room)
        draw_enlarged(page.axes(_FACTS_LEFT, below, *size), found, cine, view)


def _fitted(size: tuple[float, float], room: tuple[float, float]) -> tuple[float, float]:
    """The largest width and height of this shape that fit."""
    factor = min(room[0] / size[0], room[1] / size[1])
    return size[0] * factor, size[1] * factor


def _draw_times(axes: Axes, cine: Cine, facts: ClipFacts) -> None:
    """Interval before each frame; repeats, damaged frames, gaps and key frames marked."""
    axes.set_title("Time from the frame before")
    if cine.times_s is None:
        axes.set_axis_off()
        axes.text(0, 0.5, f"{cine.times_origin}.", color=style.MUTED)
        return
    steps_ms = np.diff(cine.times_s) * 1000
    at_s = cine.times_s[1:]
    usual_ms = float(np.median(steps_ms))
    axes.plot(at_s, steps_ms, ".", color=style.MUTED, ms=2.5, label="frame")
    marked = _marked(facts, steps_ms, usual_ms)
    for label, (marker, colour, which) in marked.items():
        if which.any():
            look: style.Look = {"color": colour, "ms": 6, "mfc": "none"}
            words = f"{label} ({which.sum()})"
            axes.plot(at_s[which], steps_ms[which], marker, label=words, **look)
    top_ms = max(float(steps_ms.max()), usual_ms) * 1.25
    if cine.key_frames is not None:
        keys_s = cine.times_s[cine.key_frames]
        words = f"key frame ({len(keys_s)})"
        axes.plot(keys_s, np.full(len(keys_s), 0.06 * top_ms), "|", color=style.INK, label=words)
    axes.set(xlim=(0, cine.duration_s), ylim=(0, top_ms), xlabel="Time (s)", ylabel="ms")
    look = {"fontsize": style.TINY, "frameon": False, "ncols": 6}
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.98), borderaxespad=0.1, **look)


def _marked(
    facts: ClipFacts, steps_ms: Floats, usual_ms: float
) -> dict[str, tuple[str, str, Mask]]:
    """Marks of frames from the second on: marker, colour, which."""
    states = np.array([picture.frame_facts.states for picture in facts.pictures])[:, 1:]
    return {
        "repeated": ("x", style.REGION_COLOURS[4], (states == FrameState.REPEATED).all(axis=0)),
        "damaged": ("v", style.REGION_COLOURS[5], (states == FrameState.DAMAGED).any(axis=0)),
        "gap": ("o", style.BANNER, steps_ms > GAP * usual_ms),
    }
