"""The stage of an annotated video: all that stands still, drawn once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import DISCLAIMER, Cine, Grey, Result, ReviewNote
from usfasc.report import style
from usfasc.report.marks import Enlarged, rgb_of
from usfasc.report.view import View

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN_PX: Final = 20
HEAD_PX: Final = 48
"""Height of the strip above the image."""

_LARGEST_IMAGE_PX: Final = (1240, 640)
_LARGEST_FACTOR: Final = 4.0
_LEAST_WIDTH_PX: Final = 960
_ROW_PX: Final = 26
_RASTER_TITLE_PX: Final = 44
_RASTER_AXIS_PX: Final = 48
_FOOT_PX: Final = 28
_LABELS_PX: Final = 215
_DOTS_PER_INCH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """What is drawn over every image: regions, names, scale.

    ``at`` are rows and columns of the ``n`` pixels that it touches; ``ink`` is
    ``(n, 3)``, colour times opacity, and ``clear`` ``(n, 1)`` what is let through.
    """

    at: tuple[NDArray[np.intp], ...]
    ink: NDArray[np.uint16]
    clear: NDArray[np.uint16]

    def draw_on(self, image: Grey) -> None:
        """Draw them on an image ``(y, x, 3)``, by their opacity."""
        image[self.at] = (self.ink + image[self.at] * self.clear) // 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All that stands still: paper with the raster, lines on the image, and where things are."""

    paper: Grey
    lines: Lines
    corner: tuple[int, int]
    """Of the image on the paper: left, top."""
    image: Enlarged
    raster: tuple[int, int, int, int]
    """Of the raster on the paper: left, top, right, bottom."""
    duration_s: float

    def with_image(self, image: Grey, time_s: float) -> Grey:
        """The paper with an image on it, and the cursor at its time."""
        canvas = self.paper.copy()
        left, top = self.corner
        canvas[top : top + image.shape[0], left : left + image.shape[1]] = image
        start, upper, stop, lower = self.raster
        at = round(start + time_s / self.duration_s * (stop - start))
        cv2.line(canvas, (at, upper), (at, lower), rgb_of(style.BANNER), 2)
        return canvas


def set_stage(cine: Cine, view: View, result: Result, speed: float) -> Stage:
    """Lay out the paper, and draw on it what stands still."""
    assert cine.duration_s is not None, "a result has times"
    from usfasc.report.when import draw_raster, raster_rows

    image = Enlarged(box=view.box, size_px=_image_size(view))
    width = max(image.size_px[0] + 2 * MARGIN_PX, _LEAST_WIDTH_PX)
    raster_top = HEAD_PX + image.size_px[1] + _RASTER_TITLE_PX
    raster_bottom = raster_top + _ROW_PX * len(raster_rows(result))
    height = raster_bottom + _RASTER_AXIS_PX + _FOOT_PX
    size = (width, height + height % 2)
    raster = (MARGIN_PX + _LABELS_PX, raster_top, width - 2 * MARGIN_PX, raster_bottom)
    with style.page_style():
        paper = _figure(size)
        draw_raster(_axes(paper, raster), result, cine.duration_s)
        _still_words(paper, size, result.review, speed)
        lines = _lines(cine, view, result, image)
        return Stage(
            paper=_pixels(paper)[..., :3],
            lines=lines,
            corner=((width - image.size_px[0]) // 2, HEAD_PX),
            image=image,
            raster=raster,
            duration_s=cine.duration_s,
        )


def _image_size(view: View) -> tuple[int, int]:
    """Size of the image, even and with square millimetres."""
    x0, y0, x1, y1 = view.box
    width, height = float(x1 - x0), (y1 - y0) * view.aspect
    most_wide, most_high = _LARGEST_IMAGE_PX
    factor = min(most_wide / width, most_high / height, _LARGEST_FACTOR)
    return max(2, round(width * factor / 2) * 2), max(2, round(height * factor / 2) * 2)


def _lines(cine: Cine, view: View, result: Result, image: Enlarged) -> Lines:
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
    return Lines(at=at, ink=rgba[at][:, :3] * alpha, clear=255 - alpha)


def _still_words(
    paper: Figure, size: tuple[int, int], review: ReviewNote | None, speed: float
) -> None:
    width, height = size
    right, head = 1 - MARGIN_PX / width, 1 - HEAD_PX / 2 / height
    banner: style.Look = {"ha": "right", "va": "center", "weight": "bold", "size": style.BODY}
    words, colour = style.banner_of(review)
    box = {"fc": colour, "ec": "none", "pad": 4}
    paper.text(right, head, words, color="white", bbox=box, **banner)
    if speed != 1:
        paper.text(0.5, head, f"{speed:g} x real speed", ha="center", va="center")
    foot = _FOOT_PX / 2 / height
    paper.text(MARGIN_PX / width, foot, DISCLAIMER, weight="bold", size=style.SMALL, va="center")


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
