"""A real clip stored again: all or some of its frames, by a codec, with or without colour.

Warped pixels that were never re-encoded give themselves away, so every implanted clip
is coded again, and a plain copy beside it tells what the clip gives of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.benchmark.beds import JpegFrames, RealClip
from usfasc.errors import Code, InputError
from usfasc.io.video_out import write_video
from usfasc.model import Cine, Floats, Grey, Mask

_COLOURED_SHARE: Final = 0.5
"""Of a pixel's strongest channel: what a tinted grey never differs by, and colour does."""
_COLOURED_GREY: Final = 32
_BLEEDS_PX: Final = 5
"""What a codec's halved chroma and the interlacing of a screen recording spill."""
_LINE_PX: Final = 7


def copy_times(cine: Cine, clip: RealClip) -> Floats:
    """Times of the frames that a copy keeps.

    Raises
    ------
    InputError
        ``NO_FRAME_RATE``: the clip has no time base.
    """
    if cine.times_s is None:
        raise InputError(Code.NO_FRAME_RATE, "The clip has no time base.")
    kept = cine.times_s[:: clip.every]
    return kept[kept < clip.ends_s]


def copy_frames(cine: Cine, clip: RealClip, source: Path, count: int) -> Iterator[Grey]:
    """The first so many frames that a copy keeps, ``(y, x)`` uint8.

    Parameters
    ----------
    cine
        The clip as read.
    clip
        Which of its frames, and whether with colour.
    source
        The clip's file, a video where colour is to be removed.
    count
        How many frames the copy has.
    """
    stop = (count - 1) * clip.every + 1
    greys: Iterator[Grey] = (frame.grey for frame in cine.frames.stream(0, stop))
    if clip.colour_box:
        pairs = zip(greys, _colours(source), strict=False)
        greys = (_without_colour(grey, rgb, clip) for grey, rgb in pairs)
    return islice(greys, 0, None, clip.every)


def store_copy(path: Path, frames: Iterable[Grey], times_s: Floats, clip: RealClip) -> None:
    """Write frames by the clip's codec: a video, or DICOM of single JPEG pictures."""
    if not isinstance(clip.codec, JpegFrames):
        write_video(path, frames, times_s, clip.codec)
        return
    from usfasc.io.dicom_out import write_ultrasound_cine

    write_ultrasound_cine(
        path,
        frames,
        times_s=times_s,
        spacing_mm=(clip.spacing_mm, clip.spacing_mm),
        bmode_box=clip.picture,
        jpeg_quality=clip.codec.quality,
    )


def _colours(source: Path) -> Iterator[Grey]:
    """All frames ``(y, x, 3)`` in one pass: a reader's frames in colour are found one by one."""
    import av

    with av.open(str(source), "r") as container:
        for picture in container.decode(video=0):
            yield np.asarray(picture.to_ndarray(format="rgb24"), np.uint8)


def _without_colour(grey: Grey, rgb: Grey, clip: RealClip) -> Grey:
    """One frame as B-mode alone would show it: flow is as dark as the lumen around it."""
    corners = np.array(clip.colour_box, np.int32)
    x, y, width, height = cv2.boundingRect(corners)
    about = np.s_[y - _LINE_PX : y + height + _LINE_PX, x - _LINE_PX : x + width + _LINE_PX]
    bare = grey.copy()
    bare[about] = _bare(grey[about], rgb[about], corners - (x - _LINE_PX, y - _LINE_PX))
    return bare


def _bare(grey: Grey, rgb: Grey, corners: NDArray[np.int32]) -> Grey:
    """The picture about a colour box without it."""
    box, outline = np.zeros(grey.shape, np.uint8), np.zeros(grey.shape, np.uint8)
    cv2.fillPoly(box, [corners], 1)
    cv2.polylines(outline, [corners], True, 1, thickness=_LINE_PX)
    # Colour adds to no more than two channels: what all three share is the tissue's.
    shared = cv2.erode(rgb.min(axis=-1), np.ones((3, 1), np.uint8))
    bare = np.where(_coloured(rgb) & (box > 0), shared, grey).astype(np.uint8)
    return np.asarray(cv2.inpaint(bare, outline, 2, cv2.INPAINT_TELEA), np.uint8)


def _coloured(rgb: Grey) -> Mask:
    """Pixels that carry colour, with a margin."""
    strongest = rgb.max(axis=-1).astype(float)
    span = strongest - rgb.min(axis=-1)
    found = (span > _COLOURED_GREY) & (span > _COLOURED_SHARE * strongest)
    spilt = np.ones((_BLEEDS_PX, _BLEEDS_PX), np.uint8)
    return np.asarray(cv2.dilate(found.astype(np.uint8), spilt) > 0)
