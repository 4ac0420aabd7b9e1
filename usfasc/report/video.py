"""The annotated video: the clip at its own times, events outlined while they last."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.io.video_out import VideoCodec
from usfasc.io.video_out import write_video as encode
from usfasc.model import DISCLAIMER, Cine, Event, Grey, Kind, Result
from usfasc.report import style
from usfasc.report.letters import width_of
from usfasc.report.marks import Enlarged, Words, outline, rgb_of, write
from usfasc.report.pictures import Progress
from usfasc.report.sentences import UNREVIEWED, kind_words
from usfasc.report.view import View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CODEC: Final = VideoCodec(
    name="libx264",
    key_frame_every=50,
    # Without the macroblock tree two runs give the same bytes.
    options=(("crf", "20"), ("preset", "veryfast"), ("mbtree", "0")),
)
_LARGEST_IMAGE_PX: Final = (1240, 640)
_LARGEST_FACTOR: Final = 4.0
_LEAST_WIDTH_PX: Final = 960
_MARGIN_PX: Final = 20
_HEAD_PX: Final = 48
_ROW_PX: Final = 26
_RASTER_TITLE_PX: Final = 44
_RASTER_AXIS_PX: Final = 48
_FOOT_PX: Final = 28
_LABELS_PX: Final = 215
_DOTS_PER_INCH: Final = 100
_WORDS_PX: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """What is drawn over every image: regions, names, scale.

    ``at`` are rows and columns of the ``n`` pixels that it touches; ``ink`` is
    ``(n, 3)``, colour times opacity, and ``clear`` ``(n, 1)`` what is let through.
    """

    at: tuple[NDArray[np.intp], ...]
    ink: NDArray[np.uint16]
    clear: NDArray[np.uint16]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stage:
    """All that stands still: paper with the raster, lines on the image, and where things are."""

    paper: Grey
    lines: _Lines
    corner: tuple[int, int]
    """Of the image on the paper: left, top."""
    image: Enlarged
    raster: tuple[int, int, int, int]
    """Of the raster on the paper: left, top, right, bottom."""


def write_video(
    path: Path, cine: Cine, result: Result, speed: float, progress: Progress | None = None
) -> None:
    """Write a clip with what was found in it as MP4; the same result gives the same bytes.

    Frames are decoded, drawn and coded one by one; each stands for as long as it
    did in the clip.

    Parameters
    ----------
    path
        ``<stem>.annotated.mp4``.
    cine
        The clip, with times.
    result
        What was found in it.
    speed
        1 as it was, 0.5 half as fast.
    progress
        Called with frames done and frames in all.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: the picture might show more than the B-mode area.
    OutputError
        ``NOT_WRITABLE``.
    """
    assert cine.times_s is not None, "a result has times"
    view = view_of(cine)
    stage = _stage(cine, view, result, speed)
    encode(path, _frames(cine, view, result, stage, progress), cine.times_s / speed, _CODEC)


def _frames(
    cine: Cine, view: View, result: Result, stage: _Stage, progress: Progress | None
) -> Iterator[Grey]:
    assert cine.times_s is not None
    for frame in cine.frames.stream():
        time_s = float(cine.times_s[frame.index])
        yield _drawn(view.shown(frame.grey), time_s, cine.duration_s or 0.0, result, stage)
        if progress is not None:
            progress(frame.index + 1, cine.frames.count)


def _drawn(grey: Grey, time_s: float, duration_s: float, result: Result, stage: _Stage) -> Grey:
    """One frame of the video."""
    image = stage.image.rgb(grey)
    _draw_over(image, stage.lines)
    words: list[Words] = []
    for event in result.events:
        if event.onset_s <= time_s <= event.offset_s:
            x, y = outline(image, event, stage.image)
            said = _event_words(event)
            room = image.shape[1] - width_of(said, _WORDS_PX, bold=True) - 4
            words.append((said, (max(min(x, room), 4), max(y, _WORDS_PX)), "ls"))
    image = write(image, words, size_px=_WORDS_PX, colour=style.OTHER)
    canvas = stage.paper.copy()
    left, top = stage.corner
    canvas[top : top + image.shape[0], left : left + image.shape[1]] = image
    _cursor(canvas, stage.raster, time_s / max(duration_s, 1e-9))
    return write(canvas, _head(time_s, result.events), size_px=20, colour=style.INK, rim_px=0)


def _event_words(event: Event) -> str:
    kind = "" if event.kind is Kind.FASCICULATION else f" {kind_words(event.kind)}"
    score = "" if event.score is None else f", score {event.score:.2f}"
    return f"{event.event}{kind}{score}"


def _head(time_s: float, events: Sequence[Event]) -> list[Words]:
    so_far = sum(e.kind is Kind.FASCICULATION and e.onset_s <= time_s for e in events)
    middle = _HEAD_PX / 2
    return [
        (f"{time_s:.2f} s", (_MARGIN_PX, middle), "lm"),
        (f"twitches so far: {so_far}", (_MARGIN_PX + 150, middle), "lm"),
    ]


def _draw_over(image: Grey, lines: _Lines) -> None:
    """Draw still lines on an image, by their opacity."""
    under = image[lines.at]
    image[lines.at] = (lines.ink + under * lines.clear) // 255


def _cursor(canvas: Grey, raster: tuple[int, int, int, int], share: float) -> None:
    left, top, right, bottom = raster
    at = round(left + share * (right - left))
    cv2.line(canvas, (at, top), (at, bottom), rgb_of(style.BANNER), 2)


def _stage(cine: Cine, view: View, result: Result, speed: float) -> _Stage:
    """Lay out the paper, and draw on it what stands still."""
    from usfasc.report.when import draw_raster, raster_rows

    image = Enlarged(box=view.box, size_px=_image_size(view))
    width = max(image.size_px[0] + 2 * _MARGIN_PX, _LEAST_WIDTH_PX)
    raster_top = _HEAD_PX + image.size_px[1] + _RASTER_TITLE_PX
    raster_bottom = raster_top + _ROW_PX * len(raster_rows(result))
    height = raster_bottom + _RASTER_AXIS_PX + _FOOT_PX
    size = (width, height + height % 2)
    raster = (_MARGIN_PX + _LABELS_PX, raster_top, width - 2 * _MARGIN_PX, raster_bottom)
    with style.page_style():
        paper = _figure(size)
        draw_raster(_axes(paper, raster), result, cine.duration_s or 0.0)
        _still_words(paper, size, speed)
        lines = _lines(cine, view, result, image)
        return _Stage(
            paper=_pixels(paper)[..., :3],
            lines=lines,
            corner=((width - image.size_px[0]) // 2, _HEAD_PX),
            image=image,
            raster=raster,
        )


def _image_size(view: View) -> tuple[int, int]:
    """Size of the image, even and with square millimetres."""
    x0, y0, x1, y1 = view.box
    width, height = float(x1 - x0), (y1 - y0) * view.aspect
    most_wide, most_high = _LARGEST_IMAGE_PX
    factor = min(most_wide / width, most_high / height, _LARGEST_FACTOR)
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def _lines(cine: Cine, view: View, result: Result, image: Enlarged) -> _Lines:
    from usfasc.report.where import draw_regions, draw_scale, frame_axes

    figure = _figure(image.size_px)
    figure.patch.set_alpha(0)
    axes = _axes(figure, (0, 0, *image.size_px))
    axes.set_axis_off()
    frame_axes(axes, view)
    axes.set_aspect("auto")
    draw_regions(axes, result.regions)
    for picture in cine.pictures:
        draw_scale(axes, picture, cine.spacing_of(picture))
    rgba = _pixels(figure).astype(np.uint16)
    at = np.nonzero(rgba[..., 3])
    alpha = rgba[at][:, 3:]
    return _Lines(at=at, ink=rgba[at][:, :3] * alpha, clear=255 - alpha)


def _still_words(paper: Figure, size: tuple[int, int], speed: float) -> None:
    width, height = size
    right, head = 1 - _MARGIN_PX / width, 1 - _HEAD_PX / 2 / height
    banner: style.Look = {"ha": "right", "va": "center", "weight": "bold", "size": style.BODY}
    words = UNREVIEWED.rstrip(".").upper()
    box = {"fc": style.BANNER, "ec": "none", "pad": 4}
    paper.text(right, head, words, color="white", bbox=box, **banner)
    if speed != 1:
        paper.text(0.5, head, f"{speed:g} x real speed", ha="center", va="center")
    foot = _FOOT_PX / 2 / height
    paper.text(_MARGIN_PX / width, foot, DISCLAIMER, weight="bold", size=style.SMALL, va="center")


def _figure(size_px: tuple[int, int]) -> Figure:
    from matplotlib.figure import Figure

    inches = (size_px[0] / _DOTS_PER_INCH, size_px[1] / _DOTS_PER_INCH)
    return Figure(figsize=inches, dpi=_DOTS_PER_INCH)


def _axes(figure: Figure, box: tuple[int, int, int, int]) -> Axes:
    left, top, right, bottom = box
    width, height = figure.get_size_inches() * _DOTS_PER_INCH
    return figure.add_axes(
        (left / width, 1 - bottom / height, (right - left) / width, (bottom - top) / height)
    )


def _pixels(figure: Figure) -> NDArray[np.uint8]:
    """A figure's pixels ``(y, x, 4)``, RGBA."""
    data = io.BytesIO()
    figure.savefig(data, format="raw", dpi=_DOTS_PER_INCH)
    width, height = figure.get_size_inches() * _DOTS_PER_INCH
    return np.frombuffer(data.getvalue(), np.uint8).reshape(round(height), round(width), 4)
