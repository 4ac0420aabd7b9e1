"""One row a site: its M-mode strip, and the mean course of its twitches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from usfasc.describe.site_course import COURSE_S
from usfasc.model import Event, Kind, Site
from usfasc.report import style
from usfasc.report.firing_footage import FiringFootage
from usfasc.report.where import grey_rgb

_MOST_TRAINS = 2
_MOST_NUMBERED = 8
_MARK_POINTS = 3.5
_TITLE_POINTS = 9
"""Above the strip: marks stand between it and the title, which would else hide them."""


def draw_site_strip(
    axes: Axes, footage: FiringFootage, number: int, events: Sequence[Event], *, last: bool
) -> None:
    """M-mode through one site for some ten seconds, its twitches and trains marked above."""
    line, times_s, site = footage.lines[number], footage.times_s, footage.sites[number]
    axes.imshow(
        grey_rgb(footage.strips[number]),
        extent=(times_s[0], times_s[-1], line.offset[-1], line.offset[0]),
        aspect="auto",
        interpolation="bilinear",
    )
    for event in events:
        if event.onset_s <= times_s[-1] and _until_s(event) >= times_s[0]:
            _mark(axes, event, (times_s[0], times_s[-1]))
    axes.set(xlim=(times_s[0], times_s[-1]), ylabel=line.unit)
    axes.tick_params(labelbottom=last, labelsize=style.TINY)
    if last:
        axes.set_xlabel("Time (s)")
    trains = sum(event.kind is Kind.TRAIN for event in events)
    bars = f" (bar: train{'s' if trains > 1 else ''})" if trains else ""
    words = f"M-mode on the line of {site.site}{bars}"
    axes.set_title(words, size=style.SMALL, pad=_TITLE_POINTS)


def _until_s(event: Event) -> float:
    """How long it is marked: a train as it lasts, a twitch at its onset."""
    return event.offset_s if event.kind is Kind.TRAIN else event.onset_s


def _mark(axes: Axes, event: Event, span_s: tuple[float, float]) -> None:
    """A wedge at a twitch, a bar along a train, between the strip and its title."""
    look: style.Look = {
        "color": style.BANNER,
        "transform": axes.get_xaxis_transform()
        + ScaledTranslation(0, _MARK_POINTS / 72, axes.figure.dpi_scale_trans),
        "clip_on": False,
    }
    if event.kind is Kind.TRAIN:
        times_s = np.clip([event.onset_s, event.offset_s], *span_s)
        axes.plot(times_s, [1, 1], lw=3, solid_capstyle="butt", **look)
    else:
        axes.plot([event.onset_s], [1], marker="v", ms=5, mew=0, ls="none", **look)


def draw_mean_course(axes: Axes, site: Site, events: Sequence[Event], *, last: bool) -> None:
    """The mean twitch of a site, its spread a band about it; of trains alone, what they are."""
    axes.tick_params(labelbottom=last, labelsize=style.TINY)
    if last:
        axes.set_xlabel("s from onset", size=style.TINY)
    course = site.course
    if course is None:
        axes.set_axis_off()
        trains = [_train_words(event) for event in events if event.kind is Kind.TRAIN]
        axes.text(0, 0.5, "\n".join(trains[:_MOST_TRAINS]), va="center", size=style.TINY)
        return
    mean_mm, spread_mm = np.array(course.mean_mm), np.array(course.spread_mm)
    band = (mean_mm - spread_mm, mean_mm + spread_mm)
    axes.fill_between(course.time_s, *band, color=style.PALE, lw=0)
    axes.plot(course.time_s, mean_mm, color=style.INK, lw=1.4)
    axes.set(xlim=COURSE_S)
    words = f"mean of {course.twitches}, ± SD (mm)"
    axes.set_title(words, size=style.TINY, weight="normal", pad=7)


def draw_courses(axes: Axes, events: Sequence[Event]) -> None:
    """How each of some twitches moved, where no site gives a mean; the largest are numbered."""
    told = [(event, event.course) for event in events if event.course is not None]
    for _, course in told:
        axes.plot(course.time_s, course.moved_mm, color=style.INK, lw=1.0, alpha=0.7)
    told.sort(key=lambda pair: -max(pair[1].moved_mm))
    for event, course in told[:_MOST_NUMBERED]:
        top = int(np.argmax(course.moved_mm))
        place = (course.time_s[top], course.moved_mm[top])
        axes.annotate(
            str(event.event),
            place,
            xytext=(3, 1),
            textcoords="offset points",
            size=style.TINY,
            color=style.MUTED,
        )
    axes.set(xlim=COURSE_S, xlabel="s from onset", ylabel="mm")
    axes.set_title("How each twitch moved")


def _train_words(event: Event) -> str:
    rate = f"of {event.train_hz:.1f} Hz" if event.train_hz is not None else "without a rate"
    return f"train {rate},\n{event.offset_s - event.onset_s:.1f} s long"
